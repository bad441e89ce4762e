/*
 * twin.h: a heap and its model, side by side. Every operation of every test goes through these functions:
 *
 *     the checker and a comparison of all spans and figures before it,
 *     the required result, from the contract and the model,
 *     a comparison of the heap's result with that; a failed call has changed no bit of the heap,
 *     the checker and the comparison again after it.
 */
#ifndef TWIN_H
#define TWIN_H

#include "../../src/core/heap.h"
#include "meter.h"
#include "model.h"

typedef struct twin {
    lewd_heap *heap;
    model model;
    meter meter;
    uint32_t tags; /* owners handed out */
    uint8_t *dump; /* the heap before the operation */
    size_t dump_size;
    size_t dump_room;
    uint64_t requests; /* of the meter before the operation */
    uint32_t ready;    /* records that were available before the operation without a request */
} twin;

/* Returns false if the meter refused; then there is nothing to close, and nothing leaked. Set of->meter before. */
bool twin_try_open(twin *of, uint32_t base, uint32_t limit);
void twin_open(twin *of, uint32_t base, uint32_t limit);
void twin_close(twin *of);

lewd_status twin_alloc(twin *of, uint32_t size, lewd_span *span);
lewd_status twin_alloc_aligned(twin *of, uint32_t size, uint32_t alignment, lewd_span *span);
lewd_status twin_reserve(twin *of, uint32_t start, uint32_t size, lewd_span *span);
lewd_status twin_resize(twin *of, lewd_span span, uint32_t size);
lewd_status twin_enable_find(twin *of);
lewd_status twin_find(twin *of, uint32_t start);
lewd_status twin_free(twin *of, lewd_span span);
uint32_t twin_free_all(twin *of, const lewd_span *spans, uint32_t count);
lewd_status twin_extend(twin *of, uint32_t limit);
lewd_status twin_shrink(twin *of, uint32_t limit);

/* Allocates, and requires success at that place. */
lewd_span twin_alloc_at(twin *of, uint32_t size, uint32_t start);
lewd_span twin_alloc_aligned_at(twin *of, uint32_t size, uint32_t alignment, uint32_t start);

/* These require success. */
lewd_span twin_hold(twin *of, uint32_t start, uint32_t size);
void twin_release(twin *of, lewd_span span);

/* Checks that heap and model agree, and that the heap is sound. */
void twin_check(const twin *of);

#endif
