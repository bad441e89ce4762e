/*
 * support.h: units and small macros of the addon.
 */
#ifndef LEWD_SUPPORT_H
#define LEWD_SUPPORT_H

#include "../core/heap.h"
#include "contract.h"

#define LEWD_MAX_BYTES ((int64_t)LEWD_MAX_BLOCKS * LEWD_BLOCK)

/* Values that are read in one handle scope. V8 keeps the handles of references in blocks of this size. */
#define LEWD_SCOPE_SIZE 256u

#define LEWD_COUNT(array) (sizeof(array) / sizeof *(array))

/* Returns the fewest pages that hold `blocks` blocks. */
static inline uint64_t lewd_pages_for(uint64_t blocks) {
    return (blocks * LEWD_BLOCK + LEWD_PAGE - 1u) / LEWD_PAGE;
}

/* Returns the fewest blocks that hold `bytes` bytes. */
static inline uint32_t lewd_blocks_for(uint32_t bytes) {
    return bytes / LEWD_BLOCK + (bytes % LEWD_BLOCK != 0);
}

/* Returns the size of `blocks` blocks in bytes. */
static inline double lewd_bytes_of(uint32_t blocks) {
    return (double)blocks * LEWD_BLOCK;
}

#endif
