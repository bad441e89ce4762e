#include "published.h"

#include "reference.h"
#include "support.h"

#include <math.h>

napi_value lewd_published_create(napi_env napi, lewd_published *published) {
    napi_value buffer;
    napi_value array;
    void *data;
    if (napi_create_arraybuffer(napi, LEWD_FIGURE_COUNT * sizeof(double), &data, &buffer) != napi_ok ||
        napi_create_typedarray(napi, napi_float64_array, LEWD_FIGURE_COUNT, buffer, 0, &array) != napi_ok ||
        napi_create_reference(napi, array, 1, &published->ref) != napi_ok)
        return NULL;
    published->figures = data;
    for (int i = 0; i < LEWD_FIGURE_COUNT; i++)
        published->figures[i] = i >= LEWD_FIGURE_ASKED && i < LEWD_FIGURE_ANSWER ? NAN : 0;
    return array;
}

void lewd_published_release(napi_env napi, lewd_published *published) {
    lewd_reference_delete(napi, &published->ref);
    published->figures = NULL;
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
