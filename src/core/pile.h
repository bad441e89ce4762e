/*
 * pile.h: the free spans of one size, the lowest at the root. See pile.c.
 *
 * A pile is named by the link to its root, a record's number; 0: it is empty. None of these functions needs memory. The
 * neighbours of a span that is inserted or removed are linked.
 */
#ifndef LEWD_PILE_H
#define LEWD_PILE_H

#include "record.h"

/* Up to so many records lie in a cache next to the processor. Tests shrink it. */
#ifndef LEWD_CACHED_RECORDS
#define LEWD_CACHED_RECORDS 32768u
#endif

void lewd_pile_insert(lewd_heap *heap, uint32_t *root, uint32_t number);
void lewd_pile_remove(lewd_heap *heap, uint32_t *root, uint32_t number);
uint32_t lewd_pile_aligned(const lewd_heap *heap, uint32_t root, uint32_t size, uint32_t alignment);

#endif
