/*
 * allocate.h: the functions of an arena that allocate. Each is a napi_callback, and throws if an argument is wrong.
 * Sizes and alignments are in bytes.
 */
#ifndef LEWD_ALLOCATE_H
#define LEWD_ALLOCATE_H

#include <node_api.h>

/*
 * alloc(size, token, alignment): allocates `size` bytes, which are freed when the token is collected. Returns the
 * address; undefined if there is no room. Without a token, reserves nothing, and returns the address that the same call
 * with a token would return.
 */
napi_value lewd_allocate_weak(napi_env napi, napi_callback_info info);

/*
 * allocStrong(size, alignment, isUnowned): allocates `size` bytes until free(). Within withOwner(), unless isUnowned,
 * they are freed when its token is collected. Returns the address, which is never 0; undefined if there is no room.
 * Also makes the directory that free() needs, so that freeing never needs memory.
 */
napi_value lewd_allocate_strong(napi_env napi, napi_callback_info info);

/*
 * mallocDirect(): allocates as many bytes as ARGUMENT of the figures says, until free(); 0 counts as 1. RESULT is the
 * address then. RESULT is 0, and nothing has changed, where allocStrong() has to be called: there is no room, no memory
 * for a record, or a guarded call in progress, whose token may be the owner.
 */
napi_value lewd_allocate_direct(napi_env napi, napi_callback_info info);

/*
 * pagesNeeded(size, alignment, isStrong, isGenerous): returns how many pages, at least one, the memory must grow by so
 * that such an allocation has room; if isGenerous, how many it should grow by. Returns 0 if the memory can't grow
 * enough.
 */
napi_value lewd_allocate_pages_needed(napi_env napi, napi_callback_info info);

/*
 * outOfMemory(size, alignment): throws ERR_LEWD_OUT_OF_MEMORY. The message names the limit that the request has
 * reached.
 */
napi_value lewd_allocate_out_of_memory(napi_env napi, napi_callback_info info);

#endif
