/*
 * directory.c: the used spans by place, for callers that name a span by the block that it begins at.
 *
 * The working span is cut into cells, which the directory has an entry for each: the number of the first used span that
 * begins in the cell. From there it is a walk along the neighbours to any other span of the cell.
 *
 *     cells      |       |       |       |       |
 *     spans      [a][ b ][c][       d        ][e]       b, c, e: used
 *     directory  b       c       0       e       0
 *
 * An entry of 0, that is none, names the sentinel, whose place is the limit and so higher than that of all spans: most of
 * what follows need not tell it from others. In cells at and above the limit no span begins: they are 0 already when
 * the limit moves down, and when it moves up.
 */
#include "directory.h"

#include <string.h>

/* Makes room for all cells below `limit`, and for an eighth more. False if it was refused; nothing has changed then. */
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

/* Notes a span that is used from now on. */
void lewd_directory_insert(lewd_heap *heap, uint32_t number) {
    const uint32_t place = lewd_place(lewd_at(heap, number));
    uint32_t *const first = &heap->directory[lewd_directory_cell(heap, place)];
    if (lewd_place(lewd_at(heap, *first)) > place)
        *first = number;
}

/*
 * Forgets a span that is about to be freed: the next one is the first, if it begins in the same cell. The walk there does not
 * leave the cell, as many neighbours may be pending (see lewd_heap_free_all), each of which would walk over all others.
 */
void lewd_directory_remove(lewd_heap *heap, uint32_t number) {
    const uint32_t cell = lewd_directory_cell(heap, lewd_place(lewd_at(heap, number)));
    if (heap->directory[cell] != number)
        return;
    uint32_t next = number;
    do
        next = lewd_at(heap, next)->next;
    while (!lewd_used(lewd_at(heap, next)) && lewd_directory_cell(heap, lewd_place(lewd_at(heap, next))) == cell);
    heap->directory[cell] = lewd_directory_cell(heap, lewd_place(lewd_at(heap, next))) == cell ? next : LEWD_SENTINEL;
}
