/*
 * pointers.c: the functions of an arena that name an allocation by its address, whatever owns it.
 *
 * The heap finds a span by its place, so an address that is none is always told, and nothing has changed then.
 */
#include "glue.h"

/* The arguments of a call whose first one is a pointer. NULL, with an exception pending, if it is none. */
static lewd_arena *with_pointer(napi_env napi, napi_callback_info info, size_t count, napi_value *values,
                                lewd_span *span) {
    lewd_arena *const arena = lewd_arguments(napi, info, count, values);
    return arena != NULL && lewd_pointer_of(napi, arena, values[0], span) ? arena : NULL;
}

/* free(pointer): of a weak one, its token is let go of. */
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

/*
 * release(pointer, token): frees the allocation that begins there if it is the token's. Does nothing if none begins there, or
 * if it has another owner by now.
 */
napi_value lewd_pointer_release(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    napi_value token;
    int64_t address;
    lewd_span span;
    bool same = false;
    lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    if (arena == NULL)
        return NULL;
    if (!lewd_whole(napi, values[0], INT32_MIN, UINT32_MAX, &address))
        return lewd_fail(napi);
    const lewd_status status = lewd_heap_find(arena->heap, (uint32_t)address / LEWD_BLOCK, &span);
    if (status == LEWD_NO_METADATA)
        return lewd_no_metadata(napi);
    if (status != LEWD_OK)
        return NULL;
    if (!lewd_token_of(arena, span, &token))
        return lewd_fail(napi);
    if (token == NULL)
        return NULL;
    LEWD_OK_OR_FAIL(napi_strict_equals(napi, token, values[1], &same));
    if (!same)
        return NULL;
    lewd_token_free(arena, span);
    lewd_arena_publish(arena);
    return NULL;
}

/* size(pointer): in bytes, rounding included. */
napi_value lewd_pointer_size(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    lewd_span span;
    lewd_arena *const arena = with_pointer(napi, info, LEWD_COUNT(values), values, &span);
    return arena == NULL ? NULL : lewd_number(napi, (double)lewd_heap_size(arena->heap, span) * LEWD_BLOCK);
}

/* token(pointer): of a weak one. */
napi_value lewd_pointer_token(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    lewd_span span;
    const lewd_arena *const arena = with_pointer(napi, info, LEWD_COUNT(values), values, &span);
    napi_value token;
    if (arena == NULL)
        return NULL;
    return lewd_token_of(arena, span, &token) ? token : lewd_fail(napi);
}

/* resize(pointer, size): whether the allocation has that size now, in its place. */
napi_value lewd_pointer_resize(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    lewd_span span;
    uint32_t blocks;
    lewd_arena *const arena = with_pointer(napi, info, LEWD_COUNT(values), values, &span);
    if (arena == NULL || !lewd_size_of(napi, values[1], &blocks))
        return NULL;
    const napi_value done = lewd_bool(napi, true);
    if (done == NULL)
        return NULL;
    const lewd_status status = lewd_token_resize(arena, span, blocks);
    lewd_arena_publish(arena);
    /* What can't be cut off for the want of a record stays with the allocation. */
    if (status == LEWD_OK || (status == LEWD_NO_METADATA && blocks < lewd_heap_size(arena->heap, span)))
        return done;
    return lewd_bool(napi, false);
}

/* move(from, to): hands the token on and frees `from`, whose size in bytes is the result; its contents are still there. */
napi_value lewd_pointer_move(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    lewd_span from;
    lewd_span to;
    lewd_arena *const arena = with_pointer(napi, info, LEWD_COUNT(values), values, &from);
    if (arena == NULL || !lewd_pointer_of(napi, arena, values[1], &to))
        return NULL;
    if (from == to || lewd_heap_owner(arena->heap, to) != 0)
        return lewd_refuse(napi, "pointer", values[0]);
    const napi_value size = lewd_number(napi, (double)lewd_heap_size(arena->heap, from) * LEWD_BLOCK);
    if (size == NULL)
        return NULL;
    lewd_token_move(arena, from, to);
    lewd_arena_publish(arena);
    return size;
}

/* weaken(pointer, token): frees it with the token, in place of another one if it had one. */
napi_value lewd_pointer_weaken(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    lewd_span span;
    lewd_arena *const arena = with_pointer(napi, info, LEWD_COUNT(values), values, &span);
    if (arena == NULL || lewd_check(napi, "token", values[1]) == NULL)
        return NULL;
    const uint32_t size = lewd_heap_size(arena->heap, span);
    return lewd_token_attach(arena, span, size, values[1]) ? NULL : lewd_fail(napi);
}

/* strengthen(pointer): it lives until it is freed. */
napi_value lewd_pointer_strengthen(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    lewd_span span;
    lewd_arena *const arena = with_pointer(napi, info, LEWD_COUNT(values), values, &span);
    if (arena != NULL)
        lewd_token_detach(arena, span);
    return NULL;
}
