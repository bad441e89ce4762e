#include "bounds.h"

#include "support.h"

uint32_t lewd_bounds_limit(const lewd_bounds *bounds, uint64_t size) {
    const uint64_t blocks = size / LEWD_BLOCK;
    const uint32_t limit = blocks < bounds->ceiling ? (uint32_t)blocks : bounds->ceiling;
    return limit < bounds->base ? bounds->base : limit;
}

uint64_t lewd_bounds_used_end(const lewd_bounds *bounds, const lewd_figures *figures) {
    return bounds->base + (uint64_t)figures->total - figures->tail_free;
}

uint64_t lewd_bounds_pages_used(const lewd_bounds *bounds, const lewd_figures *figures) {
    const uint64_t pages = lewd_pages_for(lewd_bounds_used_end(bounds, figures));
    return pages < bounds->min_pages ? bounds->min_pages : pages;
}

uint64_t lewd_bounds_pages_to_keep(const lewd_bounds *bounds, const lewd_figures *figures) {
    const uint64_t pages = lewd_bounds_pages_used(bounds, figures);
    const bool reaches_end = (uint64_t)bounds->ceiling * LEWD_BLOCK >= bounds->size;
    return reaches_end && pages < bounds->size / LEWD_PAGE ? pages : 0;
}

uint64_t lewd_bounds_end_of(uint64_t from, uint32_t blocks, uint32_t alignment) {
    return ((from + alignment - 1u) & ~(uint64_t)(alignment - 1u)) + blocks;
}

/* Returns the pages of a default growth, limited to those that the working span can use. */
static uint64_t generous_pages(const lewd_bounds *bounds, uint64_t pages, uint64_t useful) {
    const uint64_t wanted = bounds->growth != 0 ? bounds->growth : pages / 8u;
    if (pages + wanted <= useful)
        return wanted;
    return useful > pages ? useful - pages : 0;
}

uint64_t lewd_bounds_pages_needed(const lewd_bounds *bounds, uint64_t end, bool is_generous) {
    const uint64_t pages = bounds->size / LEWD_PAGE;
    const uint64_t useful = lewd_pages_for(bounds->ceiling);
    uint64_t needed = lewd_pages_for(end);
    needed = needed > pages ? needed - pages : 1u;
    if (is_generous) {
        const uint64_t wanted = generous_pages(bounds, pages, useful);
        needed = needed < wanted ? wanted : needed;
    }
    const bool can_grow = end <= bounds->ceiling && pages + needed <= useful && pages + needed <= bounds->max_pages;
    return can_grow ? needed : 0;
}
