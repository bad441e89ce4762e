/*
 * list.h: a list of numbers that grows: spans, or slots.
 */
#ifndef LEWD_LIST_H
#define LEWD_LIST_H

#include "../core/heap.h"

/* All zeros: an empty list. */
typedef struct lewd_list {
    uint32_t *items;
    uint32_t length;
    uint32_t capacity;
} lewd_list;

/* Appends a number. Returns false if there is no memory, and the list is as it was. Amortised O(1). */
bool lewd_list_push(lewd_list *list, uint32_t item);

/* Removes the first `count` numbers; the others keep their order. O(length). */
void lewd_list_remove_first(lewd_list *list, uint32_t count);

/* Gives the list's memory back; the list is empty then, and can be used again. */
void lewd_list_free(lewd_list *list);

#endif
