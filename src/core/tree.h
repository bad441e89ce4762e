/*
 * tree.h: free spans of several sizes, in order of size, then place. See tree.c.
 *
 * A tree is given by the number of its root, 0 if it is empty; functions that change a tree take the address of that
 * number. None of these functions needs memory. A span must be linked to its neighbours when it is inserted or removed.
 * n is the number of spans in the tree.
 */
#ifndef LEWD_TREE_H
#define LEWD_TREE_H

#include "record.h"

/* Spans that a walk remembers for its way back up a tree. Tests shrink it, so that it does not suffice. */
#ifndef LEWD_PATH_LENGTH
#define LEWD_PATH_LENGTH 32u
#endif

/* Returns the key that orders a tree: size, then place. */
static inline uint64_t lewd_tree_key(const lewd_record *record) {
    return (uint64_t)record->size << 32 | record->start;
}

/*
 * Returns the priority of a span in a tree: a hash of its place. The hash takes two rounds of multiply and shift, since
 * the places in a bin are often in arithmetic progression. For these, one multiplication alone makes long monotone
 * runs, which make deep trees. Both steps are invertible, so different places have different priorities.
 */
static inline uint32_t lewd_tree_priority(const lewd_record *record) {
    uint32_t mixed = record->start * 0x9e3779b1u;
    mixed ^= mixed >> 15;
    return mixed * 0x85ebca6bu;
}

/* Inserts the free span `number` of `size` blocks, and writes the size to its record. O(log n). */
void lewd_tree_insert(lewd_heap *heap, uint32_t *root, uint32_t number, uint32_t size);
/* Removes the free span `number`, which must be in the tree. O(log n). */
void lewd_tree_remove(lewd_heap *heap, uint32_t *root, uint32_t number);
/* Returns the smallest span of at least `size` blocks, the lowest of equal ones; 0 if there is none. O(log n). */
uint32_t lewd_tree_best(const lewd_heap *heap, uint32_t root, uint32_t size);
/*
 * Returns the smallest span that holds `size` blocks at a multiple of `alignment`, the lowest of equal ones; 0 if there
 * is none. O(log n + m), where m is the number of spans of at least `size` but less than `size + alignment` blocks.
 */
uint32_t lewd_tree_aligned(const lewd_heap *heap, uint32_t root, uint32_t size, uint32_t alignment);
/* Returns the largest span, the highest of equal ones. The tree must not be empty. O(log n). */
uint32_t lewd_tree_largest(const lewd_heap *heap, uint32_t root);

#endif
