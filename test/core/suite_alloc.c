/*
 * suite_alloc.c: the places of spans. The model states them for every call; these examples give numbers.
 */
#include "harness.h"
#include "suites.h"
#include "twin.h"

enum { PAGE = 4096, GIB = 1 << 26 };

static void spans_are_cut_from_the_low_end(void) {
    twin pair;
    twin_open(&pair, 0, 100);
    twin_alloc_at(&pair, 1, 0);
    twin_alloc_at(&pair, 10, 1);
    twin_alloc_at(&pair, 89, 11);
    twin_close(&pair);
}

static void places_count_from_the_base(void) {
    twin pair;
    twin_open(&pair, 77, 177);
    twin_alloc_at(&pair, 60, 77);
    twin_alloc_at(&pair, 40, 137);
    twin_close(&pair);
}

/* Makes holes of 5, 3, 4, 3 blocks at 0, 6, 10, 15, and a tail of 100 from 19 on. */
static void open_holes(twin *pair) {
    static const uint32_t sizes[] = {5, 3, 4, 3};
    lewd_span holes[4];
    uint32_t place = 0;
    twin_open(pair, 0, 119);
    for (int index = 0; index < 4; index++) {
        holes[index] = twin_alloc_at(pair, sizes[index], place);
        twin_alloc_at(pair, 1, place + sizes[index]);
        place += sizes[index] + 1;
    }
    for (int index = 0; index < 4; index++)
        twin_release(pair, holes[index]);
}

static void the_smallest_span_that_fits_is_taken(void) {
    twin pair;
    open_holes(&pair);
    twin_alloc_at(&pair, 4, 10);
    twin_alloc_at(&pair, 4, 0);
    twin_alloc_at(&pair, 6, 19);
    twin_close(&pair);
}

static void of_equal_spans_the_lowest_is_taken(void) {
    twin pair;
    open_holes(&pair);
    twin_alloc_at(&pair, 3, 6);
    twin_alloc_at(&pair, 3, 15);
    twin_alloc_at(&pair, 2, 10);
    twin_alloc_at(&pair, 2, 12);
    twin_close(&pair);
}

static void a_hole_filled_exactly_leaves_no_rest(void) {
    twin pair;
    open_holes(&pair);
    const lewd_span before = lewd_heap_bound(pair.heap);
    twin_alloc_at(&pair, 5, 0);
    CHECK_SAME(lewd_heap_bound(pair.heap), before);
    CHECK_SAME(lewd_heap_figures(pair.heap).head_free, 0);
    twin_close(&pair);
}

static void freed_spans_are_found_again(void) {
    twin pair;
    twin_open(&pair, 0, 8);
    const lewd_span low = twin_alloc_at(&pair, 4, 0);
    twin_alloc_at(&pair, 4, 4);
    CHECK_SAME(twin_alloc(&pair, 1, &(lewd_span){0}), LEWD_NO_FIT);
    twin_release(&pair, low);
    twin_alloc_at(&pair, 4, 0);
    twin_close(&pair);
}

/* Each size alone: a request of one block more does not fit, an equal one does, one less leaves a block. */
static void expect_edges(uint32_t total) {
    lewd_span span;
    twin pair;
    twin_open(&pair, 0, total);
    CHECK_SAME(twin_alloc(&pair, total + 1, &span), total == LEWD_MAX_BLOCKS ? LEWD_INVALID : LEWD_NO_FIT);
    span = twin_alloc_at(&pair, total, 0);
    CHECK_SAME(lewd_heap_largest(pair.heap), 0);
    CHECK_SAME(twin_alloc(&pair, 1, &(lewd_span){0}), LEWD_NO_FIT);
    twin_release(&pair, span);
    if (total > 1) {
        twin_alloc_at(&pair, total - 1, 0);
        CHECK_SAME(lewd_heap_largest(pair.heap), 1);
        twin_alloc_at(&pair, 1, total - 1);
    }
    twin_close(&pair);
}

static void sizes_at_the_edges_fit_exactly(void) {
    static const uint32_t edges[] = {1, 2, 64, PAGE, 2 * PAGE, 1u << 20, GIB, 1u << 27, LEWD_MAX_BLOCKS};
    for (unsigned index = 0; index < sizeof edges / sizeof edges[0]; index++) {
        const uint32_t edge = edges[index];
        if (edge > 1)
            expect_edges(edge - 1);
        expect_edges(edge);
        if (edge < LEWD_MAX_BLOCKS)
            expect_edges(edge + 1);
    }
}

/* 2^31 bytes, 2^32 - 16 bytes: sizes that a signed or a 32-bit count of bytes would get wrong. */
static void a_heap_of_4_gib_is_halved(void) {
    twin pair;
    twin_open(&pair, 0, LEWD_MAX_BLOCKS);
    const lewd_span low = twin_alloc_at(&pair, 1u << 27, 0);
    const lewd_span high = twin_alloc_at(&pair, 1u << 27, 1u << 27);
    CHECK_SAME(lewd_heap_figures(pair.heap).used, LEWD_MAX_BLOCKS);
    twin_release(&pair, low);
    twin_release(&pair, high);
    twin_alloc_at(&pair, LEWD_MAX_BLOCKS - 1, 0);
    twin_alloc_at(&pair, 1, LEWD_MAX_BLOCKS - 1);
    twin_close(&pair);
}

static void a_heap_of_4_gib_fills_to_the_last_block(void) {
    enum { SPAN = 1 << 19, SPANS = 1 << 9 };
    lewd_span spans[SPANS];
    twin pair;
    twin_open(&pair, 0, LEWD_MAX_BLOCKS);
    for (uint32_t index = 0; index < SPANS - 1; index++)
        spans[index] = twin_alloc_at(&pair, SPAN, index * SPAN);
    twin_alloc_at(&pair, SPAN - 1, LEWD_MAX_BLOCKS - SPAN);
    spans[SPANS - 1] = twin_alloc_at(&pair, 1, LEWD_MAX_BLOCKS - 1);
    CHECK_SAME(lewd_heap_figures(pair.heap).used, LEWD_MAX_BLOCKS);
    CHECK_SAME(twin_alloc(&pair, 1, &(lewd_span){0}), LEWD_NO_FIT);
    for (uint32_t index = 1; index < SPANS; index += 2)
        twin_release(&pair, spans[index]);
    twin_alloc_at(&pair, 1, LEWD_MAX_BLOCKS - 1);
    twin_alloc_at(&pair, SPAN, SPAN);
    CHECK_SAME(twin_alloc(&pair, SPAN + 1, &(lewd_span){0}), LEWD_NO_FIT);
    twin_close(&pair);
}

/* Places 16 MiB apart and more, whose distance does not fit a smaller number. */
static void gaps_of_16_mib_and_more_are_kept(void) {
    static const uint32_t gaps[] = {1u << 20, (1u << 20) + 1, 1u << 24, (1u << 24) - 1, 1u << 26};
    enum { GAPS = sizeof gaps / sizeof gaps[0] };
    lewd_span holes[GAPS];
    uint32_t place = 3;
    twin pair;
    twin_open(&pair, 3, LEWD_MAX_BLOCKS);
    for (int index = 0; index < GAPS; index++) {
        holes[index] = twin_alloc_at(&pair, gaps[index], place);
        twin_alloc_at(&pair, 1, place + gaps[index]);
        place += gaps[index] + 1;
    }
    for (int index = 0; index < GAPS; index++)
        twin_release(&pair, holes[index]);
    twin_alloc_at(&pair, gaps[1], 3 + gaps[0] + 1);
    twin_alloc_at(&pair, gaps[0], 3);
    twin_alloc_at(&pair, 1, 3 + gaps[0] + gaps[1] + gaps[2] + 3);
    twin_close(&pair);
}

static void an_owner_is_kept_until_the_span_is_freed(void) {
    twin pair;
    twin_open(&pair, 0, 100);
    const lewd_span left = twin_alloc_at(&pair, 1, 0);
    const lewd_span kept = twin_alloc_at(&pair, 1, 1);
    const lewd_span right = twin_alloc_at(&pair, 1, 2);
    const uint32_t owner = lewd_heap_owner(pair.heap, kept);
    CHECK(owner != 0);
    twin_release(&pair, left);
    twin_release(&pair, right);
    CHECK_SAME(lewd_heap_owner(pair.heap, kept), owner);
    twin_close(&pair);
}

static void used_spans_are_visited_in_order_past_the_holes(void) {
    twin pair;
    open_holes(&pair);
    lewd_span span = lewd_heap_next_used(pair.heap, 0);
    CHECK_SAME(lewd_heap_start(pair.heap, span), 5);
    span = lewd_heap_next_used(pair.heap, span);
    CHECK_SAME(lewd_heap_start(pair.heap, span), 9);
    span = lewd_heap_next_used(pair.heap, span);
    CHECK_SAME(lewd_heap_start(pair.heap, span), 14);
    span = lewd_heap_next_used(pair.heap, span);
    CHECK_SAME(lewd_heap_start(pair.heap, span), 18);
    CHECK_SAME(lewd_heap_next_used(pair.heap, span), 0);
    twin_close(&pair);
}

/* Records of freed spans are used again: the numbers do not grow with the number of operations. */
static void records_are_used_again(void) {
    twin pair;
    twin_open(&pair, 0, 64);
    for (int round = 0; round < 200; round++) {
        lewd_span spans[8];
        for (uint32_t index = 0; index < 8; index++)
            spans[index] = twin_alloc_at(&pair, 8, index * 8);
        for (uint32_t index = 0; index < 8; index++)
            twin_release(&pair, spans[index * 3 % 8]);
    }
    CHECK(lewd_heap_bound(pair.heap) <= 1 + 9);
    twin_close(&pair);
}

void suite_alloc(void) {
    RUN(spans_are_cut_from_the_low_end);
    RUN(places_count_from_the_base);
    RUN(the_smallest_span_that_fits_is_taken);
    RUN(of_equal_spans_the_lowest_is_taken);
    RUN(a_hole_filled_exactly_leaves_no_rest);
    RUN(freed_spans_are_found_again);
    RUN(sizes_at_the_edges_fit_exactly);
    RUN(a_heap_of_4_gib_is_halved);
    RUN(a_heap_of_4_gib_fills_to_the_last_block);
    RUN(gaps_of_16_mib_and_more_are_kept);
    RUN(an_owner_is_kept_until_the_span_is_freed);
    RUN(used_spans_are_visited_in_order_past_the_holes);
    RUN(records_are_used_again);
}
