/*
 * weak.h: weak references to tokens, each in a slot with the span that is freed with the token: see slots.h.
 *
 * `number` is that of a live slot, unless a comment says otherwise.
 */
#ifndef LEWD_WEAK_H
#define LEWD_WEAK_H

#include <node_api.h>

#include "slots.h"

/*
 * Takes a slot for the token of a span, and returns its number. Returns 0, and leaves the span unchanged, if there is
 * no memory, or if the reference can't be made. An exception may be pending then. Amortised O(1).
 */
uint32_t lewd_weak_acquire(napi_env napi, lewd_slots *slots, lewd_span span, napi_value token);

/* Deletes the reference of a slot, and makes the slot vacant. O(1). */
void lewd_weak_release(napi_env napi, lewd_slots *slots, uint32_t number);

/* Returns whether the token of a slot was collected. A handle scope must be open. */
bool lewd_weak_is_dead(napi_env napi, const lewd_slots *slots, uint32_t number);

/*
 * Makes a slot dead if its token was collected, and returns the span to free. Returns 0 if the token is alive, or if
 * the slot is already dead or vacant. A handle scope must be open. O(1).
 */
lewd_span lewd_weak_claim_dead(napi_env napi, lewd_slots *slots, uint32_t number);

/* Deletes the references of all dead slots, and makes these slots vacant. O(dead slots). */
void lewd_weak_delete_dead(napi_env napi, lewd_slots *slots);

/*
 * Prefetch a slot, and its reference. `number` may be any number. The second function reads the slot, so the first one
 * should come some steps before it.
 */
void lewd_weak_prefetch_slot(const lewd_slots *slots, uint32_t number);
void lewd_weak_prefetch_reference(const lewd_slots *slots, uint32_t number);

/* Deletes all references and frees the memory. The slots can be used again. O(slots). */
void lewd_weak_delete_all(napi_env napi, lewd_slots *slots);

#endif
