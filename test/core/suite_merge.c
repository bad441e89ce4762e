/*
 * suite_merge.c: merges freed spans with their neighbours. Three spans of 4, 8, 16 blocks; the rest of the heap is
 * used, so that only they affect the largest free span. Each case in the middle, at the base and at the limit.
 */
#include "harness.h"
#include "suites.h"
#include "twin.h"

enum { LEFT = 4, MIDDLE = 8, RIGHT = 16, ALL = LEFT + MIDDLE + RIGHT, MARGIN = 32 };

typedef struct trio {
    twin pair;
    lewd_span left, middle, right;
    uint32_t place;
} trio;

/* `before` and `after`: used blocks at either side; 0: the trio touches the base or the limit. */
static void open_trio(trio *of, uint32_t before, uint32_t after) {
    enum { BASE = 11 };
    twin_open(&of->pair, BASE, BASE + before + ALL + after);
    of->place = BASE + before;
    if (before != 0)
        twin_alloc_at(&of->pair, before, BASE);
    of->left = twin_alloc_at(&of->pair, LEFT, of->place);
    of->middle = twin_alloc_at(&of->pair, MIDDLE, of->place + LEFT);
    of->right = twin_alloc_at(&of->pair, RIGHT, of->place + LEFT + MIDDLE);
    if (after != 0)
        twin_alloc_at(&of->pair, after, of->place + ALL);
}

/* Checks one free span of that size at that distance from the trio's begin, by allocating it as a whole. */
static void expect_hole(trio *of, uint32_t size, uint32_t distance) {
    const lewd_span span = twin_alloc_at(&of->pair, size, of->place + distance);
    twin_release(&of->pair, span);
}

static void merge_nothing(uint32_t before, uint32_t after) {
    trio of;
    open_trio(&of, before, after);
    twin_release(&of.pair, of.middle);
    CHECK_SAME(lewd_heap_largest(of.pair.heap), MIDDLE);
    expect_hole(&of, MIDDLE, LEFT);
    twin_close(&of.pair);
}

static void merge_right(uint32_t before, uint32_t after) {
    trio of;
    open_trio(&of, before, after);
    twin_release(&of.pair, of.right);
    twin_release(&of.pair, of.middle);
    CHECK_SAME(lewd_heap_largest(of.pair.heap), MIDDLE + RIGHT);
    expect_hole(&of, MIDDLE + RIGHT, LEFT);
    twin_close(&of.pair);
}

static void merge_left(uint32_t before, uint32_t after) {
    trio of;
    open_trio(&of, before, after);
    twin_release(&of.pair, of.left);
    twin_release(&of.pair, of.middle);
    CHECK_SAME(lewd_heap_largest(of.pair.heap), LEFT + MIDDLE);
    expect_hole(&of, LEFT + MIDDLE, 0);
    twin_close(&of.pair);
}

static void merge_both(uint32_t before, uint32_t after) {
    trio of;
    open_trio(&of, before, after);
    twin_release(&of.pair, of.left);
    twin_release(&of.pair, of.right);
    CHECK_SAME(lewd_heap_largest(of.pair.heap), RIGHT);
    twin_release(&of.pair, of.middle);
    CHECK_SAME(lewd_heap_largest(of.pair.heap), ALL);
    expect_hole(&of, ALL, 0);
    twin_close(&of.pair);
}

typedef void merge_case(uint32_t before, uint32_t after);

static void everywhere(merge_case *merge) {
    merge(MARGIN, MARGIN);
    merge(0, MARGIN);
    merge(MARGIN, 0);
    merge(0, 0);
}

static void used_used(void) {
    everywhere(merge_nothing);
}

static void used_free(void) {
    everywhere(merge_right);
}

static void free_used(void) {
    everywhere(merge_left);
}

static void free_free(void) {
    everywhere(merge_both);
}

/* The span itself touches the base or the limit. */
static void at_the_base(void) {
    trio of;
    open_trio(&of, 0, MARGIN);
    twin_release(&of.pair, of.left);
    CHECK_SAME(lewd_heap_figures(of.pair.heap).head_free, LEFT);
    twin_close(&of.pair);

    open_trio(&of, 0, MARGIN);
    twin_release(&of.pair, of.middle);
    twin_release(&of.pair, of.left);
    CHECK_SAME(lewd_heap_figures(of.pair.heap).head_free, LEFT + MIDDLE);
    CHECK_SAME(lewd_heap_figures(of.pair.heap).tail_free, 0);
    twin_close(&of.pair);
}

static void at_the_limit(void) {
    trio of;
    open_trio(&of, MARGIN, 0);
    twin_release(&of.pair, of.right);
    CHECK_SAME(lewd_heap_figures(of.pair.heap).tail_free, RIGHT);
    twin_close(&of.pair);

    open_trio(&of, MARGIN, 0);
    twin_release(&of.pair, of.middle);
    twin_release(&of.pair, of.right);
    CHECK_SAME(lewd_heap_figures(of.pair.heap).tail_free, MIDDLE + RIGHT);
    CHECK_SAME(lewd_heap_figures(of.pair.heap).head_free, 0);
    twin_close(&of.pair);
}

static void the_whole_heap(void) {
    trio of;
    open_trio(&of, 0, 0);
    twin_release(&of.pair, of.middle);
    twin_release(&of.pair, of.left);
    twin_release(&of.pair, of.right);
    CHECK_SAME(lewd_heap_figures(of.pair.heap).head_free, ALL);
    CHECK_SAME(lewd_heap_figures(of.pair.heap).tail_free, ALL);
    CHECK_SAME(lewd_heap_figures(of.pair.heap).used, 0);
    twin_close(&of.pair);
}

/* Every order of freeing five neighbours ends in one free span. */
static void every_order(void) {
    enum { SPANS = 5, ORDERS = 5 * 4 * 3 * 2 };
    for (unsigned order = 0; order < ORDERS; order++) {
        lewd_span spans[SPANS];
        twin pair;
        twin_open(&pair, 0, SPANS * 3);
        for (uint32_t index = 0; index < SPANS; index++)
            spans[index] = twin_alloc_at(&pair, 3, index * 3);
        unsigned digits = order;
        for (unsigned left = SPANS; left > 0; left--) {
            const unsigned pick = digits % left;
            digits /= left;
            twin_release(&pair, spans[pick]);
            spans[pick] = spans[left - 1];
        }
        CHECK_SAME(lewd_heap_largest(pair.heap), SPANS * 3);
        twin_close(&pair);
    }
}

void suite_merge(void) {
    RUN(used_used);
    RUN(used_free);
    RUN(free_used);
    RUN(free_free);
    RUN(at_the_base);
    RUN(at_the_limit);
    RUN(the_whole_heap);
    RUN(every_order);
}
