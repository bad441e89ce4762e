#include "published.h"

#include "reference.h"
#include "support.h"

#include <math.h>

bool lewd_published_borrow(napi_env napi, lewd_published *published, napi_value value) {
    bool is_view = false;
    napi_typedarray_type type;
    size_t length;
    void *data;
    if (napi_is_typedarray(napi, value, &is_view) != napi_ok || !is_view ||
        napi_get_typedarray_info(napi, value, &type, &length, &data, NULL, NULL) != napi_ok ||
        type != napi_float64_array || length < LEWD_FIGURE_COUNT ||
        napi_create_reference(napi, value, 1, &published->ref) != napi_ok)
        return false;
    published->figures = data;
    for (int i = 0; i < LEWD_ANSWERS; i++)
        published->figures[LEWD_FIGURE_ASKED + i] = NAN;
    return true;
}

void lewd_published_release(napi_env napi, lewd_published *published) {
    lewd_reference_delete(napi, &published->ref);
}

void lewd_published_update(lewd_published *published, const lewd_heap *heap) {
    const lewd_figures figures = lewd_heap_figures(heap);
    const uint32_t taken = figures.used + figures.reserved;
    double *const written = published->figures;
    written[LEWD_FIGURE_TOTAL] = lewd_bytes_of(figures.total);
    written[LEWD_FIGURE_USED] = lewd_bytes_of(figures.used);
    written[LEWD_FIGURE_USED_RUN] =
        taken == 0 ? 0 : lewd_bytes_of(figures.total - figures.head_free - figures.tail_free);
    written[LEWD_FIGURE_FREE] = lewd_bytes_of(figures.total - taken);
    written[LEWD_FIGURE_HEAD_FREE] = lewd_bytes_of(figures.head_free);
    written[LEWD_FIGURE_TAIL_FREE] = lewd_bytes_of(figures.tail_free);
    written[LEWD_FIGURE_RESERVED] = lewd_bytes_of(figures.reserved);
    written[LEWD_FIGURE_LARGEST_FREE] = 0;
    while (published->answer_count > 0)
        written[LEWD_FIGURE_ASKED + published->answers[--published->answer_count]] = NAN;
}

void lewd_published_answer(lewd_published *published, uint32_t bytes, uint32_t start) {
    const uint32_t remainder = bytes % LEWD_ANSWERS;
    double *const asked = published->figures + LEWD_FIGURE_ASKED + remainder;
    if (isnan(*asked))
        published->answers[published->answer_count++] = (uint8_t)remainder;
    *asked = bytes;
    published->figures[LEWD_FIGURE_ANSWER + remainder] = (int32_t)(start * LEWD_BLOCK);
}

uint32_t lewd_published_largest(lewd_published *published, const lewd_heap *heap) {
    const uint32_t largest = lewd_heap_largest(heap);
    published->figures[LEWD_FIGURE_LARGEST_FREE] = largest;
    return largest;
}
