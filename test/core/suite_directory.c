/*
 * suite_directory.c: finds used spans by their first block. Once there is a directory, twin.c finds every span before
 * and after each operation, and the checker compares every cell.
 */
#include "../../src/core/directory.h"
#include "harness.h"
#include "suites.h"
#include "twin.h"

#include <stdlib.h>

enum { CELL = 1 << LEWD_CELL_LOG2, BASE = 7 };

/* Every block of the working span, and those around it. */
static void ask_for_all(twin *pair) {
    for (uint32_t start = pair->model.base - 2; start < pair->model.limit + 3; start++) {
        const ptrdiff_t index = model_at(&pair->model, start);
        CHECK_SAME(twin_find(pair, start), index == MODEL_NONE ? LEWD_INVALID : LEWD_OK);
    }
}

static void spans_are_found_where_they_begin(void) {
    twin pair;
    twin_open(&pair, BASE, BASE + 3 * CELL);
    twin_alloc_at(&pair, 1, BASE);
    const lewd_span gap = twin_alloc_at(&pair, 3, BASE + 1);
    twin_alloc_at(&pair, CELL, BASE + 4);
    twin_alloc_at(&pair, 1, BASE + CELL + 4);
    twin_release(&pair, gap);
    ask_for_all(&pair);
    twin_close(&pair);
}

/* One span per block: every cell is full, and every border between cells is one between spans. */
static void every_block_may_begin_a_span(void) {
    enum { BLOCKS = 3 * CELL + CELL / 2 };
    lewd_span *const spans = calloc(BLOCKS, sizeof *spans);
    CHECK(spans != NULL);
    twin pair;
    twin_open(&pair, BASE, BASE + BLOCKS);
    CHECK_SAME(twin_find(&pair, BASE), LEWD_INVALID);
    for (uint32_t block = 0; block < BLOCKS; block++)
        spans[block] = twin_alloc_at(&pair, 1, BASE + block);
    ask_for_all(&pair);
    for (uint32_t block = 0; block < BLOCKS; block++)
        twin_release(&pair, spans[block]);
    CHECK_SAME(twin_find(&pair, BASE), LEWD_INVALID);
    twin_close(&pair);
    free(spans);
}

/* In any order: a new span is the first of its cell, or not; the first of a cell is freed, or another one. */
static void cells_know_their_first_span_in_any_order(void) {
    enum { BLOCKS = 4 * CELL, ROUNDS = 400 };
    lewd_span *const spans = calloc(BLOCKS, sizeof *spans);
    dice from = harness_dice(60);
    CHECK(spans != NULL);
    twin pair;
    twin_open(&pair, BASE, BASE + BLOCKS);
    CHECK_SAME(twin_find(&pair, BASE + 1), LEWD_INVALID);
    for (int round = 0; round < ROUNDS; round++) {
        const uint32_t block = dice_below(&from, BLOCKS);
        if (spans[block] == 0) {
            twin_reserve(&pair, BASE + block, 1 + dice_below(&from, 2) * dice_below(&from, CELL), &spans[block]);
        } else {
            twin_release(&pair, spans[block]);
            spans[block] = 0;
        }
    }
    twin_close(&pair);
    free(spans);
}

/* A span over several cells is in the first of them only; the others are empty. */
static void covered_cells_are_empty(void) {
    twin pair;
    twin_open(&pair, BASE, BASE + 10 * CELL);
    CHECK_SAME(twin_find(&pair, BASE), LEWD_INVALID);
    twin_alloc_at(&pair, 5 * CELL - 1, BASE);
    const lewd_span late = twin_alloc_at(&pair, 2, BASE + 5 * CELL - 1);
    const lewd_span last = twin_alloc_at(&pair, 1, BASE + 5 * CELL + 1);
    ask_for_all(&pair);
    twin_release(&pair, late);
    ask_for_all(&pair);
    twin_release(&pair, last);
    ask_for_all(&pair);
    twin_close(&pair);
}

/* A reserved span is in a cell as any other, so that the search for the next used one continues behind it, but it is
 * not found. */
static void reserved_spans_are_not_found(void) {
    twin pair;
    twin_open(&pair, BASE, BASE + 4 * CELL);
    const lewd_span held = twin_hold(&pair, BASE, 1);
    const lewd_span used = twin_alloc_at(&pair, 1, BASE + 1);
    CHECK_SAME(twin_find(&pair, BASE), LEWD_INVALID);
    CHECK_SAME(twin_find(&pair, BASE + 1), LEWD_OK);
    twin_release(&pair, held);
    CHECK_SAME(twin_find(&pair, BASE + 1), LEWD_OK);
    twin_hold(&pair, BASE, 1);
    CHECK_SAME(twin_find(&pair, BASE), LEWD_INVALID);
    CHECK_SAME(twin_find(&pair, BASE + 1), LEWD_OK);
    twin_release(&pair, used);
    CHECK_SAME(twin_find(&pair, BASE + 1), LEWD_INVALID);
    twin_close(&pair);
}

static void resized_spans_are_found(void) {
    twin pair;
    twin_open(&pair, BASE, BASE + 4 * CELL);
    const lewd_span span = twin_alloc_at(&pair, 1, BASE);
    CHECK_SAME(twin_find(&pair, BASE), LEWD_OK);
    for (uint32_t size = 4 * CELL; size > 0; size--)
        CHECK_SAME(twin_resize(&pair, span, size), LEWD_OK);
    CHECK_SAME(twin_resize(&pair, span, 2 * CELL), LEWD_OK);
    twin_alloc_at(&pair, 2 * CELL, BASE + 2 * CELL);
    CHECK_SAME(twin_resize(&pair, span, CELL), LEWD_OK);
    twin_alloc_aligned_at(&pair, 1, 2, BASE + CELL + 1);
    twin_close(&pair);
}

static void nothing_is_found_outside(void) {
    static const uint32_t outside[] = {0,        BASE - 1,          BASE + CELL,       BASE + CELL + 1, LEWD_MAX_BLOCKS,
                                       1u << 29, (1u << 29) + BASE, (1u << 31) + BASE, UINT32_MAX};
    twin pair;
    twin_open(&pair, BASE, BASE + CELL);
    twin_alloc_at(&pair, CELL, BASE);
    for (unsigned index = 0; index < sizeof outside / sizeof outside[0]; index++)
        CHECK_SAME(twin_find(&pair, outside[index]), LEWD_INVALID);
    CHECK(pair.heap->directory == NULL);
    CHECK_SAME(twin_find(&pair, BASE), LEWD_OK);
    for (unsigned index = 0; index < sizeof outside / sizeof outside[0]; index++)
        CHECK_SAME(twin_find(&pair, outside[index]), LEWD_INVALID);
    twin_close(&pair);

    twin_open(&pair, BASE, BASE);
    CHECK_SAME(twin_find(&pair, BASE), LEWD_INVALID);
    CHECK_SAME(twin_extend(&pair, BASE + 1), LEWD_OK);
    twin_alloc_at(&pair, 1, BASE);
    CHECK_SAME(twin_find(&pair, BASE), LEWD_OK);
    twin_close(&pair);
}

/* The directory follows the limit: block by block over borders of cells, up, down, and up again. */
static void the_limit_moves(void) {
    enum { LEAST = CELL + 2, MOST = 4 * CELL + 1 };
    twin pair;
    twin_open(&pair, BASE, BASE + LEAST);
    twin_alloc_at(&pair, LEAST, BASE);
    CHECK_SAME(twin_find(&pair, BASE), LEWD_OK);
    for (int round = 0; round < 2; round++) {
        for (uint32_t limit = LEAST + 1; limit <= MOST; limit++) {
            CHECK_SAME(twin_extend(&pair, BASE + limit), LEWD_OK);
            twin_alloc_at(&pair, 1, BASE + limit - 1);
            CHECK_SAME(twin_find(&pair, BASE + limit - 1), LEWD_OK);
        }
        for (uint32_t limit = MOST - 1; limit >= LEAST; limit--) {
            lewd_span span = 0;
            CHECK_SAME(lewd_heap_find(pair.heap, BASE + limit, &span), LEWD_OK);
            twin_release(&pair, span);
            CHECK_SAME(twin_shrink(&pair, BASE + limit), LEWD_OK);
            CHECK_SAME(twin_find(&pair, BASE + limit), LEWD_INVALID);
        }
    }
    twin_close(&pair);
}

/* Grows block by block, in steps of an eighth: few requests, and no more than an eighth in reserve. */
static void the_directory_grows_by_parts(void) {
    enum { CELLS = 4000 };
    meter memory = {0};
    lewd_span span = 0;
    lewd_heap *const heap = lewd_heap_create(0, 1, meter_resize, &memory);
    CHECK(heap != NULL);
    CHECK_SAME(lewd_heap_find(heap, 0, &span), LEWD_INVALID);
    const uint64_t before = memory.requests;
    for (uint32_t limit = 2; limit <= CELLS * CELL; limit += 1 + CELL / 2) {
        CHECK_SAME(lewd_heap_extend(heap, limit), LEWD_OK);
        CHECK(heap->cells <= (limit / CELL + 1) * 9 / 8);
    }
    CHECK(memory.requests - before < 80);
    CHECK_TEXT(lewd_heap_check(heap), NULL);
    lewd_heap_destroy(heap);
    CHECK_SAME(memory.outstanding, 0);
}

/* After the directory is made, the hook refuses every request; all spans are found and freed. */
static void once_enabled_finding_needs_no_memory(void) {
    twin pair;
    twin_open(&pair, BASE, BASE + 4 * CELL);
    const lewd_span low = twin_alloc_at(&pair, 3, BASE);
    const lewd_span high = twin_alloc_at(&pair, CELL, BASE + 3);
    twin_release(&pair, low);
    CHECK_SAME(twin_enable_find(&pair), LEWD_OK);
    CHECK_SAME(pair.heap->cells, 4);
    pair.meter.refuse = pair.meter.requests + 1;
    pair.meter.lasting = true;
    CHECK_SAME(twin_enable_find(&pair), LEWD_OK);
    ask_for_all(&pair);
    twin_release(&pair, high);
    ask_for_all(&pair);
    twin_close(&pair);
}

/* An empty working span, at the end of the memory and elsewhere. Extending requests memory; finding and freeing
 * don't. */
static void an_empty_heap_may_be_enabled(void) {
    twin pair;
    twin_open(&pair, LEWD_MAX_BLOCKS, LEWD_MAX_BLOCKS);
    CHECK_SAME(twin_enable_find(&pair), LEWD_OK);
    twin_close(&pair);

    twin_open(&pair, BASE, BASE);
    CHECK_SAME(twin_enable_find(&pair), LEWD_OK);
    for (uint32_t blocks = 1; blocks < 4 * CELL; blocks++) {
        CHECK_SAME(twin_extend(&pair, BASE + blocks), LEWD_OK);
        twin_alloc_at(&pair, 1, BASE + blocks - 1);
    }
    pair.meter.refuse = pair.meter.requests + 1;
    pair.meter.lasting = true;
    ask_for_all(&pair);
    for (lewd_span span; (span = lewd_heap_next_used(pair.heap, 0)) != 0;)
        twin_release(&pair, span);
    ask_for_all(&pair);
    twin_close(&pair);
}

/* No other operation makes a directory. */
static void without_a_search_there_is_no_directory(void) {
    twin pair;
    twin_open(&pair, BASE, BASE + 4 * CELL);
    const lewd_span span = twin_alloc_at(&pair, CELL, BASE);
    twin_hold(&pair, BASE + 2 * CELL, CELL);
    CHECK_SAME(twin_resize(&pair, span, 1), LEWD_OK);
    CHECK_SAME(twin_extend(&pair, BASE + 9 * CELL), LEWD_OK);
    CHECK(pair.heap->directory == NULL);
    CHECK_SAME(pair.heap->cells, 0);
    twin_close(&pair);
}

/* The last possible block, in the last cell of a short working span and of the longest one. */
static void the_last_block_of_4_gib_is_found(void) {
    twin pair;
    twin_open(&pair, LEWD_MAX_BLOCKS - 3 * CELL - 1, LEWD_MAX_BLOCKS);
    const lewd_span low = twin_alloc_at(&pair, 3 * CELL, LEWD_MAX_BLOCKS - 3 * CELL - 1);
    CHECK_SAME(twin_find(&pair, LEWD_MAX_BLOCKS - 1), LEWD_INVALID);
    const lewd_span last = twin_alloc_at(&pair, 1, LEWD_MAX_BLOCKS - 1);
    CHECK_SAME(twin_find(&pair, LEWD_MAX_BLOCKS - 1), LEWD_OK);
    twin_release(&pair, last);
    twin_release(&pair, low);
    ask_for_all(&pair);
    twin_close(&pair);
}

/* Without the model, since each look at a directory of that size takes long. */
static void all_of_4_gib_has_a_directory(void) {
    static const uint32_t places[] = {0, 1, (1u << 27) - 1, 1u << 27, LEWD_MAX_BLOCKS - CELL, LEWD_MAX_BLOCKS - 1};
    enum { PLACES = sizeof places / sizeof places[0] };
    meter memory = {0};
    lewd_span spans[PLACES];
    lewd_span span = 0;
    lewd_heap *const heap = lewd_heap_create(0, LEWD_MAX_BLOCKS, meter_resize, &memory);
    CHECK(heap != NULL);
    CHECK_SAME(lewd_heap_find(heap, LEWD_MAX_BLOCKS - 1, &span), LEWD_INVALID);
    for (int index = 0; index < PLACES; index++)
        CHECK_SAME(lewd_heap_reserve(heap, places[index], 1, &spans[index]), LEWD_OK);
    CHECK_SAME(lewd_heap_alloc(heap, (1u << 27) - CELL - 1, &span), LEWD_OK);
    CHECK_SAME(lewd_heap_start(heap, span), (1u << 27) + 1);
    CHECK_TEXT(lewd_heap_check(heap), NULL);
    for (int index = 0; index < PLACES; index++)
        CHECK_SAME(lewd_heap_free(heap, spans[index]), LEWD_OK);
    lewd_span found = 0;
    CHECK_SAME(lewd_heap_find(heap, (1u << 27) + 1, &found), LEWD_OK);
    CHECK_SAME(found, span);
    CHECK_TEXT(lewd_heap_check(heap), NULL);
    lewd_heap_destroy(heap);
    CHECK_SAME(memory.outstanding, 0);
}

void suite_directory(void) {
    RUN(spans_are_found_where_they_begin);
    RUN(every_block_may_begin_a_span);
    RUN(cells_know_their_first_span_in_any_order);
    RUN(covered_cells_are_empty);
    RUN(reserved_spans_are_not_found);
    RUN(resized_spans_are_found);
    RUN(nothing_is_found_outside);
    RUN(the_limit_moves);
    RUN(the_directory_grows_by_parts);
    RUN(once_enabled_finding_needs_no_memory);
    RUN(an_empty_heap_may_be_enabled);
    RUN(without_a_search_there_is_no_directory);
    RUN(the_last_block_of_4_gib_is_found);
    RUN(all_of_4_gib_has_a_directory);
}
