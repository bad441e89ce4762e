/*
 * bounds.h: the part of a memory in which an arena hands out addresses, and how far the memory may grow.
 */
#ifndef LEWD_BOUNDS_H
#define LEWD_BOUNDS_H

#include "../core/heap.h"

typedef struct lewd_bounds {
    uint64_t size;      /* size of the memory in bytes */
    uint32_t base;      /* in blocks; the working span is [base, ceiling), as far as the memory reaches */
    uint32_t ceiling;   /* in blocks */
    uint32_t min_pages; /* least size of a memory to migrate to, in pages */
    uint32_t max_pages; /* greatest size of the memory, in pages */
    uint32_t growth;    /* least growth in pages; 0 stands for an eighth of the memory */
    bool is_fixed;      /* the memory can't be replaced */
} lewd_bounds;

/* Returns the end of the working span in a memory of `size` bytes, in blocks. */
uint32_t lewd_bounds_limit(const lewd_bounds *bounds, uint64_t size);

/* Returns the end of the last used or reserved span, in blocks; the base if there is none. */
uint64_t lewd_bounds_used_end(const lewd_bounds *bounds, const lewd_figures *figures);

/* Returns the fewest pages that hold all used and reserved spans, at least `min_pages`. */
uint64_t lewd_bounds_pages_used(const lewd_bounds *bounds, const lewd_figures *figures);

/*
 * Returns the pages of the memory to migrate to; 0 if no page can be given up. If the memory ends above the working
 * span, no page can: the bytes there belong to others, and a migration would leave them behind.
 */
uint64_t lewd_bounds_pages_to_keep(const lewd_bounds *bounds, const lewd_figures *figures);

/* Returns the end, in blocks, of an allocation of `blocks` at `from`, or at the next multiple of `alignment`. */
uint64_t lewd_bounds_end_of(uint64_t from, uint32_t blocks, uint32_t alignment);

/*
 * Returns how many pages, at least one, the memory must grow by to reach block `end`; if `is_generous`, how many it
 * should grow by. Returns 0 if the memory can't grow by that many, or if the growth would reach above the ceiling,
 * where it is of no use. If a generous growth is impossible, the least one may still be possible.
 */
uint64_t lewd_bounds_pages_needed(const lewd_bounds *bounds, uint64_t end, bool is_generous);

#endif
