/*
 * suite_free_all.c: frees spans together. The result must be that of freeing them one after the other: twin.c compares.
 * Most heaps here are drawn, a letter for each span, all of one size, from the base to the limit:
 *
 *     u  used      x  used, to be freed      .  free      r  reserved      n  reserved, but named in the call
 */
#include "../../src/core/directory.h"
#include "../../src/core/pile.h"
#include "harness.h"
#include "suites.h"
#include "twin.h"

#include <stdlib.h>
#include <string.h>

/* One size that has a bin of its own, one that has not. */
enum { BASE = 7, SMALL = 2, LARGE = LEWD_EXACT_BINS + 88, CELL = 1 << LEWD_CELL_LOG2, SPANS = 16 };

typedef struct row {
    twin pair;
    uint32_t size;
    lewd_span named[SPANS]; /* in the order of their places */
    uint32_t count;
} row;

static void open_row(row *of, uint32_t base, uint32_t size, const char *drawing) {
    const uint32_t length = (uint32_t)strlen(drawing);
    lewd_span spans[SPANS];
    CHECK(length <= SPANS);
    twin_open(&of->pair, base, base + length * size);
    of->size = size;
    of->count = 0;
    for (uint32_t index = 0; index < length; index++) {
        const uint32_t start = base + index * size;
        const bool reserved = strchr("rn", drawing[index]) != NULL;
        spans[index] = reserved ? twin_hold(&of->pair, start, size) : twin_alloc_at(&of->pair, size, start);
        if (strchr("xn", drawing[index]) != NULL)
            of->named[of->count++] = spans[index];
    }
    for (uint32_t index = 0; index < length; index++)
        if (drawing[index] == '.')
            twin_release(&of->pair, spans[index]);
}

static void turn(row *of) {
    for (uint32_t low = 0, high = of->count; low + 1 < high; low++) {
        const lewd_span span = of->named[--high];
        of->named[high] = of->named[low];
        of->named[low] = span;
    }
}

static void shuffle(lewd_span *spans, uint32_t count, dice *from) {
    for (uint32_t left = count; left > 1; left--) {
        const uint32_t pick = dice_below(from, left);
        const lewd_span span = spans[pick];
        spans[pick] = spans[left - 1];
        spans[left - 1] = span;
    }
}

/* Frees the named spans, and compares the largest free span, in spans. */
static uint32_t largest_after(row *of, uint32_t freed) {
    CHECK_SAME(twin_free_all(&of->pair, of->named, of->count), freed);
    return lewd_heap_largest(of->pair.heap) / of->size;
}

typedef struct drawn {
    const char *drawing;
    uint32_t freed;
    uint32_t head, tail, largest; /* runs of free spans afterwards */
} drawn;

static void expect(const drawn *heap, uint32_t base, uint32_t size, bool down) {
    row of;
    open_row(&of, base, size, heap->drawing);
    if (down)
        turn(&of);
    CHECK_SAME(largest_after(&of, heap->freed), heap->largest);
    CHECK_SAME(lewd_heap_figures(of.pair.heap).head_free, heap->head * size);
    CHECK_SAME(lewd_heap_figures(of.pair.heap).tail_free, heap->tail * size);
    twin_close(&of.pair);
}

/* From place 0 and from elsewhere; in piles and in trees; upwards and downwards. */
static void everywhere(const drawn *heaps, size_t count) {
    for (size_t index = 0; index < count; index++) {
        for (unsigned bits = 0; bits < 8; bits++)
            expect(&heaps[index], (bits & 1u) != 0 ? BASE : 0, (bits & 2u) != 0 ? LARGE : SMALL, (bits & 4u) != 0);
    }
}

#define EVERYWHERE(heaps) everywhere(heaps, sizeof heaps / sizeof heaps[0])

static void runs_among_used_spans_become_one(void) {
    static const drawn heaps[] = {
        {"uxu", 1, 0, 0, 1},      {"uxxu", 2, 0, 0, 2},    {"uxxxxxu", 5, 0, 0, 5},
        {"uxxuxxxu", 5, 0, 0, 3}, {"uxuxuxu", 3, 0, 0, 1},
    };
    EVERYWHERE(heaps);
}

static void free_spans_in_a_run_become_part_of_it(void) {
    static const drawn heaps[] = {
        {"ux.xu", 2, 0, 0, 3},   {"u.xu", 1, 0, 0, 2},     {"ux.u", 1, 0, 0, 2},
        {"u.xxx.u", 3, 0, 0, 5}, {"u.x.x.xu", 3, 0, 0, 6}, {"ux..x.xxu.u", 4, 0, 0, 7},
    };
    EVERYWHERE(heaps);
}

static void runs_reach_both_ends(void) {
    static const drawn heaps[] = {
        {"xuuux", 2, 1, 1, 1},
        {"xxxuxx", 5, 3, 2, 3},
        {".xxuxx.", 4, 3, 3, 3},
        {"x.uu.x", 2, 2, 2, 2},
    };
    EVERYWHERE(heaps);
}

static void a_whole_heap_is_freed(void) {
    static const drawn heaps[] = {
        {"x", 1, 1, 1, 1},
        {"xxxxxx", 6, 6, 6, 6},
        {".x.x.x.", 3, 7, 7, 7},
        {"x.x.x", 3, 5, 5, 5},
    };
    EVERYWHERE(heaps);
}

/* Reserved spans stay, named or not, and divide the free space around them. */
static void reserved_spans_stay(void) {
    static const drawn heaps[] = {
        {"xnx", 2, 1, 1, 1},       {"xxrxxx", 5, 2, 3, 3}, {"nxxn", 2, 0, 0, 2},
        {"x.nx.rn.x", 3, 2, 2, 2}, {"nnn", 0, 0, 0, 0},    {"n.nu", 0, 0, 0, 1},
    };
    EVERYWHERE(heaps);
}

/* Every drawing of five letters, named in any order. If there is a directory, each place is then looked up in it. */
static void every_row_of_five_spans(void) {
    enum { LETTERS = 4, ROWS = 1 << (2 * 5) };
    dice from = harness_dice(70);
    for (unsigned number = 0; number < ROWS * 4; number++) {
        const uint32_t base = number % 2 != 0 ? BASE : 0;
        char drawing[6] = "";
        unsigned digits = number / 4;
        for (int index = 0; index < 5; index++, digits /= LETTERS)
            drawing[index] = "ux.n"[digits % LETTERS];
        row of;
        open_row(&of, base, number / 2 % 2 != 0 ? LARGE : SMALL, drawing);
        const bool findable = dice_below(&from, 2) != 0;
        if (findable)
            twin_find(&of.pair, base);
        shuffle(of.named, of.count, &from);
        twin_free_all(&of.pair, of.named, of.count);
        for (uint32_t index = 0; findable && index < 5; index++)
            twin_find(&of.pair, base + index * of.size);
        twin_close(&of.pair);
    }
}

static void freed_spans_are_not_found_any_more(void) {
    enum { BLOCKS = 6 * CELL };
    lewd_span *const spans = calloc(BLOCKS, sizeof *spans);
    CHECK(spans != NULL);
    twin pair;
    twin_open(&pair, BASE, BASE + BLOCKS);
    for (uint32_t block = 0; block < BLOCKS; block++)
        spans[block] = twin_alloc_at(&pair, 1, BASE + block);
    CHECK_SAME(twin_find(&pair, BASE), LEWD_OK);
    /* A whole cell and the beginning of the next one; everything except the beginning of the last. */
    CHECK_SAME(twin_free_all(&pair, spans + CELL, CELL + CELL / 2), CELL + CELL / 2);
    CHECK_SAME(twin_free_all(&pair, spans + 5 * CELL + 1, CELL - 1), CELL - 1);
    for (uint32_t block = 0; block < BLOCKS; block++) {
        const bool freed = (block >= CELL && block < 2 * CELL + CELL / 2) || block > 5 * CELL;
        CHECK_SAME(twin_find(&pair, BASE + block), freed ? LEWD_INVALID : LEWD_OK);
    }
    twin_close(&pair);
    free(spans);
}

static void repeated_spans_are_freed_once(void) {
    row of;
    open_row(&of, 0, SMALL, "uxxux.xu");
    const lewd_span *const x = of.named;
    const lewd_span named[] = {x[1], x[1], x[0], x[2], x[1], x[0], x[3], x[2], x[2], x[3]};
    CHECK_SAME(twin_free_all(&of.pair, named, sizeof named / sizeof named[0]), 4);
    CHECK_SAME(twin_free_all(&of.pair, named, sizeof named / sizeof named[0]), 0);
    CHECK_SAME(lewd_heap_largest(of.pair.heap), 3 * SMALL);
    twin_close(&of.pair);
}

/* The sentinel, a free span, a vacant record, a number beyond the records: alone, and around a used span. */
static void numbers_of_no_span_are_left_out(void) {
    row of;
    open_row(&of, BASE, SMALL, "u..xu");
    const lewd_span bound = lewd_heap_bound(of.pair.heap);
    lewd_span named[] = {0, 0, 0, bound, bound + 1, 1u << 29, 1u << 31, UINT32_MAX, 0};
    for (lewd_span span = 1; span < bound; span++)
        if (!lewd_heap_is_used(of.pair.heap, span))
            named[of.pair.heap->records[span].start == LEWD_VACANT ? 1 : 2] = span;
    CHECK(named[1] != 0 && named[2] != 0);
    CHECK_SAME(twin_free_all(&of.pair, named, sizeof named / sizeof named[0]), 0);
    named[4] = of.named[0];
    CHECK_SAME(twin_free_all(&of.pair, named, sizeof named / sizeof named[0]), 1);
    CHECK_SAME(lewd_heap_largest(of.pair.heap), 3 * SMALL);
    twin_close(&of.pair);
}

static void an_empty_list_changes_nothing(void) {
    row of;
    open_row(&of, BASE, SMALL, "ux.n");
    CHECK_SAME(twin_free_all(&of.pair, NULL, 0), 0);
    CHECK_SAME(twin_free_all(&of.pair, of.named, 0), 0);
    twin_close(&of.pair);
}

/* More spans than are prefetched, in any order, with numbers among them that name nothing. */
static void long_lists_may_hold_anything(void) {
    enum { USED = 260, LIST = 2 * USED };
    dice from = harness_dice(71);
    lewd_span spans[USED];
    lewd_span list[LIST];
    for (int round = 0; round < 8; round++) {
        twin pair;
        twin_open(&pair, BASE, BASE + 10 * USED);
        for (uint32_t index = 0; index < USED; index++)
            twin_alloc(&pair, 1 + dice_below(&from, 8), &spans[index]);
        if (round % 2 != 0)
            twin_find(&pair, BASE);
        for (uint32_t index = 0; index < USED / 4; index++)
            twin_free(&pair, spans[dice_below(&from, USED)]);
        for (uint32_t index = 0; index < LIST; index++)
            list[index] = dice_below(&from, 4) == 0 ? (uint32_t)dice_next(&from) : spans[dice_below(&from, USED)];
        CHECK(twin_free_all(&pair, list, LIST) > 0);
        CHECK(twin_free_all(&pair, spans, USED) > 0);
        CHECK_SAME(lewd_heap_largest(pair.heap), 10 * USED);
        twin_close(&pair);
    }
}

/*
 * The list of vacant records. An eighth of 64 records is 8. A full heap of spans of one block; the first ten are freed
 * one by one, so that nine records are vacant, the highest first.
 */
enum { FULL = 63, EIGHTH = 8, VACANT = 9, FREED = 10 };

static void open_disordered(twin *pair, lewd_span *spans) {
    twin_open(pair, BASE, BASE + FULL);
    for (uint32_t block = 0; block < FULL; block++)
        spans[block] = twin_alloc_at(pair, 1, BASE + block);
    CHECK_SAME(lewd_heap_bound(pair->heap) / 8, EIGHTH);
    for (uint32_t block = 0; block < FREED; block++)
        twin_release(pair, spans[block]);
    CHECK_SAME(pair->heap->vacant, spans[FREED - 1]);
}

/* Returns the vacant records from `number` on. */
static uint32_t vacant_from(const lewd_heap *heap, uint32_t number, uint32_t *numbers) {
    uint32_t count = 0;
    for (; number != 0; number = heap->records[number].next)
        numbers[count++] = number;
    return count;
}

/* Frees the last spans, so that the last record becomes vacant. */
static void few_freed_leave_the_vacant_records_in_their_order(void) {
    lewd_span spans[FULL];
    uint32_t before[FULL];
    uint32_t after[FULL];
    twin pair;
    open_disordered(&pair, spans);
    const uint32_t count = vacant_from(pair.heap, pair.heap->vacant, before);
    CHECK_SAME(count, VACANT);
    CHECK_SAME(twin_free_all(&pair, spans + FULL - EIGHTH, EIGHTH), EIGHTH);
    CHECK_SAME(vacant_from(pair.heap, pair.heap->vacant, after), VACANT + EIGHTH - 1);
    CHECK(memcmp(after + EIGHTH - 1, before, VACANT * sizeof *before) == 0);
    CHECK_SAME(after[0], lewd_heap_bound(pair.heap) - 1);
    twin_close(&pair);
}

static void many_freed_put_the_vacant_records_in_order(void) {
    lewd_span spans[FULL];
    uint32_t after[FULL];
    twin pair;
    open_disordered(&pair, spans);
    CHECK_SAME(twin_free_all(&pair, spans + FULL - EIGHTH - 1, EIGHTH + 1), EIGHTH + 1);
    const uint32_t count = vacant_from(pair.heap, pair.heap->vacant, after);
    CHECK_SAME(count, VACANT + EIGHTH);
    for (uint32_t index = 1; index < count; index++)
        CHECK(after[index - 1] < after[index]);
    CHECK_SAME(after[count - 1], lewd_heap_bound(pair.heap) - 1);
    /* The rest of a new span takes the next of them. */
    for (uint32_t index = 0; index + 2 < FREED; index++) {
        CHECK_SAME(pair.heap->vacant, after[index]);
        twin_hold(&pair, BASE + index, 1);
    }
    twin_close(&pair);
}

/* Each span is the first of its cell. If the next used one were searched across all spans to be freed, this would
 * not end. */
static void very_many_are_freed_from_the_highest_down(void) {
    enum { MANY = 400000 };
    lewd_span *const spans = calloc(MANY, sizeof *spans);
    lewd_heap *const heap = lewd_heap_create(0, MANY * CELL, NULL, NULL);
    CHECK(spans != NULL && heap != NULL);
    for (uint32_t left = MANY; left > 0; left--)
        CHECK_SAME(lewd_heap_alloc(heap, CELL, &spans[left - 1]), LEWD_OK);
    CHECK_SAME(lewd_heap_find(heap, 0, &(lewd_span){0}), LEWD_OK);
    CHECK_SAME(lewd_heap_free_all(heap, spans, MANY), MANY);
    CHECK_TEXT(lewd_heap_check(heap), NULL);
    CHECK_SAME(lewd_heap_largest(heap), MANY * CELL);
    lewd_heap_destroy(heap);
    free(spans);
}

/* More records than the first-level cache holds: free spans then leave their pile in another way. */
static void runs_take_free_spans_out_of_a_far_pile(void) {
    enum { MANY = LEWD_CACHED_RECORDS + 10000 };
    dice from = harness_dice(72);
    lewd_span *const spans = calloc(MANY, sizeof *spans);
    lewd_heap *const heap = lewd_heap_create(0, MANY, NULL, NULL);
    CHECK(spans != NULL && heap != NULL);
    for (uint32_t index = 0; index < MANY; index++)
        CHECK_SAME(lewd_heap_alloc(heap, 1, &spans[index]), LEWD_OK);
    shuffle(spans, MANY, &from);
    for (uint32_t index = 0; index < MANY / 3; index++)
        CHECK_SAME(lewd_heap_free(heap, spans[index]), LEWD_OK);
    CHECK_SAME(lewd_heap_free_all(heap, spans, MANY / 2), MANY / 2 - MANY / 3);
    CHECK_TEXT(lewd_heap_check(heap), NULL);
    CHECK_SAME(lewd_heap_figures(heap).used, MANY - MANY / 2);
    CHECK_SAME(lewd_heap_free_all(heap, spans, MANY), MANY - MANY / 2);
    CHECK_TEXT(lewd_heap_check(heap), NULL);
    CHECK_SAME(lewd_heap_largest(heap), MANY);
    lewd_heap_destroy(heap);
    free(spans);
}

void suite_free_all(void) {
    RUN(runs_among_used_spans_become_one);
    RUN(free_spans_in_a_run_become_part_of_it);
    RUN(runs_reach_both_ends);
    RUN(a_whole_heap_is_freed);
    RUN(reserved_spans_stay);
    RUN(every_row_of_five_spans);
    RUN(freed_spans_are_not_found_any_more);
    RUN(repeated_spans_are_freed_once);
    RUN(numbers_of_no_span_are_left_out);
    RUN(an_empty_list_changes_nothing);
    RUN(long_lists_may_hold_anything);
    RUN(few_freed_leave_the_vacant_records_in_their_order);
    RUN(many_freed_put_the_vacant_records_in_order);
    RUN(very_many_are_freed_from_the_highest_down);
    RUN(runs_take_free_spans_out_of_a_far_pile);
}
