/*
 * guard.h: runs functions of the program with a state that ends with them.
 *
 * JavaScript's `finally` does not run when V8 ends a function from outside: by the timeout of a vm, or when a worker is
 * terminated. So a state that says "in progress" is set and reset here, around the call. C calls JavaScript nowhere else.
 */
#ifndef LEWD_GUARD_H
#define LEWD_GUARD_H

#include "arena.h"

/*
 * run(state, fn, argument): returns fn(argument), called with `this` undefined. `state` is the index of a figure of
 * LEWD_FIGURES from DELIVERING on, which is 1 higher during the call. If the function throws, or is ended from outside, SEEN_SIZE is NaN: the next call
 * of JavaScript looks for work that was left. The arena may be disposed of by the function. A napi_callback.
 */
napi_value lewd_guard_run(napi_env napi, napi_callback_info info);

/* isPinned(value): whether run(PINNING, fn, value) is in progress. A napi_callback. O(guarded calls in progress). */
napi_value lewd_guard_is_pinned(napi_env napi, napi_callback_info info);

/*
 * Returns the token that strong pointers made now belong to: the argument of the innermost run(OWNING), unless another guarded
 * call than PINNING is in progress inside of it. NULL: none.
 */
napi_value lewd_guard_owner(const lewd_arena *arena);

#endif
