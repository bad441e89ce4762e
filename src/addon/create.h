/*
 * create.h: makes arenas.
 */
#ifndef LEWD_CREATE_H
#define LEWD_CREATE_H

#include <node_api.h>

/*
 * create(memory, buffer, maximum, base, limit, fixed, growth): returns an object of functions over a new arena (see
 * arena_functions in create.c), and of the published `figures`. `maximum` and `growth` are in pages, `base` and `limit` in bytes; each may be undefined. Throws
 * if a setting is wrong, or if another arena hands out the same bytes of the memory. A napi_callback. O(arenas).
 */
napi_value lewd_create(napi_env napi, napi_callback_info info);

#endif
