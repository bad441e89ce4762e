/*
 * suite_law.c: the laws of heap.h over random sequences. twin.c states and checks them at every step: spans neither
 * overlap nor leave gaps; free ones are never neighbours; a request that fits is granted, at the best and lowest place;
 * fit() predicts alloc(); figures equal a recount; a failed call changes nothing. This file has only the sequences, of
 * different kinds.
 */
#include "../../src/core/record.h"
#include "harness.h"
#include "suites.h"
#include "twin.h"

typedef uint32_t size_law(dice *from);

/* Nearly all spans are equal, so there are many ties. */
static uint32_t few_sizes(dice *from) {
    return 1 + dice_below(from, 3);
}

static uint32_t small_sizes(dice *from) {
    return 1 + dice_below(from, 40);
}

/* Sizes around the border of exact and divided bins, and many in the same bin. */
static uint32_t border_sizes(dice *from) {
    return 120 + dice_below(from, 40);
}

/* As many spans of 2 blocks as of 2 million. */
static uint32_t all_sizes(dice *from) {
    const uint32_t power = 1u << dice_below(from, 24);
    return power + dice_below(from, power);
}

/* Powers of two and their neighbours. */
static uint32_t edge_sizes(dice *from) {
    return (1u << dice_below(from, 29)) - 1u + dice_below(from, 3);
}

/* Pages, and one block off. */
static uint32_t page_sizes(dice *from) {
    return (1 + dice_below(from, 4)) * 4096 - 1 + dice_below(from, 3);
}

enum { LIVE = 150, STEPS = 500, FINDABLE = 1 << 18 };

typedef struct walk {
    twin pair;
    dice from;
    size_law *size;
    lewd_span live[LIVE];
    unsigned count;
} walk;

static void step_alloc(walk *of) {
    lewd_span span;
    if (of->count == LIVE)
        return;
    if (twin_alloc(&of->pair, of->size(&of->from), &span) == LEWD_OK)
        of->live[of->count++] = span;
}

/* Low alignments more often than high ones, which seldom fit. */
static void step_aligned(walk *of) {
    lewd_span span;
    if (of->count == LIVE)
        return;
    const uint32_t alignment = 1u << dice_below(&of->from, 1 + dice_below(&of->from, 14));
    if (twin_alloc_aligned(&of->pair, of->size(&of->from), alignment, &span) == LEWD_OK)
        of->live[of->count++] = span;
}

/* From any place in a span, used or free, to any place in it or beyond. */
static void step_reserve(walk *of) {
    const model *const spans = &of->pair.model;
    lewd_span span;
    if (of->count == LIVE || spans->count == 0)
        return;
    const model_span *const in = &spans->spans[dice_below(&of->from, (uint32_t)spans->count)];
    const uint32_t skipped = dice_below(&of->from, 3) == 0 ? 0 : dice_below(&of->from, in->size);
    const uint32_t size = dice_below(&of->from, 3) == 0 ? in->size - skipped : dice_below(&of->from, in->size + 2);
    if (twin_reserve(&of->pair, in->start + skipped, size, &span) == LEWD_OK)
        of->live[of->count++] = span;
}

/* To any size, to one a block off, to the largest that has room, and a block more. */
static void step_resize(walk *of) {
    if (of->count == 0)
        return;
    const lewd_span span = of->live[dice_below(&of->from, of->count)];
    const ptrdiff_t index = model_named(&of->pair.model, span);
    const uint32_t size = of->pair.model.spans[index].size;
    const uint32_t room = model_room(&of->pair.model, index);
    switch (dice_below(&of->from, 4)) {
    case 0:
        twin_resize(&of->pair, span, of->size(&of->from));
        break;
    case 1:
        twin_resize(&of->pair, span, size - 1 + dice_below(&of->from, 3));
        break;
    case 2:
        twin_resize(&of->pair, span, size + room + dice_below(&of->from, 2));
        break;
    default:
        twin_resize(&of->pair, span, 1 + dice_below(&of->from, size + room));
    }
}

/*
 * Looks up the begin of a span, or any block from the one before the base to the limit; sometimes makes the directory
 * first. Each step compares all of it.
 */
static void step_find(walk *of) {
    const model *const spans = &of->pair.model;
    const uint32_t total = spans->limit - spans->base;
    if (total > FINDABLE)
        return;
    if (dice_below(&of->from, 8) == 0)
        twin_enable_find(&of->pair);
    if (spans->count != 0 && dice_below(&of->from, 2) != 0)
        twin_find(&of->pair, spans->spans[dice_below(&of->from, (uint32_t)spans->count)].start);
    else
        twin_find(&of->pair, spans->base - 1 + dice_below(&of->from, total + 2));
}

static void step_free(walk *of) {
    if (of->count == 0)
        return;
    const uint32_t pick = dice_below(&of->from, of->count);
    twin_release(&of->pair, of->live[pick]);
    of->live[pick] = of->live[--of->count];
}

/* Removes the freed spans from the list. */
static void forget_freed(walk *of) {
    unsigned kept = 0;
    for (unsigned index = 0; index < of->count; index++)
        if (model_named(&of->pair.model, of->live[index]) != MODEL_NONE)
            of->live[kept++] = of->live[index];
    of->count = kept;
}

/* Names a few spans in a row or, seldom, some of all; free ones are named by 0. Then any number. Upwards or
 * downwards. */
static void step_free_all(walk *of) {
    enum { NAMED = 2 * LIVE + 1 };
    const model *const spans = &of->pair.model;
    lewd_span named[NAMED + 1];
    uint32_t count = 0;
    if (spans->count == 0)
        return;
    const bool few = dice_below(&of->from, 8) != 0;
    const bool down = dice_below(&of->from, 2) != 0;
    const uint32_t all = (uint32_t)spans->count;
    const uint32_t from = dice_below(&of->from, all);
    const uint32_t length = few ? 1 + dice_below(&of->from, 12) : all;
    for (uint32_t step = 0; step < length; step++)
        if (few || dice_below(&of->from, 3) == 0)
            named[count++] = spans->spans[(from + (down ? length - step : step)) % all].name;
    named[count++] = dice_below(&of->from, lewd_heap_bound(of->pair.heap) + 2);
    twin_free_all(&of->pair, named, count);
    forget_freed(of);
}

/* Makes a span that exactly fills a hole, which random sizes seldom do. */
static void step_fill(walk *of) {
    const model *const spans = &of->pair.model;
    lewd_span span;
    if (of->count == LIVE || spans->count == 0)
        return;
    const uint32_t size = spans->spans[dice_below(&of->from, (uint32_t)spans->count)].size;
    if (twin_alloc(&of->pair, size, &span) == LEWD_OK)
        of->live[of->count++] = span;
}

static void step_limit(walk *of) {
    const uint32_t limit = of->pair.model.limit;
    const uint32_t by = of->size(&of->from);
    if (of->pair.heap->directory != NULL && limit + by - of->pair.model.base > FINDABLE)
        return;
    if (dice_below(&of->from, 2) != 0)
        twin_extend(&of->pair, limit + by);
    else if (dice_below(&of->from, 2) != 0)
        twin_shrink(&of->pair, limit - by);
    else
        twin_shrink(&of->pair, model_used_end(&of->pair.model));
}

/* Frees any number as a span; the live list forgets it if it was one. */
static void step_guess(walk *of) {
    const lewd_span guess = dice_below(&of->from, lewd_heap_bound(of->pair.heap) + 2);
    if (twin_free(&of->pair, guess) != LEWD_OK)
        return;
    for (unsigned index = 0; index < of->count; index++)
        if (of->live[index] == guess)
            of->live[index] = of->live[--of->count];
}

/* `filling`: how many of 16 steps, out of 27, allocate. It changes now and then, so that heaps fill and empty. */
static void step(walk *of, uint32_t filling) {
    const uint32_t roll = dice_below(&of->from, 27);
    if (roll >= 26)
        step_free_all(of);
    else if (roll >= 25)
        step_find(of);
    else if (roll >= 24)
        step_reserve(of);
    else if (roll >= 22)
        step_resize(of);
    else if (roll >= 20)
        step_aligned(of);
    else if (roll < filling)
        step_alloc(of);
    else if (roll < 16)
        step_free(of);
    else if (roll < 18)
        step_fill(of);
    else if (roll < 19)
        step_limit(of);
    else
        step_guess(of);
}

static void wander(uint64_t salt, size_law *size, uint32_t base, uint32_t limit) {
    walk of = {.from = harness_dice(salt), .size = size};
    uint32_t filling = 12;
    twin_open(&of.pair, base, limit);
    for (int count = 0; count < STEPS; count++) {
        if (dice_below(&of.from, 64) == 0)
            filling = 4 + dice_below(&of.from, 10);
        step(&of, filling);
    }
    while (of.count > 0)
        step_free(&of);
    CHECK_SAME(lewd_heap_figures(of.pair.heap).used, 0);
    CHECK_SAME(lewd_heap_figures(of.pair.heap).reserved, 0);
    CHECK_SAME(lewd_heap_largest(of.pair.heap), of.pair.model.limit - base);
    twin_close(&of.pair);
}

enum { WALKS = 12 };

static void law(uint64_t salt, size_law *size, uint32_t scale) {
    dice from = harness_dice(salt);
    for (uint64_t walks = 0; walks < WALKS; walks++) {
        const uint32_t base = walks % 2 == 0 ? 0 : dice_below(&from, scale);
        wander(salt * 1000 + walks, size, base, base + dice_below(&from, scale));
    }
}

static void of_few_sizes(void) {
    law(10, few_sizes, 200);
}

static void of_small_sizes(void) {
    law(11, small_sizes, 2000);
}

static void of_sizes_in_the_same_bins(void) {
    law(12, border_sizes, 12000);
}

static void of_all_sizes(void) {
    law(13, all_sizes, 1u << 27);
}

static void of_edges(void) {
    law(14, edge_sizes, 1u << 27);
}

static void of_pages(void) {
    law(15, page_sizes, 1u << 20);
}

static void of_a_whole_4_gib(void) {
    for (uint64_t walks = 0; walks < WALKS; walks++)
        wander(16000 + walks, walks % 2 == 0 ? all_sizes : edge_sizes, 0, LEWD_MAX_BLOCKS);
}

static void from_an_empty_heap(void) {
    for (uint64_t walks = 0; walks < WALKS; walks++)
        wander(17000 + walks, small_sizes, 77, 77);
}

static void up_to_the_last_block(void) {
    for (uint64_t walks = 0; walks < WALKS; walks++)
        wander(18000 + walks, small_sizes, LEWD_MAX_BLOCKS - 4001, LEWD_MAX_BLOCKS - 300 * (uint32_t)walks);
}

void suite_law(void) {
    RUN(of_few_sizes);
    RUN(of_small_sizes);
    RUN(of_sizes_in_the_same_bins);
    RUN(of_all_sizes);
    RUN(of_edges);
    RUN(of_pages);
    RUN(of_a_whole_4_gib);
    RUN(from_an_empty_heap);
    RUN(up_to_the_last_block);
}
