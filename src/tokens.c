/*
 * tokens.c: memory comes back.
 *
 * Every weak pointer has a weak reference to its token and no finalizer. A reference whose token was collected answers
 * NULL, so whoever looks finds the dead: that is a sweep. It needs no turn of the event loop. What a sweep costs is kept in
 * proportion by looking only when something can have died, and only where:
 *
 *     the canary     an object that nothing holds. As long as its reference answers, no collection ran at all, and
 *                    nothing has died. It alone has a finalizer, which sweeps when the process is idle.
 *     the elder      an object that was held through two collections, so that V8 has moved it to the old generation, and
 *                    then let go. As long as it answers, no major collection ran, and no old token has died. Its heir
 *                    is grown meanwhile.
 *     the young      tokens that were not looked at twice yet. A token that survived two minor collections is old: only
 *                    a major one can take it, and then all tokens are looked at.
 *
 * A token is therefore looked at twice while it is young, and once in every major collection, which has to visit it
 * anyway. V8 learns what the tokens hold as external memory, in batches; that is what makes it collect in time.
 */
#include "glue.h"

#include <assert.h>
#include <stdlib.h>

/* Measured: docs/lifetimes.md. */
#define LEWD_LOOK_EVERY 64u                      /* allocations between two looks at the canary */
#define LEWD_WEIGHT_BATCH ((int64_t)1 << 20)     /* bytes that V8 may not know of */
#define LEWD_PRESSURE ((int64_t)1 << 40)         /* bytes reported, and taken back, to provoke a full collection */
#define LEWD_OLD_AGE 2u                          /* collections after which V8 calls an object old */
#define LEWD_SCOPE_SIZE 256u                     /* looks a handle scope */

void *lewd_glue_resize(void *context, void *memory, size_t old_size, size_t new_size) {
    (void)context;
    (void)old_size;
    if (new_size != 0)
        return realloc(memory, new_size);
    free(memory);
    return NULL;
}

/* Lists. */

static bool list_push(lewd_list *list, lewd_span item) {
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

static void list_free(lewd_list *list) {
    lewd_glue_resize(NULL, list->items, list->capacity * sizeof *list->items, 0);
    *list = (lewd_list){0};
}

/* Canary and elder. */

/* Whether the token of `ref` was collected. A handle scope must be open. */
static bool is_dead(napi_env napi, napi_ref ref) {
    napi_value token = NULL;
    return napi_get_reference_value(napi, ref, &token) == napi_ok && token == NULL;
}

static void drop_reference(napi_env napi, napi_ref *ref) {
    if (*ref != NULL)
        napi_delete_reference(napi, *ref);
    *ref = NULL;
}

static void canary_died(napi_env napi, void *data, void *hint);

/* Without a canary everything counts as if a collection had just run: slower, but right. */
static void make_canary(lewd_env *env) {
    napi_value bird;
    if (napi_create_object(env->napi, &bird) != napi_ok)
        return;
    if (napi_add_finalizer(env->napi, bird, env, canary_died, NULL, &env->canary) == napi_ok)
        lewd_env_hold(env);
    else
        env->canary = NULL;
}

/* And its finalizer with it. */
static void drop_canary(lewd_env *env, napi_ref canary) {
    if (canary == NULL)
        return;
    napi_delete_reference(env->napi, canary);
    lewd_env_release(env);
}

/* An object that is held until it is old. */
static void raise_heir(lewd_env *env) {
    napi_value heir;
    env->heir_age = 0;
    if (napi_create_object(env->napi, &heir) != napi_ok ||
        napi_create_reference(env->napi, heir, 1, &env->heir) != napi_ok)
        env->heir = NULL;
}

/* The heir of age is let go, and serves as the elder until a major collection takes it. */
static void succeed_elder(lewd_env *env) {
    if (env->heir == NULL)
        raise_heir(env);
    else if (env->heir_age < LEWD_OLD_AGE)
        env->heir_age++;
    if (env->elder != NULL || env->heir == NULL || env->heir_age < LEWD_OLD_AGE)
        return;
    env->elder = env->heir;
    env->heir = NULL;
    if (napi_reference_unref(env->napi, env->elder, NULL) != napi_ok)
        drop_reference(env->napi, &env->elder);
    raise_heir(env);
}

/*
 * Notes whether a collection ran since the last call. While there is no elder nobody tells minor from major, and each counts
 * as both. A handle scope must be open.
 */
static void observe(lewd_env *env) {
    if (env->canary != NULL && !is_dead(env->napi, env->canary))
        return;
    env->collections++;
    if (env->elder == NULL || is_dead(env->napi, env->elder)) {
        drop_reference(env->napi, &env->elder);
        env->major++;
    }
    succeed_elder(env);
    const napi_ref dead = env->canary;
    env->canary = NULL;
    make_canary(env);
    drop_canary(env, dead);
}

/* Sweeps. */

static void free_token(lewd_arena *arena, lewd_span span) {
    napi_ref ref = lewd_heap_owner(arena->heap, span);
    arena->env->weight -= (int64_t)lewd_heap_size(arena->heap, span) * LEWD_BLOCK;
    lewd_heap_free(arena->heap, span);
    drop_reference(arena->env->napi, &ref);
}

/* Frees `span` if its token is dead. A span that was freed since, or was handed out again, is no harm: it is asked anew. */
static bool free_if_dead(lewd_arena *arena, lewd_span span) {
    if (!lewd_heap_is_used(arena->heap, span))
        return false;
    const napi_ref ref = lewd_heap_owner(arena->heap, span);
    if (ref == NULL || !is_dead(arena->env->napi, ref))
        return false;
    free_token(arena, span);
    return true;
}

static uint32_t sweep_list(lewd_arena *arena, lewd_list *list, lewd_list *survivors) {
    uint32_t freed = 0;
    for (uint32_t from = 0; from < list->length; from += LEWD_SCOPE_SIZE) {
        napi_handle_scope scope;
        if (napi_open_handle_scope(arena->env->napi, &scope) != napi_ok)
            break;
        for (uint32_t i = from; i < list->length && i < from + LEWD_SCOPE_SIZE; i++)
            if (free_if_dead(arena, list->items[i]))
                freed++;
            else if (survivors != NULL && !list_push(survivors, list->items[i]))
                arena->young_lost = true;
        napi_close_handle_scope(arena->env->napi, scope);
    }
    list->length = 0;
    return freed;
}

static uint32_t sweep_young(lewd_arena *arena) {
    const uint32_t freed = sweep_list(arena, &arena->young[1], NULL);
    return freed + sweep_list(arena, &arena->young[0], &arena->young[1]);
}

static uint32_t sweep_all(lewd_arena *arena) {
    uint32_t freed = 0;
    const lewd_list grown_up = arena->young[1];
    arena->young[1] = arena->young[0];
    arena->young[0] = grown_up;
    arena->young[0].length = 0;
    const lewd_span bound = lewd_heap_bound(arena->heap);
    for (lewd_span from = 0; from < bound; from += LEWD_SCOPE_SIZE) {
        napi_handle_scope scope;
        if (napi_open_handle_scope(arena->env->napi, &scope) != napi_ok)
            break;
        for (lewd_span span = from; span < bound && span < from + LEWD_SCOPE_SIZE; span++)
            freed += free_if_dead(arena, span);
        napi_close_handle_scope(arena->env->napi, scope);
    }
    arena->young_lost = false;
    return freed;
}

/* Catches up with the collections that were observed. */
static uint32_t catch_up(lewd_arena *arena) {
    const lewd_env *const env = arena->env;
    if (arena->collections == env->collections)
        return 0;
    const bool all = arena->major != env->major || arena->young_lost;
    arena->collections = env->collections;
    arena->major = env->major;
    const uint32_t freed = all ? sweep_all(arena) : sweep_young(arena);
    if (freed != 0)
        lewd_arena_publish(arena);
    return freed;
}

/* Tells V8 the weight, where it differs by a batch or more. V8 may collect in there. */
static bool report_weight(lewd_env *env) {
    const int64_t unknown = env->weight - env->reported;
    if (unknown < LEWD_WEIGHT_BATCH && unknown > -LEWD_WEIGHT_BATCH)
        return false;
    int64_t total;
    env->reported = env->weight;
    napi_adjust_external_memory(env->napi, unknown, &total);
    return true;
}

uint32_t lewd_token_sweep(lewd_arena *arena) {
    napi_handle_scope scope;
    if (napi_open_handle_scope(arena->env->napi, &scope) != napi_ok)
        return 0;
    observe(arena->env);
    napi_close_handle_scope(arena->env->napi, scope);
    return catch_up(arena);
}

void lewd_token_tick(lewd_arena *arena) {
    const bool reported = report_weight(arena->env);
    if (--arena->countdown != 0 && !reported)
        return;
    arena->countdown = LEWD_LOOK_EVERY;
    lewd_token_sweep(arena);
}

uint32_t lewd_token_collect(lewd_arena *arena) {
    int64_t total;
    napi_adjust_external_memory(arena->env->napi, LEWD_PRESSURE, &total);
    napi_adjust_external_memory(arena->env->napi, -LEWD_PRESSURE, &total);
    uint32_t freed = lewd_token_sweep(arena);
    freed += sweep_all(arena);
    lewd_arena_publish(arena);
    return freed;
}

bool lewd_token_attach(lewd_arena *arena, lewd_span span, napi_value token) {
    napi_ref ref;
    if (napi_create_reference(arena->env->napi, token, 0, &ref) != napi_ok)
        return false;
    lewd_heap_set_owner(arena->heap, span, ref);
    arena->env->weight += (int64_t)lewd_heap_size(arena->heap, span) * LEWD_BLOCK;
    if (!list_push(&arena->young[0], span))
        arena->young_lost = true;
    return true;
}

/* The canary's finalizer, in a turn of the event loop after a collection that no allocation noticed. */
static void canary_died(napi_env napi, void *data, void *hint) {
    lewd_env *const env = data;
    (void)hint;
    if (env->closing)
        return;
    napi_handle_scope scope;
    if (napi_open_handle_scope(napi, &scope) != napi_ok)
        return;
    observe(env);
    napi_close_handle_scope(napi, scope);
    for (lewd_arena *arena = env->arenas; arena != NULL; arena = arena->next)
        catch_up(arena);
    report_weight(env);
}

/* Watched objects. */

/* Deletes what is dead from the list; what lives is added to `array` if there is one. False if that can't be done. */
static bool visit_watched(lewd_arena *arena, napi_value array) {
    const napi_env napi = arena->env->napi;
    uint32_t kept = 0;
    bool done = true;
    for (uint32_t from = 0; from < arena->watched_length; from += LEWD_SCOPE_SIZE) {
        napi_handle_scope scope;
        const bool open = napi_open_handle_scope(napi, &scope) == napi_ok;
        for (uint32_t i = from; i < arena->watched_length && i < from + LEWD_SCOPE_SIZE; i++) {
            napi_value object = NULL;
            if (open && napi_get_reference_value(napi, arena->watched[i], &object) == napi_ok && object == NULL) {
                drop_reference(napi, &arena->watched[i]);
                continue;
            }
            done = done && open && (array == NULL || napi_set_element(napi, array, kept, object) == napi_ok);
            arena->watched[kept++] = arena->watched[i];
        }
        if (open)
            napi_close_handle_scope(napi, scope);
    }
    arena->watched_length = kept;
    return done;
}

/* When the list is full the dead leave it; only if that frees less than half does it grow. */
static bool room_to_watch(lewd_arena *arena) {
    if (arena->watched_length < arena->watched_capacity)
        return true;
    visit_watched(arena, NULL);
    if (arena->watched_length < arena->watched_capacity / 2u)
        return true;
    const size_t size = arena->watched_capacity * sizeof *arena->watched;
    napi_ref *const watched =
        lewd_glue_resize(NULL, arena->watched, size, size * 2u + LEWD_LOOK_EVERY * sizeof *watched);
    if (watched == NULL)
        return arena->watched_length < arena->watched_capacity;
    arena->watched = watched;
    arena->watched_capacity = arena->watched_capacity * 2u + LEWD_LOOK_EVERY;
    return true;
}

bool lewd_watch(lewd_arena *arena, napi_value object) {
    if (!room_to_watch(arena) ||
        napi_create_reference(arena->env->napi, object, 0, &arena->watched[arena->watched_length]) != napi_ok)
        return false;
    arena->watched_length++;
    return true;
}

napi_value lewd_watched(lewd_arena *arena) {
    napi_value array;
    if (napi_create_array(arena->env->napi, &array) != napi_ok || !visit_watched(arena, array))
        return NULL;
    return array;
}

/* Lives. */

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

/* References that nobody deletes are lost memory, in a worker's end too. */
static void drop_references(lewd_arena *arena) {
    const napi_env napi = arena->env->napi;
    lewd_span span = 0;
    while ((span = lewd_heap_next_used(arena->heap, span)) != 0) {
        napi_ref ref = lewd_heap_owner(arena->heap, span);
        if (ref == NULL)
            continue;
        arena->env->weight -= (int64_t)lewd_heap_size(arena->heap, span) * LEWD_BLOCK;
        lewd_heap_set_owner(arena->heap, span, NULL);
        drop_reference(napi, &ref);
    }
    while (arena->watched_length > 0)
        drop_reference(napi, &arena->watched[--arena->watched_length]);
    drop_reference(napi, &arena->figures_ref);
}

/*
 * The first thing in the end of an environment, while it can still be talked to: all references are deleted, V8 is told
 * that nothing weighs anything. Finalizers that come after find only memory of their own.
 */
void lewd_env_close(void *data) {
    lewd_env *const env = data;
    int64_t total;
    for (lewd_arena *arena = env->arenas; arena != NULL; arena = arena->next)
        drop_references(arena);
    napi_adjust_external_memory(env->napi, -env->reported, &total);
    drop_reference(env->napi, &env->elder);
    drop_reference(env->napi, &env->heir);
    env->closing = true;
    drop_canary(env, env->canary);
}

void lewd_arena_destroy(lewd_arena *arena) {
    lewd_env *const env = arena->env;
    if (!env->closing && arena->heap != NULL) {
        drop_references(arena);
        report_weight(env);
    }
    if (arena->prev != NULL)
        arena->prev->next = arena->next;
    else if (env->arenas == arena)
        env->arenas = arena->next;
    if (arena->next != NULL)
        arena->next->prev = arena->prev;
    lewd_heap_destroy(arena->heap);
    list_free(&arena->young[0]);
    list_free(&arena->young[1]);
    lewd_glue_resize(NULL, arena->watched, arena->watched_capacity * sizeof *arena->watched, 0);
    lewd_glue_resize(NULL, arena, sizeof *arena, 0);
    lewd_env_release(env);
}

static double bytes(uint32_t blocks) {
    return (double)blocks * LEWD_BLOCK;
}

void lewd_arena_publish(lewd_arena *arena) {
    const lewd_figures figures = lewd_heap_figures(arena->heap);
    double *const published = arena->figures;
    published[LEWD_FIGURE_TOTAL] = bytes(figures.total);
    published[LEWD_FIGURE_USED] = bytes(figures.used);
    published[LEWD_FIGURE_USED_RUN] =
        figures.used == 0 ? 0 : bytes(figures.total - figures.head_free - figures.tail_free);
    published[LEWD_FIGURE_FREE] = bytes(figures.total - figures.used);
    published[LEWD_FIGURE_HEAD_FREE] = bytes(figures.head_free);
    published[LEWD_FIGURE_TAIL_FREE] = bytes(figures.tail_free);
}
