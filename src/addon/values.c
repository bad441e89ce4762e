/*
 * values.c: arguments of the functions that JavaScript calls, and their results.
 */
#include "glue.h"

bool lewd_whole(napi_env napi, napi_value value, int64_t low, int64_t high, int64_t *result) {
    double number;
    if (napi_get_value_double(napi, value, &number) != napi_ok || !(number >= (double)low && number <= (double)high))
        return false;
    *result = (int64_t)number;
    return (double)*result == number;
}

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

bool lewd_bytes_of(napi_env napi, napi_value value, uint32_t *bytes) {
    int64_t number;
    if (lewd_whole(napi, value, INT32_MIN, UINT32_MAX, &number) && (uint32_t)number != 0) {
        *bytes = (uint32_t)number;
        return true;
    }
    if (lewd_error_check_argument(napi, "size", value) != NULL)
        lewd_error_node_api(napi);
    return false;
}

uint32_t lewd_blocks_for(uint32_t bytes) {
    return bytes / LEWD_BLOCK + (bytes % LEWD_BLOCK != 0);
}

bool lewd_size_of(napi_env napi, napi_value value, uint32_t *blocks) {
    uint32_t bytes;
    if (!lewd_bytes_of(napi, value, &bytes))
        return false;
    *blocks = lewd_blocks_for(bytes);
    return true;
}

bool lewd_alignment_of(napi_env napi, napi_value value, uint32_t *blocks) {
    napi_valuetype type;
    int64_t bytes;
    double number;
    *blocks = 1;
    /* What JavaScript passes if it was given none; to ask what it is not would take longer. */
    if (napi_get_value_double(napi, value, &number) == napi_ok && number == 1)
        return true;
    if (napi_typeof(napi, value, &type) == napi_ok && type == napi_undefined)
        return true;
    if (lewd_error_check_argument(napi, "alignment", value) == NULL ||
        !lewd_whole(napi, value, 1, (int64_t)LEWD_MAX_ALIGNMENT * LEWD_BLOCK, &bytes)) {
        lewd_error_node_api(napi);
        return false;
    }
    if (bytes > LEWD_BLOCK)
        *blocks = (uint32_t)bytes / LEWD_BLOCK;
    return true;
}

bool lewd_pointer_of(napi_env napi, lewd_arena *arena, napi_value value, lewd_span *span) {
    int64_t number;
    lewd_status status = LEWD_INVALID;
    if (lewd_whole(napi, value, INT32_MIN, UINT32_MAX, &number) && (uint32_t)number % LEWD_BLOCK == 0)
        status = lewd_heap_find(arena->heap, (uint32_t)number / LEWD_BLOCK, span);
    if (status == LEWD_OK && !lewd_token_free_if_dead(arena, *span))
        return true;
    if (status == LEWD_OK)
        lewd_arena_publish(arena);
    if (status == LEWD_NO_METADATA)
        lewd_error_no_metadata(napi);
    else if (lewd_error_check_argument(napi, "pointer", value) != NULL)
        lewd_error_throw_argument(napi, "pointer", value);
    return false;
}

napi_value lewd_address(napi_env napi, uint32_t start) {
    napi_value result;
    LEWD_OK_OR_FAIL(napi_create_int32(napi, (int32_t)(start * LEWD_BLOCK), &result));
    return result;
}

napi_value lewd_number(napi_env napi, double value) {
    napi_value result;
    LEWD_OK_OR_FAIL(napi_create_double(napi, value, &result));
    return result;
}

napi_value lewd_bool(napi_env napi, bool value) {
    napi_value result;
    LEWD_OK_OR_FAIL(napi_get_boolean(napi, value, &result));
    return result;
}
