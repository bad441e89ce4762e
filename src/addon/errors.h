/*
 * errors.h: tests of arguments, and errors. Every function except lewd_error_check_argument() always throws, and
 * returns NULL for its caller to return. Names are those of contract.h; an unknown name throws ERR_LEWD_NODE_API.
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

/*
 * Returns `value` if it passes all tests for the argument `name`. Otherwise throws an error that describes the expected
 * and the actual value, and returns NULL.
 */
napi_value lewd_error_check_argument(napi_env napi, const char *name, napi_value value);

/* Throws the error of the rule without a test for the argument `name`; the caller has tested `value` itself. */
napi_value lewd_error_throw_argument(napi_env napi, const char *name, napi_value value);

/* Throws the error of a state. */
napi_value lewd_error_throw_state(napi_env napi, lewd_error_state state);

/*
 * Throws the error of the state `name`; if there is no such state, that of the rule without a test for the argument
 * `name`.
 */
napi_value lewd_error_throw_named(napi_env napi, const char *name, napi_value value);

/* Throws ERR_LEWD_OUT_OF_MEMORY with a message that is formatted as by printf, and cut after 511 bytes. */
napi_value lewd_error_out_of_memory(napi_env napi, const char *format, ...);

/* Throws ERR_LEWD_OUT_OF_MEMORY: there is no memory for metadata. */
napi_value lewd_error_no_metadata(napi_env napi);

/*
 * Throws ERR_LEWD_NODE_API with the message of the last call of Node-API that failed, unless an exception is pending.
 */
napi_value lewd_error_node_api(napi_env napi);

/* If a call of Node-API fails, returns NULL from the function, with an exception pending. */
#define LEWD_OK_OR_FAIL(call)                                                                                          \
    do {                                                                                                               \
        if ((call) != napi_ok)                                                                                         \
            return lewd_error_node_api(napi);                                                                          \
    } while (0)

#endif
