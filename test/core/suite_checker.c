/*
 * suite_checker.c: the checker's own tests. Faults are planted in a healthy heap, by hand in its records, and each must
 * be reported; every text that check.c can return is wanted at least once.
 */
#include "../../src/heap_internal.h"
#include "harness.h"
#include "suites.h"
#include "twin.h"

#include <stdlib.h>
#include <string.h>

enum { LIMIT = 100000, LARGE = 4208 };

/* A heap to damage and to make whole again. */
typedef struct patient {
    meter meter;
    lewd_heap *heap;
    lewd_heap body;
    lewd_record *records;
} patient;

static void remember(patient *of) {
    const size_t size = of->heap->bound * sizeof(lewd_record);
    CHECK_TEXT(lewd_heap_check(of->heap), NULL);
    of->body = *of->heap;
    of->records = realloc(of->records, size);
    CHECK(of->records != NULL);
    memcpy(of->records, of->heap->records, size);
}

static void heal(patient *of) {
    *of->heap = of->body;
    memcpy(of->heap->records, of->records, of->heap->bound * sizeof(lewd_record));
}

static void discharge(patient *of) {
    heal(of);
    CHECK_TEXT(lewd_heap_check(of->heap), NULL);
    lewd_heap_destroy(of->heap);
    CHECK_SAME(of->meter.outstanding, 0);
    free(of->records);
}

static lewd_span get(patient *of, uint32_t size) {
    lewd_span span = 0;
    CHECK_SAME(lewd_heap_alloc(of->heap, size, &span), LEWD_OK);
    return span;
}

/*
 * Free spans: eight of 3 blocks in a pile, eight from 4,104 blocks up in a tree, and the tail; used ones between them; four
 * vacant records. The first span is used.
 */
static void admit(patient *of) {
    enum { HOLES = 8 };
    lewd_span holes[2 * HOLES];
    lewd_span tail[4];
    *of = (patient){.heap = NULL};
    of->heap = lewd_heap_create(10, LIMIT, meter_resize, &of->meter);
    CHECK(of->heap != NULL);
    for (uint32_t index = 0; index < 2 * HOLES; index++) {
        get(of, 1);
        holes[index] = get(of, index < HOLES ? 3 : LARGE + index);
    }
    get(of, 1);
    for (int index = 0; index < 4; index++)
        tail[index] = get(of, 1);
    for (int index = 0; index < 2 * HOLES; index++)
        CHECK_SAME(lewd_heap_free(of->heap, holes[index]), LEWD_OK);
    for (int index = 0; index < 4; index++)
        CHECK_SAME(lewd_heap_free(of->heap, tail[index]), LEWD_OK);
    remember(of);
}

/* Places to strike at. */

static lewd_record *sentinel(lewd_heap *heap) {
    return heap->records;
}

static uint32_t first(lewd_heap *heap) {
    return sentinel(heap)->next;
}

static lewd_record *second(lewd_heap *heap) {
    return heap->records + heap->records[first(heap)].next;
}

/* The first bin from `bin` on, below `end`, whose root has both children. */
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

/* The link that a leaf of the bushy tree hangs from. */
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

static void limit_not_used(lewd_heap *heap) {
    sentinel(heap)->start &= ~LEWD_USED;
}

static void limit_too_high(lewd_heap *heap) {
    sentinel(heap)->start = (LEWD_MAX_BLOCKS + 1) | LEWD_USED;
}

static void base_above_limit(lewd_heap *heap) {
    heap->base = LIMIT + 1;
}

static void first_is_no_record(lewd_heap *heap) {
    sentinel(heap)->next = heap->bound;
}

static void next_is_no_record(lewd_heap *heap) {
    second(heap)->next = heap->bound;
}

static void next_is_far_off(lewd_heap *heap) {
    second(heap)->next = UINT32_MAX;
}

static void prev_is_wrong(lewd_heap *heap) {
    second(heap)->prev = 0;
}

static void last_is_wrong(lewd_heap *heap) {
    sentinel(heap)->prev = first(heap);
}

static void gap_at_the_base(lewd_heap *heap) {
    heap->base--;
}

static void overlap_at_the_base(lewd_heap *heap) {
    heap->base++;
}

static void span_is_empty(lewd_heap *heap) {
    second(heap)->start = heap->records[first(heap)].start & ~LEWD_USED;
}

static void span_beyond_the_limit(lewd_heap *heap) {
    second(heap)->start = LIMIT + 1;
}

static void span_at_the_limit_has_a_successor(lewd_heap *heap) {
    heap->records[sentinel(heap)->prev].start = LIMIT;
}

static void ring_of_two(lewd_heap *heap) {
    second(heap)->next = first(heap);
    heap->records[first(heap)].prev = heap->records[first(heap)].next;
}

static void ring_of_one(lewd_heap *heap) {
    heap->records[first(heap)].next = first(heap);
}

static void free_neighbours(lewd_heap *heap) {
    heap->records[second(heap)->next].start &= ~LEWD_USED;
}

static void no_span_at_all(lewd_heap *heap) {
    sentinel(heap)->next = 0;
    sentinel(heap)->prev = 0;
}

static void used_too_small(lewd_heap *heap) {
    heap->used--;
}

static void used_too_large(lewd_heap *heap) {
    heap->used++;
}

/* What would be true if the neighbours were not looked at: a free span that is called used. */
static void free_called_used(lewd_heap *heap) {
    second(heap)->start |= LEWD_USED;
}

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

/* A rotation: a search tree still, but upside down. */
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

/* The root and its left child change places; the parents are right. */
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

/* What was lost names a root for its parent that does not know it. */
static void pile_branch_exchanged_for_a_span_of_another_bin(lewd_heap *heap) {
    pile_root(heap)->link[LEWD_LEFT] = heap->root[bushy_bin(heap)];
}

static void pile_lost(lewd_heap *heap) {
    const uint32_t bin = bushy_from(heap, 0, LEWD_EXACT_BINS);
    heap->root[bin] = 0;
    unmark(heap, bin);
}

static void pile_link_is_no_record(lewd_heap *heap) {
    pile_root(heap)->link[LEWD_RIGHT] = heap->bound;
}

static void pile_branch_lost_that_knows_no_parent(lewd_heap *heap) {
    pile_child(heap)->parent = 0;
    pile_root(heap)->link[LEWD_LEFT] = 0;
}

static void leaf_lost_with_a_wrong_size(lewd_heap *heap) {
    heap->records[*leaf_hook(heap)].size++;
    *leaf_hook(heap) = 0;
}

/* A leaf's parent, with the leaf, cut off and linked to a ring that mirrors every link and that no root leads to. */
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

/* Nothing is lost, but taking the parent out would unite the child with itself. */
static void pile_child_twice(lewd_heap *heap) {
    lewd_record *parent = pile_root(heap);
    while ((parent->link[LEWD_LEFT] != 0) == (parent->link[LEWD_RIGHT] != 0)) {
        CHECK(parent->link[LEWD_LEFT] != 0);
        parent = heap->records + parent->link[LEWD_LEFT];
    }
    parent->link[LEWD_LEFT] = parent->link[LEWD_RIGHT] = parent->link[LEWD_LEFT] | parent->link[LEWD_RIGHT];
}

static void vacant_is_used(lewd_heap *heap) {
    heap->vacant = first(heap);
}

static void vacant_is_no_record(lewd_heap *heap) {
    heap->vacant = heap->bound;
}

static void vacant_leads_to_a_span(lewd_heap *heap) {
    heap->records[heap->vacant].next = heap->root[bushy_bin(heap)];
}

static void vacant_leads_far_off(lewd_heap *heap) {
    heap->records[heap->vacant].next = UINT32_MAX;
}

static void vacant_ring_of_one(lewd_heap *heap) {
    heap->records[heap->vacant].next = heap->vacant;
}

static void vacant_ring_of_two(lewd_heap *heap) {
    heap->records[heap->records[heap->vacant].next].next = heap->vacant;
}

static void more_records_than_memory(lewd_heap *heap) {
    heap->capacity = heap->bound - 1;
}

static void no_record_at_all(lewd_heap *heap) {
    heap->bound = 0;
}

static void vacant_lost(lewd_heap *heap) {
    heap->vacant = heap->records[heap->vacant].next;
}

static void all_vacant_lost(lewd_heap *heap) {
    heap->vacant = 0;
}

static void record_too_many(lewd_heap *heap) {
    heap->bound++;
}

typedef struct fault {
    void (*plant)(lewd_heap *heap);
    const char *report; /* NULL: whatever, but a report */
} fault;

static const fault faults[] = {
    {limit_not_used, "the limit is out of range"},
    {limit_too_high, "the limit is out of range"},
    {base_above_limit, "the limit is out of range"},
    {first_is_no_record, "a neighbour is not a record"},
    {next_is_no_record, "a neighbour is not a record"},
    {next_is_far_off, "a neighbour is not a record"},
    {prev_is_wrong, "a link back does not mirror the link forward"},
    {last_is_wrong, "a link back does not mirror the link forward"},
    {gap_at_the_base, "a span does not begin where the one before ends"},
    {overlap_at_the_base, "a span does not begin where the one before ends"},
    {span_is_empty, "a span is empty or ends beyond the limit"},
    {span_beyond_the_limit, "a span is empty or ends beyond the limit"},
    {span_at_the_limit_has_a_successor, "a span is empty or ends beyond the limit"},
    {ring_of_two, NULL},
    {ring_of_one, "a span is empty or ends beyond the limit"},
    {free_neighbours, "two free spans are neighbours"},
    {no_span_at_all, "the spans do not reach the limit"},
    {used_too_small, "the used blocks are not the sum of the used spans"},
    {used_too_large, "the used blocks are not the sum of the used spans"},
    {free_called_used, "the used blocks are not the sum of the used spans"},
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
    {vacant_is_used, "the list of vacant records leads to one that is not"},
    {vacant_is_no_record, "the list of vacant records leads to one that is not"},
    {vacant_leads_to_a_span, "the list of vacant records leads to one that is not"},
    {vacant_leads_far_off, "the list of vacant records leads to one that is not"},
    {vacant_ring_of_one, "the list of vacant records is a ring"},
    {vacant_ring_of_two, "the list of vacant records is a ring"},
    {more_records_than_memory, "there are more records than memory for them"},
    {no_record_at_all, NULL},
    {vacant_lost, "a record is neither span nor vacant, or both"},
    {all_vacant_lost, "a record is neither span nor vacant, or both"},
    {record_too_many, "a record is neither span nor vacant, or both"},
};

enum { FAULTS = sizeof faults / sizeof faults[0] };

static void every_fault_is_reported(void) {
    patient of;
    admit(&of);
    for (int index = 0; index < FAULTS; index++) {
        faults[index].plant(of.heap);
        const char *const report = lewd_heap_check(of.heap);
        heal(&of);
        if (report == NULL)
            harness_note("fault %d, before \"%s\", was not reported", index,
                         faults[index].report == NULL ? "?" : faults[index].report);
        CHECK(report != NULL);
        if (faults[index].report != NULL)
            CHECK_TEXT(report, faults[index].report);
    }
    discharge(&of);
    harness_note("%d faults planted and reported", FAULTS);
}

/*
 * A vacant record in the index in a free span's stead: as many as there should be, and its stale fields may agree with
 * each other. `size` is what it has kept; its place is 0 and its right neighbour the sentinel, or another vacant one.
 */
static void index_a_vacant_record(lewd_heap *heap, uint32_t size, uint32_t next) {
    const uint32_t vacant = heap->vacant;
    const uint32_t bin = size == 0 ? 0 : lewd_bin_of(size);
    CHECK(vacant != 0 && heap->root[bin] == 0);
    *leaf_hook(heap) = 0;
    heap->records[vacant].size = size;
    heap->records[vacant].next = next;
    memset(heap->records[vacant].link, 0, sizeof heap->records[vacant].link);
    heap->root[bin] = vacant;
    mark(heap, bin);
}

/* Of all vacant records only the last is left, whose stale link leads to the sentinel. */
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

/* Without an extent, no bin can be told: the checker must not ask for it. */
static void an_indexed_vacant_record_of_no_size_is_reported(void) {
    patient of;
    admit(&of);
    index_a_vacant_record(of.heap, 0, of.heap->records[of.heap->vacant].next);
    CHECK(lewd_heap_check(of.heap) != NULL);
    discharge(&of);
}

/* A size that no bin holds, which agrees with the place: a vacant record whose place was overwritten. */
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

/* A free span at place 0 looks vacant: a heap that is wholly free must not pass for its own vacant record. */
static void a_free_heap_in_the_list_of_vacant_records_is_reported(void) {
    patient of = {.heap = NULL};
    of.heap = lewd_heap_create(0, 100, meter_resize, &of.meter);
    CHECK(of.heap != NULL);
    CHECK_SAME(lewd_heap_free(of.heap, get(&of, 1)), LEWD_OK);
    remember(&of);
    CHECK(of.heap->vacant != 0 && of.heap->records[of.heap->vacant].next == 0);
    of.heap->vacant = first(of.heap);
    CHECK(lewd_heap_check(of.heap) != NULL);
    discharge(&of);
}

/* More records than memory: none of those beyond may be read (the sanitizers see it). */
static void records_beyond_the_memory_are_not_read(void) {
    patient of;
    admit(&of);
    of.heap->bound = of.heap->capacity + 1000000;
    sentinel(of.heap)->next = of.heap->bound - 1;
    CHECK(lewd_heap_check(of.heap) != NULL);
    discharge(&of);
}

/*
 * Single bits: there is no bit of the heap, but those that mean nothing, whose change goes unnoticed. Where two used spans
 * meet is the exception: one higher or lower is a sound heap too.
 */

static void expect_bits_to_matter(const lewd_heap *heap, uint32_t *word) {
    for (uint32_t bit = 0; bit < 32; bit++) {
        *word ^= 1u << bit;
        const char *const report = lewd_heap_check(heap);
        *word ^= 1u << bit;
        CHECK(report != NULL);
    }
}

static void flip_record(const lewd_heap *heap, uint32_t number, bool vacant) {
    lewd_record *const record = heap->records + number;
    const bool between_used =
        !vacant && record->prev != 0 && number != 0 && lewd_used(record) && lewd_used(heap->records + record->prev);
    if (!between_used)
        expect_bits_to_matter(heap, &record->start);
    expect_bits_to_matter(heap, &record->next);
    if (!vacant)
        expect_bits_to_matter(heap, &record->prev);
    if (vacant || lewd_used(record))
        return;
    expect_bits_to_matter(heap, &record->size);
    expect_bits_to_matter(heap, &record->link[LEWD_LEFT]);
    expect_bits_to_matter(heap, &record->link[LEWD_RIGHT]);
}

static void flip_all(lewd_heap *heap) {
    flip_record(heap, LEWD_SENTINEL, false);
    for (uint32_t number = first(heap); number != LEWD_SENTINEL; number = heap->records[number].next)
        flip_record(heap, number, false);
    for (uint32_t number = heap->vacant; number != 0; number = heap->records[number].next)
        flip_record(heap, number, true);
    for (uint32_t bin = 0; bin < LEWD_BINS; bin++)
        if (bin % 16 == 0 || heap->root[bin] != 0)
            expect_bits_to_matter(heap, &heap->root[bin]);
    expect_bits_to_matter(heap, &heap->bound);
    expect_bits_to_matter(heap, &heap->vacant);
    expect_bits_to_matter(heap, &heap->base);
    expect_bits_to_matter(heap, &heap->used);
    expect_bits_to_matter(heap, &heap->summary);
    for (uint32_t bit = 0; bit < LEWD_BIN_WORDS * 64; bit++) {
        heap->bitmap[bit / 64] ^= (uint64_t)1 << bit % 64;
        CHECK(lewd_heap_check(heap) != NULL);
        heap->bitmap[bit / 64] ^= (uint64_t)1 << bit % 64;
    }
}

/* A heap of some dozens of spans. */
static void admit_random(patient *of, dice *from) {
    const uint32_t base = dice_below(from, 2) * 5;
    *of = (patient){.heap = NULL};
    of->heap = lewd_heap_create(base, base + 60 + dice_below(from, 400), meter_resize, &of->meter);
    CHECK(of->heap != NULL);
    lewd_span span;
    for (int count = 0; count < 40; count++)
        lewd_heap_alloc(of->heap, 1 + dice_below(from, 12), &span);
    for (int count = 0; count < 40; count++)
        lewd_heap_free(of->heap, dice_below(from, lewd_heap_bound(of->heap)));
    remember(of);
}

static void every_single_bit_matters(void) {
    dice from = harness_dice(30);
    for (int count = 0; count < 12; count++) {
        patient of;
        admit_random(&of, &from);
        flip_all(of.heap);
        discharge(&of);
    }
}

/* It ends, and reads no record that there is not, whatever the heap looks like. Bound and capacity are left as they are. */

static void scribble(patient *of, dice *from) {
    uint32_t *const words = (uint32_t *)of->heap->records;
    const uint32_t count = of->heap->bound * (uint32_t)(sizeof(lewd_record) / sizeof *words);
    const uint32_t value = dice_below(from, 3) == 0 ? (uint32_t)dice_next(from) : dice_below(from, of->heap->bound + 1);
    switch (dice_below(from, 6)) {
    case 0:
        of->heap->root[dice_below(from, LEWD_BINS)] = value;
        break;
    case 1:
        of->heap->vacant = value;
        break;
    case 2:
        of->heap->bitmap[dice_below(from, LEWD_BIN_WORDS)] ^= (uint64_t)1 << dice_below(from, 64);
        break;
    default:
        words[dice_below(from, count)] = value;
    }
}

static void it_ends_on_whatever_there_is(void) {
    dice from = harness_dice(31);
    for (int heaps = 0; heaps < 10; heaps++) {
        patient of;
        unsigned reported = 0;
        admit_random(&of, &from);
        for (int count = 0; count < 1000; count++) {
            for (uint32_t left = 1 + dice_below(&from, 8); left > 0; left--)
                scribble(&of, &from);
            reported += lewd_heap_check(of.heap) != NULL;
            heal(&of);
        }
        CHECK(reported > 500);
        discharge(&of);
    }
}

static void healthy_heaps_pass(void) {
    dice from = harness_dice(32);
    for (int count = 0; count < 200; count++) {
        patient of;
        admit_random(&of, &from);
        discharge(&of);
    }
}

void suite_checker(void) {
    RUN(healthy_heaps_pass);
    RUN(every_fault_is_reported);
    RUN(an_indexed_vacant_record_is_reported);
    RUN(an_indexed_vacant_record_of_no_size_is_reported);
    RUN(an_indexed_record_beyond_all_sizes_is_reported);
    RUN(a_free_heap_in_the_list_of_vacant_records_is_reported);
    RUN(records_beyond_the_memory_are_not_read);
    RUN(every_single_bit_matters);
    RUN(it_ends_on_whatever_there_is);
}
