/*
 * pointers.h: the functions of an arena that name an allocation by its address. Each is a napi_callback.
 *
 * The heap finds a span by its place. So every function except freeOwned() throws if an address is not that of an
 * allocation, and changes nothing.
 */
#ifndef LEWD_POINTERS_H
#define LEWD_POINTERS_H

#include <node_api.h>

/* free(pointer): frees a weak or a strong pointer. */
napi_value lewd_pointer_free(napi_env napi, napi_callback_info info);

/*
 * freeOwned(pointer, token): frees the allocation that begins at `pointer` if the token owns it. Does nothing if none
 * begins there, or if it has another owner by now.
 */
napi_value lewd_pointer_free_owned(napi_env napi, napi_callback_info info);

/* size(pointer): returns the size of the allocation in bytes, rounded up to blocks. */
napi_value lewd_pointer_size(napi_env napi, napi_callback_info info);

/* token(pointer): returns the token of a weak pointer; undefined for a strong one. */
napi_value lewd_pointer_token(napi_env napi, napi_callback_info info);

/*
 * resize(pointer, size): changes the size of the allocation in place, if possible. Returns whether it now holds `size`
 * bytes.
 */
napi_value lewd_pointer_resize(napi_env napi, napi_callback_info info);

/*
 * move(from, to, buffer): copies the contents of `from` to `to`, as many as both hold, gives the token of `from` to the
 * strong pointer `to`, and frees `from`. `buffer` is that of the active memory.
 */
napi_value lewd_pointer_move(napi_env napi, napi_callback_info info);

/*
 * weaken(pointer, token): makes the pointer weak: the allocation is freed when `token` is collected. It replaces an
 * earlier token.
 */
napi_value lewd_pointer_weaken(napi_env napi, napi_callback_info info);

/* strengthen(pointer): makes the pointer strong: the allocation lives until it is freed by a call. */
napi_value lewd_pointer_strengthen(napi_env napi, napi_callback_info info);

#endif
