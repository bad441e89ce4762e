/*
 * arena.h: the state of an allocator: a heap, and its relations to tokens, to its memory and to JavaScript.
 *
 * The functions of an arena in JavaScript keep it alive. It ends when they are collected, or earlier, when it is
 * disposed of: that frees the bytes of all its tokens at once. Only its own module changes a member.
 */
#ifndef LEWD_ARENA_H
#define LEWD_ARENA_H

#include "bounds.h"
#include "env.h"
#include "handlers.h"
#include "list.h"
#include "published.h"
#include "slots.h"
#include "young.h"

/* The reserved spans of an arena, for memory.c. */
typedef struct lewd_reservations {
    lewd_list spans;     /* in order of their reservation */
    uint32_t restorable; /* length of `spans` at the last migration */
    uint64_t migrated;   /* size of the memory after the last migration, in bytes */
} lewd_reservations;

/* A guarded call in progress, on C's stack: see guard.c. */
typedef struct lewd_guard {
    int state;                /* index of the figure that is raised during the call */
    napi_value argument;      /* passed to the function */
    struct lewd_guard *outer; /* the guarded call around this one; NULL if there is none */
} lewd_guard;

/* The links of an arena in one list of its environment. */
typedef struct lewd_arena_link {
    struct lewd_arena *prev; /* NULL for the first arena */
    struct lewd_arena *next; /* NULL for the last arena */
    bool is_in;              /* the arena is in the list */
} lewd_arena_link;

typedef struct lewd_arena {
    lewd_env *env;                  /* the environment, which the arena holds */
    lewd_heap *heap;                /* NULL after the arena was disposed of */
    lewd_published published;       /* figures that JavaScript reads without a call */
    lewd_bounds bounds;             /* the working span, and the limits of growth */
    lewd_reservations reservations; /* reserved spans */
    napi_ref memory;                /* weak reference to the WebAssembly.Memory */
    napi_ref anchor;                /* weak reference to an object that dies with the last function of the arena */
    lewd_handlers handlers;         /* of events, weakly */
    lewd_guard *guard;              /* innermost guarded call in progress; NULL if there is none */

    lewd_slots slots;      /* of the tokens; the owner of a weak pointer's span is the number of its slot */
    lewd_young young;      /* slots of young tokens */
    lewd_gc_budget budget; /* decides when to force a collection */
    uint32_t countdown;    /* allocations until the next look at the gc probe */
    lewd_list dead_spans;  /* found by the running sweep, which frees them when it ends */

    lewd_arena_link links[LEWD_ARENA_LISTS]; /* by list */
} lewd_arena;

/*
 * Put an arena into a list of its environment, and remove it. Putting it in twice, or removing it twice, does nothing.
 * O(1).
 */
void lewd_arena_enter(lewd_arena *arena, lewd_arenas list);
void lewd_arena_leave(lewd_arena *arena, lewd_arenas list);

/* Publishes the figures of the heap. Must be called after every change of the heap. O(answers). */
void lewd_arena_publish(lewd_arena *arena);

#endif
