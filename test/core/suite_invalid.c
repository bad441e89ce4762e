/*
 * suite_invalid.c: arguments that name nothing. The result is LEWD_INVALID or false, and nothing changes (see twin.c).
 */
#include "harness.h"
#include "suites.h"
#include "twin.h"

static const uint32_t wrong_sizes[] = {0, LEWD_MAX_BLOCKS + 1, 1u << 29, 1u << 31, (1u << 31) + 1, UINT32_MAX};

static void sizes_out_of_range_are_invalid(void) {
    twin pair;
    twin_open(&pair, 0, LEWD_MAX_BLOCKS);
    for (unsigned index = 0; index < sizeof wrong_sizes / sizeof wrong_sizes[0]; index++)
        CHECK_SAME(twin_alloc(&pair, wrong_sizes[index], &(lewd_span){0}), LEWD_INVALID);
    twin_alloc_at(&pair, LEWD_MAX_BLOCKS, 0);
    for (unsigned index = 0; index < sizeof wrong_sizes / sizeof wrong_sizes[0]; index++)
        CHECK_SAME(twin_alloc(&pair, wrong_sizes[index], &(lewd_span){0}), LEWD_INVALID);
    twin_close(&pair);
}

static void the_sentinel_can_not_be_freed(void) {
    twin pair;
    twin_open(&pair, 0, 100);
    CHECK_SAME(twin_free(&pair, 0), LEWD_INVALID);
    twin_alloc_at(&pair, 100, 0);
    CHECK_SAME(twin_free(&pair, 0), LEWD_INVALID);
    twin_close(&pair);
}

static void a_free_span_can_not_be_freed(void) {
    twin pair;
    twin_open(&pair, 0, 100);
    twin_alloc_at(&pair, 50, 0);
    for (lewd_span span = 0; span < lewd_heap_bound(pair.heap); span++)
        if (!lewd_heap_is_used(pair.heap, span))
            CHECK_SAME(twin_free(&pair, span), LEWD_INVALID);
    twin_close(&pair);
}

/* Freed spans that remained as free ones or merged into a neighbour, and vacant records. */
static void nothing_is_freed_twice(void) {
    lewd_span spans[5];
    twin pair;
    twin_open(&pair, 0, 50);
    for (uint32_t index = 0; index < 5; index++)
        spans[index] = twin_alloc_at(&pair, 10, index * 10);
    for (uint32_t index = 0; index < 5; index++) {
        const lewd_span span = spans[index * 2 % 5];
        twin_release(&pair, span);
        CHECK_SAME(twin_free(&pair, span), LEWD_INVALID);
    }
    for (uint32_t index = 0; index < 5; index++)
        CHECK_SAME(twin_free(&pair, spans[index]), LEWD_INVALID);
    twin_close(&pair);
}

/* Any number may be named: the sentinel, used, free and vacant spans, numbers beyond the records. Nothing changes. */
static void any_number_may_be_prefetched(void) {
    lewd_span spans[5];
    twin pair;
    twin_open(&pair, 0, 100);
    for (uint32_t index = 0; index < 5; index++)
        spans[index] = twin_alloc_at(&pair, 10, index * 10);
    twin_release(&pair, spans[0]);
    twin_release(&pair, spans[2]);
    twin_release(&pair, spans[1]);
    const lewd_span bound = lewd_heap_bound(pair.heap);
    for (uint32_t number = 0; number < bound + 4; number++) {
        const lewd_span span = number < bound + 2 ? number : UINT32_MAX - (number - bound - 2);
        lewd_heap_prefetch(pair.heap, span);
        lewd_heap_prefetch_neighbours(pair.heap, span);
    }
    twin_close(&pair);
}

static void numbers_above_the_bound_name_nothing(void) {
    twin pair;
    twin_open(&pair, 0, 100);
    twin_alloc_at(&pair, 10, 0);
    const lewd_span bound = lewd_heap_bound(pair.heap);
    CHECK_SAME(twin_free(&pair, bound), LEWD_INVALID);
    CHECK_SAME(twin_free(&pair, bound + 1), LEWD_INVALID);
    CHECK_SAME(twin_free(&pair, 1u << 31), LEWD_INVALID);
    CHECK_SAME(twin_free(&pair, UINT32_MAX), LEWD_INVALID);
    twin_close(&pair);
}

static void every_number_that_names_no_used_span_is_refused(void) {
    dice from = harness_dice(1);
    twin pair;
    lewd_span span;
    twin_open(&pair, 3, 300);
    for (int round = 0; round < 40; round++)
        twin_alloc(&pair, 1 + dice_below(&from, 12), &span);
    for (int round = 0; round < 20; round++)
        twin_free(&pair, dice_below(&from, lewd_heap_bound(pair.heap)));
    for (span = 0; span < lewd_heap_bound(pair.heap) + 3; span++)
        if (model_named(&pair.model, span) == MODEL_NONE)
            CHECK_SAME(twin_free(&pair, span), LEWD_INVALID);
    twin_close(&pair);
}

void suite_invalid(void) {
    RUN(sizes_out_of_range_are_invalid);
    RUN(the_sentinel_can_not_be_freed);
    RUN(a_free_span_can_not_be_freed);
    RUN(nothing_is_freed_twice);
    RUN(any_number_may_be_prefetched);
    RUN(numbers_above_the_bound_name_nothing);
    RUN(every_number_that_names_no_used_span_is_refused);
}
