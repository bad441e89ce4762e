#include "allocate.h"

#include "arguments.h"
#include "errors.h"
#include "guard.h"
#include "results.h"
#include "support.h"
#include "sweep.h"
#include "tokens.h"

#include <stdio.h>

static lewd_status allocate(lewd_heap *heap, uint32_t blocks, uint32_t alignment, lewd_span *span) {
    return alignment == 1 ? lewd_heap_alloc(heap, blocks, span)
                          : lewd_heap_alloc_aligned(heap, blocks, alignment, span);
}

static bool fits(const lewd_heap *heap, uint32_t blocks, uint32_t alignment, uint32_t *start) {
    return alignment == 1 ? lewd_heap_fit(heap, blocks, start) : lewd_heap_fit_aligned(heap, blocks, alignment, start);
}

/*
 * Returns whether the allocation would begin at block 0. Most heaps need no search: block 0 is used, reserved, or below
 * the base.
 */
static bool would_be_at_0(const lewd_arena *arena, uint32_t blocks, uint32_t alignment) {
    uint32_t start;
    return arena->bounds.base == 0 && lewd_heap_figures(arena->heap).head_free != 0 &&
           fits(arena->heap, blocks, alignment, &start) && start == 0;
}

/*
 * In C, address 0 is no pointer: when a strong pointer would begin at block 0, the block is reserved first. Freeing a
 * strong pointer has to find it by its address, so the heap makes its directory now, and freeing never needs memory.
 */
static lewd_status allocate_strong(const lewd_arena *arena, uint32_t blocks, uint32_t alignment, lewd_span *span) {
    lewd_heap *const heap = arena->heap;
    lewd_span zero = 0;
    lewd_status status = lewd_heap_enable_find(heap);
    if (status == LEWD_OK && would_be_at_0(arena, blocks, alignment))
        status = lewd_heap_reserve(heap, 0, 1, &zero);
    if (status != LEWD_OK)
        return status;
    status = allocate(heap, blocks, alignment, span);
    if (status != LEWD_OK && zero != 0)
        lewd_heap_free(heap, zero);
    return status;
}

/*
 * Returns the result of an allocation that failed: undefined if there is no room; an exception if there is no memory
 * for its record.
 */
static napi_value no_span(napi_env napi, lewd_status status) {
    return status == LEWD_NO_METADATA ? lewd_error_no_metadata(napi) : NULL;
}

/* Returns the address that an allocation would have. Publishes it as long as it is valid, unless it is aligned. */
static napi_value scratch(napi_env napi, lewd_arena *arena, uint32_t bytes, uint32_t alignment) {
    uint32_t start;
    if (!fits(arena->heap, lewd_blocks_for(bytes), alignment, &start))
        return NULL;
    if (alignment == 1)
        lewd_published_answer(&arena->published, bytes, start);
    return lewd_result_address(napi, start);
}

static napi_value allocate_weak(napi_env napi, lewd_arena *arena, uint32_t blocks, uint32_t alignment,
                                napi_value token) {
    lewd_span span;
    const lewd_status status = allocate(arena->heap, blocks, alignment, &span);
    if (status != LEWD_OK)
        return no_span(napi, status);
    const napi_value result = lewd_result_address(napi, lewd_heap_start(arena->heap, span));
    if (result == NULL || !lewd_token_attach(arena, span, blocks, token)) {
        lewd_heap_free(arena->heap, span);
        return lewd_error_node_api(napi);
    }
    lewd_arena_publish(arena);
    lewd_sweep_note_allocation(arena);
    return result;
}

napi_value lewd_allocate_weak(napi_env napi, napi_callback_info info) {
    napi_value values[3];
    lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    napi_valuetype type;
    uint32_t bytes;
    uint32_t alignment;
    if (arena == NULL || !lewd_argument_bytes(napi, values[0], &bytes))
        return NULL;
    LEWD_OK_OR_FAIL(napi_typeof(napi, values[1], &type));
    if (type != napi_object && type != napi_function && type != napi_symbol && type != napi_undefined)
        return lewd_error_check_argument(napi, "token", values[1]) == NULL ? NULL : lewd_error_node_api(napi);
    if (!lewd_argument_alignment(napi, values[2], &alignment))
        return NULL;
    if (type == napi_undefined)
        return scratch(napi, arena, bytes, alignment);
    return allocate_weak(napi, arena, lewd_blocks_for(bytes), alignment, values[1]);
}

napi_value lewd_allocate_strong(napi_env napi, napi_callback_info info) {
    napi_value values[3];
    lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    uint32_t blocks;
    uint32_t alignment;
    bool is_unowned;
    lewd_span span;
    if (arena == NULL || !lewd_argument_size(napi, values[0], &blocks) ||
        !lewd_argument_alignment(napi, values[1], &alignment))
        return NULL;
    napi_value owner = lewd_guard_owner(arena);
    if (owner != NULL && napi_get_value_bool(napi, values[2], &is_unowned) == napi_ok && is_unowned)
        owner = NULL;
    const lewd_status status = allocate_strong(arena, blocks, alignment, &span);
    if (status != LEWD_OK)
        return no_span(napi, status);
    const napi_value result = lewd_result_address(napi, lewd_heap_start(arena->heap, span));
    if (result == NULL || (owner != NULL && !lewd_token_attach(arena, span, blocks, owner))) {
        lewd_heap_free(arena->heap, span);
        return lewd_error_node_api(napi);
    }
    lewd_arena_publish(arena);
    lewd_sweep_note_allocation(arena);
    return result;
}

napi_value lewd_allocate_direct(napi_env napi, napi_callback_info info) {
    lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    lewd_span span;
    if (arena == NULL)
        return NULL;
    uint32_t *const figures = arena->published.figures;
    const uint32_t bytes = figures[LEWD_FIGURE_ARGUMENT];
    figures[LEWD_FIGURE_RESULT] = 0;
    if (arena->env->guard != NULL ||
        allocate_strong(arena, lewd_blocks_for(bytes == 0 ? 1 : bytes), 1, &span) != LEWD_OK)
        return NULL;
    figures[LEWD_FIGURE_RESULT] = lewd_heap_start(arena->heap, span) * LEWD_BLOCK;
    lewd_arena_publish(arena);
    lewd_sweep_note_allocation(arena);
    return NULL;
}

napi_value lewd_allocate_pages_needed(napi_env napi, napi_callback_info info) {
    napi_value values[4];
    const lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    uint32_t blocks;
    uint32_t alignment;
    bool is_strong = false;
    bool is_generous = false;
    if (arena == NULL || !lewd_argument_size(napi, values[0], &blocks) ||
        !lewd_argument_alignment(napi, values[1], &alignment))
        return NULL;
    LEWD_OK_OR_FAIL(napi_get_value_bool(napi, values[2], &is_strong));
    LEWD_OK_OR_FAIL(napi_get_value_bool(napi, values[3], &is_generous));
    const lewd_figures figures = lewd_heap_figures(arena->heap);
    const uint64_t used_end = lewd_bounds_used_end(&arena->bounds, &figures);
    const uint64_t from = is_strong && used_end == 0 ? 1u : used_end; /* see allocate_strong() */
    const uint64_t end = lewd_bounds_end_of(from, blocks, alignment);
    return lewd_result_number(napi, (double)lewd_bounds_pages_needed(&arena->bounds, end, is_generous));
}

/*
 * Writes which limit a request has reached, and how to raise it. Tests the limits in the order in which a request
 * reaches them.
 */
static void describe_limit(const lewd_bounds *bounds, uint64_t end, char *text, size_t size) {
    const uint64_t pages = lewd_pages_for(end);
    if (end > bounds->ceiling && bounds->ceiling < LEWD_MAX_BLOCKS)
        (void)snprintf(text, size, "the allocator ends at byte %.0f: raise its setting `limit`",
                       lewd_bytes_of(bounds->ceiling));
    else if (pages > bounds->max_pages && bounds->max_pages < LEWD_MAX_PAGES)
        (void)snprintf(text, size, "the memory has at most %.0f page%s: raise the setting `maximum`",
                       (double)bounds->max_pages, bounds->max_pages == 1 ? "" : "s");
    else if (pages > LEWD_MAX_PAGES)
        (void)snprintf(text, size, "a memory of 32-bit addresses has at most 4 GiB");
    else
        (void)snprintf(text, size,
                       "the memory did not grow to %.0f pages: it was declared with a lower maximum than the setting "
                       "`maximum`, or the host has no more memory (`ulimit -v`, the limit of a container)",
                       (double)pages);
}

napi_value lewd_allocate_out_of_memory(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    char limit[256];
    uint32_t bytes;
    uint32_t alignment;
    const lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    if (arena == NULL || !lewd_argument_bytes(napi, values[0], &bytes) ||
        !lewd_argument_alignment(napi, values[1], &alignment))
        return NULL;
    const lewd_figures figures = lewd_heap_figures(arena->heap);
    const uint64_t used_end = lewd_bounds_used_end(&arena->bounds, &figures);
    describe_limit(&arena->bounds, lewd_bounds_end_of(used_end, lewd_blocks_for(bytes), alignment), limit,
                   sizeof limit);
    return lewd_error_out_of_memory(
        napi, "out of memory: %.0f bytes requested; of %.0f bytes %.0f are free, at most %.0f of them in one span; %s",
        (double)bytes, lewd_bytes_of(figures.total), lewd_bytes_of(figures.total - figures.used - figures.reserved),
        lewd_bytes_of(lewd_heap_largest(arena->heap)), limit);
}
