/*
 * suite_index.c: the bins and the shape of their trees, which callers notice only in the cost of operations.
 */
#include "../../src/core/index.h"
#include "../../src/core/tree.h"
#include "harness.h"
#include "suites.h"
#include "twin.h"

#include <stdlib.h>

static void expect_next_bin(uint32_t size) {
    CHECK_SAME(lewd_index_bin(size), lewd_index_bin(size - 1) + 1);
}

/* Bins follow each other without gap, in the order of sizes, from 1 to the last; their borders are the expected
 * ones. */
static void bins_are_cut_where_they_should(void) {
    CHECK_SAME(lewd_index_bin(1), 1);
    for (uint32_t size = 2; size <= LEWD_EXACT_BINS; size++)
        expect_next_bin(size);
    for (uint32_t power = LEWD_EXACT_LOG2; power < 28; power++) {
        const uint32_t width = 1u << (power - LEWD_CUT_LOG2);
        for (uint32_t cut = 0; cut < LEWD_CUTS; cut++) {
            const uint32_t first = (1u << power) + cut * width;
            expect_next_bin(first);
            CHECK_SAME(lewd_index_bin(first + width / 2), lewd_index_bin(first));
            CHECK_SAME(lewd_index_bin(first + width - 1), lewd_index_bin(first));
        }
    }
    expect_next_bin(LEWD_MAX_BLOCKS);
    CHECK_SAME(lewd_index_bin(LEWD_MAX_BLOCKS), LEWD_BINS - 1);
}

/* Finds a free span of every bin in turn, alone and beside a smaller one, also as the largest. */
static void every_bin_is_searched(void) {
    twin pair;
    for (uint32_t bin = 1; bin < LEWD_BINS; bin++) {
        uint32_t size = LEWD_MAX_BLOCKS;
        for (uint32_t bit = 1u << 27; bit != 0; bit >>= 1)
            if (lewd_index_bin(size - bit) >= bin)
                size -= bit;
        twin_open(&pair, 0, size);
        const lewd_span all = twin_alloc_at(&pair, size, 0);
        twin_release(&pair, all);
        const lewd_span one = twin_alloc_at(&pair, 1, 0);
        if (size > 3) {
            twin_alloc_at(&pair, 1, 1);
            twin_release(&pair, one);
            twin_alloc_at(&pair, 2, 2);
        }
        twin_close(&pair);
    }
}

static uint32_t depth_of(const lewd_heap *heap, uint32_t number) {
    if (number == 0)
        return 0;
    const uint32_t left = depth_of(heap, heap->records[number].link[LEWD_LEFT]);
    const uint32_t right = depth_of(heap, heap->records[number].link[LEWD_RIGHT]);
    return 1 + (left > right ? left : right);
}

/*
 * Equal free spans at places in arithmetic progression, as arrays of equal objects leave them. A random search tree of
 * 2,000 is about 25 deep, and here none is above 36 for any stride to 20,000. With half of the mixing of
 * lewd_tree_priority, some are hundreds deep, at 41 or 65 for instance, or 2,000 at 2,699.
 */
static void expect_shallow(uint32_t size, uint32_t gap) {
    enum { HOLES = 2000, DEPTH = 48 };
    static lewd_span holes[HOLES];
    lewd_span fence;
    lewd_heap *const heap = lewd_heap_create(0, HOLES * (size + gap), NULL, NULL);
    CHECK(heap != NULL);
    for (int index = 0; index < HOLES; index++) {
        CHECK_SAME(lewd_heap_alloc(heap, size, &holes[index]), LEWD_OK);
        CHECK_SAME(lewd_heap_alloc(heap, gap, &fence), LEWD_OK);
    }
    for (int index = 0; index < HOLES; index++)
        CHECK_SAME(lewd_heap_free(heap, holes[index]), LEWD_OK);
    CHECK_TEXT(lewd_heap_check(heap), NULL);
    CHECK(depth_of(heap, heap->root[lewd_index_bin(size)]) <= DEPTH);
    lewd_heap_destroy(heap);
}

static void trees_of_equal_spans_stay_shallow(void) {
    static const uint32_t strides[] = {2,  3,  4,  5,   7,   8,   10,  13,   16,   21,   24,   32,
                                       41, 64, 65, 100, 127, 128, 256, 1000, 1024, 2699, 4096, 65536};
    for (unsigned index = 0; index < sizeof strides / sizeof strides[0]; index++) {
        expect_shallow(1, strides[index] - 1);
        expect_shallow(strides[index] - 1, 1);
        expect_shallow((strides[index] + 1) / 2, strides[index] / 2);
    }
}

/* All sizes of one wide bin, in a shuffled order: the result depends on the tree alone. */
static void one_bin_of_many_sizes(void) {
    enum { SIZES = 64, SMALLEST = 1 << 12 };
    dice from = harness_dice(2);
    lewd_span spans[SIZES];
    uint32_t sizes[SIZES];
    twin pair;
    twin_open(&pair, 0, SIZES * (SMALLEST + SIZES + 1));
    for (uint32_t index = 0; index < SIZES; index++) {
        const uint32_t other = dice_below(&from, index + 1);
        sizes[index] = sizes[other];
        sizes[other] = SMALLEST + index / 2;
    }
    for (uint32_t index = 0; index < SIZES; index++) {
        CHECK_SAME(twin_alloc(&pair, sizes[index], &spans[index]), LEWD_OK);
        CHECK_SAME(twin_alloc(&pair, 1, &(lewd_span){0}), LEWD_OK);
    }
    for (uint32_t index = 0; index < SIZES; index++)
        twin_release(&pair, spans[index]);
    for (uint32_t index = 0; index < SIZES; index++)
        twin_alloc(&pair, SMALLEST + dice_below(&from, SIZES / 2), &spans[index]);
    twin_close(&pair);
}

void suite_index(void) {
    RUN(bins_are_cut_where_they_should);
    RUN(every_bin_is_searched);
    RUN(trees_of_equal_spans_stay_shallow);
    RUN(one_bin_of_many_sizes);
}
