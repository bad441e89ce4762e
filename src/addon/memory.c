#include "memory.h"

#include "arguments.h"
#include "errors.h"
#include "gc.h"
#include "number.h"
#include "results.h"
#include "support.h"

#include <string.h>

/* Reads the size of a memory in bytes, and writes it in blocks. */
static bool read_size(napi_env napi, napi_value value, uint32_t *blocks) {
    int64_t bytes;
    if (!lewd_number_is_whole(napi, value, 0, LEWD_MAX_BYTES, &bytes) || bytes % LEWD_BLOCK != 0)
        return false;
    *blocks = (uint32_t)(bytes / LEWD_BLOCK);
    return true;
}

napi_value lewd_memory_extend(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    uint32_t blocks;
    if (arena == NULL || !read_size(napi, values[0], &blocks))
        return lewd_error_node_api(napi);
    const napi_value handlers = lewd_handlers_array(napi, &arena->handlers);
    if (handlers == NULL)
        return lewd_error_node_api(napi);
    const uint64_t size = (uint64_t)blocks * LEWD_BLOCK;
    if (lewd_heap_extend(arena->heap, lewd_bounds_limit(&arena->bounds, size)) == LEWD_NO_METADATA)
        return lewd_error_no_metadata(napi);
    arena->bounds.size = size;
    lewd_arena_publish(arena);
    return handlers;
}

/* Returns whether the arena works on that memory; true if that can't be found out. */
static bool works_on(napi_env napi, const lewd_arena *arena, napi_value memory) {
    napi_value own;
    bool same = true;
    if (napi_get_reference_value(napi, arena->memory, &own) != napi_ok)
        return true;
    return own != NULL && (napi_strict_equals(napi, memory, own, &same) != napi_ok || same);
}

/* Returns whether the program may still call the functions of the arena. */
static bool is_kept(napi_env napi, const lewd_arena *arena) {
    napi_value anchor;
    return napi_get_reference_value(napi, arena->anchor, &anchor) != napi_ok || anchor != NULL;
}

/*
 * Returns whether the arena hands out blocks in [base, ceiling) of a memory. Opens a handle scope of its own: otherwise
 * a handle would keep the arena alive.
 */
static bool hands_out(napi_env napi, const lewd_arena *arena, napi_value memory, uint32_t base, uint32_t ceiling) {
    napi_handle_scope scope;
    if (arena->bounds.base >= ceiling || base >= arena->bounds.ceiling)
        return false;
    if (napi_open_handle_scope(napi, &scope) != napi_ok)
        return true;
    const bool does = is_kept(napi, arena) && works_on(napi, arena, memory);
    napi_close_handle_scope(napi, scope);
    return does;
}

static bool is_taken(napi_env napi, const lewd_env *env, const lewd_arena *self, napi_value memory, uint32_t base,
                     uint32_t ceiling) {
    for (const lewd_arena *arena = env->first[LEWD_ALL_ARENAS]; arena != NULL;
         arena = arena->links[LEWD_ALL_ARENAS].next)
        if (arena != self && hands_out(napi, arena, memory, base, ceiling))
            return true;
    return false;
}

bool lewd_memory_is_taken(napi_env napi, const lewd_env *env, const lewd_arena *self, napi_value memory, uint32_t base,
                          uint32_t ceiling) {
    if (!is_taken(napi, env, self, memory, base, ceiling))
        return false;
    lewd_gc_force(napi);
    if (!is_taken(napi, env, self, memory, base, ceiling))
        return false;
    lewd_gc_force(napi);
    return is_taken(napi, env, self, memory, base, ceiling);
}

napi_value lewd_memory_pages_to_keep(napi_env napi, napi_callback_info info) {
    napi_value memory = NULL;
    const lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    if (arena == NULL)
        return NULL;
    LEWD_OK_OR_FAIL(napi_get_reference_value(napi, arena->memory, &memory));
    if (arena->bounds.is_fixed)
        return lewd_error_throw_state(napi, LEWD_STATE_FIXED);
    if (memory != NULL && lewd_memory_is_taken(napi, arena->env, arena, memory, 0, LEWD_MAX_BLOCKS))
        return lewd_error_throw_state(napi, LEWD_STATE_JOINT);
    const lewd_figures figures = lewd_heap_figures(arena->heap);
    return lewd_result_number(napi, (double)lewd_bounds_pages_to_keep(&arena->bounds, &figures));
}

/* Reads the addresses and the lengths of two buffers. */
static bool read_buffers(napi_env napi, const napi_value *buffers, uint8_t **bytes, size_t *lengths) {
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

/* Copies the bytes below the base, and the used spans, neighbours in one go. Skips the free spans between them. */
static void copy_used(const lewd_arena *arena, uint8_t *const *bytes) {
    const lewd_heap *const heap = arena->heap;
    lewd_span span = lewd_heap_next_used(heap, 0);
    copy(bytes, 0, arena->bounds.base);
    while (span != 0) {
        const size_t start = lewd_heap_start(heap, span);
        size_t end = start;
        for (; span != 0 && lewd_heap_start(heap, span) == end; span = lewd_heap_next_used(heap, span))
            end += lewd_heap_size(heap, span);
        copy(bytes, start, end);
    }
}

napi_value lewd_memory_migrate(napi_env napi, napi_callback_info info) {
    napi_value values[3];
    lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    uint8_t *bytes[2];
    size_t lengths[2];
    napi_ref memory;
    if (arena == NULL)
        return NULL;
    const lewd_figures figures = lewd_heap_figures(arena->heap);
    if (!read_buffers(napi, values, bytes, lengths) || lengths[0] < lengths[1] ||
        lengths[1] < lewd_bounds_pages_used(&arena->bounds, &figures) * LEWD_PAGE)
        return lewd_error_node_api(napi);
    const napi_value handlers = lewd_handlers_array(napi, &arena->handlers);
    if (handlers == NULL)
        return lewd_error_node_api(napi);
    LEWD_OK_OR_FAIL(napi_create_reference(napi, values[2], 0, &memory));
    napi_delete_reference(napi, arena->memory);
    arena->memory = memory;
    arena->bounds.size = lengths[1];
    arena->reservations.migrated = lengths[1];
    arena->reservations.restorable = arena->reservations.spans.length;
    lewd_heap_shrink(arena->heap, lewd_bounds_limit(&arena->bounds, lengths[1]));
    copy_used(arena, bytes);
    lewd_arena_publish(arena);
    return handlers;
}

/*
 * Returns whether a buffer of `length` bytes has all bytes that a restore copies; before the first migration, those
 * below the base.
 */
static bool holds_restored(const lewd_arena *arena, size_t length) {
    return length >= arena->reservations.migrated && length / LEWD_BLOCK >= arena->bounds.base;
}

napi_value lewd_memory_restore(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    const lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    uint8_t *bytes[2];
    size_t lengths[2];
    if (arena == NULL)
        return NULL;
    const lewd_reservations *const reserved = &arena->reservations;
    if (!read_buffers(napi, values, bytes, lengths) || !holds_restored(arena, lengths[0]) ||
        !holds_restored(arena, lengths[1]))
        return lewd_error_node_api(napi);
    copy(bytes, 0, arena->bounds.base);
    for (uint32_t i = 0; i < reserved->restorable; i++) {
        const size_t start = lewd_heap_start(arena->heap, reserved->spans.items[i]);
        copy(bytes, start, start + lewd_heap_size(arena->heap, reserved->spans.items[i]));
    }
    return NULL;
}

napi_value lewd_memory_reserve(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    uint32_t address;
    uint32_t size;
    if (arena == NULL || lewd_error_check_argument(napi, "address", values[0]) == NULL ||
        !lewd_argument_bytes(napi, values[1], &size))
        return NULL;
    if (!lewd_argument_is_address(napi, values[0], &address))
        return lewd_error_throw_argument(napi, "address", values[0]);
    const uint32_t start = address / LEWD_BLOCK;
    const uint64_t end = ((uint64_t)address + size + LEWD_BLOCK - 1u) / LEWD_BLOCK;
    /* The list gets room first: nothing may fail after the heap has changed. */
    lewd_list *const spans = &arena->reservations.spans;
    if (!lewd_list_push(spans, 0))
        return lewd_error_no_metadata(napi);
    lewd_span *const span = &spans->items[spans->length - 1u];
    const lewd_status status = lewd_heap_reserve(arena->heap, start, (uint32_t)(end - start), span);
    if (status == LEWD_OK) {
        lewd_arena_publish(arena);
        return NULL;
    }
    spans->length--;
    if (status == LEWD_INVALID)
        return lewd_error_throw_argument(napi, "address", values[0]);
    return status == LEWD_NO_FIT ? lewd_error_throw_state(napi, LEWD_STATE_NOT_FREE) : lewd_error_no_metadata(napi);
}
