/*
 * suite_reserve.c: spans that are never handed out: their place among the free blocks, their share in the figures, and
 * the operations that refuse them.
 */
#include "harness.h"
#include "suites.h"
#include "twin.h"

enum { BASE = 20, LIMIT = 120 };

static lewd_status try_to_hold(twin *pair, uint32_t start, uint32_t size) {
    return twin_reserve(pair, start, size, &(lewd_span){0});
}

/* Reserves all of a free span, its low end, its high end, the middle: the rest stays free. */
static void the_rests_on_either_side_stay_free(void) {
    for (uint32_t left = 0; left < 3; left++)
        for (uint32_t right = 0; right < 3; right++) {
            twin pair;
            twin_open(&pair, BASE, LIMIT);
            twin_hold(&pair, BASE + left, LIMIT - BASE - left - right);
            const lewd_figures figures = lewd_heap_figures(pair.heap);
            CHECK_SAME(figures.reserved, LIMIT - BASE - left - right);
            CHECK_SAME(figures.used, 0);
            CHECK_SAME(figures.head_free, left);
            CHECK_SAME(figures.tail_free, right);
            if (left != 0)
                twin_hold(&pair, BASE, left);
            if (right != 0)
                twin_alloc_at(&pair, right, LIMIT - right);
            CHECK_SAME(lewd_heap_largest(pair.heap), 0);
            twin_close(&pair);
        }
}

static void spans_that_are_not_free_are_refused(void) {
    twin pair;
    twin_open(&pair, BASE, LIMIT);
    twin_alloc_at(&pair, 10, BASE);
    const lewd_span held = twin_hold(&pair, 50, 10);
    CHECK_SAME(try_to_hold(&pair, BASE, 1), LEWD_NO_FIT);
    CHECK_SAME(try_to_hold(&pair, BASE + 9, 1), LEWD_NO_FIT);
    CHECK_SAME(try_to_hold(&pair, BASE + 9, 2), LEWD_NO_FIT);
    CHECK_SAME(try_to_hold(&pair, 49, 2), LEWD_NO_FIT);
    CHECK_SAME(try_to_hold(&pair, 45, 70), LEWD_NO_FIT);
    CHECK_SAME(try_to_hold(&pair, 50, 10), LEWD_NO_FIT);
    CHECK_SAME(try_to_hold(&pair, 59, 2), LEWD_NO_FIT);
    CHECK_SAME(try_to_hold(&pair, BASE, LIMIT - BASE), LEWD_NO_FIT);
    twin_hold(&pair, 49, 1);
    twin_hold(&pair, 60, 60);
    twin_hold(&pair, BASE + 10, 49 - BASE - 10);
    twin_release(&pair, held);
    twin_hold(&pair, 50, 10);
    twin_close(&pair);
}

static void bytes_outside_the_working_span_are_invalid(void) {
    static const uint32_t wrong[][2] = {
        {BASE, 0},
        {LIMIT, 0},
        {BASE - 1, 1},
        {BASE - 1, 2},
        {0, 1},
        {0, LIMIT},
        {LIMIT, 1},
        {LIMIT - 1, 2},
        {BASE, LIMIT - BASE + 1},
        {UINT32_MAX, 1},
        {UINT32_MAX, 50},
        {BASE, UINT32_MAX},
        {BASE + 1, UINT32_MAX},
        {1u << 31, 1},
        {(1u << 31) + BASE, 1},
        {LEWD_MAX_BLOCKS, 1},
    };
    twin pair;
    twin_open(&pair, BASE, LIMIT);
    for (unsigned index = 0; index < sizeof wrong / sizeof wrong[0]; index++)
        CHECK_SAME(try_to_hold(&pair, wrong[index][0], wrong[index][1]), LEWD_INVALID);
    twin_hold(&pair, BASE, LIMIT - BASE);
    for (unsigned index = 0; index < sizeof wrong / sizeof wrong[0]; index++)
        CHECK_SAME(try_to_hold(&pair, wrong[index][0], wrong[index][1]), LEWD_INVALID);
    twin_close(&pair);

    twin_open(&pair, BASE, BASE);
    CHECK_SAME(try_to_hold(&pair, BASE, 1), LEWD_INVALID);
    CHECK_SAME(try_to_hold(&pair, BASE, 0), LEWD_INVALID);
    twin_close(&pair);
}

/* A reserved span blocks everything that a used span blocks, and is visited like one. */
static void a_reserved_span_is_a_used_one(void) {
    twin pair;
    twin_open(&pair, BASE, LIMIT);
    const lewd_span held = twin_hold(&pair, 60, 20);
    CHECK(lewd_heap_is_used(pair.heap, held) && lewd_heap_is_reserved(pair.heap, held));
    CHECK_SAME(lewd_heap_next_used(pair.heap, 0), held);
    CHECK_SAME(lewd_heap_largest(pair.heap), 40);
    CHECK_SAME(twin_alloc(&pair, 41, &(lewd_span){0}), LEWD_NO_FIT);
    CHECK_SAME(twin_shrink(&pair, 79), LEWD_INVALID);
    CHECK_SAME(twin_shrink(&pair, 80), LEWD_OK);
    const lewd_span below = twin_alloc_at(&pair, 40, BASE);
    CHECK_SAME(twin_resize(&pair, below, 41), LEWD_NO_FIT);
    CHECK(!lewd_heap_is_reserved(pair.heap, below));
    CHECK_SAME(lewd_heap_figures(pair.heap).used, 40);
    CHECK_SAME(lewd_heap_figures(pair.heap).reserved, 20);
    twin_close(&pair);
}

static void a_reserved_span_is_not_resized(void) {
    twin pair;
    twin_open(&pair, BASE, LIMIT);
    const lewd_span held = twin_hold(&pair, 60, 20);
    for (uint32_t size = 0; size < 50; size++)
        CHECK_SAME(twin_resize(&pair, held, size), LEWD_INVALID);
    twin_close(&pair);
}

/* Once freed, it is an ordinary free span, and its record is no longer marked. */
static void a_reserved_span_is_freed(void) {
    twin pair;
    twin_open(&pair, BASE, LIMIT);
    const lewd_span low = twin_hold(&pair, BASE, 10);
    const lewd_span middle = twin_hold(&pair, BASE + 10, 10);
    const lewd_span high = twin_hold(&pair, BASE + 20, 10);
    twin_release(&pair, middle);
    CHECK(!lewd_heap_is_reserved(pair.heap, middle));
    CHECK_SAME(twin_free(&pair, middle), LEWD_INVALID);
    twin_alloc_at(&pair, 10, BASE + 10);
    twin_release(&pair, low);
    twin_release(&pair, high);
    CHECK_SAME(lewd_heap_figures(pair.heap).reserved, 0);
    CHECK_SAME(lewd_heap_figures(pair.heap).used, 10);
    twin_alloc_at(&pair, 10, BASE);
    twin_alloc_at(&pair, 90 - 10, BASE + 20);
    twin_close(&pair);
}

static void up_to_the_last_block_of_4_gib(void) {
    twin pair;
    twin_open(&pair, 0, LEWD_MAX_BLOCKS);
    twin_hold(&pair, LEWD_MAX_BLOCKS - 1, 1);
    twin_hold(&pair, 0, 1);
    CHECK_SAME(try_to_hold(&pair, 1, LEWD_MAX_BLOCKS - 1), LEWD_NO_FIT);
    CHECK_SAME(try_to_hold(&pair, 1, LEWD_MAX_BLOCKS), LEWD_INVALID);
    twin_hold(&pair, 1, LEWD_MAX_BLOCKS - 2);
    CHECK_SAME(lewd_heap_figures(pair.heap).reserved, LEWD_MAX_BLOCKS);
    twin_close(&pair);

    twin_open(&pair, 0, LEWD_MAX_BLOCKS);
    twin_hold(&pair, 0, LEWD_MAX_BLOCKS);
    CHECK_SAME(lewd_heap_figures(pair.heap).used, 0);
    twin_close(&pair);
}

/* The limit of 4 GiB and the marks are different bits: a number that names no span is not reserved. */
static void no_other_number_is_reserved(void) {
    twin pair;
    twin_open(&pair, 0, LEWD_MAX_BLOCKS);
    const lewd_span used = twin_alloc_at(&pair, 1, 0);
    twin_release(&pair, twin_alloc_at(&pair, 2, 1));
    for (lewd_span span = 0; span < lewd_heap_bound(pair.heap) + 2; span++)
        CHECK(!lewd_heap_is_reserved(pair.heap, span));
    CHECK(!lewd_heap_is_reserved(pair.heap, UINT32_MAX));
    CHECK(lewd_heap_is_used(pair.heap, used));
    twin_close(&pair);
}

void suite_reserve(void) {
    RUN(the_rests_on_either_side_stay_free);
    RUN(spans_that_are_not_free_are_refused);
    RUN(bytes_outside_the_working_span_are_invalid);
    RUN(a_reserved_span_is_a_used_one);
    RUN(a_reserved_span_is_not_resized);
    RUN(a_reserved_span_is_freed);
    RUN(up_to_the_last_block_of_4_gib);
    RUN(no_other_number_is_reserved);
}
