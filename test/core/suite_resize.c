/*
 * suite_resize.c: moves the end of a used span. To its right: a free span, a used one, a reserved one, the limit.
 */
#include "harness.h"
#include "suites.h"
#include "twin.h"

enum { BASE = 11, SIZE = 8 };

/* [used][span][right] up to the limit, or up to one more used block; `room` blocks of the right part are free. */
typedef struct scene {
    twin pair;
    lewd_span span;
    uint32_t place, room;
} scene;

static void open_scene(scene *of, uint32_t room, bool walled) {
    twin_open(&of->pair, BASE, BASE + 4 + SIZE + room + walled);
    twin_alloc_at(&of->pair, 4, BASE);
    of->place = BASE + 4;
    of->room = room;
    of->span = twin_alloc_at(&of->pair, SIZE, of->place);
    if (walled)
        twin_hold(&of->pair, of->place + SIZE + room, 1);
}

/* To every size from 0 to more than there is room for, and back from there. */
static void expect_resizes(uint32_t room, bool walled) {
    for (uint32_t size = 0; size <= SIZE + room + 2; size++) {
        const bool fits = size <= SIZE + room;
        scene of;
        open_scene(&of, room, walled);
        CHECK_SAME(twin_resize(&of.pair, of.span, size), size == 0 ? LEWD_INVALID : fits ? LEWD_OK : LEWD_NO_FIT);
        const uint32_t now = size != 0 && fits ? size : SIZE;
        CHECK_SAME(lewd_heap_start(of.pair.heap, of.span), of.place);
        CHECK_SAME(lewd_heap_size(of.pair.heap, of.span), now);
        CHECK_SAME(lewd_heap_figures(of.pair.heap).used, 4 + now);
        CHECK_SAME(lewd_heap_largest(of.pair.heap), SIZE + room - now);
        if (now < SIZE + room)
            twin_release(&of.pair, twin_alloc_at(&of.pair, SIZE + room - now, of.place + now));
        CHECK_SAME(twin_resize(&of.pair, of.span, SIZE), LEWD_OK);
        CHECK_SAME(lewd_heap_largest(of.pair.heap), room);
        twin_close(&of.pair);
    }
}

static void before_a_free_span(void) {
    expect_resizes(6, true);
    expect_resizes(1, true);
}

static void before_a_used_span(void) {
    expect_resizes(0, true);
}

static void before_the_free_end_of_the_heap(void) {
    expect_resizes(6, false);
    expect_resizes(1, false);
}

static void at_the_limit(void) {
    expect_resizes(0, false);
}

/* Nothing is taken from the free span to the left. */
static void never_to_the_left(void) {
    scene of;
    open_scene(&of, 0, true);
    twin_release(&of.pair, lewd_heap_next_used(of.pair.heap, 0));
    CHECK_SAME(twin_resize(&of.pair, of.span, SIZE + 1), LEWD_NO_FIT);
    CHECK_SAME(twin_resize(&of.pair, of.span, 1), LEWD_OK);
    CHECK_SAME(lewd_heap_figures(of.pair.heap).head_free, 4);
    CHECK_SAME(lewd_heap_largest(of.pair.heap), SIZE - 1);
    twin_close(&of.pair);
}

/* A record is needed if there is no free span to the right, and only then. */
static void records_are_neither_wasted_nor_lost(void) {
    scene of;
    open_scene(&of, 0, true);
    const lewd_span bound = lewd_heap_bound(of.pair.heap);
    CHECK_SAME(twin_resize(&of.pair, of.span, 3), LEWD_OK);
    CHECK_SAME(lewd_heap_bound(of.pair.heap), bound + 1);
    for (uint32_t round = 0; round < 20; round++) {
        CHECK_SAME(twin_resize(&of.pair, of.span, SIZE), LEWD_OK);
        CHECK_SAME(twin_resize(&of.pair, of.span, 1 + round % (SIZE - 1)), LEWD_OK);
    }
    CHECK_SAME(lewd_heap_bound(of.pair.heap), bound + 1);
    twin_close(&of.pair);
}

static void the_owner_is_kept(void) {
    scene of;
    open_scene(&of, 10, true);
    const uint32_t owner = lewd_heap_owner(of.pair.heap, of.span);
    CHECK(owner != 0);
    CHECK_SAME(twin_resize(&of.pair, of.span, SIZE + 10), LEWD_OK);
    CHECK_SAME(twin_resize(&of.pair, of.span, 1), LEWD_OK);
    CHECK_SAME(lewd_heap_owner(of.pair.heap, of.span), owner);
    twin_close(&of.pair);
}

static void the_same_size_changes_nothing(void) {
    scene of;
    open_scene(&of, 0, false);
    CHECK_SAME(twin_resize(&of.pair, of.span, SIZE), LEWD_OK);
    twin_close(&of.pair);
    open_scene(&of, 5, true);
    CHECK_SAME(twin_resize(&of.pair, of.span, SIZE), LEWD_OK);
    twin_close(&of.pair);
}

/* The sentinel, a free span, numbers that name no span; invalid sizes. */
static void impossible_requests_are_invalid(void) {
    static const uint32_t wrong[] = {0, LEWD_MAX_BLOCKS + 1, 1u << 29, 1u << 31, UINT32_MAX - SIZE, UINT32_MAX};
    scene of;
    open_scene(&of, 10, false);
    for (lewd_span span = 0; span < lewd_heap_bound(of.pair.heap) + 2; span++)
        if (!lewd_heap_is_used(of.pair.heap, span))
            CHECK_SAME(twin_resize(&of.pair, span, 5), LEWD_INVALID);
    CHECK_SAME(twin_resize(&of.pair, UINT32_MAX, 5), LEWD_INVALID);
    for (unsigned index = 0; index < sizeof wrong / sizeof wrong[0]; index++)
        CHECK_SAME(twin_resize(&of.pair, of.span, wrong[index]), LEWD_INVALID);
    twin_close(&of.pair);
}

static void over_all_of_4_gib(void) {
    twin pair;
    twin_open(&pair, 0, LEWD_MAX_BLOCKS);
    const lewd_span span = twin_alloc_at(&pair, 1, 0);
    CHECK_SAME(twin_resize(&pair, span, LEWD_MAX_BLOCKS), LEWD_OK);
    CHECK_SAME(twin_resize(&pair, span, LEWD_MAX_BLOCKS - 1), LEWD_OK);
    const lewd_span last = twin_alloc_at(&pair, 1, LEWD_MAX_BLOCKS - 1);
    CHECK_SAME(twin_resize(&pair, last, 2), LEWD_NO_FIT);
    CHECK_SAME(twin_resize(&pair, span, LEWD_MAX_BLOCKS), LEWD_NO_FIT);
    CHECK_SAME(twin_resize(&pair, span, 1u << 27), LEWD_OK);
    CHECK_SAME(twin_resize(&pair, span, LEWD_MAX_BLOCKS), LEWD_NO_FIT);
    CHECK_SAME(twin_resize(&pair, span, LEWD_MAX_BLOCKS - 1), LEWD_OK);
    twin_close(&pair);
}

void suite_resize(void) {
    RUN(before_a_free_span);
    RUN(before_a_used_span);
    RUN(before_the_free_end_of_the_heap);
    RUN(at_the_limit);
    RUN(never_to_the_left);
    RUN(records_are_neither_wasted_nor_lost);
    RUN(the_owner_is_kept);
    RUN(the_same_size_changes_nothing);
    RUN(impossible_requests_are_invalid);
    RUN(over_all_of_4_gib);
}
