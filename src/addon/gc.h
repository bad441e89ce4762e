/*
 * gc.h: V8's garbage collector: whether it has run, and what makes it run.
 */
#ifndef LEWD_GC_H
#define LEWD_GC_H

#include <node_api.h>

#include <stdbool.h>
#include <stdint.h>

/* Tokens that the collections since the last look may have taken. */
typedef enum lewd_gc_kind {
    LEWD_GC_NONE,     /* none: no collection was noticed */
    LEWD_GC_MINOR,    /* young ones */
    LEWD_GC_DOUBTFUL, /* old ones as well, though no probe tells of a major collection */
    LEWD_GC_MAJOR     /* any */
} lewd_gc_kind;

/* One set an environment; all zeros, but for the first two members, before the first look. What each is: see gc.c. */
typedef struct lewd_gc_probes {
    napi_finalize
        finalizer; /* runs in a turn of the event loop after a collection that lewd_gc_notice() did not notice */
    void *data;    /* its data; must live until the probes are deleted */
    napi_ref any;
    napi_ref major_symbol;
    napi_ref major_object;
    uint32_t
        survived; /* collections that the major probes have survived, up to those that the object is held through */
    bool hinted;  /* V8 was asked to begin a major collection since the last one */
} lewd_gc_probes;

/*
 * Returns what the collections since the last call may have taken; with `forced`, V8 was made to run a major one just now.
 * The caller has to sweep for it: no later call tells of it again. A major collection that is not noticed is followed by
 * LEWD_GC_DOUBTFUL after one more collection of any kind. O(1).
 */
lewd_gc_kind lewd_gc_notice(napi_env napi, lewd_gc_probes *probes, bool forced);

/* Deletes the probes: their finalizer does not run any more. */
void lewd_gc_delete_probes(napi_env napi, lewd_gc_probes *probes);

/*
 * Makes V8 run a major collection at once, by stable means: it collects when a program reports that much external memory.
 * If V8 is marking, it only ends that, and keeps objects that died since it began. Bun does not collect.
 */
void lewd_gc_force(napi_env napi);

/* Lets V8 begin to mark beside the program, once for each major collection. */
void lewd_gc_hint_marking(napi_env napi, lewd_gc_probes *probes);

#endif
