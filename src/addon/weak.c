/*
 * weak.c: weak references to tokens. Their order in memory decides how much a sweep costs.
 *
 * Sweeps visit references in the order of their slots. V8 visits them in the order in which they were made. Node.js
 * gets the memory of each from malloc. If a reference were deleted when its token is found dead, malloc would hand out
 * its memory again in the order of these deaths, and after some collections each visit would be a cache miss. So a dead
 * reference stays in its slot until the slot is taken again, and is deleted just before the new one is made. malloc
 * first hands out the memory that was freed last: the new reference takes the place of the old one in memory, and
 * references stay in the order of their slots.
 *
 * Behind each reference V8 has a handle, which it frees when the token dies. V8 hands handles out in the opposite order
 * to that in which it freed them. So dead slots are a stack: the slot that a sweep pushed last is taken first, like the
 * handle. As long as sweeps visit slots in V8's order, slot and handle stay together, and a walk along the slots is one
 * along the handles.
 *
 * Dead references are bounded: the sweep after a major collection first deletes those left from earlier sweeps.
 */
#include "weak.h"

#include "errors.h"
#include "reference.h"

/*
 * Prefetches a reference. A look reads only its first 40 bytes, in all versions of Node.js so far. A wrong guess costs
 * time only.
 */
static void prefetch_reference(napi_ref ref) {
    lewd_prefetch(ref);
    lewd_prefetch((const char *)ref + 40);
}

/*
 * Takes a dead slot and deletes its reference. Returns 0 if there is none. Prefetches the reference of the next dead
 * slot, and the slot after that one.
 */
static uint32_t take_dead(napi_env napi, lewd_slots *slots) {
    const uint32_t number = lewd_slots_take_dead(slots);
    if (number == 0)
        return 0;
    if (slots->dead != 0) {
        const lewd_slot *const next = lewd_slots_at(slots, slots->dead);
        prefetch_reference(next->ref);
        lewd_prefetch(lewd_slots_at(slots, next->next));
    }
    napi_delete_reference(napi, lewd_slots_at(slots, number)->ref);
    return number;
}

uint32_t lewd_weak_acquire(napi_env napi, lewd_slots *slots, lewd_span span, napi_value token) {
    const uint32_t dead = take_dead(napi, slots);
    const uint32_t number = dead != 0 ? dead : lewd_slots_take_vacant(slots);
    if (number == 0) {
        lewd_error_no_metadata(napi);
        return 0;
    }
    napi_ref ref;
    if (napi_create_reference(napi, token, 0, &ref) != napi_ok) {
        lewd_slots_push_vacant(slots, number);
        return 0;
    }
    *lewd_slots_at(slots, number) = (lewd_slot){.ref = ref, .span = span};
    return number;
}

void lewd_weak_release(napi_env napi, lewd_slots *slots, uint32_t number) {
    napi_delete_reference(napi, lewd_slots_at(slots, number)->ref);
    lewd_slots_push_vacant(slots, number);
}

bool lewd_weak_is_dead(napi_env napi, const lewd_slots *slots, uint32_t number) {
    return lewd_reference_is_dead(napi, lewd_slots_at(slots, number)->ref);
}

lewd_span lewd_weak_claim_dead(napi_env napi, lewd_slots *slots, uint32_t number) {
    const lewd_slot *const slot = lewd_slots_at(slots, number);
    if (slot->span == 0 || !lewd_reference_is_dead(napi, slot->ref))
        return 0;
    return lewd_slots_push_dead(slots, number);
}

void lewd_weak_delete_dead(napi_env napi, lewd_slots *slots) {
    uint32_t number;
    while ((number = take_dead(napi, slots)) != 0)
        lewd_slots_push_vacant(slots, number);
}

void lewd_weak_prefetch_slot(const lewd_slots *slots, uint32_t number) {
    if (number < slots->bound)
        lewd_prefetch(lewd_slots_at(slots, number));
}

void lewd_weak_prefetch_reference(const lewd_slots *slots, uint32_t number) {
    if (number != 0 && number < slots->bound)
        prefetch_reference(lewd_slots_at(slots, number)->ref);
}

void lewd_weak_delete_all(napi_env napi, lewd_slots *slots) {
    for (uint32_t number = 1; number < slots->bound; number++)
        lewd_reference_delete(napi, &lewd_slots_at(slots, number)->ref);
    lewd_slots_free(slots);
}
