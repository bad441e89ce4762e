/*
 * suite_checker.c: tests of the checker. Faults are planted in a sound heap, by hand in its records, and each must be
 * reported; every text that check.c can return is expected at least once. Faults of the index are in
 * suite_checker_index.c.
 */
#include "../../src/core/directory.h"
#include "patient.h"
#include "suites.h"

/* Faults of the spans and their figures. */

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

/* Faults that only a comparison with the neighbours finds: a free span that is marked as used. */
static void free_called_used(lewd_heap *heap) {
    second(heap)->start |= LEWD_USED;
}

static void sentinel_reserved(lewd_heap *heap) {
    sentinel(heap)->start |= LEWD_RESERVED;
}

static void sentinel_pending(lewd_heap *heap) {
    sentinel(heap)->start |= LEWD_PENDING;
}

static void used_called_pending(lewd_heap *heap) {
    heap->records[first(heap)].start |= LEWD_PENDING;
}

static void free_called_pending(lewd_heap *heap) {
    second(heap)->start |= LEWD_PENDING;
}

static void free_called_reserved(lewd_heap *heap) {
    second(heap)->start |= LEWD_RESERVED;
}

/* Figures that agree with the marks, and marks that disagree only with the figures. */

static void used_called_reserved(lewd_heap *heap) {
    heap->records[first(heap)].start |= LEWD_RESERVED;
}

static void reserved_called_used(lewd_heap *heap) {
    reserved_one(heap)->start &= ~LEWD_RESERVED;
}

static void reserved_called_free(lewd_heap *heap) {
    reserved_one(heap)->start &= ~LEWD_USED;
}

static void reserved_too_small(lewd_heap *heap) {
    heap->reserved--;
}

static void reserved_too_large(lewd_heap *heap) {
    heap->reserved++;
}

static void reserved_counted_as_used(lewd_heap *heap) {
    heap->used += heap->reserved;
    heap->reserved = 0;
}

/* Faults of the records. */

static void vacant_is_used(lewd_heap *heap) {
    heap->vacant = first(heap);
}

static void vacant_is_no_record(lewd_heap *heap) {
    heap->vacant = heap->bound;
}

static void vacant_leads_to_a_span(lewd_heap *heap) {
    heap->records[heap->vacant].next = heap->records[first(heap)].next;
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

/* Faults of the directory. */

/* Finds the first cell that knows a span, and that span. */
static uint32_t *cell_of_the_first(lewd_heap *heap) {
    return &heap->directory[lewd_directory_cell(heap, lewd_heap_start(heap, first(heap)))];
}

static uint32_t *empty_cell(lewd_heap *heap) {
    uint32_t cell = 0;
    while (heap->directory[cell] != 0)
        cell++;
    return &heap->directory[cell];
}

static void cell_lost(lewd_heap *heap) {
    *cell_of_the_first(heap) = 0;
}

static void cell_names_a_free_span(lewd_heap *heap) {
    *cell_of_the_first(heap) = heap->records[first(heap)].next;
}

/* The first span is used, followed by a hole of 3 blocks: with cells of 8 blocks and more the next used one is in
 * the same cell. */
static void cell_names_the_next_used_span(lewd_heap *heap) {
    *cell_of_the_first(heap) = lewd_heap_next_used(heap, first(heap));
}

static void cell_names_no_record(lewd_heap *heap) {
    *cell_of_the_first(heap) = UINT32_MAX;
}

static void empty_cell_names_a_span(lewd_heap *heap) {
    *empty_cell(heap) = first(heap);
}

static void reserved_span_left_out(lewd_heap *heap) {
    heap->directory[lewd_directory_cell(heap, lewd_place(reserved_one(heap)))] = 0;
}

static void last_cell_in_reserve_names_a_span(lewd_heap *heap) {
    heap->directory[heap->cells - 1] = first(heap);
}

static void first_cell_in_reserve_names_a_span(lewd_heap *heap) {
    heap->directory[lewd_directory_cell(heap, lewd_heap_start(heap, LEWD_SENTINEL) - 1) + 1] = sentinel(heap)->prev;
}

static void directory_too_short(lewd_heap *heap) {
    heap->cells = lewd_directory_cell(heap, lewd_heap_start(heap, LEWD_SENTINEL) - 1);
}

static void directory_of_no_cells(lewd_heap *heap) {
    heap->cells = 0;
}

static void cells_without_a_directory(lewd_heap *heap) {
    heap->directory = NULL;
}

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
    {sentinel_reserved, "the limit is out of range"},
    {sentinel_pending, "the limit is out of range"},
    {free_called_reserved, "a free span is reserved"},
    {used_called_pending, "a span is pending"},
    {free_called_pending, "a span is pending"},
    {used_called_reserved, "the used blocks are not the sum of the used spans"},
    {reserved_called_used, "the used blocks are not the sum of the used spans"},
    {reserved_called_free, "a free span is reserved"},
    {reserved_too_small, "the reserved blocks are not the sum of the reserved spans"},
    {reserved_too_large, "the reserved blocks are not the sum of the reserved spans"},
    {reserved_counted_as_used, "the used blocks are not the sum of the used spans"},
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
    {cell_lost, "the directory does not tell the first used span of a cell"},
    {cell_names_a_free_span, "the directory does not tell the first used span of a cell"},
    {cell_names_the_next_used_span, "the directory does not tell the first used span of a cell"},
    {cell_names_no_record, "the directory does not tell the first used span of a cell"},
    {empty_cell_names_a_span, "the directory does not tell the first used span of a cell"},
    {reserved_span_left_out, "the directory does not tell the first used span of a cell"},
    {last_cell_in_reserve_names_a_span, "the directory does not tell the first used span of a cell"},
    {first_cell_in_reserve_names_a_span, "the directory does not tell the first used span of a cell"},
    {directory_too_short, "the directory does not reach the limit"},
    {directory_of_no_cells, "the directory does not reach the limit"},
    {cells_without_a_directory, "there are cells without a directory"},
};

static void every_fault_is_reported(void) {
    expect_reports(faults, sizeof faults / sizeof faults[0]);
}

/* An empty heap has no last block that a directory could fail to reach. */
static void an_empty_heap_needs_no_cell(void) {
    lewd_span span = 0;
    patient of = {.heap = NULL};
    of.heap = lewd_heap_create(10, 11, meter_resize, &of.meter);
    CHECK(of.heap != NULL);
    CHECK_SAME(lewd_heap_find(of.heap, 10, &span), LEWD_INVALID);
    CHECK_SAME(lewd_heap_shrink(of.heap, 10), LEWD_OK);
    remember(&of);
    of.heap->directory[0] = 1;
    CHECK_TEXT(lewd_heap_check(of.heap), "the directory does not tell the first used span of a cell");
    discharge(&of);
}

/* A free span at place 0 looks vacant: a wholly free heap must not be taken for its own vacant record. */
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

/* More records than memory: none beyond it may be read (the sanitizers detect it). */
static void records_beyond_the_memory_are_not_read(void) {
    patient of;
    admit(&of);
    of.heap->bound = of.heap->capacity + 1000000;
    sentinel(of.heap)->next = of.heap->bound - 1;
    CHECK(lewd_heap_check(of.heap) != NULL);
    discharge(&of);
}

/*
 * Flips single bits: the change of any bit of the heap is noticed, except of unused bits. One exception is the place
 * where two used spans meet: one block higher or lower is a sound heap too.
 */

enum { MARKS = 29 };

static void expect_bits_from(const lewd_heap *heap, uint32_t *word, uint32_t bit) {
    for (; bit < 32; bit++) {
        *word ^= 1u << bit;
        const char *const report = lewd_heap_check(heap);
        *word ^= 1u << bit;
        CHECK(report != NULL);
    }
}

static void expect_bits_to_matter(const lewd_heap *heap, uint32_t *word) {
    expect_bits_from(heap, word, 0);
}

static void flip_record(const lewd_heap *heap, uint32_t number, bool vacant) {
    lewd_record *const record = heap->records + number;
    const bool between_used =
        !vacant && record->prev != 0 && number != 0 && lewd_used(record) && lewd_used(heap->records + record->prev);
    expect_bits_from(heap, &record->start, between_used ? MARKS : 0);
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
    expect_bits_to_matter(heap, &heap->reserved);
    for (uint32_t cell = 0; cell < heap->cells; cell++)
        expect_bits_to_matter(heap, &heap->directory[cell]);
    expect_bits_to_matter(heap, &heap->summary);
    for (uint32_t bit = 0; bit < LEWD_BIN_WORDS * 64; bit++) {
        heap->bitmap[bit / 64] ^= (uint64_t)1 << bit % 64;
        CHECK(lewd_heap_check(heap) != NULL);
        heap->bitmap[bit / 64] ^= (uint64_t)1 << bit % 64;
    }
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

/* After any damage the checker ends, and reads no record beyond the bound. It changes neither bound nor capacity. */

static void scribble(patient *of, dice *from) {
    uint32_t *const words = (uint32_t *)of->heap->records;
    const uint32_t count = of->heap->bound * (uint32_t)(sizeof(lewd_record) / sizeof *words);
    const uint32_t value = dice_below(from, 3) == 0 ? (uint32_t)dice_next(from) : dice_below(from, of->heap->bound + 1);
    switch (dice_below(from, 7)) {
    case 0:
        of->heap->root[dice_below(from, LEWD_BINS)] = value;
        break;
    case 1:
        of->heap->vacant = value;
        break;
    case 2:
        of->heap->bitmap[dice_below(from, LEWD_BIN_WORDS)] ^= (uint64_t)1 << dice_below(from, 64);
        break;
    case 3:
        if (of->heap->cells != 0)
            of->heap->directory[dice_below(from, of->heap->cells)] = value;
        break;
    default:
        words[dice_below(from, count)] = value;
    }
}

static void it_ends_on_random_damage(void) {
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
    RUN(an_empty_heap_needs_no_cell);
    RUN(a_free_heap_in_the_list_of_vacant_records_is_reported);
    RUN(records_beyond_the_memory_are_not_read);
    RUN(every_single_bit_matters);
    RUN(it_ends_on_random_damage);
}
