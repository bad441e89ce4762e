#include "published.h"

#include "reference.h"
#include "support.h"

napi_value lewd_published_create(napi_env napi, lewd_published *published) {
    napi_value buffer;
    napi_value array;
    void *data;
    if (napi_create_arraybuffer(napi, LEWD_FIGURE_COUNT * sizeof(uint32_t), &data, &buffer) != napi_ok ||
        napi_create_typedarray(napi, napi_uint32_array, LEWD_FIGURE_COUNT, buffer, 0, &array) != napi_ok ||
        napi_create_reference(napi, array, 1, &published->ref) != napi_ok)
        return NULL;
    published->figures = data; /* JavaScript's buffers begin as zeros */
    return array;
}

void lewd_published_release(napi_env napi, lewd_published *published) {
    lewd_reference_delete(napi, &published->ref);
    published->figures = NULL;
}

void lewd_published_update(lewd_published *published, const lewd_heap *heap) {
    const lewd_figures figures = lewd_heap_figures(heap);
    uint32_t *const written = published->figures;
    written[LEWD_FIGURE_TOTAL] = figures.total;
    written[LEWD_FIGURE_USED] = figures.used;
    written[LEWD_FIGURE_HEAD_FREE] = figures.head_free;
    written[LEWD_FIGURE_TAIL_FREE] = figures.tail_free;
    written[LEWD_FIGURE_RESERVED] = figures.reserved;
    written[LEWD_FIGURE_LARGEST_FREE] = 0;
    while (published->answer_count > 0)
        written[LEWD_FIGURE_ASKED + published->answers[--published->answer_count]] = 0;
}

void lewd_published_answer(lewd_published *published, uint32_t bytes, uint32_t start) {
    const uint32_t remainder = bytes % LEWD_ANSWERS;
    uint32_t *const asked = published->figures + LEWD_FIGURE_ASKED + remainder;
    if (*asked == 0)
        published->answers[published->answer_count++] = (uint8_t)remainder;
    *asked = bytes;
    published->figures[LEWD_FIGURE_ANSWER + remainder] = start * LEWD_BLOCK;
}

uint32_t lewd_published_largest(lewd_published *published, const lewd_heap *heap) {
    const uint32_t largest = lewd_heap_largest(heap);
    published->figures[LEWD_FIGURE_LARGEST_FREE] = largest;
    return largest;
}
