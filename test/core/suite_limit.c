/*
 * suite_limit.c: moves the limit up and down.
 */
#include "harness.h"
#include "suites.h"
#include "twin.h"

static void an_empty_heap_is_extended(void) {
    twin pair;
    twin_open(&pair, 9, 9);
    CHECK_SAME(twin_alloc(&pair, 1, &(lewd_span){0}), LEWD_NO_FIT);
    CHECK_SAME(twin_extend(&pair, 10), LEWD_OK);
    twin_alloc_at(&pair, 1, 9);
    CHECK_SAME(twin_extend(&pair, 20), LEWD_OK);
    twin_alloc_at(&pair, 10, 10);
    twin_close(&pair);
}

static void extending_enlarges_the_free_span_at_the_limit(void) {
    twin pair;
    twin_open(&pair, 0, 10);
    twin_alloc_at(&pair, 4, 0);
    CHECK_SAME(twin_extend(&pair, 100), LEWD_OK);
    CHECK_SAME(lewd_heap_largest(pair.heap), 96);
    twin_alloc_at(&pair, 96, 4);
    twin_close(&pair);
}

static void extending_after_a_used_span_makes_a_free_one(void) {
    twin pair;
    twin_open(&pair, 0, 10);
    twin_alloc_at(&pair, 10, 0);
    CHECK_SAME(twin_extend(&pair, 11), LEWD_OK);
    CHECK_SAME(lewd_heap_figures(pair.heap).tail_free, 1);
    twin_alloc_at(&pair, 1, 10);
    twin_close(&pair);
}

static void extending_by_nothing_changes_nothing(void) {
    twin pair;
    twin_open(&pair, 0, 10);
    CHECK_SAME(twin_extend(&pair, 10), LEWD_OK);
    twin_alloc_at(&pair, 10, 0);
    CHECK_SAME(twin_extend(&pair, 10), LEWD_OK);
    CHECK_SAME(lewd_heap_figures(pair.heap).total, 10);
    twin_close(&pair);
}

static void extending_ends_at_4_gib(void) {
    twin pair;
    twin_open(&pair, 0, LEWD_MAX_BLOCKS - 1);
    CHECK_SAME(twin_extend(&pair, LEWD_MAX_BLOCKS + 1), LEWD_INVALID);
    CHECK_SAME(twin_extend(&pair, UINT32_MAX), LEWD_INVALID);
    CHECK_SAME(twin_extend(&pair, LEWD_MAX_BLOCKS), LEWD_OK);
    CHECK_SAME(twin_extend(&pair, LEWD_MAX_BLOCKS + 1), LEWD_INVALID);
    twin_alloc_at(&pair, LEWD_MAX_BLOCKS, 0);
    twin_close(&pair);
}

static void extending_never_goes_down(void) {
    twin pair;
    twin_open(&pair, 5, 10);
    CHECK_SAME(twin_extend(&pair, 9), LEWD_INVALID);
    CHECK_SAME(twin_extend(&pair, 5), LEWD_INVALID);
    CHECK_SAME(twin_extend(&pair, 0), LEWD_INVALID);
    twin_close(&pair);
}

static void shrinking_cuts_the_free_span_at_the_limit(void) {
    twin pair;
    twin_open(&pair, 0, 100);
    twin_alloc_at(&pair, 4, 0);
    CHECK_SAME(twin_shrink(&pair, 99), LEWD_OK);
    CHECK_SAME(twin_shrink(&pair, 5), LEWD_OK);
    CHECK_SAME(lewd_heap_figures(pair.heap).tail_free, 1);
    CHECK_SAME(twin_shrink(&pair, 4), LEWD_OK);
    CHECK_SAME(lewd_heap_figures(pair.heap).tail_free, 0);
    CHECK_SAME(twin_alloc(&pair, 1, &(lewd_span){0}), LEWD_NO_FIT);
    twin_close(&pair);
}

static void shrinking_never_cuts_a_used_block(void) {
    twin pair;
    twin_open(&pair, 0, 100);
    const lewd_span low = twin_alloc_at(&pair, 4, 0);
    const lewd_span last = twin_alloc_at(&pair, 1, 4);
    CHECK_SAME(twin_shrink(&pair, 4), LEWD_INVALID);
    CHECK_SAME(twin_shrink(&pair, 0), LEWD_INVALID);
    twin_release(&pair, low);
    CHECK_SAME(twin_shrink(&pair, 4), LEWD_INVALID);
    CHECK_SAME(twin_shrink(&pair, 3), LEWD_INVALID);
    CHECK_SAME(twin_shrink(&pair, 5), LEWD_OK);
    CHECK_SAME(twin_shrink(&pair, 4), LEWD_INVALID);
    twin_release(&pair, last);
    CHECK_SAME(twin_shrink(&pair, 0), LEWD_OK);
    twin_close(&pair);
}

static void shrinking_a_full_heap_by_nothing_is_no_error(void) {
    twin pair;
    twin_open(&pair, 0, 10);
    twin_alloc_at(&pair, 10, 0);
    CHECK_SAME(twin_shrink(&pair, 10), LEWD_OK);
    CHECK_SAME(twin_shrink(&pair, 9), LEWD_INVALID);
    twin_close(&pair);
}

static void shrinking_never_goes_up_nor_below_the_base(void) {
    twin pair;
    twin_open(&pair, 5, 10);
    CHECK_SAME(twin_shrink(&pair, 11), LEWD_INVALID);
    CHECK_SAME(twin_shrink(&pair, UINT32_MAX), LEWD_INVALID);
    CHECK_SAME(twin_shrink(&pair, 4), LEWD_INVALID);
    CHECK_SAME(twin_shrink(&pair, 0), LEWD_INVALID);
    CHECK_SAME(twin_shrink(&pair, 5), LEWD_OK);
    CHECK_SAME(twin_shrink(&pair, 5), LEWD_OK);
    CHECK_SAME(twin_shrink(&pair, 4), LEWD_INVALID);
    CHECK_SAME(twin_shrink(&pair, 6), LEWD_INVALID);
    CHECK_SAME(twin_extend(&pair, 10), LEWD_OK);
    twin_alloc_at(&pair, 5, 5);
    twin_close(&pair);
}

/* Over the whole range and back, with a used span in between, page by page at its ends. */
static void the_limit_travels_to_4_gib_and_back(void) {
    enum { PAGE = 4096 };
    twin pair;
    twin_open(&pair, 0, PAGE);
    twin_alloc_at(&pair, PAGE - 1, 0);
    CHECK_SAME(twin_extend(&pair, 2 * PAGE), LEWD_OK);
    CHECK_SAME(twin_extend(&pair, LEWD_MAX_BLOCKS - PAGE), LEWD_OK);
    CHECK_SAME(twin_extend(&pair, LEWD_MAX_BLOCKS), LEWD_OK);
    const lewd_span rest = twin_alloc_at(&pair, LEWD_MAX_BLOCKS - PAGE + 1, PAGE - 1);
    CHECK_SAME(twin_shrink(&pair, LEWD_MAX_BLOCKS - 1), LEWD_INVALID);
    twin_release(&pair, rest);
    CHECK_SAME(twin_shrink(&pair, LEWD_MAX_BLOCKS - PAGE), LEWD_OK);
    CHECK_SAME(twin_shrink(&pair, PAGE), LEWD_OK);
    CHECK_SAME(twin_shrink(&pair, PAGE - 1), LEWD_OK);
    CHECK_SAME(twin_shrink(&pair, PAGE - 2), LEWD_INVALID);
    twin_close(&pair);
}

void suite_limit(void) {
    RUN(an_empty_heap_is_extended);
    RUN(extending_enlarges_the_free_span_at_the_limit);
    RUN(extending_after_a_used_span_makes_a_free_one);
    RUN(extending_by_nothing_changes_nothing);
    RUN(extending_ends_at_4_gib);
    RUN(extending_never_goes_down);
    RUN(shrinking_cuts_the_free_span_at_the_limit);
    RUN(shrinking_never_cuts_a_used_block);
    RUN(shrinking_a_full_heap_by_nothing_is_no_error);
    RUN(shrinking_never_goes_up_nor_below_the_base);
    RUN(the_limit_travels_to_4_gib_and_back);
}
