#include "handlers.h"

#include "../core/heap.h"
#include "reference.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

#define LEWD_MIN_HANDLERS 64u /* handlers that the first memory of a list has room for */

/*
 * Defines the elements [first, first + count) of an array; `count` is at most LEWD_SCOPE_SIZE. Setting them would call
 * a setter that a program may have on Array.prototype. Returns false if a value is NULL, or if a call fails. One call
 * for all is faster than one call each. Names that are made here are faster, too: Node-API would look up each one in
 * V8's table of all names.
 */
static bool define_elements(napi_env napi, napi_value array, uint32_t first, const napi_value *values, uint32_t count) {
    napi_property_descriptor elements[LEWD_SCOPE_SIZE];
    for (uint32_t i = 0; i < count; i++) {
        char name[sizeof "4294967295"];
        elements[i] = (napi_property_descriptor){.value = values[i], .attributes = napi_default_jsproperty};
        (void)snprintf(name, sizeof name, "%.0f", (double)(first + i));
        if (values[i] == NULL || napi_create_string_latin1(napi, name, NAPI_AUTO_LENGTH, &elements[i].name) != napi_ok)
            return false;
    }
    return napi_define_properties(napi, array, count, elements) == napi_ok;
}

/*
 * Deletes the dead references in [from, end), moves the live ones to `kept`, and writes their objects to `values`.
 * Returns the number of live ones. A handle scope must be open.
 */
static uint32_t visit_some(napi_env napi, napi_ref *refs, uint32_t from, uint32_t end, uint32_t kept,
                           napi_value *values) {
    uint32_t count = 0;
    for (uint32_t i = from; i < end; i++) {
        napi_value object = NULL;
        if (napi_get_reference_value(napi, refs[i], &object) == napi_ok && object == NULL) {
            lewd_reference_delete(napi, &refs[i]);
            continue;
        }
        refs[kept + count] = refs[i];
        values[count++] = object;
    }
    return count;
}

/* Deletes dead references, and adds live handlers to `array` unless it is NULL. Returns false if a call fails. */
static bool visit_handlers(napi_env napi, lewd_handlers *handlers, napi_value array) {
    napi_value values[LEWD_SCOPE_SIZE];
    napi_ref *const refs = handlers->refs;
    const uint32_t length = handlers->length;
    uint32_t kept = 0;
    bool done = true;
    uint32_t end;
    for (uint32_t from = 0; from < length; from = end) {
        napi_handle_scope scope;
        end = from + LEWD_SCOPE_SIZE < length ? from + LEWD_SCOPE_SIZE : length;
        if (napi_open_handle_scope(napi, &scope) != napi_ok) {
            memmove(refs + kept, refs + from, (end - from) * sizeof *refs);
            kept += end - from;
            done = false;
            continue;
        }
        const uint32_t count = visit_some(napi, refs, from, end, kept, values);
        done = done && (array == NULL || count == 0 || define_elements(napi, array, kept, values, count));
        kept += count;
        napi_close_handle_scope(napi, scope);
    }
    handlers->length = kept;
    return done;
}

/* Makes room for one handler. A full list drops its dead handlers; it grows only if that frees less than half of it. */
static bool reserve_handler(napi_env napi, lewd_handlers *handlers) {
    if (handlers->length < handlers->capacity)
        return true;
    visit_handlers(napi, handlers, NULL);
    if (handlers->length < handlers->capacity / 2u)
        return true;
    const size_t old_size = handlers->capacity * sizeof *handlers->refs;
    const uint32_t capacity = handlers->capacity * 2u + LEWD_MIN_HANDLERS;
    napi_ref *const refs = lewd_realloc(NULL, handlers->refs, old_size, capacity * sizeof *refs);
    if (refs == NULL)
        return handlers->length < handlers->capacity;
    handlers->refs = refs;
    handlers->capacity = capacity;
    return true;
}

bool lewd_handlers_add(napi_env napi, lewd_handlers *handlers, napi_value handler) {
    if (!reserve_handler(napi, handlers) ||
        napi_create_reference(napi, handler, 0, &handlers->refs[handlers->length]) != napi_ok)
        return false;
    handlers->length++;
    return true;
}

napi_value lewd_handlers_array(napi_env napi, lewd_handlers *handlers) {
    napi_value array;
    if (napi_create_array(napi, &array) != napi_ok || !visit_handlers(napi, handlers, array))
        return NULL;
    return array;
}

void lewd_handlers_delete(napi_env napi, lewd_handlers *handlers) {
    while (handlers->length > 0)
        lewd_reference_delete(napi, &handlers->refs[--handlers->length]);
}

void lewd_handlers_free(lewd_handlers *handlers) {
    lewd_realloc(NULL, handlers->refs, handlers->capacity * sizeof *handlers->refs, 0);
    *handlers = (lewd_handlers){0};
}
