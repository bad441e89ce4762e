/*
 * disposal.h: the end of an arena, and of an environment.
 */
#ifndef LEWD_DISPOSAL_H
#define LEWD_DISPOSAL_H

#include "arena.h"

/*
 * Gives back everything behind an arena's spans: its functions throw from then on. Does nothing if it was disposed of.
 * O(slots and handlers).
 */
void lewd_dispose(lewd_arena *arena);

/* Disposes of an arena and frees it. */
void lewd_dispose_and_free(lewd_arena *arena);

/*
 * The cleanup hook of an environment, which `data` is. It runs first, while Node-API can still be called: deletes all
 * references, and tells V8 that no token holds anything. Finalizers that run after it free memory of their own only.
 */
void lewd_dispose_env(void *data);

#endif
