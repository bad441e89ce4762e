/*
 * sweep.c: memory comes back.
 *
 * Every weak pointer has a weak reference to its token and no finalizer. A reference whose token was collected answers
 * NULL. A sweep asks the references and frees the spans of those that answer NULL; it needs no turn of the event loop.
 * Its cost is kept in proportion. It looks only when something can have died, which collections.c tells, and only where
 * something can have died:
 *
 *     after a minor collection     at the young: tokens that were kept through fewer than two collections. After two, V8
 *                                  has moved a token to its old generation, where only a major collection can take it
 *     after a major collection     at all tokens, and at all once more after the second collection that follows it
 *
 * V8 learns as external memory what live tokens hold. What dead ones hold is not known before they are looked at. It is
 * bounded by a pace: V8 is made to collect when tokens hold twice as much as after the last time.
 *
 * A collection is worked off for all arenas of the environment at once, whichever of them notices it. It is noticed once,
 * and an arena that is not called any more would never notice it. The environment has lists of the arenas in which there
 * is something to look at, so that idle ones cost nothing:
 *
 *     after a minor collection     the arenas that have young tokens. An idle one has none after three collections
 *     after a major collection     the arenas that have tokens. Each costs one look a token; V8 has just visited the same
 *                                  token, and all functions of the arena
 *
 * So 10,000 idle arenas cost nothing if they have no tokens, and 10,000 looks a major collection with one token each.
 */
#include "glue.h"

#include <string.h>

/* What follows from them is measured in docs/lifetimes.md. */
#define LOOK_EVERY 64u              /* allocations between two looks at the canary */
#define PRESSURE ((int64_t)1 << 50) /* bytes reported, and taken back, to make V8 collect all */
#define NUDGE ((int64_t)65 << 20)   /* bytes more than after a collection, from which on V8 begins another */
#define PACE ((int64_t)128 << 20)   /* bytes more than after the last major collection that call for one */
#define DIGIT 10                    /* bits of a place that are sorted by at once: three digits are all */
#define DIGITS (1u << DIGIT)
#define LOST 3u         /* collections after which young tokens are old, whenever they are noticed */
#define FEW 1024u       /* dead that are not worth sorting */
#define MANY 65536u     /* dead whose list is not worth keeping */
#define AHEAD 24u       /* steps of a sweep from a prefetch to its use */
#define SCOPE_SIZE 256u /* looks a handle scope; V8 has as many handles in a block */

/* A token may be young and in no list: for so many collections only a look at all tokens finds all. */
static void lose_young(lewd_arena *arena) {
    arena->unlisted = LOST;
    lewd_arena_enter(arena, LEWD_WITH_YOUNG);
    lewd_arena_enter(arena, LEWD_WITH_TOKENS);
}

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
            lose_young(arena);
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
                lose_young(arena);
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
 */
static uint32_t sweep_all(lewd_arena *arena) {
    uint32_t freed = 0;
    uint32_t end = arena->ledger.bound;
    while (end > 1u) {
        const uint32_t from = (end - 2u) / SCOPE_SIZE * SCOPE_SIZE + 1u;
        if (!sweep_slots(arena, from, end, &freed)) {
            lose_young(arena);
            break;
        }
        end = from;
    }
    free_dead(arena);
    return freed;
}

/* Takes an arena out of the lists in which there is nothing to look at in it. */
static void leave_lists(lewd_arena *arena) {
    if (arena->young[0].length != 0 || arena->young[1].length != 0 || arena->unlisted != 0)
        return;
    lewd_arena_leave(arena, LEWD_WITH_YOUNG);
    if (arena->weight == 0 && arena->ledger.spent == 0)
        lewd_arena_leave(arena, LEWD_WITH_TOKENS);
}

/* Works off the collections that were noticed, in one arena. In a doubt the young may not be old yet. */
static void catch_up(lewd_arena *arena, lewd_news news) {
    uint32_t freed = 0;
    const bool all = news != LEWD_MINOR || arena->unlisted > 0;
    if (arena->unlisted > 0)
        arena->unlisted--;
    if (news == LEWD_MAJOR) {
        lewd_ledger_drain(arena->env->napi, &arena->ledger);
        forget_aged(arena);
    } else {
        freed += sweep_young(arena);
    }
    if (all)
        freed += sweep_all(arena);
    arena->aged = arena->young[0].length;
    if (news == LEWD_MAJOR || arena->settled > arena->weight)
        arena->settled = arena->weight;
    if (all && arena->kept > arena->weight)
        arena->kept = arena->weight;
    if (freed != 0)
        lewd_arena_publish(arena);
    leave_lists(arena);
}

/*
 * After a major collection the weight left is that of the live tokens: this is the time to tell V8. Told of the
 * dead as well, it would collect for every 64 MB of them, which costs a process with many objects more than all the
 * rest; the pace is ours.
 */
static void work_off(lewd_env *env, lewd_news news) {
    const int list = news == LEWD_MINOR ? LEWD_WITH_YOUNG : LEWD_WITH_TOKENS;
    lewd_arena *next;
    for (lewd_arena *arena = env->lists[list]; arena != NULL; arena = next) {
        next = arena->links[list].next;
        catch_up(arena, news);
    }
    if (news == LEWD_MAJOR || (news == LEWD_DOUBTFUL && env->weight < env->reported))
        lewd_tokens_report(env);
}

void lewd_env_look(lewd_env *env) {
    const lewd_news news = lewd_observe(env, false);
    if (news != LEWD_NO_NEWS)
        work_off(env, news);
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

static void look(lewd_arena *arena) {
    const lewd_news news = lewd_observe(arena->env, false);
    arena->countdown = LOOK_EVERY;
    if (news != LEWD_NO_NEWS)
        work_off(arena->env, news);
    else /* all of these will have been there before the next collection */
        arena->aged = arena->young[0].length;
    nudge(arena);
}

void lewd_token_tick(lewd_arena *arena) {
    if (--arena->countdown == 0)
        look(arena);
}

void lewd_token_sweep(lewd_arena *arena) {
    look(arena);
    if (arena->weight - arena->kept >= pace_of(arena))
        lewd_token_collect(arena, false);
}

void lewd_collect(napi_env napi) {
    int64_t total;
    napi_adjust_external_memory(napi, PRESSURE, &total);
    napi_adjust_external_memory(napi, -PRESSURE, &total);
}

static void collect_once(lewd_env *env) {
    lewd_collect(env->napi);
    work_off(env, lewd_observe(env, true));
}

/*
 * If V8 was marking, it only finishes that, and keeps what was touched since it began: the handlers called in a growth, for
 * one, with all that they close over. So if half or more is left, or nothing may be, it has to begin anew. What is left then
 * is alive; after a collection of V8's own that can't be told, and the pace goes on from the last time that it could.
 */
void lewd_token_collect(lewd_arena *arena, bool thoroughly) {
    const int64_t before = arena->weight;
    arena->countdown = LOOK_EVERY;
    collect_once(arena->env);
    if (thoroughly || arena->weight >= before / 2)
        collect_once(arena->env);
    arena->kept = arena->weight;
}

/*
 * A program that frees what it allocates with one long-lived token makes no garbage, so no collection ever empties the list:
 * when it has grown longer than there are slots, most of it is stale.
 */
void lewd_token_is_young(lewd_arena *arena, uint32_t slot) {
    lewd_list *const young = &arena->young[0];
    if (!arena->links[LEWD_WITH_YOUNG].is_in) {
        lewd_arena_enter(arena, LEWD_WITH_YOUNG);
        lewd_arena_enter(arena, LEWD_WITH_TOKENS);
    }
    if (young->length <= arena->ledger.bound + FEW && lewd_list_push(young, slot))
        return;
    lose_young(arena);
    young->length = 0;
    arena->aged = 0;
}
