/*
 * directory.c: the used spans by place, for callers that name a span by its first block.
 *
 * The working span is divided into cells of equal size. The directory has an entry for each cell: the number of the
 * first used span that begins in it. A walk along the neighbours leads from there to the other spans of the cell.
 *
 *     cells      |       |       |       |       |
 *     spans      [a][ b ][c][       d        ][e]       b, c, e: used
 *     directory  b       c       0       e       0
 *
 * An entry of 0 means that no used span begins in the cell. As a record's number, 0 names the sentinel, whose place
 * (the limit) is higher than that of every span, so comparisons need no test for 0. Entries of cells at and above the
 * limit are 0: the limit moves down over free blocks only, and new entries are cleared.
 */
#include "directory.h"

#include <string.h>

/* Makes room for an eighth more cells than are needed. */
bool lewd_directory_reach(lewd_heap *heap, uint32_t limit) {
    assert(limit > heap->base);
    const size_t needed = (size_t)lewd_directory_cell(heap, limit - 1u) + 1u;
    if (needed <= heap->cells)
        return true;
    const size_t old_size = heap->cells * sizeof *heap->directory;
    const size_t cells = needed + needed / 8u;
    const size_t size = cells * sizeof *heap->directory;
    uint32_t *const directory = heap->resize(heap->context, heap->directory, old_size, size);
    if (directory == NULL)
        return false;
    memset(directory + heap->cells, 0, size - old_size);
    heap->directory = directory;
    heap->cells = (uint32_t)cells;
    return true;
}

static uint32_t cell_of(const lewd_heap *heap, uint32_t number) {
    return lewd_directory_cell(heap, lewd_place(lewd_at(heap, number)));
}

void lewd_directory_insert(lewd_heap *heap, uint32_t number) {
    const uint32_t place = lewd_place(lewd_at(heap, number));
    uint32_t *const first = &heap->directory[lewd_directory_cell(heap, place)];
    if (lewd_place(lewd_at(heap, *first)) > place)
        *first = number;
}

/*
 * If the span is the first of its cell, the next used span becomes the first, provided that it begins in the same cell.
 * The walk to that span ends at the end of the cell: many neighbours after it may be pending (see lewd_heap_free_all),
 * and each of them would walk over all others.
 */
void lewd_directory_remove(lewd_heap *heap, uint32_t number) {
    const uint32_t cell = cell_of(heap, number);
    if (heap->directory[cell] != number)
        return;
    uint32_t next = lewd_at(heap, number)->next;
    while (!lewd_used(lewd_at(heap, next)) && cell_of(heap, next) == cell)
        next = lewd_at(heap, next)->next;
    heap->directory[cell] = cell_of(heap, next) == cell ? next : LEWD_SENTINEL;
}
