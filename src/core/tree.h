/*
 * tree.h: free spans of several sizes, in order of size, then place. See tree.c.
 *
 * A tree is named by the link to its root, a record's number; 0: it is empty. None of these functions needs memory. The
 * neighbours of a span that is inserted or removed are linked.
 */
#ifndef LEWD_TREE_H
#define LEWD_TREE_H

#include "record.h"

/* How many spans are kept for the way back up a tree. Tests shrink it, so that it does not suffice. */
#ifndef LEWD_PATH_LENGTH
#define LEWD_PATH_LENGTH 32u
#endif

/* The order of a tree: by size, then place. */
static inline uint64_t lewd_tree_key(const lewd_record *record) {
    return (uint64_t)record->size << 32 | record->start;
}

/*
 * The priority in a tree: a hash of the place. Two rounds of multiply and shift, since the places in a bin are often in
 * arithmetic progression, for which one multiplication alone makes long monotone runs, that is deep trees. Both steps
 * are invertible, so places that differ have priorities that differ.
 */
static inline uint32_t lewd_tree_priority(const lewd_record *record) {
    uint32_t mixed = record->start * 0x9e3779b1u;
    mixed ^= mixed >> 15;
    return mixed * 0x85ebca6bu;
}

void lewd_tree_insert(lewd_heap *heap, uint32_t *root, uint32_t number, uint32_t size);
void lewd_tree_remove(lewd_heap *heap, uint32_t *root, uint32_t number);
uint32_t lewd_tree_best(const lewd_heap *heap, uint32_t root, uint32_t size);
uint32_t lewd_tree_aligned(const lewd_heap *heap, uint32_t root, uint32_t size, uint32_t alignment);
uint32_t lewd_tree_largest(const lewd_heap *heap, uint32_t root);

#endif
