/*
 * env.h: the state of an environment: of the main thread, or of a worker. The addon has no global state.
 *
 * An environment counts its holders: the instance data, each arena, and the cleanup hook. The hook runs before all
 * finalizers, and deletes everything that they must not touch any more. The last holder to release the environment
 * frees it; they may end in any order.
 */
#ifndef LEWD_ENV_H
#define LEWD_ENV_H

#include <node_api.h>

#include "gc.h"
#include "gc_budget.h"

struct lewd_arena;

/* Lists of the arenas of an environment. An arena with young tokens is also in the list of arenas with tokens. */
typedef enum lewd_arenas {
    LEWD_ALL_ARENAS,
    LEWD_WITH_TOKENS, /* or with dead slots, whose references are to be deleted */
    LEWD_WITH_YOUNG,  /* with tokens that the next minor collection may take */
    LEWD_ARENA_LISTS
} lewd_arenas;

typedef struct lewd_env {
    napi_env napi;                              /* for calls of Node-API */
    uint32_t holders;                           /* count of holders */
    bool closing;                               /* the environment is ending: references must not be touched any more */
    lewd_gc_probes probes;                      /* notice collections */
    lewd_external_bytes external;               /* that tokens hold, and that V8 knows of */
    struct lewd_arena *first[LEWD_ARENA_LISTS]; /* of each list; NULL if the list is empty */
} lewd_env;

/* Returns an environment with one holder; NULL if there is no memory. `on_gc` becomes the finalizer of the gc probe. */
lewd_env *lewd_env_create(napi_env napi, napi_finalize on_gc);

/* Adds a holder. */
void lewd_env_hold(lewd_env *env);

/* Removes a holder, and frees the environment if it was the last one. */
void lewd_env_release(lewd_env *env);

/* Reports to V8 how many bytes tokens hold, if the number differs by 4 MiB or more from the last report. */
void lewd_env_report(lewd_env *env);

#endif
