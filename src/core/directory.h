/*
 * directory.h: the used spans by place. See directory.c.
 */
#ifndef LEWD_DIRECTORY_H
#define LEWD_DIRECTORY_H

#include "record.h"

/* A cell has 2^LEWD_CELL_LOG2 blocks. This bounds the walk to a span by its place. Tests shrink it. */
#ifndef LEWD_CELL_LOG2
#define LEWD_CELL_LOG2 5
#endif

/* Returns the cell of a place. */
static inline uint32_t lewd_directory_cell(const lewd_heap *heap, uint32_t place) {
    return (place - heap->base) >> LEWD_CELL_LOG2;
}

/*
 * Makes or enlarges the directory: it then has all cells below `limit`, which must be above the base. Returns false,
 * and changes nothing, if memory is refused. O(cells of the directory), O(1) if they suffice.
 */
bool lewd_directory_reach(lewd_heap *heap, uint32_t limit);

/* Inserts a used span. The directory must exist. O(1). */
void lewd_directory_insert(lewd_heap *heap, uint32_t number);
/* Removes a used span, which is about to be freed. The directory must exist. O(1): the walk ends with the cell. */
void lewd_directory_remove(lewd_heap *heap, uint32_t number);

#endif
