/*
 * number.h: tests JavaScript's values for whole numbers.
 */
#ifndef LEWD_NUMBER_H
#define LEWD_NUMBER_H

#include <node_api.h>

#include <stdbool.h>
#include <stdint.h>

/*
 * Returns whether `value` is a whole number in [low, high], and writes it to `*result` if it is. Node-API's own
 * conversions to integers accept fractions, NaN and numbers out of range. The bounds must be below 2^53 in absolute
 * value.
 */
bool lewd_number_is_whole(napi_env napi, napi_value value, int64_t low, int64_t high, int64_t *result);

#endif
