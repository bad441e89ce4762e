/*
 * bounds.h: where in a memory an arena hands out addresses, and how far the memory may grow.
 */
#ifndef LEWD_BOUNDS_H
#define LEWD_BOUNDS_H

#include "../core/heap.h"

typedef struct lewd_bounds {
    uint64_t size;      /* of the memory, in bytes */
    uint32_t base;      /* blocks: the working span is [base, ceiling), as far as the memory reaches */
    uint32_t ceiling;   /* blocks */
    uint32_t min_pages; /* of a memory to migrate to */
    uint32_t max_pages; /* that the memory may grow to */
    uint32_t growth;    /* pages to grow by at least; 0: an eighth of the memory */
    bool is_fixed;      /* the memory can't be replaced */
} lewd_bounds;

/* Returns the end of the working span in a memory of `size` bytes, in blocks. */
uint32_t lewd_bounds_limit(const lewd_bounds *bounds, uint64_t size);

/* Returns the end of the last span that is used or reserved, in blocks; the base if there is none. */
uint64_t lewd_bounds_used_end(const lewd_bounds *bounds, const lewd_figures *figures);

/* Returns the fewest pages that hold all such spans. */
uint64_t lewd_bounds_pages_used(const lewd_bounds *bounds, const lewd_figures *figures);

/*
 * Returns the pages of the memory to migrate to; 0 if no page can go. What lies above the working span belongs to others, and
 * is not left behind.
 */
uint64_t lewd_bounds_pages_to_keep(const lewd_bounds *bounds, const lewd_figures *figures);

/* Returns the block behind an allocation of `blocks` that begins at `from`, or at the next multiple of `alignment`. */
uint64_t lewd_bounds_end_of(uint64_t from, uint32_t blocks, uint32_t alignment);

/*
 * Returns the pages that the memory must grow by to reach block `end`, one at least; with `is_generous`, as many as it should
 * grow by. Returns 0 if it can't grow by so many, or if that is above the ceiling, where it would be of no use. If a generous
 * growth can't be had, the least one may be.
 */
uint64_t lewd_bounds_pages_needed(const lewd_bounds *bounds, uint64_t end, bool is_generous);

#endif
