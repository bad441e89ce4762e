/*
 * disposal.h: the end of an arena, and of an environment.
 */
#ifndef LEWD_DISPOSAL_H
#define LEWD_DISPOSAL_H

#include "arena.h"

/*
 * Frees everything that an arena has, except the arena itself: its functions throw from then on. Does nothing if it was
 * disposed of before. O(slots and handlers).
 */
void lewd_dispose(lewd_arena *arena);

/* Disposes of an arena and frees it. */
void lewd_dispose_and_free(lewd_arena *arena);

/*
 * The cleanup hook of an environment; `data` is the environment. Runs before all finalizers, while Node-API can still
 * be called. Deletes all references, and reports to V8 that tokens hold no memory. Finalizers that run later free
 * memory of their own only.
 */
void lewd_dispose_env(void *data);

#endif
