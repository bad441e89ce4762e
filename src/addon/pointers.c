#include "pointers.h"

#include "arguments.h"
#include "errors.h"
#include "results.h"
#include "support.h"
#include "tokens.h"

#include <string.h>

/*
 * Reads the span that begins at the address `value`, unless it is reserved. Throws, and returns false, if there is
 * none. A weak pointer whose token was collected counts as none, and is freed.
 */
static bool read_pointer(napi_env napi, lewd_arena *arena, napi_value value, lewd_span *span) {
    uint32_t address;
    lewd_status status = LEWD_INVALID;
    if (lewd_argument_is_address(napi, value, &address) && address % LEWD_BLOCK == 0)
        status = lewd_heap_find(arena->heap, address / LEWD_BLOCK, span);
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

/* Reads the arguments of a call whose first one is a pointer. Throws, and returns NULL, if it is not. */
static lewd_arena *with_pointer(napi_env napi, napi_callback_info info, size_t count, napi_value *values,
                                lewd_span *span) {
    lewd_arena *const arena = lewd_arguments(napi, info, count, values);
    return arena != NULL && read_pointer(napi, arena, values[0], span) ? arena : NULL;
}

napi_value lewd_pointer_free(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    lewd_span span;
    lewd_arena *const arena = with_pointer(napi, info, LEWD_COUNT(values), values, &span);
    if (arena == NULL)
        return NULL;
    lewd_token_free(arena, span);
    lewd_arena_publish(arena);
    return NULL;
}

napi_value lewd_pointer_free_owned(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    napi_value token;
    uint32_t address;
    lewd_span span;
    bool same = false;
    lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    if (arena == NULL)
        return NULL;
    if (!lewd_argument_is_address(napi, values[0], &address))
        return lewd_error_node_api(napi);
    const lewd_status status = lewd_heap_find(arena->heap, address / LEWD_BLOCK, &span);
    if (status == LEWD_NO_METADATA)
        return lewd_error_no_metadata(napi);
    if (status != LEWD_OK)
        return NULL;
    if (!lewd_token_read(arena, span, &token))
        return lewd_error_node_api(napi);
    if (token == NULL)
        return NULL;
    LEWD_OK_OR_FAIL(napi_strict_equals(napi, token, values[1], &same));
    if (!same)
        return NULL;
    lewd_token_free(arena, span);
    lewd_arena_publish(arena);
    return NULL;
}

napi_value lewd_pointer_size(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    lewd_span span;
    lewd_arena *const arena = with_pointer(napi, info, LEWD_COUNT(values), values, &span);
    return arena == NULL ? NULL : lewd_result_number(napi, lewd_bytes_of(lewd_heap_size(arena->heap, span)));
}

napi_value lewd_pointer_token(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    lewd_span span;
    const lewd_arena *const arena = with_pointer(napi, info, LEWD_COUNT(values), values, &span);
    napi_value token;
    if (arena == NULL)
        return NULL;
    return lewd_token_read(arena, span, &token) ? token : lewd_error_node_api(napi);
}

napi_value lewd_pointer_resize(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    lewd_span span;
    uint32_t blocks;
    lewd_arena *const arena = with_pointer(napi, info, LEWD_COUNT(values), values, &span);
    if (arena == NULL || !lewd_argument_size(napi, values[1], &blocks))
        return NULL;
    const napi_value done = lewd_result_bool(napi, true);
    if (done == NULL)
        return NULL;
    const lewd_status status = lewd_token_resize(arena, span, blocks);
    lewd_arena_publish(arena);
    /* If there is no memory for a record, blocks can't be cut off, and stay with the allocation. */
    if (status == LEWD_OK || (status == LEWD_NO_METADATA && blocks < lewd_heap_size(arena->heap, span)))
        return done;
    return lewd_result_bool(napi, false);
}

/* Returns the bytes of a span in a buffer; NULL if the buffer does not have all of them. */
static uint8_t *bytes_of(napi_env napi, const lewd_heap *heap, lewd_span span, napi_value buffer) {
    void *data = NULL;
    size_t length;
    const size_t start = (size_t)lewd_heap_start(heap, span) * LEWD_BLOCK;
    const size_t size = (size_t)lewd_heap_size(heap, span) * LEWD_BLOCK;
    if (napi_get_arraybuffer_info(napi, buffer, &data, &length) != napi_ok || length < size || length - size < start)
        return NULL;
    return (uint8_t *)data + start;
}

napi_value lewd_pointer_move(napi_env napi, napi_callback_info info) {
    napi_value values[3];
    lewd_span from;
    lewd_span to;
    lewd_arena *const arena = with_pointer(napi, info, LEWD_COUNT(values), values, &from);
    if (arena == NULL || !read_pointer(napi, arena, values[1], &to))
        return NULL;
    if (from == to || lewd_heap_owner(arena->heap, to) != 0)
        return lewd_error_throw_argument(napi, "pointer", values[0]);
    const uint8_t *const source = bytes_of(napi, arena->heap, from, values[2]);
    uint8_t *const target = bytes_of(napi, arena->heap, to, values[2]);
    if (source == NULL || target == NULL)
        return lewd_error_node_api(napi);
    const uint32_t before = lewd_heap_size(arena->heap, from);
    const uint32_t after = lewd_heap_size(arena->heap, to);
    memcpy(target, source, (size_t)(before < after ? before : after) * LEWD_BLOCK);
    lewd_token_move(arena, from, to);
    lewd_arena_publish(arena);
    return NULL;
}

/*
 * Reads the strong pointer in ARGUMENT of the figures. Returns the arena; NULL if there is none at that address, with
 * an exception only if the arena was disposed of. Sets RESULT to 0.
 */
static lewd_arena *with_direct(napi_env napi, napi_callback_info info, lewd_span *span) {
    lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    if (arena == NULL)
        return NULL;
    const uint32_t address = arena->published.figures[LEWD_FIGURE_ARGUMENT];
    arena->published.figures[LEWD_FIGURE_RESULT] = 0;
    const bool is_found =
        address % LEWD_BLOCK == 0 && lewd_heap_find(arena->heap, address / LEWD_BLOCK, span) == LEWD_OK;
    return is_found && lewd_heap_owner(arena->heap, *span) == 0 ? arena : NULL;
}

napi_value lewd_pointer_free_direct(napi_env napi, napi_callback_info info) {
    lewd_span span;
    lewd_arena *const arena = with_direct(napi, info, &span);
    if (arena == NULL)
        return NULL;
    lewd_heap_free(arena->heap, span);
    lewd_arena_publish(arena);
    arena->published.figures[LEWD_FIGURE_RESULT] = 1;
    return NULL;
}

napi_value lewd_pointer_size_direct(napi_env napi, napi_callback_info info) {
    lewd_span span;
    const lewd_arena *const arena = with_direct(napi, info, &span);
    if (arena != NULL)
        arena->published.figures[LEWD_FIGURE_RESULT] = lewd_heap_size(arena->heap, span) * LEWD_BLOCK;
    return NULL;
}

napi_value lewd_pointer_resize_direct(napi_env napi, napi_callback_info info) {
    lewd_span span;
    lewd_arena *const arena = with_direct(napi, info, &span);
    if (arena == NULL)
        return NULL;
    uint32_t *const figures = arena->published.figures;
    const uint32_t bytes = figures[LEWD_FIGURE_SECOND_ARGUMENT];
    if (lewd_heap_resize(arena->heap, span, lewd_blocks_for(bytes == 0 ? 1 : bytes)) != LEWD_OK)
        return NULL;
    lewd_arena_publish(arena);
    figures[LEWD_FIGURE_RESULT] = figures[LEWD_FIGURE_ARGUMENT];
    return NULL;
}

napi_value lewd_pointer_weaken(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    lewd_span span;
    lewd_arena *const arena = with_pointer(napi, info, LEWD_COUNT(values), values, &span);
    if (arena == NULL || lewd_error_check_argument(napi, "token", values[1]) == NULL)
        return NULL;
    const uint32_t size = lewd_heap_size(arena->heap, span);
    return lewd_token_attach(arena, span, size, values[1]) ? NULL : lewd_error_node_api(napi);
}

napi_value lewd_pointer_strengthen(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    lewd_span span;
    lewd_arena *const arena = with_pointer(napi, info, LEWD_COUNT(values), values, &span);
    if (arena != NULL)
        lewd_token_detach(arena, span);
    return NULL;
}
