/*
 * errors.h: tests of arguments, and errors. Every function but lewd_error_check_argument() throws always, and returns NULL for
 * its caller to return. Names are those of contract.h; an unknown one throws ERR_LEWD_NODE_API.
 */
#ifndef LEWD_ERRORS_H
#define LEWD_ERRORS_H

#include <node_api.h>

#include "contract.h"

typedef enum lewd_error_state {
#define LEWD_STATE(name, code, message) LEWD_STATE_##name,
    LEWD_STATES(LEWD_STATE)
#undef LEWD_STATE
} lewd_error_state;

/* Returns `value` if it meets all tested rules for the argument `name`; else throws what was expected and what came. */
napi_value lewd_error_check_argument(napi_env napi, const char *name, napi_value value);

/* Throws the untested rule for the argument `name`, and what came: the caller has already tested. */
napi_value lewd_error_throw_argument(napi_env napi, const char *name, napi_value value);

napi_value lewd_error_throw_state(napi_env napi, lewd_error_state state);

/* Throws the state `name`, or else the untested rule for the argument `name`. */
napi_value lewd_error_throw_named(napi_env napi, const char *name, napi_value value);

/* Throws ERR_LEWD_OUT_OF_MEMORY. The message is cut after 511 bytes. */
napi_value lewd_error_out_of_memory(napi_env napi, const char *format, ...);
napi_value lewd_error_no_metadata(napi_env napi);

/* Throws ERR_LEWD_NODE_API for a call of Node-API that failed, unless an exception is pending. */
napi_value lewd_error_node_api(napi_env napi);

/* Returns from the function, with an exception pending, if a call of Node-API fails. */
#define LEWD_OK_OR_FAIL(call)                                                                                          \
    do {                                                                                                               \
        if ((call) != napi_ok)                                                                                         \
            return lewd_error_node_api(napi);                                                                          \
    } while (0)

#endif
