/*
 * suite_bounds.c: the pages and blocks within the bounds of an arena, as laws over random and edge values.
 */
#include "../../src/addon/bounds.h"
#include "../../src/addon/support.h"
#include "harness.h"
#include "suites.h"

#define PAGE_BLOCKS ((uint64_t)LEWD_PAGE / LEWD_BLOCK)
#define EDGE_BLOCKS (2 * (uint32_t)PAGE_BLOCKS)

enum { CASES = 200000, MAPPED = 64 };

/* Returns a number in [0, most], often near a whole page, 0 or `most`. */
static uint32_t some_blocks(dice *from, uint32_t most) {
    uint64_t blocks = dice_below(from, most + 1u);
    const uint32_t kind = dice_below(from, 5);
    if (kind == 0)
        blocks = dice_below(from, 3);
    else if (kind == 1)
        blocks = most - dice_below(from, 3);
    else if (kind == 2)
        blocks = blocks / PAGE_BLOCKS * PAGE_BLOCKS + dice_below(from, 3) - 1;
    else if (kind == 3)
        blocks = dice_below(from, EDGE_BLOCKS);
    return blocks > most ? most : (uint32_t)blocks;
}

/* Makes arenas of all sizes: base below the ceiling; the memory may end below the base, inside a page, or above the
 * ceiling. */
static lewd_bounds some_bounds(dice *from) {
    lewd_bounds bounds = {.is_fixed = false};
    const uint32_t most = dice_below(from, 2) == 0 ? LEWD_MAX_BLOCKS : 64 * (uint32_t)PAGE_BLOCKS;
    bounds.ceiling = 1 + some_blocks(from, most - 1);
    bounds.base = dice_below(from, 4) == 0 ? bounds.ceiling - 1 : some_blocks(from, bounds.ceiling - 1);
    bounds.size = (uint64_t)some_blocks(from, most) * LEWD_BLOCK;
    if (dice_below(from, 2) == 0)
        bounds.size = bounds.size / LEWD_PAGE * LEWD_PAGE;
    else if (dice_below(from, 2) == 0)
        bounds.size += bounds.size < (uint64_t)LEWD_MAX_BYTES ? dice_below(from, LEWD_BLOCK) : 0;
    const uint32_t pages = (uint32_t)(bounds.size / LEWD_PAGE);
    bounds.min_pages = 1 + dice_below(from, pages + 1);
    bounds.max_pages = dice_below(from, 2) == 0 ? LEWD_MAX_PAGES : pages + dice_below(from, 5);
    const uint32_t growths[] = {0, 0, 1 + dice_below(from, 8), dice_below(from, LEWD_MAX_PAGES + 1), UINT32_MAX};
    bounds.growth = growths[dice_below(from, LEWD_COUNT(growths))];
    return bounds;
}

/* The limit is within base and ceiling, within the memory unless it is the base, and no higher limit is. */
static void the_limit_is_the_highest(void) {
    dice from = harness_dice(600);
    for (int count = 0; count < CASES; count++) {
        const lewd_bounds bounds = some_bounds(&from);
        const uint64_t limit = lewd_bounds_limit(&bounds, bounds.size);
        CHECK(limit >= bounds.base);
        CHECK(limit <= bounds.ceiling);
        CHECK(limit == bounds.base || limit * LEWD_BLOCK <= bounds.size);
        CHECK(limit == bounds.ceiling || (limit + 1) * LEWD_BLOCK > bounds.size);
    }
}

static void the_limit_of_4_gib(void) {
    const lewd_bounds all = {.base = 0, .ceiling = LEWD_MAX_BLOCKS};
    const lewd_bounds last = {.base = LEWD_MAX_BLOCKS - 1, .ceiling = LEWD_MAX_BLOCKS};
    const uint64_t size = (uint64_t)LEWD_MAX_BYTES;
    CHECK_SAME(lewd_bounds_limit(&all, size), LEWD_MAX_BLOCKS);
    CHECK_SAME(lewd_bounds_limit(&all, size - 1), LEWD_MAX_BLOCKS - 1);
    CHECK_SAME(lewd_bounds_limit(&all, 15), 0);
    CHECK_SAME(lewd_bounds_limit(&all, 16), 1);
    CHECK_SAME(lewd_bounds_limit(&last, size), LEWD_MAX_BLOCKS);
    CHECK_SAME(lewd_bounds_limit(&last, size - 1), LEWD_MAX_BLOCKS - 1);
    CHECK_SAME(lewd_bounds_limit(&last, 0), LEWD_MAX_BLOCKS - 1);
}

/* Figures of a map of blocks, some of them used: the heap's figures of the free ones at the end. */
static lewd_figures figures_of(const bool *used, uint32_t total) {
    lewd_figures figures = {.total = total};
    while (figures.tail_free < total && !used[total - 1 - figures.tail_free])
        figures.tail_free++;
    return figures;
}

static void the_used_end_is_behind_the_last_used_block(void) {
    dice from = harness_dice(601);
    for (int count = 0; count < CASES / 10; count++) {
        bool used[MAPPED] = {false};
        const uint32_t total = dice_below(&from, MAPPED + 1);
        const lewd_bounds bounds = {.base = some_blocks(&from, LEWD_MAX_BLOCKS - total), .ceiling = LEWD_MAX_BLOCKS};
        uint64_t end = bounds.base;
        for (uint32_t block = 0; block < total; block++) {
            used[block] = dice_below(&from, 16) == 0;
            if (used[block])
                end = (uint64_t)bounds.base + block + 1;
        }
        const lewd_figures figures = figures_of(used, total);
        CHECK_SAME(lewd_bounds_used_end(&bounds, &figures), end);
    }
}

/* Makes a heap over the bounds whose used blocks end anywhere. */
static lewd_figures some_figures(dice *from, const lewd_bounds *bounds) {
    lewd_figures figures = {.total = lewd_bounds_limit(bounds, bounds->size) - bounds->base};
    figures.tail_free = some_blocks(from, figures.total);
    return figures;
}

static void pages_used_are_the_fewest(void) {
    dice from = harness_dice(602);
    for (int count = 0; count < CASES; count++) {
        const lewd_bounds bounds = some_bounds(&from);
        const lewd_figures figures = some_figures(&from, &bounds);
        const uint64_t end = lewd_bounds_used_end(&bounds, &figures);
        const uint64_t pages = lewd_bounds_pages_used(&bounds, &figures);
        CHECK(pages >= bounds.min_pages);
        CHECK(pages * PAGE_BLOCKS >= end);
        CHECK(pages == bounds.min_pages || (pages - 1) * PAGE_BLOCKS < end);
    }
}

static void pages_to_keep_are_fewer_than_there_are(void) {
    dice from = harness_dice(603);
    for (int count = 0; count < CASES; count++) {
        const lewd_bounds bounds = some_bounds(&from);
        const lewd_figures figures = some_figures(&from, &bounds);
        const uint64_t used = lewd_bounds_pages_used(&bounds, &figures);
        const bool has_others = bounds.size > (uint64_t)bounds.ceiling * LEWD_BLOCK;
        const bool is_shorter = (used + 1) * LEWD_PAGE <= bounds.size;
        CHECK_SAME(lewd_bounds_pages_to_keep(&bounds, &figures), !has_others && is_shorter ? used : 0);
    }
}

static void bytes_above_the_ceiling_are_kept(void) {
    lewd_bounds bounds = {.size = 4 * LEWD_PAGE, .ceiling = 4 * (uint32_t)PAGE_BLOCKS, .min_pages = 1};
    const lewd_figures empty = {.total = 1, .tail_free = 1};
    CHECK_SAME(lewd_bounds_pages_to_keep(&bounds, &empty), 1);
    bounds.ceiling--;
    CHECK_SAME(lewd_bounds_pages_to_keep(&bounds, &empty), 0);
    bounds.ceiling += 2;
    CHECK_SAME(lewd_bounds_pages_to_keep(&bounds, &empty), 1);
    bounds.min_pages = 3;
    CHECK_SAME(lewd_bounds_pages_to_keep(&bounds, &empty), 3);
    bounds.min_pages = 4;
    CHECK_SAME(lewd_bounds_pages_to_keep(&bounds, &empty), 0);
}

/* Returns the first multiple at or after `from`, by counting up. */
static uint64_t aligned(uint64_t from, uint32_t alignment) {
    while (from % alignment != 0)
        from++;
    return from;
}

static void the_end_is_behind_the_next_multiple(void) {
    dice dice_of_ends = harness_dice(604);
    for (int count = 0; count < CASES / 50; count++) {
        const uint32_t alignment = 1u << dice_below(&dice_of_ends, 13);
        const uint32_t from = some_blocks(&dice_of_ends, LEWD_MAX_BLOCKS);
        const uint32_t blocks = 1 + some_blocks(&dice_of_ends, LEWD_MAX_BLOCKS - 1);
        CHECK_SAME(lewd_bounds_end_of(from, blocks, alignment), aligned(from, alignment) + blocks);
    }
    CHECK_SAME(lewd_bounds_end_of(0, 1, LEWD_MAX_ALIGNMENT), 1);
    CHECK_SAME(lewd_bounds_end_of(1, 1, LEWD_MAX_ALIGNMENT), LEWD_MAX_ALIGNMENT + 1);
    CHECK_SAME(lewd_bounds_end_of(LEWD_MAX_BLOCKS, LEWD_MAX_BLOCKS, 1), 2 * LEWD_MAX_BLOCKS);
    CHECK_SAME(lewd_bounds_end_of(UINT32_MAX, 1, 2), 0x100000001u);
}

/* Returns the fewest pages, at least one, by which a memory grows to reach `end`, by bisection. */
static uint64_t fewest(const lewd_bounds *bounds, uint64_t end) {
    const uint64_t pages = bounds->size / LEWD_PAGE;
    uint64_t low = 1;
    uint64_t high = 4ull * LEWD_MAX_PAGES;
    while (low < high) {
        const uint64_t middle = (low + high) / 2;
        if ((pages + middle) * PAGE_BLOCKS >= end)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Returns whether a memory may grow so far, and each page of it has a block below the ceiling. */
static bool may_grow(const lewd_bounds *bounds, uint64_t end, uint64_t by) {
    const uint64_t pages = bounds->size / LEWD_PAGE + by;
    return end <= bounds->ceiling && pages <= bounds->max_pages && (pages - 1) * PAGE_BLOCKS < bounds->ceiling;
}

/* An eighth, or the setting; less if the ceiling comes first; never less than needed. */
static uint64_t generous(const lewd_bounds *bounds, uint64_t end) {
    const uint64_t pages = bounds->size / LEWD_PAGE;
    uint64_t by = bounds->growth == 0 ? pages / 8 : bounds->growth;
    const uint64_t to_ceiling = (bounds->ceiling + PAGE_BLOCKS - 1) / PAGE_BLOCKS;
    const uint64_t useful = to_ceiling > pages ? to_ceiling - pages : 0;
    by = by > useful ? useful : by;
    return by > fewest(bounds, end) ? by : fewest(bounds, end);
}

/* Returns an end inside the memory, slightly or far beyond it, near the ceiling or above it. */
static uint64_t some_end(dice *from, const lewd_bounds *bounds) {
    const uint32_t kind = dice_below(from, 4);
    const uint64_t size = bounds->size / LEWD_BLOCK;
    if (kind == 0)
        return bounds->ceiling + dice_below(from, 3) - 1u;
    if (kind == 1)
        return size + some_blocks(from, 16 * (uint32_t)PAGE_BLOCKS);
    return 1 + (uint64_t)some_blocks(from, kind == 2 ? bounds->ceiling : LEWD_MAX_BLOCKS);
}

static void pages_needed_are_the_fewest(void) {
    dice from = harness_dice(605);
    uint32_t grown = 0;
    for (int count = 0; count < CASES; count++) {
        const lewd_bounds bounds = some_bounds(&from);
        const uint64_t end = some_end(&from, &bounds);
        const uint64_t by = fewest(&bounds, end);
        const uint64_t needed = lewd_bounds_pages_needed(&bounds, end, false);
        CHECK_SAME(needed, may_grow(&bounds, end, by) ? by : 0);
        grown += needed != 0;
    }
    CHECK(grown > CASES / 20 && grown < CASES / 20 * 19);
}

static void generous_pages_are_what_the_ceiling_can_use(void) {
    dice from = harness_dice(606);
    uint32_t grown = 0;
    for (int count = 0; count < CASES; count++) {
        const lewd_bounds bounds = some_bounds(&from);
        const uint64_t end = some_end(&from, &bounds);
        const uint64_t by = generous(&bounds, end);
        const uint64_t needed = lewd_bounds_pages_needed(&bounds, end, true);
        CHECK_SAME(needed, may_grow(&bounds, end, by) ? by : 0);
        CHECK(needed == 0 || needed >= lewd_bounds_pages_needed(&bounds, end, false));
        grown += needed != 0;
    }
    CHECK(grown > CASES / 20 && grown < CASES / 20 * 19);
}

static void a_memory_of_64_pages_grows_by_8(void) {
    lewd_bounds bounds = {
        .size = 64 * LEWD_PAGE, .ceiling = LEWD_MAX_BLOCKS, .min_pages = 1, .max_pages = LEWD_MAX_PAGES};
    const uint64_t end = 64 * PAGE_BLOCKS;
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, end, false), 1);
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, end + 1, false), 1);
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, end + PAGE_BLOCKS, false), 1);
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, end + PAGE_BLOCKS + 1, false), 2);
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, end + 1, true), 8);
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, end + 8 * PAGE_BLOCKS + 1, true), 9);
    bounds.growth = 3;
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, end + 1, true), 3);
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, end + 1, false), 1);
    bounds.max_pages = 66;
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, end + 1, true), 0);
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, end + 2 * PAGE_BLOCKS, false), 2);
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, end + 2 * PAGE_BLOCKS + 1, false), 0);
}

static void a_memory_grows_to_4_gib_and_no_further(void) {
    lewd_bounds bounds = {.ceiling = LEWD_MAX_BLOCKS, .min_pages = 1, .max_pages = LEWD_MAX_PAGES};
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, LEWD_MAX_BLOCKS, false), LEWD_MAX_PAGES);
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, LEWD_MAX_BLOCKS + 1ull, false), 0);
    bounds.size = (uint64_t)LEWD_MAX_BYTES - LEWD_PAGE;
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, LEWD_MAX_BLOCKS, false), 1);
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, LEWD_MAX_BLOCKS, true), 1);
    bounds.size += LEWD_PAGE;
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, 1, false), 0);
    CHECK_SAME(lewd_bounds_pages_needed(&bounds, 1, true), 0);
}

void suite_bounds(void) {
    RUN(the_limit_is_the_highest);
    RUN(the_limit_of_4_gib);
    RUN(the_used_end_is_behind_the_last_used_block);
    RUN(pages_used_are_the_fewest);
    RUN(pages_to_keep_are_fewer_than_there_are);
    RUN(bytes_above_the_ceiling_are_kept);
    RUN(the_end_is_behind_the_next_multiple);
    RUN(pages_needed_are_the_fewest);
    RUN(generous_pages_are_what_the_ceiling_can_use);
    RUN(a_memory_of_64_pages_grows_by_8);
    RUN(a_memory_grows_to_4_gib_and_no_further);
}
