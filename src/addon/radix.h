/*
 * radix.h: sorts numbers by a key of 30 bits, such as the first blocks of spans.
 */
#ifndef LEWD_RADIX_H
#define LEWD_RADIX_H

#include <stdint.h>

/* Returns a pair to sort: the key, below 2^30, in the upper 32 bits, and `item` in the lower ones. */
static inline uint64_t lewd_radix_pair(uint32_t key, uint32_t item) {
    return (uint64_t)key << 32 | item;
}

/*
 * Sorts pairs by key, the highest first; pairs of equal keys stay in order. Writes the result to `room`, which has
 * space for as many pairs, and overwrites `pairs`. A radix sort in three passes: O(length), 4 KiB of stack.
 */
void lewd_radix_sort_descending(uint64_t *pairs, uint64_t *room, uint32_t length);

#endif
