/*
 * index.h: all free spans, by size. See index.c. None of these functions needs memory. n is the number of free spans.
 */
#ifndef LEWD_INDEX_H
#define LEWD_INDEX_H

#include "record.h"

/* Returns the bin of spans of `size` blocks. O(1). */
uint32_t lewd_index_bin(uint32_t size);

/* Inserts the free span `number` of `size` blocks. O(log n). */
void lewd_index_insert(lewd_heap *heap, uint32_t number, uint32_t size);
/* Removes the free span `number` of `size` blocks, which must be in the index. O(log n). */
void lewd_index_remove(lewd_heap *heap, uint32_t number, uint32_t size);
/* Returns the best fit for `size` blocks and writes its size to `*extent`; returns 0 if there is none. O(log n). */
uint32_t lewd_index_best(const lewd_heap *heap, uint32_t size, uint32_t *extent);
/*
 * Returns the best fit for `size` blocks at a multiple of `alignment`; 0 if there is none. Cost: see
 * lewd_heap_alloc_aligned.
 */
uint32_t lewd_index_aligned(const lewd_heap *heap, uint32_t size, uint32_t alignment);
/* Returns one of the largest free spans; 0 if there is none. O(log n). */
uint32_t lewd_index_largest(const lewd_heap *heap);

#endif
