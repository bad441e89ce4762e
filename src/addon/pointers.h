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
 * freeDirect(): frees the strong pointer in ARGUMENT of the figures. RESULT is 1 then. RESULT is 0, and nothing has
 * changed, where free() has to be called: the pointer is weak, or invalid.
 */
napi_value lewd_pointer_free_direct(napi_env napi, napi_callback_info info);

/*
 * sizeDirect(): sets RESULT to the size in bytes of the strong pointer in ARGUMENT; to 0 where size() has to be called.
 */
napi_value lewd_pointer_size_direct(napi_env napi, napi_callback_info info);

/*
 * resizeDirect(): changes the size of the strong pointer in ARGUMENT to SECOND_ARGUMENT bytes, in place; 0 counts as 1.
 * RESULT is the pointer then; 0, and nothing has changed, if it is weak or invalid, or if there is no room.
 */
napi_value lewd_pointer_resize_direct(napi_env napi, napi_callback_info info);

/*
 * weaken(pointer, token): makes the pointer weak: the allocation is freed when `token` is collected. It replaces an
 * earlier token.
 */
napi_value lewd_pointer_weaken(napi_env napi, napi_callback_info info);

/* strengthen(pointer): makes the pointer strong: the allocation lives until it is freed by a call. */
napi_value lewd_pointer_strengthen(napi_env napi, napi_callback_info info);

#endif
