/*
 * radix.h: sorts numbers by a key of 30 bits, such as the first blocks of spans.
 */
#ifndef LEWD_RADIX_H
#define LEWD_RADIX_H

#include <stdint.h>

/* The key is in the upper 32 bits and below 2^30; the lower 32 bits go with it. */
static inline uint64_t lewd_radix_pair(uint32_t key, uint32_t item) {
    return (uint64_t)key << 32 | item;
}

/*
 * Sorts pairs by their keys, the highest first; pairs of equal keys stay in order. The result is in `room`, which has as many
 * places; `pairs` is overwritten. A radix sort in three passes: O(length), 4 KiB of stack.
 */
void lewd_radix_sort_descending(uint64_t *pairs, uint64_t *room, uint32_t length);

#endif
