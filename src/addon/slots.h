/*
 * slots.h: the slots of weak references. A slot has the span that is freed with the token; slots without a span are in
 * two stacks.
 *
 *     live      a reference and a span
 *     dead      a reference whose token was collected, and no span. The reference stays until the slot is taken again
 *     vacant    neither
 *
 *     slots    | live | dead | live | dead | vacant | live | dead | ...
 *                        3 <----------- 2 <---------------------- 1       dead slots are a stack, linked by `next`;
 *                                                                         vacant ones are another
 *
 * Only weak.c calls Node-API, and explains why dead slots keep their references.
 */
#ifndef LEWD_SLOTS_H
#define LEWD_SLOTS_H

#include <js_native_api_types.h>

#include "../core/heap.h"

typedef struct lewd_slot {
    napi_ref ref;   /* NULL if the slot is vacant */
    lewd_span span; /* 0 if the slot is dead or vacant */
    uint32_t next;  /* next slot of the same stack, if the slot is dead or vacant; 0 if it is the last one */
} lewd_slot;

/* Slots are numbered from 1. All zeros: no slots. */
typedef struct lewd_slots {
    lewd_slot *items;  /* by number */
    uint32_t bound;    /* exclusive upper bound of the slots in use so far; 0 before the first one */
    uint32_t capacity; /* slots that `items` has memory for */
    uint32_t vacant;   /* first vacant slot; 0 if there is none */
    uint32_t dead;     /* first dead slot; 0 if there is none */
} lewd_slots;

/* Returns a slot by its number. O(1). */
static inline lewd_slot *lewd_slots_at(const lewd_slots *slots, uint32_t number) {
    return slots->items + number;
}

/*
 * Takes a vacant slot, or a new one, which the caller has to fill. Returns its number; 0 if there is no memory.
 * Amortised O(1).
 */
uint32_t lewd_slots_take_vacant(lewd_slots *slots);

/*
 * Takes the dead slot that was pushed last; the caller has to delete its reference. Returns 0 if there is none. O(1).
 */
uint32_t lewd_slots_take_dead(lewd_slots *slots);

/* Makes a live slot dead; it keeps its reference. Returns its span. O(1). */
lewd_span lewd_slots_push_dead(lewd_slots *slots, uint32_t number);

/* Makes a slot vacant. The caller has deleted its reference, or has not made one. O(1). */
void lewd_slots_push_vacant(lewd_slots *slots, uint32_t number);

/* Frees the memory. There are no slots then, and new ones can be taken. */
void lewd_slots_free(lewd_slots *slots);

#endif
