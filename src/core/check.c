/*
 * check.c: the checker of a whole heap. heap.h lists the proofs in the order of the checks here.
 *
 * It trusts no link: it compares numbers with the bound before it follows them, and counts the steps of every walk, so
 * it ends on rings and never leaves the records.
 */
#include "directory.h"
#include "index.h"
#include "tree.h"

/* Counts of one walk, with which later walks compare theirs. */
typedef struct census {
    uint32_t spans;
    uint32_t free_spans;
    uint32_t indexed;
} census;

static bool names_span(const lewd_heap *heap, uint32_t number) {
    return number != LEWD_SENTINEL && number < heap->bound;
}

/* Checks a span that must begin at `place`, with `left` as its left neighbour. */
static const char *check_span(const lewd_heap *heap, uint32_t number, uint32_t left, uint32_t place) {
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
    if (end <= place || end > lewd_place(heap->records))
        return "a span is empty or ends beyond the limit";
    if (lewd_pending(record))
        return "a span is pending";
    if (!lewd_used(record) && lewd_reserved(record))
        return "a free span is reserved";
    if (!lewd_used(record) && left != LEWD_SENTINEL && !lewd_used(heap->records + left))
        return "two free spans are neighbours";
    return NULL;
}

static const char *check_neighbours(const lewd_heap *heap, census *found) {
    const lewd_record *const sentinel = heap->records;
    if (heap->bound > heap->capacity)
        return "there are more records than memory for them";
    if ((sentinel->start & LEWD_MARKS) != LEWD_USED || lewd_place(sentinel) > LEWD_MAX_BLOCKS ||
        heap->base > lewd_place(sentinel))
        return "the limit is out of range";
    uint64_t used = 0;
    uint64_t reserved = 0;
    uint32_t place = heap->base;
    uint32_t left = LEWD_SENTINEL;
    uint32_t number = sentinel->next;
    while (number != LEWD_SENTINEL) {
        const char *const fault = check_span(heap, number, left, place);
        if (fault != NULL)
            return fault;
        const lewd_record *const record = heap->records + number;
        const uint32_t size = lewd_extent(heap, record);
        if (lewd_reserved(record))
            reserved += size;
        else if (lewd_used(record))
            used += size;
        else
            found->free_spans++;
        found->spans++;
        place += size;
        left = number;
        number = record->next;
    }
    if (sentinel->prev != left)
        return "a link back does not mirror the link forward";
    if (place != lewd_place(sentinel))
        return "the spans do not reach the limit";
    if (used != heap->used)
        return "the used blocks are not the sum of the used spans";
    if (reserved != heap->reserved)
        return "the reserved blocks are not the sum of the reserved spans";
    return NULL;
}

/* Checks that a record may be in this bin, whether pile or tree. */
static const char *check_indexed(const lewd_heap *heap, uint32_t bin, uint32_t number, census *found) {
    if (!names_span(heap, number))
        return "a link of the index is not a record";
    const lewd_record *const record = heap->records + number;
    if (++found->indexed > found->free_spans)
        return "the index holds more than the free spans";
    if (lewd_used(record))
        return "the index holds a used span";
    if (record->next >= heap->bound)
        return "the index has a wrong size";
    const uint32_t size = lewd_extent(heap, record);
    if (size == 0 || size > LEWD_MAX_BLOCKS)
        return "the index has a wrong size";
    return lewd_index_bin(size) == bin ? NULL : "a span is in the wrong bin";
}

/*
 * Returns the span that a walk visits after `number`, which has no children, and writes that span's parent: the right
 * child of the nearest span above that was reached from the left; 0 if there is none.
 */
static uint32_t next_in_pile(const lewd_heap *heap, uint32_t number, uint32_t *parent) {
    *parent = heap->records[number].parent;
    while (*parent != 0) {
        const uint32_t right = heap->records[*parent].link[LEWD_RIGHT];
        if (right != 0 && right != number)
            return right;
        number = *parent;
        *parent = heap->records[number].parent;
    }
    return 0;
}

/*
 * Walks a pile without a stack, since it may be deep: down to the left, then to the right, and up again by the parents.
 */
static const char *check_pile(const lewd_heap *heap, uint32_t bin, census *found) {
    uint32_t parent = 0;
    uint32_t number = heap->root[bin];
    while (number != 0) {
        const char *const fault = check_indexed(heap, bin, number, found);
        if (fault != NULL)
            return fault;
        const lewd_record *const record = heap->records + number;
        if (record->parent != parent)
            return "a pile's parent does not mirror the link to its child";
        if (parent != 0 && record->start <= heap->records[parent].start)
            return "a pile is out of order";
        if (record->link[LEWD_LEFT] != 0 && record->link[LEWD_LEFT] == record->link[LEWD_RIGHT])
            return "a pile's span is a child on both sides";
        parent = number;
        number = record->link[LEWD_LEFT] != 0 ? record->link[LEWD_LEFT] : record->link[LEWD_RIGHT];
        if (number == 0)
            number = next_in_pile(heap, parent, &parent);
    }
    return NULL;
}

/* Checks a tree whose keys must lie in [low, high), and whose priorities must lie below `ceiling`. */
static const char *check_tree(const lewd_heap *heap, uint32_t bin, uint32_t number, uint64_t low, uint64_t high,
                              uint64_t ceiling, census *found) {
    if (number == 0)
        return NULL;
    const char *fault = check_indexed(heap, bin, number, found);
    if (fault != NULL)
        return fault;
    const lewd_record *const record = heap->records + number;
    if (record->size != lewd_extent(heap, record))
        return "the index has a wrong size";
    if (lewd_tree_key(record) < low || lewd_tree_key(record) >= high)
        return "a tree is out of order";
    if (lewd_tree_priority(record) >= ceiling)
        return "a tree's priorities are out of order";
    fault =
        check_tree(heap, bin, record->link[LEWD_LEFT], low, lewd_tree_key(record), lewd_tree_priority(record), found);
    if (fault != NULL)
        return fault;
    return check_tree(heap, bin, record->link[LEWD_RIGHT], lewd_tree_key(record) + 1u, high, lewd_tree_priority(record),
                      found);
}

static bool is_in_pile(const lewd_heap *heap, uint32_t root, uint32_t number) {
    uint32_t steps = 0;
    while (number != root) {
        const uint32_t parent = heap->records[number].parent;
        if (!names_span(heap, parent) || ++steps > heap->bound)
            return false;
        if (heap->records[parent].link[LEWD_LEFT] != number && heap->records[parent].link[LEWD_RIGHT] != number)
            return false;
        number = parent;
    }
    return true;
}

static bool is_in_tree(const lewd_heap *heap, uint32_t root, uint32_t number) {
    const uint64_t key = lewd_tree_key(heap->records + number);
    while (root != 0 && root != number)
        root = heap->records[root].link[lewd_tree_key(heap->records + root) < key];
    return root == number;
}

/* Returns whether a search finds the free span `number`. The piles and trees must be sound. */
static bool is_indexed(const lewd_heap *heap, uint32_t number) {
    const uint32_t size = lewd_extent(heap, heap->records + number);
    const uint32_t bin = lewd_index_bin(size);
    if (heap->root[bin] == 0)
        return false;
    if (bin < LEWD_EXACT_BINS)
        return is_in_pile(heap, heap->root[bin], number);
    return heap->records[number].size == size && is_in_tree(heap, heap->root[bin], number);
}

static const char *check_bin(const lewd_heap *heap, uint32_t bin, census *found) {
    if (bin < LEWD_EXACT_BINS)
        return check_pile(heap, bin, found);
    return check_tree(heap, bin, heap->root[bin], 0, UINT64_MAX, (uint64_t)UINT32_MAX + 1u, found);
}

/*
 * Checks that every free span is found, and that the bins hold no more records than there are free spans: so they hold
 * nothing else.
 */
static const char *check_index(const lewd_heap *heap, census *found) {
    uint32_t summary = 0;
    for (uint32_t bin = 0; bin < LEWD_BIN_WORDS * 64u; bin++) {
        const bool marked = (heap->bitmap[bin / 64u] >> (bin % 64u) & 1u) != 0;
        if (marked != (bin < LEWD_BINS && heap->root[bin] != 0))
            return "a bitmap does not say which bins are empty";
        const char *const fault = marked ? check_bin(heap, bin, found) : NULL;
        if (fault != NULL)
            return fault;
        summary |= (uint32_t)marked << (bin / 64u);
    }
    if (heap->summary != summary)
        return "the summary does not say which bitmaps are empty";
    for (uint32_t number = heap->records->next; number != LEWD_SENTINEL; number = heap->records[number].next)
        if (!lewd_used(heap->records + number) && !is_indexed(heap, number))
            return "a free span is not in the index";
    return NULL;
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

/* Walks the cells and the spans together. */
static const char *check_directory(const lewd_heap *heap) {
    if (heap->directory == NULL)
        return heap->cells == 0 ? NULL : "there are cells without a directory";
    const uint32_t limit = lewd_place(heap->records);
    if (limit > heap->base && lewd_directory_cell(heap, limit - 1u) >= heap->cells)
        return "the directory does not reach the limit";
    uint32_t number = heap->records->next;
    for (uint32_t cell = 0; cell < heap->cells; cell++) {
        uint32_t first = 0;
        while (number != LEWD_SENTINEL && lewd_directory_cell(heap, lewd_place(heap->records + number)) == cell) {
            if (first == 0 && lewd_used(heap->records + number))
                first = number;
            number = heap->records[number].next;
        }
        if (heap->directory[cell] != first)
            return "the directory does not tell the first used span of a cell";
    }
    return NULL;
}

const char *lewd_heap_check(const lewd_heap *heap) {
    census found = {0, 0, 0};
    const char *fault = check_neighbours(heap, &found);
    if (fault == NULL)
        fault = check_index(heap, &found);
    if (fault == NULL)
        fault = check_records(heap, &found);
    if (fault == NULL)
        fault = check_directory(heap);
    return fault;
}
