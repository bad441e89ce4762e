/*
 * check.c: the checker of a whole heap. What it proves is listed in heap.h; here it is proved in that order.
 *
 * It trusts no link: numbers are compared with the bound before they are followed, and every walk is counted, so that it
 * ends on rings and never leaves the records.
 */
#include "heap_internal.h"

/* What one walk found, for the next ones to compare. */
typedef struct census {
    uint32_t spans;
    uint32_t free_spans;
    uint32_t indexed;
} census;

static bool names_span(const lewd_heap *heap, uint32_t number) {
    return number != LEWD_SENTINEL && number < heap->bound;
}

static const char *check_neighbours(const lewd_heap *heap, census *found) {
    const lewd_record *const sentinel = heap->records;
    if (heap->bound > heap->capacity)
        return "there are more records than memory for them";
    uint64_t used = 0;
    uint32_t place = heap->base;
    uint32_t left = LEWD_SENTINEL;
    uint32_t number = sentinel->next;
    if (!lewd_used(sentinel) || lewd_place(sentinel) > LEWD_MAX_BLOCKS || place > lewd_place(sentinel))
        return "the limit is out of range";
    while (number != LEWD_SENTINEL) {
        if (!names_span(heap, number))
            return "a neighbour is not a record";
        const lewd_record *const record = heap->records + number;
        if (record->prev != left)
            return "a link back does not mirror the link forward";
        if (lewd_place(record) != place)
            return "a span does not begin where the one before ends";
        if (record->next >= heap->bound)
            return "a neighbour is not a record";
        const uint32_t end = lewd_place(heap->records + record->next);
        if (end <= place || end > lewd_place(sentinel))
            return "a span is empty or ends beyond the limit";
        if (lewd_used(record))
            used += end - place;
        else if (left != LEWD_SENTINEL && !lewd_used(heap->records + left))
            return "two free spans are neighbours";
        else
            found->free_spans++;
        found->spans++;
        place = end;
        left = number;
        number = record->next;
    }
    if (sentinel->prev != left)
        return "a link back does not mirror the link forward";
    if (place != lewd_place(sentinel))
        return "the spans do not reach the limit";
    if (used != heap->used)
        return "the used blocks are not the sum of the used spans";
    return NULL;
}

/* The keys of a tree lie in [low, high), the priorities below `ceiling`. Depth is bounded by the count of free spans. */
static const char *check_tree(const lewd_heap *heap, uint32_t bin, uint32_t number, uint64_t low, uint64_t high,
                              uint64_t ceiling, census *found) {
    if (number == 0)
        return NULL;
    if (!names_span(heap, number))
        return "a tree's link is not a record";
    const lewd_record *const record = heap->records + number;
    if (++found->indexed > found->free_spans)
        return "the index holds more than the free spans";
    if (lewd_used(record))
        return "the index holds a used span";
    if (record->size == 0 || record->size > LEWD_MAX_BLOCKS || record->next >= heap->bound ||
        record->size != lewd_extent(heap, record))
        return "the index has a wrong size";
    if (lewd_bin_of(record->size) != bin)
        return "a span is in the wrong bin";
    if (lewd_key(record) < low || lewd_key(record) >= high)
        return "a tree is out of order";
    if (lewd_priority(record) >= ceiling)
        return "a tree's priorities are out of order";
    const char *const fault =
        check_tree(heap, bin, record->link[LEWD_LEFT], low, lewd_key(record), lewd_priority(record), found);
    if (fault != NULL)
        return fault;
    return check_tree(heap, bin, record->link[LEWD_RIGHT], lewd_key(record) + 1u, high, lewd_priority(record), found);
}

/* Whether a search for the free span `number` ends at it. The trees are in order. */
static bool is_indexed(const lewd_heap *heap, uint32_t number) {
    const lewd_record *const record = heap->records + number;
    const uint64_t key = (uint64_t)lewd_extent(heap, record) << 32 | record->start;
    uint32_t other = heap->root[lewd_bin_of(lewd_extent(heap, record))];
    while (other != 0 && other != number)
        other = heap->records[other].link[lewd_key(heap->records + other) < key];
    return other == number;
}

/* As every free span is found, and no more records are in the trees than there are free spans, there is nothing else. */
static const char *check_index(const lewd_heap *heap, census *found) {
    for (uint32_t bin = 0; bin < LEWD_BIN_WORDS * 64u; bin++) {
        const bool marked = (heap->bitmap[bin / 64u] >> (bin % 64u) & 1u) != 0;
        if (marked != (bin < LEWD_BINS && heap->root[bin] != 0))
            return "a bitmap does not say which bins are empty";
        if (!marked)
            continue;
        const char *const fault =
            check_tree(heap, bin, heap->root[bin], 0, UINT64_MAX, (uint64_t)UINT32_MAX + 1u, found);
        if (fault != NULL)
            return fault;
    }
    for (uint32_t number = heap->records->next; number != LEWD_SENTINEL; number = heap->records[number].next)
        if (!lewd_used(heap->records + number) && !is_indexed(heap, number))
            return "a free span is not in the index";
    uint32_t summary = 0;
    for (uint32_t word = 0; word < LEWD_BIN_WORDS; word++)
        summary |= (uint32_t)(heap->bitmap[word] != 0) << word;
    return heap->summary == summary ? NULL : "the summary does not say which bitmaps are empty";
}

static const char *check_records(const lewd_heap *heap, const census *found) {
    uint64_t vacant = 0;
    for (uint32_t number = heap->vacant; number != 0; number = heap->records[number].next) {
        if (!names_span(heap, number) || heap->records[number].start != LEWD_VACANT)
            return "the list of vacant records leads to one that is not";
        if (++vacant > heap->bound)
            return "the list of vacant records is a ring";
    }
    if (1u + found->spans + vacant != heap->bound)
        return "a record is neither span nor vacant, or both";
    return NULL;
}

const char *lewd_heap_check(const lewd_heap *heap) {
    census found = {0, 0, 0};
    const char *fault = check_neighbours(heap, &found);
    if (fault == NULL)
        fault = check_index(heap, &found);
    if (fault == NULL)
        fault = check_records(heap, &found);
    return fault;
}
