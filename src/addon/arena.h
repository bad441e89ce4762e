/*
 * arena.h: the state of an allocator: a heap, and what ties it to tokens, to its memory and to JavaScript.
 *
 * An arena is kept alive by its functions in JavaScript. It ends when these are collected, or before, when it is disposed of;
 * the bytes that its tokens hold are given up at once then. Each member is changed by its own module only.
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

/* Spans that were reserved, for memory.c. */
typedef struct lewd_reservations {
    lewd_list spans;     /* in the order in which they were reserved */
    uint32_t restorable; /* length of `spans` at the last migration */
    uint64_t migrated;   /* bytes of the memory at the last migration */
} lewd_reservations;

/* A guarded call in progress, on C's stack: see guard.c. */
typedef struct lewd_guard {
    int state; /* index of its figure */
    napi_value argument;
    struct lewd_guard *outer;
} lewd_guard;

/* The place of an arena in a list of its environment. */
typedef struct lewd_arena_link {
    struct lewd_arena *prev;
    struct lewd_arena *next;
    bool is_in;
} lewd_arena_link;

typedef struct lewd_arena {
    lewd_env *env;
    lewd_heap *heap; /* NULL once the arena was disposed of */
    lewd_published published;
    lewd_bounds bounds;
    lewd_reservations reservations;
    napi_ref memory; /* weak, to the WebAssembly.Memory */
    napi_ref anchor; /* weak, to an object that all functions of the arena refer to: it dies with the last of them */
    lewd_handlers handlers;
    lewd_guard *guard; /* the innermost guarded call in progress; NULL if there is none */

    lewd_slots slots; /* of the tokens; a weak pointer's span has the number of its slot as owner */
    lewd_young young;
    lewd_gc_budget budget;
    uint32_t countdown;   /* allocations until the next look at the gc probe */
    lewd_list dead_spans; /* found by the sweep that is running */

    lewd_arena_link links[LEWD_ARENA_LISTS];
} lewd_arena;

/* Puts an arena into a list of its environment, if it is not in it, or takes it out, if it is. O(1). */
void lewd_arena_enter(lewd_arena *arena, lewd_arenas list);
void lewd_arena_leave(lewd_arena *arena, lewd_arenas list);

/* Publishes the figures of the heap. To be called after every change of the heap. */
void lewd_arena_publish(lewd_arena *arena);

#endif
