/*
 * reference.h: references of Node-API.
 */
#ifndef LEWD_REFERENCE_H
#define LEWD_REFERENCE_H

#include <node_api.h>

#include <stdbool.h>

/* Returns whether the value of a weak reference was collected. A handle scope must be open. */
bool lewd_reference_is_dead(napi_env napi, napi_ref ref);

/* Deletes a reference, unless it is NULL, and writes NULL in its place. */
void lewd_reference_delete(napi_env napi, napi_ref *ref);

#endif
