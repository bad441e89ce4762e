/*
 * memory.c: the functions of an arena that follow its memory: growth, migration, what is never handed out.
 *
 * The memory is JavaScript's; here are its size, and for the time of a call its bytes.
 */
#include "glue.h"

#include <string.h>

/* A place in a memory, in blocks. */
static bool place_in_blocks(napi_env napi, napi_value value, uint32_t *blocks) {
    int64_t bytes;
    if (!lewd_whole(napi, value, 0, (int64_t)LEWD_MAX_BLOCKS * LEWD_BLOCK, &bytes) || bytes % LEWD_BLOCK != 0)
        return false;
    *blocks = (uint32_t)(bytes / LEWD_BLOCK);
    return true;
}

uint32_t lewd_memory_limit(const lewd_arena *arena, uint64_t size) {
    const uint64_t blocks = size / LEWD_BLOCK;
    const uint32_t limit = blocks < arena->ceiling ? (uint32_t)blocks : arena->ceiling;
    return limit < arena->base ? arena->base : limit;
}

/*
 * extend(size): the memory has grown to `size` bytes. Answers who is to be told of it: see lewd_watched(). Throws if that or
 * the heap's growth can't be had, and nothing has changed.
 */
napi_value lewd_memory_extend(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    uint32_t blocks;
    if (arena == NULL || !place_in_blocks(napi, values[0], &blocks))
        return lewd_error_node_api(napi);
    const napi_value watched = lewd_watched(arena);
    if (watched == NULL)
        return lewd_error_node_api(napi);
    const uint64_t size = (uint64_t)blocks * LEWD_BLOCK;
    if (lewd_heap_extend(arena->heap, lewd_memory_limit(arena, size)) == LEWD_NO_METADATA)
        return lewd_error_no_metadata(napi);
    arena->size = size;
    lewd_arena_publish(arena);
    return watched;
}

/* Whether the arena works on that memory. What can't be found out is assumed. */
static bool works_on(napi_env napi, const lewd_arena *arena, napi_value memory) {
    napi_value own;
    bool same = true;
    if (napi_get_reference_value(napi, arena->memory, &own) != napi_ok)
        return true;
    return own != NULL && (napi_strict_equals(napi, memory, own, &same) != napi_ok || same);
}

/* Whether something can still call the functions of the arena. */
static bool is_kept(napi_env napi, const lewd_arena *arena) {
    napi_value keeper;
    return napi_get_reference_value(napi, arena->keeper, &keeper) != napi_ok || keeper != NULL;
}

/* In a scope of its own: a handle would keep what is asked for. */
static bool hands_out(napi_env napi, const lewd_arena *arena, napi_value memory, uint32_t base, uint32_t ceiling) {
    napi_handle_scope scope;
    if (arena->base >= ceiling || base >= arena->ceiling)
        return false;
    if (napi_open_handle_scope(napi, &scope) != napi_ok)
        return true;
    const bool does = is_kept(napi, arena) && works_on(napi, arena, memory);
    napi_close_handle_scope(napi, scope);
    return does;
}

static bool is_taken(napi_env napi, const lewd_env *env, const lewd_arena *self, napi_value memory, uint32_t base,
                     uint32_t ceiling) {
    for (const lewd_arena *arena = env->lists[LEWD_ALL]; arena != NULL; arena = arena->links[LEWD_ALL].next)
        if (arena != self && hands_out(napi, arena, memory, base, ceiling))
            return true;
    return false;
}

bool lewd_memory_is_taken(napi_env napi, const lewd_env *env, const lewd_arena *self, napi_value memory, uint32_t base,
                          uint32_t ceiling) {
    if (!is_taken(napi, env, self, memory, base, ceiling))
        return false;
    lewd_collect(napi);
    if (!is_taken(napi, env, self, memory, base, ceiling))
        return false;
    lewd_collect(napi);
    return is_taken(napi, env, self, memory, base, ceiling);
}

/* The fewest pages that the memory could do with. */
static uint64_t needed_pages(const lewd_arena *arena) {
    const lewd_figures figures = lewd_heap_figures(arena->heap);
    const uint64_t end = arena->base + (uint64_t)figures.total - figures.tail_free;
    const uint64_t pages = (end * LEWD_BLOCK + LEWD_PAGE - 1u) / LEWD_PAGE;
    return pages < arena->least ? arena->least : pages;
}

/* pages(): of the memory to migrate to, 0 if no page can go. What lies above the working span is not ours to leave behind. */
napi_value lewd_memory_pages(napi_env napi, napi_callback_info info) {
    napi_value memory = NULL;
    const lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    if (arena == NULL)
        return NULL;
    LEWD_OK_OR_FAIL(napi_get_reference_value(napi, arena->memory, &memory));
    if (arena->fixed || (memory != NULL && lewd_memory_is_taken(napi, arena->env, arena, memory, 0, LEWD_MAX_BLOCKS)))
        return lewd_error_throw_state(napi, LEWD_STATE_FIXED);
    const uint64_t pages = needed_pages(arena);
    const bool can_go = pages < arena->size / LEWD_PAGE && (uint64_t)arena->ceiling * LEWD_BLOCK >= arena->size;
    return lewd_number(napi, can_go ? (double)pages : 0);
}

/* The bytes of two buffers. */
static bool bytes_of(napi_env napi, const napi_value *buffers, uint8_t **bytes, size_t *lengths) {
    for (size_t i = 0; i < 2; i++) {
        void *data = NULL;
        if (napi_get_arraybuffer_info(napi, buffers[i], &data, &lengths[i]) != napi_ok)
            return false;
        bytes[i] = data;
    }
    return true;
}

static void copy(uint8_t *const *bytes, size_t start, size_t end) {
    if (end > start)
        memcpy(bytes[1] + start * LEWD_BLOCK, bytes[0] + start * LEWD_BLOCK, (end - start) * LEWD_BLOCK);
}

/* Copies what lies below the base, and the used spans, neighbours in one go, and not the holes between them. */
static void copy_used(const lewd_arena *arena, uint8_t *const *bytes) {
    const lewd_heap *const heap = arena->heap;
    lewd_span span = lewd_heap_next_used(heap, 0);
    copy(bytes, 0, arena->base);
    while (span != 0) {
        const size_t start = lewd_heap_start(heap, span);
        size_t end = start;
        for (; span != 0 && lewd_heap_start(heap, span) == end; span = lewd_heap_next_used(heap, span))
            end += lewd_heap_size(heap, span);
        copy(bytes, start, end);
    }
}

/*
 * migrate(from, to, memory): copies what is used from one buffer to the other, the one of `memory`. Answers and throws like
 * extend(): whoever went on with a memory that was not copied to would leave the contents behind.
 */
napi_value lewd_memory_migrate(napi_env napi, napi_callback_info info) {
    napi_value values[3];
    lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    uint8_t *bytes[2];
    size_t lengths[2];
    napi_ref memory;
    if (arena == NULL)
        return NULL;
    if (!bytes_of(napi, values, bytes, lengths) || lengths[0] < lengths[1] ||
        lengths[1] < needed_pages(arena) * LEWD_PAGE)
        return lewd_error_node_api(napi);
    const napi_value watched = lewd_watched(arena);
    if (watched == NULL)
        return lewd_error_node_api(napi);
    LEWD_OK_OR_FAIL(napi_create_reference(napi, values[2], 0, &memory));
    napi_delete_reference(napi, arena->memory);
    arena->memory = memory;
    arena->size = arena->migrated = lengths[1];
    arena->restorable = arena->reserved.length;
    lewd_heap_shrink(arena->heap, lewd_memory_limit(arena, lengths[1]));
    copy_used(arena, bytes);
    lewd_arena_publish(arena);
    return watched;
}

/*
 * restore(from, to): copies anew what lies below the base, and what was reserved before the migration. Instances that were
 * made since have filled it from their data segments.
 */
napi_value lewd_memory_restore(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    const lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    uint8_t *bytes[2];
    size_t lengths[2];
    if (arena == NULL)
        return NULL;
    if (!bytes_of(napi, values, bytes, lengths) || lengths[0] < arena->migrated || lengths[1] < arena->migrated)
        return lewd_error_node_api(napi);
    copy(bytes, 0, arena->base);
    for (uint32_t i = 0; i < arena->restorable; i++) {
        const size_t start = lewd_heap_start(arena->heap, arena->reserved.items[i]);
        copy(bytes, start, start + lewd_heap_size(arena->heap, arena->reserved.items[i]));
    }
    return NULL;
}

/* reserve(address, size): takes these bytes, and what shares a block with them, out of what is handed out. */
napi_value lewd_memory_reserve(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    int64_t address;
    int64_t size;
    lewd_span span;
    if (arena == NULL || lewd_error_check_argument(napi, "address", values[0]) == NULL ||
        lewd_error_check_argument(napi, "size", values[1]) == NULL)
        return NULL;
    if (!lewd_whole(napi, values[0], INT32_MIN, UINT32_MAX, &address))
        return lewd_error_throw_argument(napi, "address", values[0]);
    LEWD_OK_OR_FAIL(napi_get_value_int64(napi, values[1], &size));
    const uint64_t start = (uint32_t)address / LEWD_BLOCK;
    const uint64_t end = ((uint64_t)(uint32_t)address + (uint32_t)size + LEWD_BLOCK - 1u) / LEWD_BLOCK;
    /* Room in the list first: nothing may fail after the heap has changed. */
    if (!lewd_list_push(&arena->reserved, 0))
        return lewd_error_no_metadata(napi);
    const lewd_status status = lewd_heap_reserve(arena->heap, (uint32_t)start, (uint32_t)(end - start), &span);
    arena->reserved.items[arena->reserved.length - 1u] = span;
    if (status == LEWD_OK) {
        lewd_arena_publish(arena);
        return NULL;
    }
    arena->reserved.length--;
    if (status == LEWD_INVALID)
        return lewd_error_throw_argument(napi, "address", values[0]);
    return status == LEWD_NO_FIT ? lewd_error_throw_state(napi, LEWD_STATE_NOT_FREE) : lewd_error_no_metadata(napi);
}
