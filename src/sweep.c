/*
 * sweep.c: memory comes back.
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
#include <string.h>

/* What follows from them is measured in docs/lifetimes.md. */
#define LOOK_EVERY 64u              /* allocations between two looks at the canary */
#define PRESSURE ((int64_t)1 << 50) /* bytes reported, and taken back, to make V8 collect all */
#define NUDGE ((int64_t)65 << 20)   /* bytes more than after a collection, from which on V8 begins another */
#define PACE ((int64_t)128 << 20)   /* bytes more than after the last major collection that call for one */
#define DIGIT 10                    /* bits of a place that are sorted by at once: three digits are all */
#define DIGITS (1u << DIGIT)
#define FEW 1024u       /* dead that are not worth sorting */
#define MANY 65536u     /* dead whose list is not worth keeping */
#define AHEAD 24u       /* steps of a sweep from a prefetch to its use */
#define SCOPE_SIZE 256u /* looks a handle scope; V8 has as many handles in a block */

/* Canary and elder. */

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
    if (env->canary != NULL && !lewd_reference_is_spent(env->napi, env->canary))
        return;
    env->collections++;
    if (env->elder == NULL || lewd_reference_is_spent(env->napi, env->elder)) {
        lewd_reference_drop(env->napi, &env->elder);
        make_elder(env);
        env->major++;
        env->nudged = false;
    }
    const napi_ref dead = env->canary;
    env->canary = NULL;
    make_canary(env);
    drop_canary(env, dead);
}

void lewd_canary_drop(lewd_env *env) {
    lewd_reference_drop(env->napi, &env->elder);
    drop_canary(env, env->canary);
}

/* Sweeps. */

/* Frees its span when the sweep has looked at all, if the token of a slot is dead. */
static bool doom_if_dead(lewd_arena *arena, uint32_t slot) {
    const lewd_span span = lewd_ledger_spend(arena->env->napi, &arena->ledger, slot);
    if (span == 0)
        return false;
    if (!lewd_list_push(&arena->dead, span))
        lewd_token_free_spans(arena, &span, 1);
    return true;
}

/* One pass of a radix sort: by DIGIT bits of the place from `shift` on, the highest first; equals stay in order. */
static void sort_by_digit(const uint64_t *from, uint64_t *to, uint32_t length, unsigned shift) {
    uint32_t ends[DIGITS + 1u] = {0};
    for (uint32_t i = 0; i < length; i++)
        ends[DIGITS - (from[i] >> shift) % DIGITS]++;
    for (uint32_t digit = 1; digit <= DIGITS; digit++)
        ends[digit] += ends[digit - 1u];
    for (uint32_t i = 0; i < length; i++)
        to[ends[DIGITS - 1u - (from[i] >> shift) % DIGITS]++] = from[i];
}

/* Sorts the spans from the highest place down, using `room` for twice as many. A place has three digits. */
static void sort_downwards(const lewd_arena *arena, lewd_list *list, uint64_t *room) {
    const uint32_t length = list->length;
    uint64_t *const other = room + length;
    for (uint32_t i = 0; i < length; i++) {
        if (length - i > AHEAD)
            lewd_heap_prefetch(arena->heap, list->items[i + AHEAD]);
        room[i] = (uint64_t)lewd_heap_start(arena->heap, list->items[i]) << 32 | list->items[i];
    }
    sort_by_digit(room, other, length, 32);
    sort_by_digit(other, room, length, 32 + DIGIT);
    sort_by_digit(room, other, length, 32 + 2 * DIGIT);
    for (uint32_t i = 0; i < length; i++)
        list->items[i] = (lewd_span)other[i];
}

/*
 * Frees what the sweep found, from the top of the memory down. A span that lies below all free ones of its size goes into
 * the index without a search, and leaves it without one; in the order in which they were made, half a million would each take
 * a walk among cold records.
 */
static void free_dead(lewd_arena *arena) {
    lewd_list *const dead = &arena->dead;
    const size_t size = sizeof(uint64_t) * 2u * dead->length;
    uint64_t *const room = dead->length < FEW ? NULL : lewd_glue_resize(NULL, NULL, 0, size);
    if (room != NULL) {
        sort_downwards(arena, dead, room);
        lewd_glue_resize(NULL, room, size, 0);
    }
    lewd_token_free_spans(arena, dead->items, dead->length);
    dead->length = 0;
    if (dead->capacity > MANY)
        lewd_list_free(dead);
}

/*
 * Looks at the slots of a list. The survivors among the first `aged` go on to `elders`, if there are any; the others stay. A
 * slot that was vacated since, or was taken again, is no harm: it is asked anew.
 */
static uint32_t sweep_list(lewd_arena *arena, lewd_list *list, uint32_t aged, lewd_list *elders) {
    uint32_t freed = 0;
    uint32_t kept = 0;
    for (uint32_t from = 0; from < list->length; from += SCOPE_SIZE) {
        napi_handle_scope scope;
        if (napi_open_handle_scope(arena->env->napi, &scope) != napi_ok) {
            arena->young_lost = true;
            break;
        }
        for (uint32_t i = from; i < list->length && i < from + SCOPE_SIZE; i++) {
            if (list->length - i > 2u * AHEAD) {
                lewd_ledger_foresee(&arena->ledger, list->items[i + 2u * AHEAD]);
                lewd_ledger_foresee_reference(&arena->ledger, list->items[i + AHEAD]);
            }
            const uint32_t slot = list->items[i];
            if (doom_if_dead(arena, slot))
                freed++;
            else if (i >= aged)
                list->items[kept++] = slot;
            else if (elders != NULL && !lewd_list_push(elders, slot))
                arena->young_lost = true;
        }
        napi_close_handle_scope(arena->env->napi, scope);
    }
    list->length = kept;
    free_dead(arena);
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

/*
 * Looks at the slots [from, end), in their order. What comes after them are the slots below: see sweep_all(). False if there
 * is no memory for it.
 */
static bool sweep_slots(lewd_arena *arena, uint32_t from, uint32_t end, uint32_t *freed) {
    napi_handle_scope scope;
    if (napi_open_handle_scope(arena->env->napi, &scope) != napi_ok)
        return false;
    for (uint32_t slot = from; slot < end; slot++) {
        const uint32_t ahead = slot + AHEAD;
        lewd_ledger_foresee_reference(&arena->ledger, ahead < end ? ahead : from - SCOPE_SIZE + (ahead - end));
        *freed += doom_if_dead(arena, slot);
    }
    napi_close_handle_scope(arena->env->napi, scope);
    return true;
}

/*
 * V8 keeps handles in blocks, the latest first, and takes back those of the dead in this order: from the last block to the
 * first, in each from the first handle to the last. So does this walk, that spent slots stay with their handles: see ledger.c.
 *
 * What is left weighs what the live tokens weigh: this is the time to tell V8. Told of the dead as well, it would collect
 * for every 64 MB of them, which costs a process with many objects more than all the rest; the pace is ours.
 */
static uint32_t sweep_all(lewd_arena *arena) {
    uint32_t freed = 0;
    uint32_t end = arena->ledger.bound;
    arena->young_lost = false;
    while (end > 1u) {
        const uint32_t from = (end - 2u) / SCOPE_SIZE * SCOPE_SIZE + 1u;
        if (!sweep_slots(arena, from, end, &freed)) {
            arena->young_lost = true;
            break;
        }
        end = from;
    }
    free_dead(arena);
    if (arena->kept > arena->weight)
        arena->kept = arena->weight;
    arena->settled = arena->weight;
    lewd_tokens_report(arena->env);
    return freed;
}

/* Catches up with the collections that were observed. */
static uint32_t catch_up(lewd_arena *arena) {
    const lewd_env *const env = arena->env;
    uint32_t freed = 0;
    if (arena->collections == env->collections) {
        /* The canary answers: all of these will have been there before the next collection. */
        arena->aged = arena->young[0].length;
        return 0;
    }
    if (arena->major != env->major)
        lewd_ledger_drain(env->napi, &arena->ledger);
    if (arena->major != env->major || arena->young_lost) {
        forget_aged(arena);
        freed = sweep_all(arena);
    } else {
        freed = sweep_young(arena);
    }
    arena->collections = env->collections;
    arena->major = env->major;
    arena->aged = arena->young[0].length;
    if (freed != 0)
        lewd_arena_publish(arena);
    return freed;
}

static int64_t pace_of(const lewd_arena *arena) {
    return arena->kept > PACE ? arena->kept : PACE;
}

/*
 * V8 marks beside the program if it is asked in time, and stops it if it has to be done at once; so where much is alive, it
 * is asked before the pace calls for a collection, once for each. What is reported is what lets it begin, and no more.
 */
static void nudge(lewd_arena *arena) {
    const int64_t pace = pace_of(arena);
    int64_t total;
    if (arena->env->nudged || arena->kept <= PACE || arena->weight - arena->kept < pace / 4 * 3 ||
        arena->weight - arena->settled < pace / 4)
        return;
    arena->env->nudged = true;
    napi_adjust_external_memory(arena->env->napi, NUDGE, &total);
    napi_adjust_external_memory(arena->env->napi, -NUDGE, &total);
}

static uint32_t look(lewd_arena *arena) {
    arena->countdown = LOOK_EVERY;
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
    napi_adjust_external_memory(napi, PRESSURE, &total);
    napi_adjust_external_memory(napi, -PRESSURE, &total);
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
 * A program that frees what it allocates with one long-lived token makes no garbage, so no collection ever empties the list:
 * when it has grown longer than there are slots, most of it is stale.
 */
void lewd_token_is_young(lewd_arena *arena, uint32_t slot) {
    lewd_list *const young = &arena->young[0];
    if (young->length <= arena->ledger.bound + FEW && lewd_list_push(young, slot))
        return;
    arena->young_lost = true;
    young->length = 0;
    arena->aged = 0;
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
