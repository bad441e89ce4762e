#include "guard.h"

#include "arguments.h"
#include "errors.h"
#include "number.h"
#include "results.h"
#include "support.h"

/*
 * Ends a guarded call. run() is a function of the arena, and keeps it alive. But its figures are gone if the arena was
 * disposed of.
 */
static void leave(lewd_arena *arena, const lewd_guard *guard, bool has_returned) {
    uint32_t *const figures = arena->published.figures;
    arena->env->guard = guard->outer;
    if (figures == NULL)
        return;
    figures[guard->state]--;
    if (!has_returned)
        figures[LEWD_FIGURE_CURRENT] = 0;
}

/* Returns whether a figure is that of a state. It compares each, since tests put the figures into another order. */
static bool is_state(int64_t index) {
    return index == LEWD_FIGURE_DELIVERING || index == LEWD_FIGURE_ASKING || index == LEWD_FIGURE_RESPAWNING ||
           index == LEWD_FIGURE_SPAWNING || index == LEWD_FIGURE_PINNING || index == LEWD_FIGURE_OWNING;
}

napi_value lewd_guard_run(napi_env napi, napi_callback_info info) {
    napi_value values[3];
    lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    napi_value undefined;
    napi_value result;
    int64_t state;
    if (arena == NULL)
        return NULL;
    LEWD_OK_OR_FAIL(napi_get_undefined(napi, &undefined));
    if (!lewd_number_is_whole(napi, values[0], 0, LEWD_FIGURE_COUNT - 1, &state) || !is_state(state))
        return lewd_error_node_api(napi);
    lewd_guard guard = {.arena = arena, .state = (int)state, .argument = values[2], .outer = arena->env->guard};
    arena->env->guard = &guard;
    arena->published.figures[state]++;
    const napi_status status = napi_call_function(napi, undefined, values[1], 1, &values[2], &result);
    leave(arena, &guard, status == napi_ok);
    return status == napi_ok ? result : lewd_error_node_api(napi);
}

napi_value lewd_guard_is_pinned(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    const lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    bool is_pinned = false;
    if (arena == NULL)
        return NULL;
    for (const lewd_guard *guard = arena->env->guard; guard != NULL && !is_pinned; guard = guard->outer)
        if (guard->state == LEWD_FIGURE_PINNING)
            LEWD_OK_OR_FAIL(napi_strict_equals(napi, guard->argument, values[0], &is_pinned));
    return lewd_result_bool(napi, is_pinned);
}

/* Returns whether what the function of a guarded call allocates in an arena may belong to an owner further out. */
static bool lets_owner_through(const lewd_guard *guard, const lewd_arena *arena) {
    return guard->state == LEWD_FIGURE_PINNING || (guard->state == LEWD_FIGURE_OWNING && guard->arena != arena);
}

napi_value lewd_guard_owner(const lewd_arena *arena) {
    const lewd_guard *guard = arena->env->guard;
    while (guard != NULL && lets_owner_through(guard, arena))
        guard = guard->outer;
    return guard != NULL && guard->state == LEWD_FIGURE_OWNING ? guard->argument : NULL;
}
