/*
 * handlers.h: weak references to handlers of events, in the order in which the handlers were added.
 */
#ifndef LEWD_HANDLERS_H
#define LEWD_HANDLERS_H

#include <node_api.h>

#include <stdbool.h>
#include <stdint.h>

/* All zeros: no handlers. */
typedef struct lewd_handlers {
    napi_ref *refs;    /* weak, in order */
    uint32_t length;   /* of `refs` */
    uint32_t capacity; /* references that `refs` has memory for */
} lewd_handlers;

/*
 * Adds a handler, which may be any object, and does not keep it alive. Returns false if there is no memory, or if the
 * reference can't be made. Amortised O(1): a full list drops dead handlers first.
 */
bool lewd_handlers_add(napi_env napi, lewd_handlers *handlers, napi_value handler);

/*
 * Returns an array of the live handlers, in order; NULL, with or without an exception pending, if it can't be made.
 * O(handlers).
 */
napi_value lewd_handlers_array(napi_env napi, lewd_handlers *handlers);

/* Deletes all references. O(handlers). */
void lewd_handlers_delete(napi_env napi, lewd_handlers *handlers);

/* Frees the memory of the list without deleting its references. The list is empty then, and can be used again. */
void lewd_handlers_free(lewd_handlers *handlers);

#endif
