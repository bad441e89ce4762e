/*
 * sweep.h: frees the spans of collected tokens.
 */
#ifndef LEWD_SWEEP_H
#define LEWD_SWEEP_H

#include "arena.h"

/*
 * Notes an allocation. At every 64th one of an arena, looks at the gc probe, and sweeps if V8 has collected. Amortised
 * O(1), plus the cost of the sweep.
 */
void lewd_sweep_note_allocation(lewd_arena *arena);

/*
 * Looks at the gc probe, and frees the spans of tokens that were collected since the last look, in all arenas of the
 * environment. Makes V8 collect if the budget of this arena is spent: see gc_budget.h.
 */
void lewd_sweep_run(lewd_arena *arena);

/*
 * Makes V8 run a major collection, and a second one if half of the arena's live bytes or more remain. Frees the spans
 * of collected tokens, in all arenas. With `thoroughly`, always makes V8 run two: then no span of a dead token is left.
 */
void lewd_sweep_collect(lewd_arena *arena, bool thoroughly);

/*
 * The finalizer of the gc probe; `data` is the environment. Frees the spans of tokens that were collected since the
 * last look.
 */
void lewd_sweep_on_gc(napi_env napi, void *data, void *hint);

#endif
