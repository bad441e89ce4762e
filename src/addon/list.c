#include "list.h"

#include <string.h>

bool lewd_list_push(lewd_list *list, uint32_t item) {
    if (list->length == list->capacity) {
        const size_t old_size = list->capacity * sizeof *list->items;
        const uint32_t capacity = list->capacity * 2u + 64u;
        uint32_t *const items = lewd_realloc(NULL, list->items, old_size, capacity * sizeof *items);
        if (items == NULL)
            return false;
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->length++] = item;
    return true;
}

void lewd_list_remove_first(lewd_list *list, uint32_t count) {
    list->length -= count;
    if (list->length > 0)
        memmove(list->items, list->items + count, list->length * sizeof *list->items);
}

void lewd_list_free(lewd_list *list) {
    lewd_realloc(NULL, list->items, list->capacity * sizeof *list->items, 0);
    *list = (lewd_list){0};
}
