/*
 * guard.h: runs functions of the program in a state that ends with the call.
 *
 * JavaScript's `finally` does not run when V8 ends a function from outside: on the timeout of a vm, or when a worker is
 * terminated. So C sets and resets a state that says "in progress" around the call. C calls JavaScript nowhere else.
 */
#ifndef LEWD_GUARD_H
#define LEWD_GUARD_H

#include "arena.h"

/*
 * run(state, fn, argument): calls fn(argument) with `this` undefined, and returns its result. `state` is the index of a
 * figure of LEWD_FIGURES from DELIVERING on; that figure is 1 higher during the call. If the function throws or is
 * ended from outside, CURRENT becomes 0, so that the next call of JavaScript looks for unfinished work. The
 * function may dispose of the arena. A napi_callback.
 */
napi_value lewd_guard_run(napi_env napi, napi_callback_info info);

/*
 * isPinned(value): returns whether run(PINNING, fn, value) is in progress. A napi_callback. O(guarded calls in
 * progress).
 */
napi_value lewd_guard_is_pinned(napi_env napi, napi_callback_info info);

/*
 * Returns the token that owns strong pointers that the arena makes now: the argument of its innermost run(OWNING).
 * Returns NULL if there is none, or if inside it a handler, a spawn or a respawn runs, of this arena or of another one.
 */
napi_value lewd_guard_owner(const lewd_arena *arena);

#endif
