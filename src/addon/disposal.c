#include "disposal.h"

#include "reference.h"
#include "tokens.h"

/* Deletes all references. This is necessary even when a worker ends: Node.js does not free their memory. */
static void delete_references(lewd_arena *arena) {
    const napi_env napi = arena->env->napi;
    lewd_token_delete_all(arena);
    lewd_handlers_delete(napi, &arena->handlers);
    lewd_published_release(napi, &arena->published);
    lewd_reference_delete(napi, &arena->memory);
    lewd_reference_delete(napi, &arena->anchor);
}

void lewd_dispose(lewd_arena *arena) {
    lewd_env *const env = arena->env;
    if (arena->heap != NULL && !env->closing) {
        delete_references(arena);
        lewd_env_report(env);
    }
    for (lewd_arenas list = 0; list < LEWD_ARENA_LISTS; list++)
        lewd_arena_leave(arena, list);
    lewd_heap_destroy(arena->heap);
    arena->heap = NULL;
    lewd_slots_free(&arena->slots);
    lewd_young_free(&arena->young);
    lewd_list_free(&arena->dead_spans);
    lewd_list_free(&arena->reservations.spans);
    lewd_handlers_free(&arena->handlers);
}

void lewd_dispose_and_free(lewd_arena *arena) {
    lewd_env *const env = arena->env;
    lewd_dispose(arena);
    lewd_realloc(NULL, arena, sizeof *arena, 0);
    lewd_env_release(env);
}

void lewd_dispose_env(void *data) {
    lewd_env *const env = data;
    int64_t total;
    for (lewd_arena *arena = env->first[LEWD_ALL_ARENAS]; arena != NULL; arena = arena->links[LEWD_ALL_ARENAS].next)
        delete_references(arena);
    napi_adjust_external_memory(env->napi, -env->external.reported, &total);
    env->closing = true;
    lewd_gc_delete_probes(env->napi, &env->probes);
    lewd_env_release(env);
}
