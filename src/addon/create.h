/*
 * create.h: makes arenas.
 */
#ifndef LEWD_CREATE_H
#define LEWD_CREATE_H

#include <node_api.h>

/*
 * create(memory, buffer, maximum, base, limit, fixed, growth): returns an object that has the functions of a new arena
 * (see arena_functions in create.c) and its published `figures`. `maximum` and `growth` are in pages, `base` and
 * `limit` in bytes; each may be undefined. Throws if a setting is wrong, or if another arena hands out some of the same
 * bytes of the memory. A napi_callback. O(arenas).
 */
napi_value lewd_create(napi_env napi, napi_callback_info info);

#endif
