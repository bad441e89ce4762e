/*
 * pile.h: the free spans of one size, with the lowest one at the root. See pile.c.
 *
 * A pile is given by the number of its root, 0 if it is empty; functions that change a pile take the address of that
 * number. None of these functions needs memory. A span must be linked to its neighbours when it is inserted or removed.
 * n is the number of spans in the pile.
 */
#ifndef LEWD_PILE_H
#define LEWD_PILE_H

#include "record.h"

/* Up to this many records fit into a cache close to the processor. Tests shrink it. */
#ifndef LEWD_CACHED_RECORDS
#define LEWD_CACHED_RECORDS 32768u
#endif

/* Inserts the free span `number`. O(log n). */
void lewd_pile_insert(lewd_heap *heap, uint32_t *root, uint32_t number);
/* Removes the free span `number`, which must be in the pile. O(log n). */
void lewd_pile_remove(lewd_heap *heap, uint32_t *root, uint32_t number);
/*
 * Returns the lowest span that holds `size` blocks at a multiple of `alignment`; 0 if there is none. The spans must
 * have at least `size` blocks. O(n).
 */
uint32_t lewd_pile_aligned(const lewd_heap *heap, uint32_t root, uint32_t size, uint32_t alignment);

#endif
