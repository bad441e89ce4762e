/*
 * memory.h: the functions of an arena that follow its memory: growth, migration, reserved bytes.
 *
 * The memory belongs to JavaScript. The arena knows its size, and reads and writes its bytes during a call only. Functions of
 * a napi_env and a napi_callback_info are napi_callbacks.
 */
#ifndef LEWD_MEMORY_H
#define LEWD_MEMORY_H

#include "arena.h"

/*
 * Returns whether another arena than `self` hands out blocks in [base, ceiling) of `memory`. An arena whose functions were
 * collected does not: if there seems to be one, V8 is made to collect, and once more if it was marking. A handle scope must
 * be open. O(arenas).
 */
bool lewd_memory_is_taken(napi_env napi, const lewd_env *env, const lewd_arena *self, napi_value memory, uint32_t base,
                          uint32_t ceiling);

/*
 * extend(size): notes that the memory has grown to `size` bytes. Returns the handlers to call, as an array. Throws if the array
 * or the heap's growth can't be had, and nothing has changed.
 */
napi_value lewd_memory_extend(napi_env napi, napi_callback_info info);

/* pagesToKeep(): the pages of the memory to migrate to; 0 if no page can go. Throws if the memory can't be replaced. */
napi_value lewd_memory_pages_to_keep(napi_env napi, napi_callback_info info);

/*
 * migrate(from, to, memory): copies the used bytes from one buffer to the other, which is that of `memory`, and goes on over
 * it. Returns the handlers to call, as an array. Throws if something can't be had, and nothing has changed: JavaScript goes on
 * with the old memory then.
 */
napi_value lewd_memory_migrate(napi_env napi, napi_callback_info info);

/*
 * restore(from, to): copies the bytes below the base once more, and those that were reserved before the migration. Instances
 * that were made since have overwritten them with their data segments.
 */
napi_value lewd_memory_restore(napi_env napi, napi_callback_info info);

/* reserve(address, size): takes these bytes, and the blocks that they share, out of the free ones. */
napi_value lewd_memory_reserve(napi_env napi, napi_callback_info info);

#endif
