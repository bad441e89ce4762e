/*
 * results.h: results of the functions that JavaScript calls. Each throws, and returns NULL, if its value can't be made.
 */
#ifndef LEWD_RESULTS_H
#define LEWD_RESULTS_H

#include <node_api.h>

#include <stdbool.h>
#include <stdint.h>

/* The address of a block, in bytes, as an i32: from 2 GiB up it is negative. */
napi_value lewd_result_address(napi_env napi, uint32_t start);

napi_value lewd_result_number(napi_env napi, double value);
napi_value lewd_result_bool(napi_env napi, bool value);

#endif
