#include "tokens.h"

#include "support.h"
#include "weak.h"

static void add_live_blocks(lewd_arena *arena, int64_t blocks) {
    arena->budget.live_bytes += blocks * LEWD_BLOCK;
    arena->env->external.live += blocks * LEWD_BLOCK;
}

/* Adds a slot that no sweep has visited to the young ones. */
static void add_young(lewd_arena *arena, uint32_t slot) {
    if (!arena->links[LEWD_WITH_YOUNG].is_in) {
        lewd_arena_enter(arena, LEWD_WITH_YOUNG);
        lewd_arena_enter(arena, LEWD_WITH_TOKENS);
    }
    lewd_young_add(&arena->young, slot, arena->slots.bound);
}

bool lewd_token_attach(lewd_arena *arena, lewd_span span, uint32_t size, napi_value token) {
    const uint32_t slot = lewd_weak_acquire(arena->env->napi, &arena->slots, span, token);
    if (slot == 0)
        return false;
    lewd_token_detach(arena, span);
    lewd_heap_set_owner(arena->heap, span, slot);
    add_live_blocks(arena, size);
    add_young(arena, slot);
    return true;
}

void lewd_token_detach(lewd_arena *arena, lewd_span span) {
    const uint32_t slot = lewd_heap_owner(arena->heap, span);
    if (slot == 0)
        return;
    add_live_blocks(arena, -(int64_t)lewd_heap_size(arena->heap, span));
    lewd_heap_set_owner(arena->heap, span, 0);
    lewd_weak_release(arena->env->napi, &arena->slots, slot);
}

void lewd_token_free(lewd_arena *arena, lewd_span span) {
    lewd_token_detach(arena, span);
    lewd_heap_free(arena->heap, span);
}

bool lewd_token_free_if_dead(lewd_arena *arena, lewd_span span) {
    const uint32_t slot = lewd_heap_owner(arena->heap, span);
    const bool dead = slot != 0 && lewd_weak_is_dead(arena->env->napi, &arena->slots, slot);
    if (dead)
        lewd_token_free(arena, span);
    return dead;
}

/* The drop in used blocks is the drop in blocks that tokens hold. */
void lewd_token_free_dead(lewd_arena *arena, const lewd_span *spans, uint32_t count) {
    const uint32_t used = lewd_heap_figures(arena->heap).used;
    lewd_heap_free_all(arena->heap, spans, count);
    add_live_blocks(arena, -(int64_t)(used - lewd_heap_figures(arena->heap).used));
}

void lewd_token_move(lewd_arena *arena, lewd_span from, lewd_span to) {
    const uint32_t slot = lewd_heap_owner(arena->heap, from);
    if (slot != 0) {
        add_live_blocks(arena, (int64_t)lewd_heap_size(arena->heap, to) - (int64_t)lewd_heap_size(arena->heap, from));
        lewd_heap_set_owner(arena->heap, from, 0);
        lewd_heap_set_owner(arena->heap, to, slot);
        lewd_slots_at(&arena->slots, slot)->span = to;
    }
    lewd_heap_free(arena->heap, from);
}

bool lewd_token_read(const lewd_arena *arena, lewd_span span, napi_value *token) {
    const uint32_t slot = lewd_heap_owner(arena->heap, span);
    *token = NULL;
    return slot == 0 ||
           napi_get_reference_value(arena->env->napi, lewd_slots_at(&arena->slots, slot)->ref, token) == napi_ok;
}

lewd_status lewd_token_resize(lewd_arena *arena, lewd_span span, uint32_t size) {
    const int64_t old_size = lewd_heap_size(arena->heap, span);
    const lewd_status status = lewd_heap_resize(arena->heap, span, size);
    if (status == LEWD_OK && lewd_heap_owner(arena->heap, span) != 0)
        add_live_blocks(arena, (int64_t)size - old_size);
    return status;
}

void lewd_token_delete_all(lewd_arena *arena) {
    lewd_weak_delete_all(arena->env->napi, &arena->slots);
    arena->env->external.live -= arena->budget.live_bytes;
    arena->budget.live_bytes = 0;
}
