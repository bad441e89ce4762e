/*
 * sweep.c: frees the spans of collected tokens.
 *
 * A weak pointer has a weak reference to its token and no finalizer. The reference reads as NULL once the token was
 * collected. A sweep reads the references, and frees the spans of those that read as NULL; it needs no turn of the
 * event loop. To keep its cost in proportion, it runs only when tokens may have died, which gc.c reports, and reads
 * only references whose tokens may have died:
 *
 *     after a minor collection     young tokens: those that have survived fewer than two collections. After two, V8 has
 *                                  moved a token to its old generation, where only a major collection takes it
 *     after a major collection     all tokens, and all once more after the second collection that follows it
 *
 * A sweep visits all arenas of the environment, whichever of them notices the collection. A collection is noticed only
 * once, and an arena that is not called any more would never notice it. The environment has lists of the arenas whose
 * tokens have to be read, so that the others cost nothing:
 *
 *     after a minor collection     the arenas with young tokens. An idle arena has none after three collections
 *     after a major collection     the arenas with tokens. V8 has just visited the same tokens, and all functions of
 *                                  the arenas
 *
 * So 10,000 idle arenas cost nothing if they have no tokens, and 10,000 reads a major collection with one token each.
 */
#include "sweep.h"

#include "radix.h"
#include "support.h"
#include "tokens.h"
#include "weak.h"

/* docs/design/lifetimes.md has the measurements behind these constants. */
#define LEWD_LOOK_INTERVAL 64u        /* allocations between two looks at the gc probe */
#define LEWD_MIN_SORTED 1024u         /* least number of dead spans that is worth sorting */
#define LEWD_MAX_KEPT_CAPACITY 65536u /* dead spans for which the list keeps its memory */
#define LEWD_SWEEP_DISTANCE 24u       /* steps from a prefetch to its use */

/* Notes that young tokens may be in no list: for some collections, only a sweep of all tokens finds all dead ones. */
static void lose_young(lewd_arena *arena) {
    lewd_young_lose(&arena->young);
    lewd_arena_enter(arena, LEWD_WITH_YOUNG);
    lewd_arena_enter(arena, LEWD_WITH_TOKENS);
}

/*
 * Returns whether the token of a slot is dead. If it is, its span is freed when the sweep ends, or at once if there is
 * no memory for the list.
 */
static bool claim_if_dead(lewd_arena *arena, uint32_t slot) {
    const lewd_span span = lewd_weak_claim_dead(arena->env->napi, &arena->slots, slot);
    if (span == 0)
        return false;
    if (!lewd_list_push(&arena->dead_spans, span))
        lewd_token_free_dead(arena, &span, 1);
    return true;
}

/* Sorts spans by place, the highest first. `room` has two pairs for each span. */
static void sort_descending(const lewd_heap *heap, lewd_list *spans, uint64_t *room) {
    const uint32_t length = spans->length;
    uint64_t *const sorted = room + length;
    for (uint32_t i = 0; i < length; i++) {
        if (length - i > LEWD_SWEEP_DISTANCE)
            lewd_heap_prefetch(heap, spans->items[i + LEWD_SWEEP_DISTANCE]);
        room[i] = lewd_radix_pair(lewd_heap_start(heap, spans->items[i]), spans->items[i]);
    }
    lewd_radix_sort_descending(room, sorted, length);
    for (uint32_t i = 0; i < length; i++)
        spans->items[i] = (lewd_span)sorted[i];
}

/*
 * Frees the dead spans of a sweep, the highest first. A span below all free ones of its size enters the index without a
 * search, and leaves it without one. In the order of their allocation, half a million spans would each take a walk
 * through records that are in no cache.
 */
static void free_dead(lewd_arena *arena) {
    lewd_list *const dead = &arena->dead_spans;
    const size_t size = sizeof(uint64_t) * 2u * dead->length;
    uint64_t *const room = dead->length < LEWD_MIN_SORTED ? NULL : lewd_realloc(NULL, NULL, 0, size);
    if (room != NULL) {
        sort_descending(arena->heap, dead, room);
        lewd_realloc(NULL, room, size, 0);
    }
    lewd_token_free_dead(arena, dead->items, dead->length);
    dead->length = 0;
    if (dead->capacity > LEWD_MAX_KEPT_CAPACITY)
        lewd_list_free(dead);
}

static void prefetch_listed(const lewd_arena *arena, const lewd_list *list, uint32_t i) {
    if (list->length - i <= 2u * LEWD_SWEEP_DISTANCE)
        return;
    lewd_weak_prefetch_slot(&arena->slots, list->items[i + 2u * LEWD_SWEEP_DISTANCE]);
    lewd_weak_prefetch_reference(&arena->slots, list->items[i + LEWD_SWEEP_DISTANCE]);
}

/*
 * Reads the slots of a list of young tokens. Returns how many tokens are dead. Of the survivors, those among the first
 * `aged` move to `next`, unless it is NULL; the others stay. A slot that was vacated or taken again since it was listed
 * does no harm: its present state is read.
 */
static uint32_t sweep_list(lewd_arena *arena, lewd_list *list, uint32_t aged, lewd_list *next) {
    uint32_t freed = 0;
    uint32_t kept = 0;
    for (uint32_t from = 0; from < list->length; from += LEWD_SCOPE_SIZE) {
        napi_handle_scope scope;
        if (napi_open_handle_scope(arena->env->napi, &scope) != napi_ok) {
            lose_young(arena);
            break;
        }
        for (uint32_t i = from; i < list->length && i < from + LEWD_SCOPE_SIZE; i++) {
            const uint32_t slot = list->items[i];
            prefetch_listed(arena, list, i);
            if (claim_if_dead(arena, slot))
                freed++;
            else if (i >= aged)
                list->items[kept++] = slot;
            else if (next != NULL && !lewd_list_push(next, slot))
                lose_young(arena);
        }
        napi_close_handle_scope(arena->env->napi, scope);
    }
    list->length = kept;
    free_dead(arena);
    return freed;
}

/*
 * Sweeps the young tokens. Tokens that were listed after the last look at the gc probe have not aged: they may have
 * come after the collection.
 */
static uint32_t sweep_young(lewd_arena *arena) {
    lewd_list *const survived = arena->young.survived;
    const uint32_t freed = sweep_list(arena, &survived[1], survived[1].length, NULL);
    return freed + sweep_list(arena, &survived[0], arena->young.aged, &survived[1]);
}

/*
 * Returns the slot to prefetch at `slot` of [from, end); 0 if there is none. It follows the order of sweep_all(), which
 * reads the slots below `from` next.
 */
static uint32_t slot_ahead(uint32_t slot, uint32_t from, uint32_t end) {
    const uint32_t ahead = slot + LEWD_SWEEP_DISTANCE;
    if (ahead < end)
        return ahead;
    return from > LEWD_SCOPE_SIZE ? from - LEWD_SCOPE_SIZE + (ahead - end) : 0;
}

/*
 * Reads the slots [from, end) in order, and adds the number of dead tokens to `*freed`. Returns false if no handle
 * scope can be opened.
 */
static bool sweep_slots(lewd_arena *arena, uint32_t from, uint32_t end, uint32_t *freed) {
    napi_handle_scope scope;
    if (napi_open_handle_scope(arena->env->napi, &scope) != napi_ok)
        return false;
    for (uint32_t slot = from; slot < end; slot++) {
        lewd_weak_prefetch_reference(&arena->slots, slot_ahead(slot, from, end));
        *freed += claim_if_dead(arena, slot);
    }
    napi_close_handle_scope(arena->env->napi, scope);
    return true;
}

/*
 * Reads all slots. V8 keeps handles in blocks, and frees those of dead tokens from the last block to the first, and in
 * each block from the first handle to the last. This walk has the same order, so that dead slots stay with their
 * handles: see weak.c.
 */
static uint32_t sweep_all(lewd_arena *arena) {
    uint32_t freed = 0;
    uint32_t end = arena->slots.bound;
    while (end > 1u) {
        const uint32_t from = (end - 2u) / LEWD_SCOPE_SIZE * LEWD_SCOPE_SIZE + 1u;
        if (!sweep_slots(arena, from, end, &freed)) {
            lose_young(arena);
            break;
        }
        end = from;
    }
    free_dead(arena);
    return freed;
}

/* Removes an arena from the lists if none of its tokens has to be read. */
static void leave_lists(lewd_arena *arena) {
    if (!lewd_young_is_empty(&arena->young))
        return;
    lewd_arena_leave(arena, LEWD_WITH_YOUNG);
    if (arena->budget.live_bytes == 0 && arena->slots.dead == 0)
        lewd_arena_leave(arena, LEWD_WITH_TOKENS);
}

/* Sweeps one arena after a collection. After a doubtful one, young tokens may still be young. */
static void sweep_arena(lewd_arena *arena, lewd_gc_kind kind) {
    const bool is_major = kind == LEWD_GC_MAJOR;
    const bool has_unlisted = lewd_young_note_gc(&arena->young);
    const bool all = kind != LEWD_GC_MINOR || has_unlisted;
    uint32_t freed = 0;
    if (is_major) {
        lewd_weak_delete_dead(arena->env->napi, &arena->slots);
        lewd_young_forget_aged(&arena->young);
    } else {
        freed += sweep_young(arena);
    }
    if (all)
        freed += sweep_all(arena);
    lewd_young_settle(&arena->young);
    lewd_gc_budget_note_sweep(&arena->budget, is_major, all);
    if (freed != 0)
        lewd_arena_publish(arena);
    leave_lists(arena);
}

/*
 * Sweeps all arenas in which tokens may have died. After a major collection only live tokens hold bytes, so this is the
 * time to report them to V8. If dead tokens were reported as well, V8 would collect for every 64 MB of them, which
 * costs a process with many objects more than all the rest.
 */
static void sweep_env(lewd_env *env, lewd_gc_kind kind) {
    const lewd_arenas list = kind == LEWD_GC_MINOR ? LEWD_WITH_YOUNG : LEWD_WITH_TOKENS;
    lewd_arena *next;
    for (lewd_arena *arena = env->first[list]; arena != NULL; arena = next) {
        next = arena->links[list].next;
        sweep_arena(arena, kind);
    }
    if (kind == LEWD_GC_MAJOR || (kind == LEWD_GC_DOUBTFUL && env->external.live < env->external.reported))
        lewd_env_report(env);
}

void lewd_sweep_on_gc(napi_env napi, void *data, void *hint) {
    lewd_env *const env = data;
    (void)napi;
    (void)hint;
    if (env->closing)
        return;
    const lewd_gc_kind kind = lewd_gc_notice(env->napi, &env->probes, false);
    if (kind != LEWD_GC_NONE)
        sweep_env(env, kind);
}

/*
 * Looks at the gc probe, and sweeps if V8 has collected. If it has not, all tokens listed so far are older than the
 * next collection.
 */
static void look(lewd_arena *arena) {
    lewd_env *const env = arena->env;
    const lewd_gc_kind kind = lewd_gc_notice(env->napi, &env->probes, false);
    arena->countdown = LEWD_LOOK_INTERVAL;
    if (kind != LEWD_GC_NONE)
        sweep_env(env, kind);
    else
        lewd_young_settle(&arena->young);
    if (lewd_gc_budget_wants_marking(&arena->budget))
        lewd_gc_hint_marking(env->napi, &env->probes);
}

void lewd_sweep_note_allocation(lewd_arena *arena) {
    if (--arena->countdown == 0)
        look(arena);
}

void lewd_sweep_run(lewd_arena *arena) {
    look(arena);
    if (lewd_gc_budget_is_spent(&arena->budget))
        lewd_sweep_collect(arena, false);
}

static void collect_once(lewd_env *env) {
    lewd_gc_force(env->napi);
    sweep_env(env, lewd_gc_notice(env->napi, &env->probes, true));
}

/*
 * If V8 was marking, the first collection only completes that, and keeps objects that were reachable when marking
 * began: the handlers called in a growth, and all that they close over. So if half of the bytes or more remain, V8 has
 * to collect anew. The bytes that remain then are alive. After a collection that V8 started itself this is not known,
 * and the budget goes on from the last forced one.
 */
void lewd_sweep_collect(lewd_arena *arena, bool thoroughly) {
    const int64_t before = arena->budget.live_bytes;
    arena->countdown = LEWD_LOOK_INTERVAL;
    collect_once(arena->env);
    if (thoroughly || arena->budget.live_bytes >= before / 2)
        collect_once(arena->env);
    lewd_gc_budget_note_forced_gc(&arena->budget);
}
