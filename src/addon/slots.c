#include "slots.h"

/* Grows the array by half: while it is moved, old and new array together take at most 2.5 times the memory needed. */
static bool grow_slots(lewd_slots *slots) {
    const size_t old_size = slots->capacity * sizeof *slots->items;
    const size_t capacity = slots->capacity + slots->capacity / 2u + 64u;
    lewd_slot *const items = lewd_realloc(NULL, slots->items, old_size, capacity * sizeof *items);
    if (items == NULL)
        return false;
    slots->items = items;
    slots->capacity = (uint32_t)capacity;
    return true;
}

uint32_t lewd_slots_take_vacant(lewd_slots *slots) {
    const uint32_t number = slots->vacant;
    if (number != 0) {
        slots->vacant = lewd_slots_at(slots, number)->next;
        return number;
    }
    const uint32_t added = slots->bound == 0 ? 1u : slots->bound; /* slot 0 is none */
    if (added >= slots->capacity && !grow_slots(slots))
        return 0;
    slots->bound = added + 1u;
    return added;
}

uint32_t lewd_slots_take_dead(lewd_slots *slots) {
    const uint32_t number = slots->dead;
    if (number != 0)
        slots->dead = lewd_slots_at(slots, number)->next;
    return number;
}

lewd_span lewd_slots_push_dead(lewd_slots *slots, uint32_t number) {
    lewd_slot *const slot = lewd_slots_at(slots, number);
    const lewd_span span = slot->span;
    slot->span = 0;
    slot->next = slots->dead;
    slots->dead = number;
    return span;
}

void lewd_slots_push_vacant(lewd_slots *slots, uint32_t number) {
    *lewd_slots_at(slots, number) = (lewd_slot){.next = slots->vacant};
    slots->vacant = number;
}

void lewd_slots_free(lewd_slots *slots) {
    lewd_realloc(NULL, slots->items, slots->capacity * sizeof *slots->items, 0);
    *slots = (lewd_slots){0};
}
