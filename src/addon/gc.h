/*
 * gc.h: V8's garbage collector: notices its collections, and makes it collect.
 */
#ifndef LEWD_GC_H
#define LEWD_GC_H

#include <node_api.h>

#include <stdbool.h>
#include <stdint.h>

/* Tokens that may have been collected since the last call of lewd_gc_notice(). */
typedef enum lewd_gc_kind {
    LEWD_GC_NONE,     /* no token: no collection was noticed */
    LEWD_GC_MINOR,    /* young tokens */
    LEWD_GC_DOUBTFUL, /* old tokens as well, though no probe shows a major collection */
    LEWD_GC_MAJOR     /* any token */
} lewd_gc_kind;

/* The probes of an environment: see gc.c. Before the first call all members are zero except the first two. */
typedef struct lewd_gc_probes {
    napi_finalize finalizer; /* runs from the event loop after a collection that lewd_gc_notice() did not notice */
    void *data;              /* argument of the finalizer; must live until the probes are deleted */
    napi_ref any;            /* the gc probe */
    napi_ref major_symbol;   /* major probe, a symbol */
    napi_ref major_object;   /* major probe, an object */
    uint32_t survived;       /* collections that the major probes have survived, counted up to LEWD_HELD_GCS */
    bool hinted;             /* V8 was asked to begin marking since the last major collection */
} lewd_gc_probes;

/*
 * Returns which tokens may have been collected since the last call. `forced` says that V8 was just made to run a major
 * collection. The caller has to sweep: no later call reports the same collections. If a major collection is not noticed
 * at once, LEWD_GC_DOUBTFUL follows after one more collection of any kind, except on Node.js 18: see gc.c. O(1).
 */
lewd_gc_kind lewd_gc_notice(napi_env napi, lewd_gc_probes *probes, bool forced);

/* Deletes the probes. Their finalizer does not run any more. */
void lewd_gc_delete_probes(napi_env napi, lewd_gc_probes *probes);

/*
 * Makes V8 run a major collection at once, by the stable Node-API: V8 collects when a program reports very much
 * external memory. If V8 is marking, it only completes that collection, and keeps objects that died since it began to
 * mark. Bun does not collect.
 */
void lewd_gc_force(napi_env napi);

/* Asks V8 to begin marking beside the program, once for each major collection. */
void lewd_gc_hint_marking(napi_env napi, lewd_gc_probes *probes);

#endif
