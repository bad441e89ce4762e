/*
 * index.h: all free spans, by size. See index.c. None of these functions needs memory.
 */
#ifndef LEWD_INDEX_H
#define LEWD_INDEX_H

#include "record.h"

/* The bin of spans of `size` blocks. */
uint32_t lewd_index_bin(uint32_t size);

void lewd_index_insert(lewd_heap *heap, uint32_t number, uint32_t size);
void lewd_index_remove(lewd_heap *heap, uint32_t number, uint32_t size);
uint32_t lewd_index_best(const lewd_heap *heap, uint32_t size, uint32_t *extent);
uint32_t lewd_index_aligned(const lewd_heap *heap, uint32_t size, uint32_t alignment);
uint32_t lewd_index_largest(const lewd_heap *heap);

#endif
