/*
 * arena.c: environments and arenas, from their making to their end; what JavaScript reads of them; lists.
 */
#include "glue.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

void *lewd_glue_resize(void *context, void *memory, size_t old_size, size_t new_size) {
    (void)context;
    (void)old_size;
    if (new_size != 0)
        return realloc(memory, new_size);
    free(memory);
    return NULL;
}

bool lewd_list_push(lewd_list *list, lewd_span item) {
    if (list->length == list->capacity) {
        const size_t size = list->capacity * sizeof *list->items;
        lewd_span *const items = lewd_glue_resize(NULL, list->items, size, size * 2u + 64u * sizeof *items);
        if (items == NULL)
            return false;
        list->items = items;
        list->capacity = list->capacity * 2u + 64u;
    }
    list->items[list->length++] = item;
    return true;
}

void lewd_list_free(lewd_list *list) {
    lewd_glue_resize(NULL, list->items, list->capacity * sizeof *list->items, 0);
    *list = (lewd_list){0};
}

bool lewd_reference_is_spent(napi_env napi, napi_ref ref) {
    napi_value token = NULL;
    return napi_get_reference_value(napi, ref, &token) == napi_ok && token == NULL;
}

void lewd_reference_drop(napi_env napi, napi_ref *ref) {
    if (*ref != NULL)
        napi_delete_reference(napi, *ref);
    *ref = NULL;
}

lewd_env *lewd_env_create(napi_env napi) {
    lewd_env *const env = lewd_glue_resize(NULL, NULL, 0, sizeof *env);
    if (env == NULL)
        return NULL;
    *env = (lewd_env){.napi = napi, .holders = 1};
    return env;
}

void lewd_env_hold(lewd_env *env) {
    env->holders++;
}

void lewd_env_release(lewd_env *env) {
    assert(env->holders > 0);
    if (--env->holders == 0)
        lewd_glue_resize(NULL, env, sizeof *env, 0);
}

void lewd_arena_enter(lewd_arena *arena, int list) {
    lewd_arena **const first = &arena->env->lists[list];
    if (arena->links[list].is_in)
        return;
    arena->links[list].is_in = true;
    arena->links[list].prev = NULL;
    arena->links[list].next = *first;
    if (*first != NULL)
        (*first)->links[list].prev = arena;
    *first = arena;
}

void lewd_arena_leave(lewd_arena *arena, int list) {
    lewd_arena *const prev = arena->links[list].prev;
    lewd_arena *const next = arena->links[list].next;
    if (!arena->links[list].is_in)
        return;
    arena->links[list].is_in = false;
    if (prev != NULL)
        prev->links[list].next = next;
    else
        arena->env->lists[list] = next;
    if (next != NULL)
        next->links[list].prev = prev;
}

/* References that nobody deletes are lost memory, in a worker's end too. */
static void drop_references(lewd_arena *arena) {
    const napi_env napi = arena->env->napi;
    lewd_tokens_drop(arena);
    lewd_watched_drop(arena);
    lewd_reference_drop(napi, &arena->figures_ref);
    lewd_reference_drop(napi, &arena->memory);
    lewd_reference_drop(napi, &arena->keeper);
}

/*
 * The first thing in the end of an environment, while it can still be talked to: all references are deleted, V8 is told
 * that nothing weighs anything. Finalizers that come after find only memory of their own.
 */
void lewd_env_close(void *data) {
    lewd_env *const env = data;
    int64_t total;
    for (lewd_arena *arena = env->lists[LEWD_ALL]; arena != NULL; arena = arena->links[LEWD_ALL].next)
        drop_references(arena);
    napi_adjust_external_memory(env->napi, -env->reported, &total);
    env->closing = true;
    lewd_canary_drop(env);
}

void lewd_arena_dispose(lewd_arena *arena) {
    lewd_env *const env = arena->env;
    if (arena->heap != NULL && !env->closing) {
        drop_references(arena);
        lewd_tokens_report(env);
    }
    for (int list = 0; list < LEWD_LISTS; list++)
        lewd_arena_leave(arena, list);
    lewd_heap_destroy(arena->heap);
    arena->heap = NULL;
    lewd_ledger_close(NULL, &arena->ledger);
    lewd_list_free(&arena->young[0]);
    lewd_list_free(&arena->young[1]);
    lewd_list_free(&arena->dead);
    lewd_list_free(&arena->reserved);
    lewd_watched_free(arena);
}

void lewd_arena_destroy(lewd_arena *arena) {
    lewd_env *const env = arena->env;
    lewd_arena_dispose(arena);
    lewd_glue_resize(NULL, arena, sizeof *arena, 0);
    lewd_env_release(env);
}

static double bytes(uint32_t blocks) {
    return (double)blocks * LEWD_BLOCK;
}

void lewd_arena_publish(lewd_arena *arena) {
    const lewd_figures figures = lewd_heap_figures(arena->heap);
    const uint32_t taken = figures.used + figures.reserved;
    double *const published = arena->figures;
    published[LEWD_FIGURE_TOTAL] = bytes(figures.total);
    published[LEWD_FIGURE_USED] = bytes(figures.used);
    published[LEWD_FIGURE_USED_RUN] = taken == 0 ? 0 : bytes(figures.total - figures.head_free - figures.tail_free);
    published[LEWD_FIGURE_FREE] = bytes(figures.total - taken);
    published[LEWD_FIGURE_HEAD_FREE] = bytes(figures.head_free);
    published[LEWD_FIGURE_TAIL_FREE] = bytes(figures.tail_free);
    published[LEWD_FIGURE_RESERVED] = bytes(figures.reserved);
    published[LEWD_FIGURE_LARGEST_FREE] = 0;
    while (arena->answered > 0)
        published[LEWD_FIGURE_ASKED + arena->answers[--arena->answered]] = NAN;
}

void lewd_arena_answer(lewd_arena *arena, uint32_t size, uint32_t start) {
    const uint32_t place = size % LEWD_ANSWERS;
    double *const asked = arena->figures + LEWD_FIGURE_ASKED + place;
    if (isnan(*asked))
        arena->answers[arena->answered++] = (uint8_t)place;
    *asked = size;
    arena->figures[LEWD_FIGURE_ANSWER + place] = (int32_t)(start * LEWD_BLOCK);
}

uint32_t lewd_arena_largest(lewd_arena *arena) {
    const uint32_t largest = lewd_heap_largest(arena->heap);
    arena->figures[LEWD_FIGURE_LARGEST_FREE] = largest;
    return largest;
}
