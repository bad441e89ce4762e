/*
 * arguments.h: reads the arguments of functions that JavaScript calls. If a value is wrong, a function throws an error
 * that says which, and returns false.
 */
#ifndef LEWD_ARGUMENTS_H
#define LEWD_ARGUMENTS_H

#include "arena.h"

/*
 * Reads the arguments of a call; missing ones are undefined. Returns the arena that the function is bound to. If the
 * arena was disposed of, throws and returns NULL.
 */
lewd_arena *lewd_arguments(napi_env napi, napi_callback_info info, size_t count, napi_value *values);

/* Reads a size in bytes, at least 1. A negative i32 stands for the unsigned number of the same bits. */
bool lewd_argument_bytes(napi_env napi, napi_value value, uint32_t *bytes);

/* Reads a size in bytes, and writes it in blocks, rounded up. */
bool lewd_argument_size(napi_env napi, napi_value value, uint32_t *blocks);

/* Reads an alignment in bytes, and writes it in blocks, at least 1. `undefined` gives 1. */
bool lewd_argument_alignment(napi_env napi, napi_value value, uint32_t *blocks);

/*
 * Returns whether `value` is an address in bytes, and writes it. A negative i32 stands for the unsigned number of the
 * same bits. Throws nothing.
 */
bool lewd_argument_is_address(napi_env napi, napi_value value, uint32_t *address);

#endif
