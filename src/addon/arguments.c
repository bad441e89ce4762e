#include "arguments.h"

#include "errors.h"
#include "number.h"
#include "support.h"

lewd_arena *lewd_arguments(napi_env napi, napi_callback_info info, size_t count, napi_value *values) {
    void *data = NULL;
    if (napi_get_cb_info(napi, info, &count, values, NULL, &data) != napi_ok) {
        lewd_error_node_api(napi);
        return NULL;
    }
    lewd_arena *const arena = data;
    if (arena->heap != NULL)
        return arena;
    lewd_error_throw_state(napi, LEWD_STATE_DISPOSED);
    return NULL;
}

bool lewd_argument_is_address(napi_env napi, napi_value value, uint32_t *address) {
    int64_t number;
    if (!lewd_number_is_whole(napi, value, INT32_MIN, UINT32_MAX, &number))
        return false;
    *address = (uint32_t)number;
    return true;
}

bool lewd_argument_bytes(napi_env napi, napi_value value, uint32_t *bytes) {
    if (lewd_argument_is_address(napi, value, bytes) && *bytes != 0)
        return true;
    if (lewd_error_check_argument(napi, "size", value) != NULL)
        lewd_error_node_api(napi);
    return false;
}

bool lewd_argument_size(napi_env napi, napi_value value, uint32_t *blocks) {
    uint32_t bytes;
    if (!lewd_argument_bytes(napi, value, &bytes))
        return false;
    *blocks = lewd_blocks_for(bytes);
    return true;
}

bool lewd_argument_alignment(napi_env napi, napi_value value, uint32_t *blocks) {
    napi_valuetype type;
    int64_t bytes;
    double number;
    *blocks = 1;
    /* JavaScript passes 1 by default. Asking for the type first would take longer. */
    if (napi_get_value_double(napi, value, &number) == napi_ok && number == 1)
        return true;
    if (napi_typeof(napi, value, &type) == napi_ok && type == napi_undefined)
        return true;
    if (lewd_error_check_argument(napi, "alignment", value) == NULL ||
        !lewd_number_is_whole(napi, value, 1, (int64_t)LEWD_MAX_ALIGNMENT * LEWD_BLOCK, &bytes)) {
        lewd_error_node_api(napi);
        return false;
    }
    if (bytes > LEWD_BLOCK)
        *blocks = (uint32_t)bytes / LEWD_BLOCK;
    return true;
}
