/*
 * slots.h: the slots of weak references, each with the span that is freed with the token, and two stacks of those without.
 *
 *     live      a reference and a span
 *     dead      a reference whose token was collected, no span. The reference stays until the slot is taken again
 *     vacant    neither
 *
 *     slots    | live | dead | live | dead | vacant | live | dead | ...
 *                        3 <----------- 2 <---------------------- 1       dead slots are a stack, linked by `next`;
 *                                                                         vacant ones are another
 *
 * Node-API is called in weak.c only; why dead slots keep their references is told there.
 */
#ifndef LEWD_SLOTS_H
#define LEWD_SLOTS_H

#include <js_native_api_types.h>

#include "../core/heap.h"

typedef struct lewd_slot {
    napi_ref ref;
    lewd_span span; /* 0 if the slot is dead or vacant */
    uint32_t next;  /* of a dead slot, the next dead one; of a vacant slot, the next vacant one; 0: none */
} lewd_slot;

/* Slots are numbered from 1. All zeros: no slots. */
typedef struct lewd_slots {
    lewd_slot *items;
    uint32_t bound; /* slots in use so far: [1, bound), or none if it is 0 */
    uint32_t capacity;
    uint32_t vacant; /* the first vacant slot; 0: none */
    uint32_t dead;   /* the first dead slot; 0: none */
} lewd_slots;

static inline lewd_slot *lewd_slots_at(const lewd_slots *slots, uint32_t number) {
    return slots->items + number;
}

/* Takes a vacant slot, or a new one, for the caller to fill. Returns 0 if there is no memory. Amortised O(1). */
uint32_t lewd_slots_take_vacant(lewd_slots *slots);

/* Takes the dead slot that was pushed last; its reference is the caller's to delete. Returns 0 if there is none. O(1). */
uint32_t lewd_slots_take_dead(lewd_slots *slots);

/* Makes a live slot dead; it keeps its reference. Returns its span. O(1). */
lewd_span lewd_slots_push_dead(lewd_slots *slots, uint32_t number);

/* Makes a slot vacant, whose reference the caller has deleted, or never made. O(1). */
void lewd_slots_push_vacant(lewd_slots *slots, uint32_t number);

/* Gives the memory back; there are no slots then, and they can be used again. */
void lewd_slots_free(lewd_slots *slots);

#endif
