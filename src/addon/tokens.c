/*
 * tokens.c: weak and strong pointers.
 *
 * A weak pointer's span has a slot of the ledger as its owner, a strong one's none. When its token is found to be dead is a
 * matter of sweep.c.
 */
#include "glue.h"

#define WEIGHT_BATCH ((int64_t)4 << 20) /* bytes of live tokens that V8 may not know of */

static void add_weight(lewd_arena *arena, int64_t blocks) {
    arena->weight += blocks * LEWD_BLOCK;
    arena->env->weight += blocks * LEWD_BLOCK;
}

/* Tells V8 what the tokens hold, where it differs by a batch or more from what it knows. */
void lewd_tokens_report(lewd_env *env) {
    const int64_t unknown = env->weight - env->reported;
    if (unknown < WEIGHT_BATCH && unknown > -WEIGHT_BATCH)
        return;
    int64_t total;
    env->reported = env->weight;
    napi_adjust_external_memory(env->napi, unknown, &total);
}

static uint32_t slot_of(const lewd_arena *arena, lewd_span span) {
    return lewd_heap_owner(arena->heap, span);
}

static void set_slot(lewd_arena *arena, lewd_span span, uint32_t slot) {
    lewd_heap_set_owner(arena->heap, span, slot);
}

bool lewd_token_attach(lewd_arena *arena, lewd_span span, uint32_t size, napi_value token) {
    const uint32_t slot = lewd_ledger_enter(arena->env->napi, &arena->ledger, span, token);
    if (slot == 0)
        return false;
    lewd_token_detach(arena, span);
    set_slot(arena, span, slot);
    add_weight(arena, size);
    lewd_token_is_young(arena, slot);
    return true;
}

void lewd_token_detach(lewd_arena *arena, lewd_span span) {
    const uint32_t slot = slot_of(arena, span);
    if (slot == 0)
        return;
    add_weight(arena, -(int64_t)lewd_heap_size(arena->heap, span));
    set_slot(arena, span, 0);
    lewd_ledger_strike(arena->env->napi, &arena->ledger, slot);
}

void lewd_token_free(lewd_arena *arena, lewd_span span) {
    lewd_token_detach(arena, span);
    lewd_heap_free(arena->heap, span);
}

bool lewd_token_free_if_dead(lewd_arena *arena, lewd_span span) {
    const uint32_t slot = slot_of(arena, span);
    const bool dead = slot != 0 && lewd_ledger_is_spent(arena->env->napi, &arena->ledger, slot);
    if (dead)
        lewd_token_free(arena, span);
    return dead;
}

/* All that they hold is what the heap has less then. */
void lewd_token_free_spans(lewd_arena *arena, const lewd_span *spans, uint32_t count) {
    const uint32_t used = lewd_heap_figures(arena->heap).used;
    lewd_heap_free_all(arena->heap, spans, count);
    add_weight(arena, -(int64_t)(used - lewd_heap_figures(arena->heap).used));
}

void lewd_token_move(lewd_arena *arena, lewd_span from, lewd_span to) {
    const uint32_t slot = slot_of(arena, from);
    if (slot != 0) {
        add_weight(arena, (int64_t)lewd_heap_size(arena->heap, to) - (int64_t)lewd_heap_size(arena->heap, from));
        set_slot(arena, from, 0);
        set_slot(arena, to, slot);
        lewd_ledger_slot(&arena->ledger, slot)->span = to;
    }
    lewd_heap_free(arena->heap, from);
}

bool lewd_token_of(const lewd_arena *arena, lewd_span span, napi_value *token) {
    const uint32_t slot = slot_of(arena, span);
    *token = NULL;
    return slot == 0 ||
           napi_get_reference_value(arena->env->napi, lewd_ledger_slot(&arena->ledger, slot)->ref, token) == napi_ok;
}

lewd_status lewd_token_resize(lewd_arena *arena, lewd_span span, uint32_t size) {
    const int64_t old_size = lewd_heap_size(arena->heap, span);
    const lewd_status status = lewd_heap_resize(arena->heap, span, size);
    if (status == LEWD_OK && slot_of(arena, span) != 0)
        add_weight(arena, (int64_t)size - old_size);
    return status;
}

void lewd_tokens_drop(lewd_arena *arena) {
    lewd_env *const env = arena->env;
    lewd_ledger_close(env->napi, &arena->ledger);
    env->weight -= arena->weight;
    arena->weight = 0;
}
