/*
 * handlers.h: weak references to the handlers of events, in the order in which they were added.
 */
#ifndef LEWD_HANDLERS_H
#define LEWD_HANDLERS_H

#include <node_api.h>

#include <stdbool.h>
#include <stdint.h>

/* All zeros: no handlers. */
typedef struct lewd_handlers {
    napi_ref *refs;
    uint32_t length;
    uint32_t capacity;
} lewd_handlers;

/*
 * Adds a handler, any object, and does not keep it alive. Returns false if there is no memory, or if the reference can't be
 * made. Amortised O(1): room is made of dead handlers first.
 */
bool lewd_handlers_add(napi_env napi, lewd_handlers *handlers, napi_value handler);

/* Returns the live handlers, in order, as an array; NULL, an exception pending or not, if it can't be made. O(handlers). */
napi_value lewd_handlers_array(napi_env napi, lewd_handlers *handlers);

/* Deletes all references. */
void lewd_handlers_delete(napi_env napi, lewd_handlers *handlers);

/* Gives the list's memory back, and leaves its references alone. */
void lewd_handlers_free(lewd_handlers *handlers);

#endif
