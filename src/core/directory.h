/*
 * directory.h: the used spans by place. See directory.c.
 */
#ifndef LEWD_DIRECTORY_H
#define LEWD_DIRECTORY_H

#include "record.h"

/* A cell has 2^LEWD_CELL_LOG2 blocks: the bound of the walk to a span by its place. Tests shrink it. */
#ifndef LEWD_CELL_LOG2
#define LEWD_CELL_LOG2 5
#endif

/* Returns the cell of a place. */
static inline uint32_t lewd_directory_cell(const lewd_heap *heap, uint32_t place) {
    return (place - heap->base) >> LEWD_CELL_LOG2;
}

/* Makes or enlarges the directory. The functions below need it to be there, and no memory. */
bool lewd_directory_reach(lewd_heap *heap, uint32_t limit);

void lewd_directory_insert(lewd_heap *heap, uint32_t number);
void lewd_directory_remove(lewd_heap *heap, uint32_t number);

#endif
