/*
 * suite_checker_index.c: faults of the index, which the checker must report (see suite_checker.c).
 */
#include "../../src/core/index.h"
#include "patient.h"
#include "suites.h"

#include <string.h>

/* Targets of damage. */

/* Returns the first bin from `bin` on, below `end`, whose root has both children. */
static uint32_t bushy_from(const lewd_heap *heap, uint32_t bin, uint32_t end) {
    for (; bin < end; bin++) {
        const lewd_record *const root = heap->records + heap->root[bin];
        if (heap->root[bin] != 0 && root->link[LEWD_LEFT] != 0 && root->link[LEWD_RIGHT] != 0)
            return bin;
    }
    harness_fail(__FILE__, __LINE__, "no bin has a root with both children");
}

static uint32_t bushy_bin(const lewd_heap *heap) {
    return bushy_from(heap, LEWD_EXACT_BINS, LEWD_BINS);
}

static lewd_record *pile_root(lewd_heap *heap) {
    return heap->records + heap->root[bushy_from(heap, 0, LEWD_EXACT_BINS)];
}

static lewd_record *pile_child(lewd_heap *heap) {
    return heap->records + pile_root(heap)->link[LEWD_LEFT];
}

static lewd_record *bushy_root(lewd_heap *heap) {
    return heap->records + heap->root[bushy_bin(heap)];
}

/* Returns the link to a leaf of the bushy tree. */
static uint32_t *leaf_hook(lewd_heap *heap) {
    uint32_t *hook = &heap->root[bushy_bin(heap)];
    for (;;) {
        lewd_record *const record = heap->records + *hook;
        if (record->link[LEWD_LEFT] != 0)
            hook = &record->link[LEWD_LEFT];
        else if (record->link[LEWD_RIGHT] != 0)
            hook = &record->link[LEWD_RIGHT];
        else
            return hook;
    }
}

static void mark(lewd_heap *heap, uint32_t bin) {
    heap->bitmap[bin / 64] |= (uint64_t)1 << bin % 64;
    heap->summary |= 1u << bin / 64;
}

static void unmark(lewd_heap *heap, uint32_t bin) {
    heap->bitmap[bin / 64] &= ~((uint64_t)1 << bin % 64);
    if (heap->bitmap[bin / 64] == 0)
        heap->summary &= ~(1u << bin / 64);
}

/* The faults. */

static void bit_missing(lewd_heap *heap) {
    unmark(heap, bushy_bin(heap));
}

static void bit_too_many(lewd_heap *heap) {
    mark(heap, LEWD_BINS - 1);
}

static void bit_beyond_the_bins(lewd_heap *heap) {
    mark(heap, LEWD_BINS);
}

static void bit_beyond_the_bins_in_a_marked_word(lewd_heap *heap) {
    heap->bitmap[LEWD_BIN_WORDS - 1] |= (uint64_t)1 << 63;
    heap->summary |= 1u << (LEWD_BIN_WORDS - 1);
}

static void summary_bit_missing(lewd_heap *heap) {
    heap->summary &= heap->summary - 1;
}

static void summary_bit_too_many(lewd_heap *heap) {
    heap->summary |= 1u << (LEWD_BIN_WORDS - 1);
    if (LEWD_BIN_WORDS == 1)
        heap->summary = 0;
}

static void summary_bit_beyond_the_words(lewd_heap *heap) {
    heap->summary |= 1u << LEWD_BIN_WORDS;
}

static void highest_summary_bit(lewd_heap *heap) {
    heap->summary |= 1u << 31;
}

static void link_is_no_record(lewd_heap *heap) {
    *leaf_hook(heap) = heap->bound;
}

static void link_is_far_off(lewd_heap *heap) {
    *leaf_hook(heap) = UINT32_MAX;
}

static void indexed_twice(lewd_heap *heap) {
    heap->root[LEWD_BINS - 1] = heap->root[bushy_bin(heap)];
    mark(heap, LEWD_BINS - 1);
}

static void indexed_used(lewd_heap *heap) {
    *leaf_hook(heap) = first(heap);
}

static void indexed_sentinel_only(lewd_heap *heap) {
    *leaf_hook(heap) = 0;
}

static void size_too_large(lewd_heap *heap) {
    heap->records[*leaf_hook(heap)].size++;
}

static void size_of_another_bin(lewd_heap *heap) {
    bushy_root(heap)->size = 1;
}

static void wrong_bin(lewd_heap *heap) {
    const uint32_t bin = bushy_bin(heap);
    heap->root[LEWD_BINS - 1] = heap->root[bin];
    heap->root[bin] = 0;
    unmark(heap, bin);
    mark(heap, LEWD_BINS - 1);
}

static void children_exchanged(lewd_heap *heap) {
    lewd_record *const root = bushy_root(heap);
    const uint32_t left = root->link[LEWD_LEFT];
    root->link[LEWD_LEFT] = root->link[LEWD_RIGHT];
    root->link[LEWD_RIGHT] = left;
}

static void left_child_on_the_right(lewd_heap *heap) {
    lewd_record *const root = bushy_root(heap);
    root->link[LEWD_RIGHT] = root->link[LEWD_LEFT];
    root->link[LEWD_LEFT] = 0;
}

static void right_child_on_the_left(lewd_heap *heap) {
    lewd_record *const root = bushy_root(heap);
    root->link[LEWD_LEFT] = root->link[LEWD_RIGHT];
    root->link[LEWD_RIGHT] = 0;
}

static void child_of_itself(lewd_heap *heap) {
    const uint32_t root = heap->root[bushy_bin(heap)];
    heap->records[root].link[LEWD_RIGHT] = root;
}

static void ring_in_a_tree(lewd_heap *heap) {
    const uint32_t root = heap->root[bushy_bin(heap)];
    heap->records[heap->records[root].link[LEWD_RIGHT]].link[LEWD_LEFT] = root;
}

/* Rotates: the result is still a search tree, but upside down. */
static void child_above_parent(lewd_heap *heap) {
    const uint32_t bin = bushy_bin(heap);
    const uint32_t root = heap->root[bin];
    const uint32_t child = heap->records[root].link[LEWD_LEFT];
    heap->records[root].link[LEWD_LEFT] = heap->records[child].link[LEWD_RIGHT];
    heap->records[child].link[LEWD_RIGHT] = root;
    heap->root[bin] = child;
}

static void leaf_lost(lewd_heap *heap) {
    *leaf_hook(heap) = 0;
}

static void tree_lost(lewd_heap *heap) {
    const uint32_t bin = bushy_bin(heap);
    heap->root[bin] = 0;
    unmark(heap, bin);
}

static void parent_is_wrong(lewd_heap *heap) {
    pile_child(heap)->parent = pile_root(heap)->link[LEWD_RIGHT];
}

static void root_has_a_parent(lewd_heap *heap) {
    pile_root(heap)->parent = first(heap);
}

static void parent_is_far_off(lewd_heap *heap) {
    pile_child(heap)->parent = UINT32_MAX;
}

/* Exchanges the root and its left child, with correct parents. */
static void pile_upside_down(lewd_heap *heap) {
    const uint32_t bin = bushy_from(heap, 0, LEWD_EXACT_BINS);
    const uint32_t root = heap->root[bin];
    const uint32_t child = heap->records[root].link[LEWD_LEFT];
    lewd_record *const above = heap->records + child;
    lewd_record *const below = heap->records + root;
    below->link[LEWD_LEFT] = above->link[LEWD_LEFT];
    above->link[LEWD_LEFT] = root;
    if (below->link[LEWD_LEFT] != 0)
        heap->records[below->link[LEWD_LEFT]].parent = root;
    heap->root[bin] = child;
    above->parent = 0;
    below->parent = child;
}

static void pile_child_on_both_sides(lewd_heap *heap) {
    lewd_record *const root = pile_root(heap);
    root->link[LEWD_RIGHT] = root->link[LEWD_LEFT];
}

static void pile_ring(lewd_heap *heap) {
    lewd_record *const child = pile_child(heap);
    child->link[LEWD_LEFT] = child->parent;
}

static void pile_branch_lost(lewd_heap *heap) {
    pile_root(heap)->link[LEWD_LEFT] = 0;
}

/* A lost branch names as its parent a root that does not link to it. */
static void pile_branch_exchanged_for_a_span_of_another_bin(lewd_heap *heap) {
    pile_root(heap)->link[LEWD_LEFT] = heap->root[bushy_bin(heap)];
}

static void pile_branch_lost_that_knows_no_parent(lewd_heap *heap) {
    pile_child(heap)->parent = 0;
    pile_root(heap)->link[LEWD_LEFT] = 0;
}

static void leaf_lost_with_a_wrong_size(lewd_heap *heap) {
    heap->records[*leaf_hook(heap)].size++;
    *leaf_hook(heap) = 0;
}

/* Cuts off a leaf's parent with the leaf, and links them to a ring that mirrors every link and that no root leads
 * to. */
static void pile_branch_lost_as_a_ring(lewd_heap *heap) {
    uint32_t number = heap->root[bushy_from(heap, 0, LEWD_EXACT_BINS)];
    lewd_record *record = heap->records + number;
    while (record->link[LEWD_LEFT] != 0 || record->link[LEWD_RIGHT] != 0) {
        number = record->link[record->link[LEWD_LEFT] == 0];
        record = heap->records + number;
    }
    lewd_record *const parent = heap->records + record->parent;
    lewd_record *const above = heap->records + parent->parent;
    CHECK(parent->parent != 0);
    above->link[above->link[LEWD_RIGHT] == record->parent] = 0;
    record->link[LEWD_LEFT] = record->parent;
    parent->parent = number;
}

/* Loses nothing, but removing the parent would join the child with itself. */
static void pile_child_twice(lewd_heap *heap) {
    lewd_record *parent = pile_root(heap);
    while ((parent->link[LEWD_LEFT] != 0) == (parent->link[LEWD_RIGHT] != 0)) {
        CHECK(parent->link[LEWD_LEFT] != 0);
        parent = heap->records + parent->link[LEWD_LEFT];
    }
    parent->link[LEWD_LEFT] = parent->link[LEWD_RIGHT] = parent->link[LEWD_LEFT] | parent->link[LEWD_RIGHT];
}

static void pile_lost(lewd_heap *heap) {
    const uint32_t bin = bushy_from(heap, 0, LEWD_EXACT_BINS);
    heap->root[bin] = 0;
    unmark(heap, bin);
}

static void pile_link_is_no_record(lewd_heap *heap) {
    pile_root(heap)->link[LEWD_RIGHT] = heap->bound;
}

static const fault faults[] = {
    {bit_missing, "a bitmap does not say which bins are empty"},
    {bit_too_many, "a bitmap does not say which bins are empty"},
    {bit_beyond_the_bins, NULL},
    {bit_beyond_the_bins_in_a_marked_word, NULL},
    {summary_bit_missing, "the summary does not say which bitmaps are empty"},
    {summary_bit_too_many, "the summary does not say which bitmaps are empty"},
    {summary_bit_beyond_the_words, NULL},
    {highest_summary_bit, NULL},
    {link_is_no_record, "a link of the index is not a record"},
    {link_is_far_off, "a link of the index is not a record"},
    {indexed_twice, "the index holds more than the free spans"},
    {indexed_used, "the index holds a used span"},
    {indexed_sentinel_only, "a free span is not in the index"},
    {size_too_large, "the index has a wrong size"},
    {size_of_another_bin, "the index has a wrong size"},
    {wrong_bin, "a span is in the wrong bin"},
    {children_exchanged, "a tree is out of order"},
    {left_child_on_the_right, "a tree is out of order"},
    {right_child_on_the_left, "a tree is out of order"},
    {child_of_itself, "a tree is out of order"},
    {ring_in_a_tree, "a tree is out of order"},
    {child_above_parent, "a tree's priorities are out of order"},
    {leaf_lost, "a free span is not in the index"},
    {tree_lost, "a free span is not in the index"},
    {parent_is_wrong, "a pile's parent does not mirror the link to its child"},
    {root_has_a_parent, "a pile's parent does not mirror the link to its child"},
    {parent_is_far_off, "a pile's parent does not mirror the link to its child"},
    {pile_upside_down, "a pile is out of order"},
    {pile_child_on_both_sides, "a pile's span is a child on both sides"},
    {pile_ring, NULL},
    {pile_branch_lost, "a free span is not in the index"},
    {pile_branch_exchanged_for_a_span_of_another_bin, "a span is in the wrong bin"},
    {pile_branch_lost_that_knows_no_parent, "a free span is not in the index"},
    {leaf_lost_with_a_wrong_size, "a free span is not in the index"},
    {pile_branch_lost_as_a_ring, "a free span is not in the index"},
    {pile_child_twice, NULL},
    {pile_lost, "a free span is not in the index"},
    {pile_link_is_no_record, "a link of the index is not a record"},
};

static void every_fault_of_the_index_is_reported(void) {
    expect_reports(faults, sizeof faults / sizeof faults[0]);
}

/*
 * Puts a vacant record in the index instead of a free span: the count is right, and its stale fields may agree with
 * each other. `size` is its stale size; its right neighbour is the sentinel, or another vacant record.
 */
static void index_a_vacant_record(lewd_heap *heap, uint32_t size, uint32_t next) {
    const uint32_t vacant = heap->vacant;
    const uint32_t bin = size == 0 ? 0 : lewd_index_bin(size);
    CHECK(vacant != 0 && heap->root[bin] == 0);
    *leaf_hook(heap) = 0;
    heap->records[vacant].size = size;
    heap->records[vacant].next = next;
    memset(heap->records[vacant].link, 0, sizeof heap->records[vacant].link);
    heap->root[bin] = vacant;
    mark(heap, bin);
}

/* Leaves only the last of all vacant records, whose stale link leads to the sentinel. */
static void keep_one_vacant(patient *of) {
    while (of->heap->records[of->heap->vacant].next != 0)
        get(of, 1000);
}

static void an_indexed_vacant_record_is_reported(void) {
    patient of;
    admit(&of);
    keep_one_vacant(&of);
    remember(&of);
    index_a_vacant_record(of.heap, LIMIT, 0);
    CHECK(lewd_heap_check(of.heap) != NULL);
    discharge(&of);
}

/* Without an extent the bin is unknown: the checker must not compute it. */
static void an_indexed_vacant_record_of_no_size_is_reported(void) {
    patient of;
    admit(&of);
    index_a_vacant_record(of.heap, 0, of.heap->records[of.heap->vacant].next);
    CHECK(lewd_heap_check(of.heap) != NULL);
    discharge(&of);
}

/* It must not look for the extent beyond the records, either. */
static void an_indexed_vacant_record_without_a_neighbour_is_reported(void) {
    patient of;
    admit(&of);
    index_a_vacant_record(of.heap, LIMIT, of.heap->bound);
    CHECK_TEXT(lewd_heap_check(of.heap), "the index has a wrong size");
    discharge(&of);
}

/* A size that no bin holds, and that agrees with the place: a vacant record whose place was overwritten. */
static void an_indexed_record_beyond_all_sizes_is_reported(void) {
    patient of;
    admit(&of);
    lewd_record *const vacant = of.heap->records + of.heap->vacant;
    vacant->start = 2 * LIMIT;
    index_a_vacant_record(of.heap, 0, 0);
    vacant->size = (uint32_t)LIMIT - 2u * LIMIT;
    CHECK(lewd_heap_check(of.heap) != NULL);
    discharge(&of);
}

void suite_checker_index(void) {
    RUN(every_fault_of_the_index_is_reported);
    RUN(an_indexed_vacant_record_is_reported);
    RUN(an_indexed_vacant_record_of_no_size_is_reported);
    RUN(an_indexed_vacant_record_without_a_neighbour_is_reported);
    RUN(an_indexed_record_beyond_all_sizes_is_reported);
}
