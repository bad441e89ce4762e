#include "results.h"

#include "../core/heap.h"
#include "errors.h"

napi_value lewd_result_address(napi_env napi, uint32_t start) {
    napi_value result;
    LEWD_OK_OR_FAIL(napi_create_int32(napi, (int32_t)(start * LEWD_BLOCK), &result));
    return result;
}

napi_value lewd_result_number(napi_env napi, double value) {
    napi_value result;
    LEWD_OK_OR_FAIL(napi_create_double(napi, value, &result));
    return result;
}

napi_value lewd_result_bool(napi_env napi, bool value) {
    napi_value result;
    LEWD_OK_OR_FAIL(napi_get_boolean(napi, value, &result));
    return result;
}
