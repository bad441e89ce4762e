/*
 * allocate.h: the functions of an arena that allocate. Each is a napi_callback. Sizes and alignments come in bytes.
 */
#ifndef LEWD_ALLOCATE_H
#define LEWD_ALLOCATE_H

#include <node_api.h>

/*
 * alloc(size, token, alignment): allocates, and frees with the token. Returns the address; undefined if there is no room.
 * Without a token it reserves nothing, and returns the address that the same call with a token would return.
 */
napi_value lewd_allocate_weak(napi_env napi, napi_callback_info info);

/*
 * allocStrong(size, alignment, isUnowned): allocates until free(), or, within withOwner() and unless isUnowned, until its token is
 * collected. Returns the address, which is never 0; undefined if there is no room. Makes what free() needs, so that freeing
 * never needs memory.
 */
napi_value lewd_allocate_strong(napi_env napi, napi_callback_info info);

/*
 * pagesNeeded(size, alignment, isStrong, isGenerous): the pages that the memory must grow by, one at least, so that such an
 * allocation has room; if isGenerous, the pages that it should grow by. 0 if it would have none all the same.
 */
napi_value lewd_allocate_pages_needed(napi_env napi, napi_callback_info info);

/* outOfMemory(size, alignment): throws ERR_LEWD_OUT_OF_MEMORY, and says which limit the request has met. */
napi_value lewd_allocate_out_of_memory(napi_env napi, napi_callback_info info);

#endif
