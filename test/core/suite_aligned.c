/*
 * suite_aligned.c: the places of aligned requests. The model states them for every call; these examples give numbers.
 */
#include "../../src/core/index.h"
#include "../../src/core/tree.h"
#include "harness.h"
#include "suites.h"
#include "twin.h"

#include <string.h>

/* Makes a heap over [0, limit) that is used except for the holes, given by place and size in ascending order. */
static void open_holes(twin *pair, uint32_t limit, const uint32_t holes[][2], size_t count) {
    lewd_span spans[16];
    uint32_t place = 0;
    twin_open(pair, 0, limit);
    for (size_t index = 0; index < count; index++) {
        if (holes[index][0] > place)
            twin_alloc_at(pair, holes[index][0] - place, place);
        spans[index] = twin_alloc_at(pair, holes[index][1], holes[index][0]);
        place = holes[index][0] + holes[index][1];
    }
    if (limit > place)
        twin_alloc_at(pair, limit - place, place);
    for (size_t index = 0; index < count; index++)
        twin_release(pair, spans[index]);
}

#define OPEN_HOLES(pair, limit, holes) open_holes(pair, limit, holes, sizeof holes / sizeof holes[0])

static lewd_status no_more(twin *pair, uint32_t size, uint32_t alignment) {
    return twin_alloc_aligned(pair, size, alignment, &(lewd_span){0});
}

/* Cuts one hole of [8, 24) between used spans: the request is at its low end, at its high end, or within. */
static void the_rests_on_either_side_stay_free(void) {
    static const uint32_t hole[][2] = {{8, 16}};
    static const struct {
        uint32_t size, alignment, start;
    } cuts[] = {{16, 8, 8}, {4, 8, 8}, {8, 16, 16}, {4, 16, 16}, {1, 16, 16}, {15, 1, 8}, {16, 1, 8}, {14, 2, 8}};
    for (unsigned index = 0; index < sizeof cuts / sizeof cuts[0]; index++) {
        twin pair;
        OPEN_HOLES(&pair, 32, hole);
        const uint32_t left = cuts[index].start - 8;
        const uint32_t right = 24 - cuts[index].start - cuts[index].size;
        const lewd_span span = twin_alloc_aligned_at(&pair, cuts[index].size, cuts[index].alignment, cuts[index].start);
        CHECK_SAME(lewd_heap_largest(pair.heap), left > right ? left : right);
        CHECK_SAME(lewd_heap_figures(pair.heap).used, 16 + cuts[index].size);
        if (left != 0)
            twin_hold(&pair, 8, left);
        if (right != 0)
            twin_hold(&pair, 24 - right, right);
        CHECK_SAME(lewd_heap_largest(pair.heap), 0);
        twin_release(&pair, span);
        CHECK_SAME(lewd_heap_largest(pair.heap), cuts[index].size);
        twin_close(&pair);
    }
}

/* The first hole is the smallest but has no such place; the next one is smaller than the last. */
static void the_smallest_span_that_holds_it_is_taken(void) {
    static const uint32_t holes[][2] = {{1, 7}, {9, 10}, {24, 9}, {40, 9}};
    twin pair;
    OPEN_HOLES(&pair, 64, holes);
    twin_alloc_aligned_at(&pair, 7, 8, 24);
    twin_alloc_aligned_at(&pair, 7, 8, 40);
    CHECK_SAME(no_more(&pair, 7, 8), LEWD_NO_FIT);
    twin_alloc_aligned_at(&pair, 3, 8, 16);
    twin_alloc_aligned_at(&pair, 4, 4, 4);
    twin_close(&pair);
}

/* All holes have one size, so they are in a pile: freed in any order, taken from the lowest on; those without such a
 * place never. */
static void of_equal_spans_the_lowest_is_taken(void) {
    enum { HOLES = 40, STRIDE = 5 };
    dice from = harness_dice(50);
    lewd_span spans[HOLES];
    twin pair;
    twin_open(&pair, 0, HOLES * STRIDE);
    for (uint32_t index = 0; index < HOLES; index++) {
        spans[index] = twin_alloc_at(&pair, 3, index * STRIDE);
        twin_alloc_at(&pair, STRIDE - 3, index * STRIDE + 3);
    }
    for (uint32_t left = HOLES; left > 0; left--) {
        const uint32_t pick = dice_below(&from, left);
        twin_release(&pair, spans[pick]);
        spans[pick] = spans[left - 1];
    }
    for (uint32_t index = 0; index < HOLES; index++)
        if (index * STRIDE % 4 == 0)
            twin_alloc_aligned_at(&pair, 3, 4, index * STRIDE);
    CHECK_SAME(no_more(&pair, 3, 4), LEWD_NO_FIT);
    twin_alloc_aligned_at(&pair, 1, 4, 12);
    twin_close(&pair);
}

/* The same for sizes whose bins are trees, many of them equal: ordered by size, then place. */
static void trees_are_visited_in_order(void) {
    enum { HOLES = 60, SMALLEST = 4096, STRIDE = SMALLEST + 33 };
    dice from = harness_dice(51);
    lewd_span spans[HOLES];
    twin pair;
    twin_open(&pair, 0, HOLES * STRIDE);
    for (uint32_t index = 0; index < HOLES; index++) {
        const uint32_t size = SMALLEST + dice_below(&from, 12) / 3 * 8;
        spans[index] = twin_alloc_at(&pair, size, index * STRIDE);
        twin_alloc_at(&pair, STRIDE - size, index * STRIDE + size);
    }
    for (uint32_t index = 0; index < HOLES; index++)
        twin_release(&pair, spans[index]);
    for (uint32_t alignment = 32; alignment > 0; alignment /= 2)
        for (uint32_t size = SMALLEST - 16; size <= SMALLEST + 24; size += 8)
            for (int count = 0; count < 3; count++)
                no_more(&pair, size, alignment);
    twin_close(&pair);
}

/* Each hole is a block short of fitting at any place, and none fits; then one that is not short. */
static void the_search_ends_where_everything_holds_it(void) {
    static const uint32_t holes[][2] = {{1, 10}, {17, 12}, {33, 14}, {49, 15}};
    twin pair;
    OPEN_HOLES(&pair, 100, holes);
    CHECK_SAME(no_more(&pair, 1, 64), LEWD_NO_FIT);
    CHECK_SAME(no_more(&pair, 8, 16), LEWD_NO_FIT);
    twin_alloc_aligned_at(&pair, 8, 8, 56);
    twin_close(&pair);

    static const uint32_t one_more[][2] = {{1, 10}, {17, 30}};
    OPEN_HOLES(&pair, 100, one_more);
    twin_alloc_aligned_at(&pair, 15, 16, 32);
    twin_close(&pair);
}

/* Alignment counts places from 0, not from the base. */
static void alignment_is_of_the_place_not_of_the_distance_to_the_base(void) {
    twin pair;
    twin_open(&pair, 77, 177);
    twin_alloc_aligned_at(&pair, 1, 2, 78);
    twin_alloc_at(&pair, 1, 77);
    twin_alloc_aligned_at(&pair, 5, 64, 128);
    twin_close(&pair);
}

static void a_span_without_an_aligned_place_holds_nothing(void) {
    twin pair;
    twin_open(&pair, 1, 4096);
    CHECK_SAME(no_more(&pair, 1, 4096), LEWD_NO_FIT);
    twin_alloc_aligned_at(&pair, 2048, 2048, 2048);
    CHECK_SAME(no_more(&pair, 1, 2048), LEWD_NO_FIT);
    twin_close(&pair);

    twin_open(&pair, 1, 4097);
    twin_alloc_aligned_at(&pair, 1, 4096, 4096);
    CHECK_SAME(lewd_heap_figures(pair.heap).tail_free, 0);
    twin_close(&pair);
}

/* All of 4 GiB, and the last place of each alignment in it. */
static void a_heap_of_4_gib_is_aligned_to_its_end(void) {
    for (uint32_t alignment = 1; alignment <= LEWD_MAX_ALIGNMENT; alignment *= 2) {
        twin pair;
        twin_open(&pair, 0, LEWD_MAX_BLOCKS);
        const lewd_span all = twin_alloc_aligned_at(&pair, LEWD_MAX_BLOCKS, alignment, 0);
        twin_release(&pair, all);
        twin_alloc_at(&pair, LEWD_MAX_BLOCKS - 2 * alignment + 1, 0);
        twin_alloc_aligned_at(&pair, alignment, alignment, LEWD_MAX_BLOCKS - alignment);
        CHECK_SAME(no_more(&pair, 1, alignment), LEWD_NO_FIT);
        CHECK_SAME(lewd_heap_largest(pair.heap), alignment - 1);
        twin_close(&pair);
    }
}

static void wrong_alignments_and_sizes_are_invalid(void) {
    static const uint32_t alignments[] = {0, 3, 5, 6, 7, 12, 4095, 4097, 6144, 8192, 1u << 28, 1u << 31, UINT32_MAX};
    static const uint32_t sizes[] = {0, LEWD_MAX_BLOCKS + 1, 1u << 29, 1u << 31, UINT32_MAX};
    twin pair;
    twin_open(&pair, 0, LEWD_MAX_BLOCKS);
    for (unsigned index = 0; index < sizeof alignments / sizeof alignments[0]; index++)
        CHECK_SAME(no_more(&pair, 1, alignments[index]), LEWD_INVALID);
    for (unsigned index = 0; index < sizeof sizes / sizeof sizes[0]; index++)
        CHECK_SAME(no_more(&pair, sizes[index], 8), LEWD_INVALID);
    twin_close(&pair);
}

/* Two heaps, one called with alignment 1 and one without, stay equal in every bit. */
static void an_alignment_of_one_block_is_none(void) {
    enum { LIVE = 200 };
    for (uint64_t salt = 52; salt < 60; salt++) {
        dice from = harness_dice(salt);
        lewd_heap *const plain = lewd_heap_create(3, 1u << 20, NULL, NULL);
        lewd_heap *const aligned = lewd_heap_create(3, 1u << 20, NULL, NULL);
        lewd_span live[LIVE] = {0};
        CHECK(plain != NULL && aligned != NULL);
        for (int count = 0; count < 3000; count++) {
            const uint32_t pick = dice_below(&from, LIVE);
            const uint32_t size = 1 + dice_below(&from, 1u << (1 + dice_below(&from, 14)));
            lewd_span other = live[pick];
            if (live[pick] != 0) {
                CHECK_SAME(lewd_heap_free(plain, live[pick]), LEWD_OK);
                CHECK_SAME(lewd_heap_free(aligned, live[pick]), LEWD_OK);
                live[pick] = 0;
                continue;
            }
            uint32_t places[2] = {0, 0};
            CHECK(lewd_heap_fit(plain, size, &places[0]) == lewd_heap_fit_aligned(aligned, size, 1, &places[1]));
            CHECK_SAME(places[0], places[1]);
            CHECK_SAME(lewd_heap_alloc(plain, size, &live[pick]), lewd_heap_alloc_aligned(aligned, size, 1, &other));
            CHECK_SAME(live[pick], other);
        }
        CHECK_SAME(plain->bound, aligned->bound);
        CHECK_SAME(plain->coins, aligned->coins);
        CHECK(memcmp(plain->root, aligned->root, sizeof plain->root) == 0);
        CHECK_TEXT(lewd_heap_check(plain), NULL);
        CHECK_TEXT(lewd_heap_check(aligned), NULL);
        lewd_heap_destroy(plain);
        lewd_heap_destroy(aligned);
    }
}

/*
 * Builds a tree that is one long branch to the left, deeper than the remembered path: the smaller the span, the lower
 * its priority, which the gap before it is chosen for. All except the largest, which is visited last, are slightly past
 * an aligned place.
 */
enum { DEEP = 100, LEAST = 1 << 14, ROOM = 1 << 23 };

static bool is_in_turn(uint32_t place, uint32_t turn) {
    const lewd_record record = {.start = place};
    const bool aligned = place % LEWD_MAX_ALIGNMENT == 0;
    const bool beyond = place % LEWD_MAX_ALIGNMENT < LEWD_MAX_ALIGNMENT - DEEP;
    return lewd_tree_priority(&record) / (UINT32_MAX / DEEP) == DEEP - 1 - turn &&
           (turn == 0 ? aligned : beyond && !aligned);
}

static void deep_trees_are_searched_too(void) {
    lewd_span spans[DEEP];
    uint32_t places[DEEP];
    uint32_t end = 0;
    twin pair;
    twin_open(&pair, 0, ROOM);
    for (uint32_t turn = 0; turn < DEEP; turn++) {
        places[turn] = end + 1;
        while (!is_in_turn(places[turn], turn))
            places[turn]++;
        twin_alloc_at(&pair, places[turn] - end, end);
        spans[turn] = twin_alloc_at(&pair, LEAST + DEEP - turn, places[turn]);
        end = places[turn] + LEAST + DEEP - turn;
    }
    twin_alloc_at(&pair, ROOM - end, end);
    for (uint32_t turn = 0; turn < DEEP; turn++)
        twin_release(&pair, spans[turn]);
    uint32_t depth = 0;
    for (uint32_t number = pair.heap->root[lewd_index_bin(LEAST)]; number != 0; depth++)
        number = pair.heap->records[number].link[LEWD_LEFT];
    CHECK_SAME(depth, DEEP);
    CHECK(depth > LEWD_PATH_LENGTH);
    twin_alloc_aligned_at(&pair, LEAST, LEWD_MAX_ALIGNMENT, places[0]);
    CHECK_SAME(no_more(&pair, LEAST, LEWD_MAX_ALIGNMENT), LEWD_NO_FIT);
    twin_close(&pair);
}

void suite_aligned(void) {
    RUN(the_rests_on_either_side_stay_free);
    RUN(the_smallest_span_that_holds_it_is_taken);
    RUN(of_equal_spans_the_lowest_is_taken);
    RUN(trees_are_visited_in_order);
    RUN(the_search_ends_where_everything_holds_it);
    RUN(alignment_is_of_the_place_not_of_the_distance_to_the_base);
    RUN(a_span_without_an_aligned_place_holds_nothing);
    RUN(a_heap_of_4_gib_is_aligned_to_its_end);
    RUN(wrong_alignments_and_sizes_are_invalid);
    RUN(an_alignment_of_one_block_is_none);
    RUN(deep_trees_are_searched_too);
}
