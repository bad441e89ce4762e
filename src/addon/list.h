/*
 * list.h: a growing list of numbers, such as spans or slots.
 */
#ifndef LEWD_LIST_H
#define LEWD_LIST_H

#include "../core/heap.h"

/* All zeros: an empty list. */
typedef struct lewd_list {
    uint32_t *items;   /* in order */
    uint32_t length;   /* of `items` */
    uint32_t capacity; /* numbers that `items` has memory for */
} lewd_list;

/* Appends a number. Returns false, and changes nothing, if there is no memory. Amortised O(1). */
bool lewd_list_push(lewd_list *list, uint32_t item);

/* Removes the first `count` numbers; the others keep their order. O(length). */
void lewd_list_remove_first(lewd_list *list, uint32_t count);

/* Frees the memory of the list. The list is empty then, and can be used again. */
void lewd_list_free(lewd_list *list);

#endif
