/*
 * watch.c: objects that are named as long as they live, in the order in which they came, and not kept: handlers.
 */
#include "glue.h"

#include <stdio.h>

#define SCOPE_SIZE 256u /* looks a handle scope */
#define FEW_WATCHED 64u /* that there is room for at least */

/* Defines an element: what sets one calls a setter that a program may have on Array.prototype. */
static bool define_element(napi_env napi, napi_value array, uint32_t index, napi_value value) {
    char name[sizeof "4294967295"];
    (void)snprintf(name, sizeof name, "%.0f", (double)index);
    const napi_property_descriptor element = {.utf8name = name, .value = value, .attributes = napi_default_jsproperty};
    return value != NULL && napi_define_properties(napi, array, 1, &element) == napi_ok;
}

/* Deletes what is dead from the list; what lives is added to `array` if there is one. False if that can't be done. */
static bool visit_watched(lewd_arena *arena, napi_value array) {
    const napi_env napi = arena->env->napi;
    uint32_t kept = 0;
    bool done = true;
    for (uint32_t from = 0; from < arena->watched_length; from += SCOPE_SIZE) {
        napi_handle_scope scope;
        const bool open = napi_open_handle_scope(napi, &scope) == napi_ok;
        for (uint32_t i = from; i < arena->watched_length && i < from + SCOPE_SIZE; i++) {
            napi_value object = NULL;
            if (open && napi_get_reference_value(napi, arena->watched[i], &object) == napi_ok && object == NULL) {
                lewd_reference_drop(napi, &arena->watched[i]);
                continue;
            }
            done = done && open && (array == NULL || define_element(napi, array, kept, object));
            arena->watched[kept++] = arena->watched[i];
        }
        if (open)
            napi_close_handle_scope(napi, scope);
    }
    arena->watched_length = kept;
    return done;
}

/* When the list is full the dead leave it; only if that frees less than half does it grow. */
static bool room_to_watch(lewd_arena *arena) {
    if (arena->watched_length < arena->watched_capacity)
        return true;
    visit_watched(arena, NULL);
    if (arena->watched_length < arena->watched_capacity / 2u)
        return true;
    const size_t size = arena->watched_capacity * sizeof *arena->watched;
    napi_ref *const watched = lewd_glue_resize(NULL, arena->watched, size, size * 2u + FEW_WATCHED * sizeof *watched);
    if (watched == NULL)
        return arena->watched_length < arena->watched_capacity;
    arena->watched = watched;
    arena->watched_capacity = arena->watched_capacity * 2u + FEW_WATCHED;
    return true;
}

bool lewd_watch(lewd_arena *arena, napi_value object) {
    if (!room_to_watch(arena) ||
        napi_create_reference(arena->env->napi, object, 0, &arena->watched[arena->watched_length]) != napi_ok)
        return false;
    arena->watched_length++;
    return true;
}

napi_value lewd_watched(lewd_arena *arena) {
    napi_value array;
    if (napi_create_array(arena->env->napi, &array) != napi_ok || !visit_watched(arena, array))
        return NULL;
    return array;
}

void lewd_watched_drop(lewd_arena *arena) {
    while (arena->watched_length > 0)
        lewd_reference_drop(arena->env->napi, &arena->watched[--arena->watched_length]);
}

void lewd_watched_free(lewd_arena *arena) {
    lewd_glue_resize(NULL, arena->watched, arena->watched_capacity * sizeof *arena->watched, 0);
    arena->watched = NULL;
    arena->watched_length = arena->watched_capacity = 0;
}
