/*
 * tokens.c: memory comes back.
 *
 * Every weak pointer has a weak reference to its token and no finalizer. A reference whose token was collected answers
 * NULL, so whoever looks finds the dead: that is a sweep. It needs no turn of the event loop. What a sweep costs is kept in
 * proportion by looking only when something can have died, and only where:
 *
 *     the canary     an object that nothing holds. As long as its reference answers, no collection ran at all, and
 *                    nothing has died. It alone has a finalizer, which sweeps when the process is idle.
 *     the elder      a symbol that nothing holds. V8 makes symbols in its old generation: as long as this one answers, no
 *                    major collection ran, and no old token has died.
 *     the young      tokens that were kept through fewer than two collections. After two, V8 has made them old: only a
 *                    major collection can take them, and then all tokens are looked at.
 *
 * A token is therefore looked at twice while it is young, and once in every major collection, which has to visit it
 * anyway. V8 learns as external memory what live tokens hold. What dead ones hold, which nobody knows before they are
 * looked at, is bounded by a pace: it is made to collect when tokens hold twice as much as after the last time.
 */
#include "glue.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What follows from them is measured in docs/lifetimes.md. */
#define LEWD_LOOK_EVERY 64u                  /* allocations between two looks at the canary */
#define LEWD_WEIGHT_BATCH ((int64_t)4 << 20) /* bytes of live tokens that V8 may not know of */
#define LEWD_PRESSURE ((int64_t)1 << 50)     /* bytes reported, and taken back, to make V8 collect all */
#define LEWD_NUDGE ((int64_t)65 << 20)       /* bytes more than after a collection, from which on V8 begins another */
#define LEWD_PACE ((int64_t)128 << 20)       /* bytes more than after the last major collection that call for one */
#define LEWD_PARTS 8192u                     /* of the memory, by which a sweep of all sorts the dead */
#define LEWD_FEW 1024u                       /* dead that are not worth sorting */
#define LEWD_AHEAD 8u                        /* steps of a sweep from a prefetch to its use */
#define LEWD_SCOPE_SIZE 256u                 /* looks a handle scope */

void *lewd_glue_resize(void *context, void *memory, size_t old_size, size_t new_size) {
    (void)context;
    (void)old_size;
    if (new_size != 0)
        return realloc(memory, new_size);
    free(memory);
    return NULL;
}

/* Lists. */

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

/* And its finalizer with it. The environment stays: there is a canary only while the instance data holds it, too. */
static void drop_canary(lewd_env *env, napi_ref canary) {
    if (canary == NULL)
        return;
    napi_delete_reference(env->napi, canary);
    assert(env->holders > 1);
    env->holders--;
}

/* Without an elder every collection counts as a major one. */
static void make_elder(lewd_env *env) {
    napi_value symbol;
    if (napi_create_symbol(env->napi, NULL, &symbol) != napi_ok ||
        napi_create_reference(env->napi, symbol, 0, &env->elder) != napi_ok)
        env->elder = NULL;
}

/* Notes whether a collection ran since the last call. A handle scope must be open. */
static void observe(lewd_env *env) {
    if (env->canary != NULL && !is_dead(env->napi, env->canary))
        return;
    env->collections++;
    if (env->elder == NULL || is_dead(env->napi, env->elder)) {
        drop_reference(env->napi, &env->elder);
        make_elder(env);
        env->major++;
        env->nudged = false;
    }
    const napi_ref dead = env->canary;
    env->canary = NULL;
    make_canary(env);
    drop_canary(env, dead);
}

/* Sweeps. */

static void add_weight(lewd_arena *arena, int64_t blocks) {
    arena->weight += blocks * LEWD_BLOCK;
    arena->env->weight += blocks * LEWD_BLOCK;
}

void lewd_token_free(lewd_arena *arena, lewd_span span) {
    napi_ref ref = lewd_heap_owner(arena->heap, span);
    if (ref != NULL)
        add_weight(arena, -(int64_t)lewd_heap_size(arena->heap, span));
    lewd_heap_free(arena->heap, span);
    drop_reference(arena->env->napi, &ref);
}

/* A span that was freed since, or was handed out again, is no harm: it is asked anew. */
static bool holds_dead(lewd_arena *arena, lewd_span span) {
    if (!lewd_heap_is_used(arena->heap, span))
        return false;
    const napi_ref ref = lewd_heap_owner(arena->heap, span);
    return ref != NULL && is_dead(arena->env->napi, ref);
}

bool lewd_token_free_if_dead(lewd_arena *arena, lewd_span span) {
    const bool dead = holds_dead(arena, span);
    if (dead)
        lewd_token_free(arena, span);
    return dead;
}

/* Fetches what the next steps through a list will touch, in the order in which one is found by the other. */
static void foresee(const lewd_arena *arena, const lewd_span *items, uint32_t length, uint32_t i) {
    if (length - i <= 2u * LEWD_AHEAD)
        return;
    lewd_heap_prefetch(arena->heap, items[i + 2u * LEWD_AHEAD]);
    lewd_heap_prefetch_owner(arena->heap, items[i + LEWD_AHEAD]);
    lewd_heap_prefetch_neighbours(arena->heap, items[i + LEWD_AHEAD]);
}

/* The part of the memory that a span begins in, counted from the top. */
static uint32_t part_of(const lewd_arena *arena, lewd_span span) {
    return LEWD_PARTS - 1u - lewd_heap_start(arena->heap, span) / (LEWD_MAX_BLOCKS / LEWD_PARTS);
}

/* Sorts by parts, into `order`. */
static void sort_by_parts(const lewd_arena *arena, const lewd_list *list, lewd_span *order) {
    uint32_t ends[LEWD_PARTS + 1u] = {0};
    for (uint32_t i = 0; i < list->length; i++)
        ends[part_of(arena, list->items[i]) + 1u]++;
    for (uint32_t part = 1; part <= LEWD_PARTS; part++)
        ends[part] += ends[part - 1u];
    for (uint32_t i = 0; i < list->length; i++)
        order[ends[part_of(arena, list->items[i])]++] = list->items[i];
}

/*
 * Frees what is in the list, from the top of the memory down. A span that lies below all free ones of its size goes into
 * the index without a search; in the order in which they were made, half a million would each take a walk among cold records.
 */
static void free_downwards(lewd_arena *arena, const lewd_list *list) {
    const size_t size = list->length * sizeof *list->items;
    lewd_span *const sorted = list->length < LEWD_FEW ? NULL : lewd_glue_resize(NULL, NULL, 0, size);
    const lewd_span *const order = sorted == NULL ? list->items : sorted;
    if (sorted != NULL)
        sort_by_parts(arena, list, sorted);
    for (uint32_t i = 0; i < list->length; i++) {
        foresee(arena, order, list->length, i);
        lewd_heap_free(arena->heap, order[i]);
    }
    if (sorted != NULL)
        lewd_glue_resize(NULL, sorted, size, 0);
}

/*
 * Looks at the spans of a list. The survivors among the first `aged` go on to `elders`, if there are any; the others stay.
 */
static uint32_t sweep_list(lewd_arena *arena, lewd_list *list, uint32_t aged, lewd_list *elders) {
    uint32_t freed = 0;
    uint32_t kept = 0;
    for (uint32_t from = 0; from < list->length; from += LEWD_SCOPE_SIZE) {
        napi_handle_scope scope;
        if (napi_open_handle_scope(arena->env->napi, &scope) != napi_ok) {
            arena->young_lost = true;
            break;
        }
        for (uint32_t i = from; i < list->length && i < from + LEWD_SCOPE_SIZE; i++) {
            foresee(arena, list->items, list->length, i);
            const lewd_span span = list->items[i];
            if (lewd_token_free_if_dead(arena, span))
                freed++;
            else if (i >= aged)
                list->items[kept++] = span;
            else if (elders != NULL && !lewd_list_push(elders, span))
                arena->young_lost = true;
        }
        napi_close_handle_scope(arena->env->napi, scope);
    }
    list->length = kept;
    return freed;
}

/* Those that came after the last look at the canary may have come after the collection, too: they have not aged. */
static uint32_t sweep_young(lewd_arena *arena) {
    lewd_list *const young = arena->young;
    const uint32_t freed = sweep_list(arena, &young[1], young[1].length, NULL);
    return freed + sweep_list(arena, &young[0], arena->aged, &young[1]);
}

/* A major collection makes all that it keeps old, but for those that may have come after it. */
static void forget_aged(lewd_arena *arena) {
    lewd_list *const list = &arena->young[0];
    list->length -= arena->aged;
    if (list->length > 0)
        memmove(list->items, list->items + arena->aged, list->length * sizeof *list->items);
    arena->young[1].length = 0;
}

/* Tells V8 what the tokens hold, where it differs by a batch or more from what it knows. */
static void report_weight(lewd_env *env) {
    const int64_t unknown = env->weight - env->reported;
    if (unknown < LEWD_WEIGHT_BATCH && unknown > -LEWD_WEIGHT_BATCH)
        return;
    int64_t total;
    env->reported = env->weight;
    napi_adjust_external_memory(env->napi, unknown, &total);
}

/*
 * What is left weighs what the live tokens weigh: this is the time to tell V8. Told of the dead as well, it would collect
 * for every 64 MB of them, which costs a process with many objects more than all the rest; the pace is ours.
 */
static uint32_t sweep_all(lewd_arena *arena) {
    lewd_list dead = {0};
    uint32_t freed = 0;
    const lewd_span bound = lewd_heap_bound(arena->heap);
    for (lewd_span from = 0; from < bound; from += LEWD_SCOPE_SIZE) {
        napi_handle_scope scope;
        if (napi_open_handle_scope(arena->env->napi, &scope) != napi_ok)
            break;
        for (lewd_span span = from; span < bound && span < from + LEWD_SCOPE_SIZE; span++) {
            lewd_heap_prefetch_owner(arena->heap, span + LEWD_AHEAD);
            if (!holds_dead(arena, span))
                continue;
            lewd_token_detach(arena, span);
            if (!lewd_list_push(&dead, span)) {
                lewd_heap_free(arena->heap, span);
                freed++;
            }
        }
        napi_close_handle_scope(arena->env->napi, scope);
    }
    freed += dead.length;
    free_downwards(arena, &dead);
    list_free(&dead);
    arena->young_lost = false;
    if (arena->kept > arena->weight)
        arena->kept = arena->weight;
    arena->settled = arena->weight;
    report_weight(arena->env);
    return freed;
}

/* Catches up with the collections that were observed. */
static uint32_t catch_up(lewd_arena *arena) {
    const lewd_env *const env = arena->env;
    uint32_t freed = 0;
    if (arena->major != env->major || (arena->young_lost && arena->collections != env->collections)) {
        forget_aged(arena);
        freed = sweep_all(arena);
    } else if (arena->collections != env->collections)
        freed = sweep_young(arena);
    arena->collections = env->collections;
    arena->major = env->major;
    arena->aged = arena->young[0].length;
    if (freed != 0)
        lewd_arena_publish(arena);
    return freed;
}

static int64_t pace_of(const lewd_arena *arena) {
    return arena->kept > LEWD_PACE ? arena->kept : LEWD_PACE;
}

/*
 * V8 marks beside the program if it is asked in time, and stops it if it has to be done at once; so where much is alive, it
 * is asked before the pace calls for a collection, once for each. What is reported is what lets it begin, and no more.
 */
static void nudge(lewd_arena *arena) {
    const int64_t pace = pace_of(arena);
    int64_t total;
    if (arena->env->nudged || arena->kept <= LEWD_PACE || arena->weight - arena->kept < pace / 4 * 3 ||
        arena->weight - arena->settled < pace / 4)
        return;
    arena->env->nudged = true;
    napi_adjust_external_memory(arena->env->napi, LEWD_NUDGE, &total);
    napi_adjust_external_memory(arena->env->napi, -LEWD_NUDGE, &total);
}

static uint32_t look(lewd_arena *arena) {
    arena->countdown = LEWD_LOOK_EVERY;
    observe(arena->env);
    const uint32_t freed = catch_up(arena);
    nudge(arena);
    return freed;
}

void lewd_token_tick(lewd_arena *arena) {
    if (--arena->countdown == 0)
        look(arena);
}

uint32_t lewd_token_sweep(lewd_arena *arena) {
    const uint32_t freed = look(arena);
    return arena->weight - arena->kept < pace_of(arena) ? freed : freed + lewd_token_collect(arena, false);
}

void lewd_collect(napi_env napi) {
    int64_t total;
    napi_adjust_external_memory(napi, LEWD_PRESSURE, &total);
    napi_adjust_external_memory(napi, -LEWD_PRESSURE, &total);
}

static uint32_t collect_once(lewd_arena *arena) {
    const uint32_t major = arena->major;
    lewd_collect(arena->env->napi);
    uint32_t freed = look(arena);
    if (arena->major == major)
        freed += sweep_all(arena);
    lewd_arena_publish(arena);
    return freed;
}

/*
 * If V8 was marking, it only finishes that, and keeps what was touched since it began: the handlers called in a growth, for
 * one, with all that they close over. So if half or more is left, or nothing may be, it has to begin anew. What is left then
 * is alive; after a collection of V8's own that can't be told, and the pace goes on from the last time that it could.
 */
uint32_t lewd_token_collect(lewd_arena *arena, bool thoroughly) {
    const int64_t before = arena->weight;
    uint32_t freed = collect_once(arena);
    if (thoroughly || arena->weight >= before / 2)
        freed += collect_once(arena);
    arena->kept = arena->weight;
    return freed;
}

/*
 * The span has an owner, which nobody has looked at. A program that frees what it allocates with one long-lived token makes
 * no garbage, so no collection ever empties the list: when it has grown longer than there are spans, most of it is stale.
 */
static void add_young(lewd_arena *arena, lewd_span span, uint32_t size) {
    lewd_list *const young = &arena->young[0];
    add_weight(arena, size);
    if (young->length <= lewd_heap_bound(arena->heap) + LEWD_FEW && lewd_list_push(young, span))
        return;
    arena->young_lost = true;
    young->length = 0;
    arena->aged = 0;
}

bool lewd_token_attach(lewd_arena *arena, lewd_span span, uint32_t size, napi_value token) {
    napi_ref ref;
    if (napi_create_reference(arena->env->napi, token, 0, &ref) != napi_ok)
        return false;
    lewd_token_detach(arena, span);
    lewd_heap_set_owner(arena->heap, span, ref);
    add_young(arena, span, size);
    return true;
}

void lewd_token_detach(lewd_arena *arena, lewd_span span) {
    napi_ref ref = lewd_heap_owner(arena->heap, span);
    if (ref == NULL)
        return;
    add_weight(arena, -(int64_t)lewd_heap_size(arena->heap, span));
    lewd_heap_set_owner(arena->heap, span, NULL);
    drop_reference(arena->env->napi, &ref);
}

void lewd_token_move(lewd_arena *arena, lewd_span from, lewd_span to) {
    void *const ref = lewd_heap_owner(arena->heap, from);
    if (ref != NULL) {
        add_weight(arena, -(int64_t)lewd_heap_size(arena->heap, from));
        lewd_heap_set_owner(arena->heap, from, NULL);
        lewd_heap_set_owner(arena->heap, to, ref);
        add_young(arena, to, lewd_heap_size(arena->heap, to));
    }
    lewd_heap_free(arena->heap, from);
}

bool lewd_token_of(const lewd_arena *arena, lewd_span span, napi_value *token) {
    const napi_ref ref = lewd_heap_owner(arena->heap, span);
    *token = NULL;
    return ref == NULL || napi_get_reference_value(arena->env->napi, ref, token) == napi_ok;
}

lewd_status lewd_token_resize(lewd_arena *arena, lewd_span span, uint32_t size) {
    const int64_t old_size = lewd_heap_size(arena->heap, span);
    const lewd_status status = lewd_heap_resize(arena->heap, span, size);
    if (status == LEWD_OK && lewd_heap_owner(arena->heap, span) != NULL)
        add_weight(arena, (int64_t)size - old_size);
    return status;
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
    while ((span = lewd_heap_next_used(arena->heap, span)) != 0)
        lewd_token_detach(arena, span);
    while (arena->watched_length > 0)
        drop_reference(napi, &arena->watched[--arena->watched_length]);
    drop_reference(napi, &arena->figures_ref);
    drop_reference(napi, &arena->memory);
    drop_reference(napi, &arena->keeper);
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
    drop_reference(env->napi, &env->strong);
    env->closing = true;
    drop_canary(env, env->canary);
}

void lewd_arena_dispose(lewd_arena *arena) {
    lewd_env *const env = arena->env;
    if (arena->heap != NULL && !env->closing) {
        drop_references(arena);
        report_weight(env);
    }
    if (arena->prev != NULL)
        arena->prev->next = arena->next;
    else if (env->arenas == arena)
        env->arenas = arena->next;
    if (arena->next != NULL)
        arena->next->prev = arena->prev;
    arena->prev = arena->next = NULL;
    lewd_heap_destroy(arena->heap);
    arena->heap = NULL;
    list_free(&arena->young[0]);
    list_free(&arena->young[1]);
    list_free(&arena->reserved);
    lewd_glue_resize(NULL, arena->watched, arena->watched_capacity * sizeof *arena->watched, 0);
    arena->watched = NULL;
    arena->watched_length = arena->watched_capacity = 0;
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
    published[LEWD_FIGURE_SCRATCH_SIZE] = NAN;
}
