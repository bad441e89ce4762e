/*
 * results.h: makes results of functions that JavaScript calls. Each function throws, and returns NULL, if the value
 * can't be made.
 */
#ifndef LEWD_RESULTS_H
#define LEWD_RESULTS_H

#include <node_api.h>

#include <stdbool.h>
#include <stdint.h>

/* Returns the address of a block in bytes, as an i32: addresses from 2 GiB up are negative. */
napi_value lewd_result_address(napi_env napi, uint32_t start);

napi_value lewd_result_number(napi_env napi, double value);
napi_value lewd_result_bool(napi_env napi, bool value);

#endif
