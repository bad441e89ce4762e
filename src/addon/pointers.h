/*
 * pointers.h: the functions of an arena that name an allocation by its address. Each is a napi_callback.
 *
 * The heap finds a span by its place: an address that is no pointer is always told, and nothing has changed then.
 */
#ifndef LEWD_POINTERS_H
#define LEWD_POINTERS_H

#include <node_api.h>

/* free(pointer): frees a weak or a strong pointer. */
napi_value lewd_pointer_free(napi_env napi, napi_callback_info info);

/*
 * freeOwned(pointer, token): frees the allocation that begins there if it is the token's. Does nothing if none begins there, or
 * if it has another owner by now.
 */
napi_value lewd_pointer_free_owned(napi_env napi, napi_callback_info info);

/* size(pointer): in bytes, rounding included. */
napi_value lewd_pointer_size(napi_env napi, napi_callback_info info);

/* token(pointer): of a weak pointer; undefined for a strong one. */
napi_value lewd_pointer_token(napi_env napi, napi_callback_info info);

/* resize(pointer, size): whether the allocation has that size now, in its place. */
napi_value lewd_pointer_resize(napi_env napi, napi_callback_info info);

/*
 * move(from, to): gives the token of `from` to `to`, a strong pointer, and frees `from`. Returns its size in bytes; its contents
 * are still there.
 */
napi_value lewd_pointer_move(napi_env napi, napi_callback_info info);

/* weaken(pointer, token): the allocation is freed with the token, in place of an earlier one. */
napi_value lewd_pointer_weaken(napi_env napi, napi_callback_info info);

/* strengthen(pointer): the allocation lives until it is freed. */
napi_value lewd_pointer_strengthen(napi_env napi, napi_callback_info info);

#endif
