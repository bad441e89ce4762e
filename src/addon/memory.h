/*
 * memory.h: the functions of an arena that follow its memory: growth, migration, reserved bytes.
 *
 * The memory belongs to JavaScript. The arena knows its size, and reads and writes its bytes only during a call.
 * Functions that have a napi_callback_info as parameter are napi_callbacks.
 */
#ifndef LEWD_MEMORY_H
#define LEWD_MEMORY_H

#include "arena.h"

/*
 * Returns whether another arena than `self` hands out blocks in [base, ceiling) of `memory`. An arena whose functions
 * were collected does not count: if there seems to be an arena, V8 is made to collect, and once more in case it was
 * marking. A handle scope must be open. O(arenas).
 */
bool lewd_memory_is_taken(napi_env napi, const lewd_env *env, const lewd_arena *self, napi_value memory, uint32_t base,
                          uint32_t ceiling);

/*
 * extend(size): notes that the memory has grown to `size` bytes. Returns an array of the handlers to call. Throws, and
 * changes nothing, if the array can't be made, or if there is no memory for the larger heap.
 */
napi_value lewd_memory_extend(napi_env napi, napi_callback_info info);

/*
 * pagesToKeep(): returns the pages of the memory to migrate to; 0 if no page can be given up. Throws if the memory
 * can't be replaced.
 */
napi_value lewd_memory_pages_to_keep(napi_env napi, napi_callback_info info);

/*
 * migrate(from, to, memory): copies the used bytes from one buffer to the other, which is that of `memory`, and
 * continues on that memory. Returns an array of the handlers to call. Throws, and changes nothing, if the array or a
 * reference can't be made; JavaScript then continues on the old memory.
 */
napi_value lewd_memory_migrate(napi_env napi, napi_callback_info info);

/*
 * restore(from, to): copies once more the bytes below the base, and those that were reserved before the migration.
 * Instances made since the migration have overwritten them with their data segments.
 */
napi_value lewd_memory_restore(napi_env napi, napi_callback_info info);

/* reserve(address, size): reserves all blocks that have some of these bytes. Throws if one of them is not free. */
napi_value lewd_memory_reserve(napi_env napi, napi_callback_info info);

#endif
