/*
 * arguments.h: arguments of the functions that JavaScript calls. Each of them throws if a value is wrong, and says which.
 */
#ifndef LEWD_ARGUMENTS_H
#define LEWD_ARGUMENTS_H

#include "arena.h"

/*
 * Reads the arguments of a call, missing ones as undefined. Returns the arena that the function is bound to; NULL, with an
 * exception pending, if the arena was disposed of.
 */
lewd_arena *lewd_arguments(napi_env napi, napi_callback_info info, size_t count, napi_value *values);

/* A size in bytes: an i32 that means an unsigned size, 1 at least. */
bool lewd_argument_bytes(napi_env napi, napi_value value, uint32_t *bytes);

/* The same, in blocks. */
bool lewd_argument_size(napi_env napi, napi_value value, uint32_t *blocks);

/* An alignment, in blocks; 1 if `value` is undefined. */
bool lewd_argument_alignment(napi_env napi, napi_value value, uint32_t *blocks);

/* Returns whether `value` is an address: an i32 that means an unsigned offset, in bytes. Throws nothing. */
bool lewd_argument_is_address(napi_env napi, napi_value value, uint32_t *address);

#endif
