/*
 * watch.c: objects that are named as long as they live, in the order in which they came, and not kept: handlers.
 */
#include "glue.h"

#include <stdio.h>
#include <string.h>

#define SCOPE_SIZE 256u /* looks a handle scope */
#define FEW_WATCHED 64u /* that there is room for at least */

/*
 * Defines the elements [first, first + count) of an array, SCOPE_SIZE at most: what sets one calls a setter that a program
 * may have on Array.prototype. False if a value is NULL, or if a call fails. One call for all is quicker than one each, and
 * so are names that are made here: Node-API would look up each in V8's table of all names.
 */
static bool define_elements(napi_env napi, napi_value array, uint32_t first, const napi_value *values, uint32_t count) {
    napi_property_descriptor elements[SCOPE_SIZE];
    for (uint32_t i = 0; i < count; i++) {
        char name[sizeof "4294967295"];
        elements[i] = (napi_property_descriptor){.value = values[i], .attributes = napi_default_jsproperty};
        (void)snprintf(name, sizeof name, "%.0f", (double)(first + i));
        if (values[i] == NULL || napi_create_string_latin1(napi, name, NAPI_AUTO_LENGTH, &elements[i].name) != napi_ok)
            return false;
    }
    return napi_define_properties(napi, array, count, elements) == napi_ok;
}

/* Deletes dead references among [from, end); moves live ones to `kept`, their objects to `values`. A scope must be open. */
static uint32_t visit_some(lewd_arena *arena, uint32_t from, uint32_t end, uint32_t kept, napi_value *values) {
    uint32_t count = 0;
    for (uint32_t i = from; i < end; i++) {
        napi_value object = NULL;
        if (napi_get_reference_value(arena->env->napi, arena->watched[i], &object) == napi_ok && object == NULL) {
            lewd_reference_drop(arena->env->napi, &arena->watched[i]);
            continue;
        }
        arena->watched[kept + count] = arena->watched[i];
        values[count++] = object;
    }
    return count;
}

/* Deletes what is dead from the list; what lives is added to `array` if there is one. False if that can't be done. */
static bool visit_watched(lewd_arena *arena, napi_value array) {
    const napi_env napi = arena->env->napi;
    napi_value values[SCOPE_SIZE];
    uint32_t kept = 0;
    bool done = true;
    uint32_t end;
    for (uint32_t from = 0; from < arena->watched_length; from = end) {
        napi_handle_scope scope;
        end = from + SCOPE_SIZE < arena->watched_length ? from + SCOPE_SIZE : arena->watched_length;
        if (napi_open_handle_scope(napi, &scope) != napi_ok) {
            memmove(arena->watched + kept, arena->watched + from, (end - from) * sizeof *arena->watched);
            kept += end - from;
            done = false;
            continue;
        }
        const uint32_t count = visit_some(arena, from, end, kept, values);
        done = done && (array == NULL || count == 0 || define_elements(napi, array, kept, values, count));
        kept += count;
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
