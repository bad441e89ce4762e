/*
 * env.h: the state of an environment: of the main thread, or of a worker. Nothing of the addon is global.
 *
 * An environment is counted. The instance data holds it, each arena, and the cleanup hook, which runs before all finalizers
 * and deletes what they must not touch any more. It is freed with its last holder, in whatever order these end.
 */
#ifndef LEWD_ENV_H
#define LEWD_ENV_H

#include <node_api.h>

#include "gc.h"
#include "gc_budget.h"

struct lewd_arena;

/* Lists of the arenas of an environment. An arena with young tokens is among those with tokens, too. */
typedef enum lewd_arenas {
    LEWD_ALL_ARENAS,
    LEWD_WITH_TOKENS, /* or with references of dead ones that are to be deleted */
    LEWD_WITH_YOUNG,  /* with tokens that the next minor collection may take */
    LEWD_ARENA_LISTS
} lewd_arenas;

typedef struct lewd_env {
    napi_env napi;
    uint32_t holders;
    bool closing; /* the environment is being torn down: references must not be touched any more */
    lewd_gc_probes probes;
    lewd_external_bytes external;
    struct lewd_arena *first[LEWD_ARENA_LISTS];
} lewd_env;

/* Returns an environment with one holder; NULL if there is no memory. `on_gc` is the finalizer of the gc probe. */
lewd_env *lewd_env_create(napi_env napi, napi_finalize on_gc);

void lewd_env_hold(lewd_env *env);

/* Frees the environment if this was its last holder. */
void lewd_env_release(lewd_env *env);

/* Tells V8 what live tokens hold, if that differs by 4 MiB or more from what it knows. */
void lewd_env_report(lewd_env *env);

#endif
