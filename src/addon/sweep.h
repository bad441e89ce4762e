/*
 * sweep.h: frees the spans of collected tokens.
 */
#ifndef LEWD_SWEEP_H
#define LEWD_SWEEP_H

#include "arena.h"

/*
 * Notes an allocation. Looks at the gc probe at every 64th of an arena, and sweeps if V8 has collected. Amortised O(1), and
 * the sweep's cost.
 */
void lewd_sweep_note_allocation(lewd_arena *arena);

/*
 * Frees what died in the collections since the last look at the gc probe, in all arenas of the environment. Makes V8 collect
 * if the tokens of this arena hold too much: see gc_budget.h.
 */
void lewd_sweep_run(lewd_arena *arena);

/*
 * Makes V8 run a major collection, twice if the first one frees little, and frees what is dead, in all arenas. With
 * `thoroughly` always twice: all that is dead is free then.
 */
void lewd_sweep_collect(lewd_arena *arena, bool thoroughly);

/* The finalizer of the gc probe; `data` is the environment. Frees what died in the collections since the last look. */
void lewd_sweep_on_gc(napi_env napi, void *data, void *hint);

#endif
