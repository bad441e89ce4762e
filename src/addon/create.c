#include "create.h"

#include "allocate.h"
#include "arguments.h"
#include "disposal.h"
#include "errors.h"
#include "guard.h"
#include "memory.h"
#include "pointers.h"
#include "results.h"
#include "support.h"
#include "sweep.h"

/* dispose(): frees everything that the arena has; its functions throw from then on. */
static napi_value arena_dispose(napi_env napi, napi_callback_info info) {
    lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    if (arena != NULL)
        lewd_dispose(arena);
    return NULL;
}

/* largestFree(): returns the size of the largest free span, in blocks. Publishes it as long as it is valid. */
static napi_value arena_largest_free(napi_env napi, napi_callback_info info) {
    lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    if (arena == NULL)
        return NULL;
    return lewd_result_number(napi, lewd_published_largest(&arena->published, arena->heap));
}

/* sweep(): frees all spans whose tokens are known to be dead. */
static napi_value arena_sweep(napi_env napi, napi_callback_info info) {
    lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    if (arena != NULL)
        lewd_sweep_run(arena);
    return NULL;
}

/* collect(): makes V8 collect, and frees all spans whose tokens are dead. */
static napi_value arena_collect(napi_env napi, napi_callback_info info) {
    lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    if (arena != NULL)
        lewd_sweep_collect(arena, true);
    return NULL;
}

/* check(): returns undefined if the heap is sound, else a sentence that names the fault. */
static napi_value arena_check(napi_env napi, napi_callback_info info) {
    napi_value message;
    const lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    const char *const fault = arena == NULL ? NULL : lewd_heap_check(arena->heap);
    if (fault == NULL)
        return NULL;
    LEWD_OK_OR_FAIL(napi_create_string_utf8(napi, fault, NAPI_AUTO_LENGTH, &message));
    return message;
}

/* addHandler(handler): returns the handler, which may be any object, and does not keep it alive. */
static napi_value arena_add_handler(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    lewd_arena *const arena = lewd_arguments(napi, info, LEWD_COUNT(values), values);
    if (arena == NULL)
        return NULL;
    return lewd_handlers_add(napi, &arena->handlers, values[0]) ? values[0] : lewd_error_no_metadata(napi);
}

/* handlers(): returns an array of the live handlers, in the order in which they were added. */
static napi_value arena_handlers(napi_env napi, napi_callback_info info) {
    lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    const napi_value array = arena == NULL ? NULL : lewd_handlers_array(napi, &arena->handlers);
    return array == NULL ? lewd_error_node_api(napi) : array;
}

static const struct {
    const char *name;
    napi_callback function;
} arena_functions[] = {
    {"alloc", lewd_allocate_weak},
    {"allocStrong", lewd_allocate_strong},
    {"pagesNeeded", lewd_allocate_pages_needed},
    {"outOfMemory", lewd_allocate_out_of_memory},
    {"largestFree", arena_largest_free},
    {"sweep", arena_sweep},
    {"collect", arena_collect},
    {"check", arena_check},
    {"addHandler", arena_add_handler},
    {"handlers", arena_handlers},
    {"dispose", arena_dispose},
    {"run", lewd_guard_run},
    {"isPinned", lewd_guard_is_pinned},
    {"extend", lewd_memory_extend},
    {"pagesToKeep", lewd_memory_pages_to_keep},
    {"migrate", lewd_memory_migrate},
    {"restore", lewd_memory_restore},
    {"reserve", lewd_memory_reserve},
    {"free", lewd_pointer_free},
    {"freeOwned", lewd_pointer_free_owned},
    {"size", lewd_pointer_size},
    {"token", lewd_pointer_token},
    {"resize", lewd_pointer_resize},
    {"mallocDirect", lewd_allocate_direct},
    {"freeDirect", lewd_pointer_free_direct},
    {"sizeDirect", lewd_pointer_size_direct},
    {"resizeDirect", lewd_pointer_resize_direct},
    {"move", lewd_pointer_move},
    {"weaken", lewd_pointer_weaken},
    {"strengthen", lewd_pointer_strengthen},
};

/*
 * Defines the arena's functions on `object`. Each function refers to the anchor by a property that can be neither
 * changed nor deleted. The anchor's finalizer frees the arena, so the arena lives as long as one of its functions.
 */
static napi_value define_functions(napi_env napi, lewd_arena *arena, napi_value anchor, napi_value object) {
    for (size_t i = 0; i < LEWD_COUNT(arena_functions); i++) {
        napi_value function;
        LEWD_OK_OR_FAIL(napi_create_function(napi, arena_functions[i].name, NAPI_AUTO_LENGTH,
                                             arena_functions[i].function, arena, &function));
        const napi_property_descriptor anchored = {.utf8name = "arena", .value = anchor, .attributes = napi_default};
        LEWD_OK_OR_FAIL(napi_define_properties(napi, function, 1, &anchored));
        const napi_property_descriptor method = {
            .utf8name = arena_functions[i].name, .value = function, .attributes = napi_enumerable};
        LEWD_OK_OR_FAIL(napi_define_properties(napi, object, 1, &method));
    }
    return object;
}

static void arena_finalize(napi_env napi, void *data, void *hint) {
    (void)napi;
    (void)hint;
    lewd_dispose_and_free(data);
}

/* Writes the size of an unshared memory's buffer. Returns false if `buffer` is not one. */
static bool buffer_size(napi_env napi, napi_value buffer, size_t *size) {
    bool is_buffer = false;
    return napi_is_arraybuffer(napi, buffer, &is_buffer) == napi_ok && is_buffer &&
           napi_get_arraybuffer_info(napi, buffer, NULL, size) == napi_ok;
}

static bool is_undefined(napi_env napi, napi_value value) {
    napi_valuetype type;
    return napi_typeof(napi, value, &type) == napi_ok && type == napi_undefined;
}

/* Reads a setting; gives `absent` if it is undefined. Throws, and returns false, if it is any other wrong value. */
static bool setting(napi_env napi, const char *name, napi_value value, int64_t absent, int64_t *result) {
    *result = absent;
    if (is_undefined(napi, value))
        return true;
    return lewd_error_check_argument(napi, name, value) != NULL && napi_get_value_int64(napi, value, result) == napi_ok;
}

/* The settings of an arena, read and checked. */
typedef struct settings {
    size_t size;     /* size of the memory in bytes */
    int64_t maximum; /* pages */
    int64_t base;    /* blocks */
    int64_t limit;   /* blocks */
    int64_t growth;  /* pages */
    bool fixed;
} settings;

enum {
    LEWD_ARG_MEMORY,
    LEWD_ARG_BUFFER,
    LEWD_ARG_MAXIMUM,
    LEWD_ARG_BASE,
    LEWD_ARG_LIMIT,
    LEWD_ARG_FIXED,
    LEWD_ARG_GROWTH,
    LEWD_ARG_COUNT
};

/* Reads the settings. Throws, and returns false, if one of them is wrong by itself. */
static bool read_settings(napi_env napi, const napi_value *values, settings *read) {
    napi_value fixed;
    if (!buffer_size(napi, values[LEWD_ARG_BUFFER], &read->size)) {
        lewd_error_throw_state(napi, LEWD_STATE_SHARED);
        return false;
    }
    if (read->size / LEWD_BLOCK > LEWD_MAX_BLOCKS) {
        lewd_error_throw_state(napi, LEWD_STATE_WIDE);
        return false;
    }
    return setting(napi, "maximum", values[LEWD_ARG_MAXIMUM], LEWD_MAX_PAGES, &read->maximum) &&
           setting(napi, "base", values[LEWD_ARG_BASE], 0, &read->base) &&
           setting(napi, "limit", values[LEWD_ARG_LIMIT], LEWD_MAX_BYTES, &read->limit) &&
           setting(napi, "growth", values[LEWD_ARG_GROWTH], 0, &read->growth) &&
           napi_coerce_to_bool(napi, values[LEWD_ARG_FIXED], &fixed) == napi_ok &&
           napi_get_value_bool(napi, fixed, &read->fixed) == napi_ok;
}

/* Rounds base and limit to blocks. Throws, and returns false, if settings contradict each other. */
static bool round_settings(napi_env napi, const napi_value *values, settings *read) {
    if ((int64_t)(read->size / LEWD_PAGE) > read->maximum) {
        lewd_error_throw_argument(napi, "maximum", values[LEWD_ARG_MAXIMUM]);
        return false;
    }
    read->base = (read->base + LEWD_BLOCK - 1) / LEWD_BLOCK;
    read->limit /= LEWD_BLOCK;
    if (read->base < read->limit)
        return true;
    lewd_error_throw_argument(napi, "limit",
                              values[is_undefined(napi, values[LEWD_ARG_LIMIT]) ? LEWD_ARG_BASE : LEWD_ARG_LIMIT]);
    return false;
}

/* Returns a new arena in the list of its environment; NULL if there is no memory. */
static lewd_arena *make_arena(lewd_env *env, const settings *asked) {
    lewd_arena *const arena = lewd_realloc(NULL, NULL, 0, sizeof *arena);
    if (arena == NULL)
        return NULL;
    *arena = (lewd_arena){
        .env = env,
        .countdown = 1,
        .bounds =
            {
                .size = asked->size,
                .base = (uint32_t)asked->base,
                .ceiling = (uint32_t)asked->limit,
                .min_pages = asked->size < LEWD_PAGE ? 1u : (uint32_t)(asked->size / LEWD_PAGE),
                .max_pages = (uint32_t)asked->maximum,
                .growth = (uint32_t)asked->growth,
                .is_fixed = asked->fixed,
            },
    };
    lewd_env_hold(env);
    lewd_arena_enter(arena, LEWD_ALL_ARENAS);
    const uint32_t limit = lewd_bounds_limit(&arena->bounds, asked->size);
    arena->heap = lewd_heap_create(arena->bounds.base, limit, lewd_realloc, NULL);
    if (arena->heap != NULL)
        return arena;
    lewd_dispose_and_free(arena);
    return NULL;
}

/*
 * Makes weak references to the memory and to the anchor, whose finalizer frees the arena. Returns false if one can't be
 * made.
 */
static bool attach(napi_env napi, lewd_arena *arena, const napi_value *values, napi_value anchor) {
    return napi_create_reference(napi, values[LEWD_ARG_MEMORY], 0, &arena->memory) == napi_ok &&
           napi_create_reference(napi, anchor, 0, &arena->anchor) == napi_ok &&
           napi_add_finalizer(napi, anchor, arena, arena_finalize, NULL, NULL) == napi_ok;
}

napi_value lewd_create(napi_env napi, napi_callback_info info) {
    napi_value values[LEWD_ARG_COUNT];
    napi_value anchor;
    napi_value object;
    void *env = NULL;
    size_t count = LEWD_COUNT(values);
    settings asked;
    LEWD_OK_OR_FAIL(napi_get_cb_info(napi, info, &count, values, NULL, NULL));
    LEWD_OK_OR_FAIL(napi_get_instance_data(napi, &env));
    LEWD_OK_OR_FAIL(napi_create_object(napi, &object));
    LEWD_OK_OR_FAIL(napi_create_object(napi, &anchor));
    if (!read_settings(napi, values, &asked) || !round_settings(napi, values, &asked))
        return lewd_error_node_api(napi);
    if (lewd_memory_is_taken(napi, env, NULL, values[LEWD_ARG_MEMORY], (uint32_t)asked.base, (uint32_t)asked.limit))
        return lewd_error_throw_state(napi, LEWD_STATE_OVERLAP);
    lewd_arena *const arena = make_arena(env, &asked);
    if (arena == NULL)
        return lewd_error_no_metadata(napi);
    const napi_property_descriptor figures = {
        .utf8name = "figures", .value = lewd_published_create(napi, &arena->published), .attributes = napi_enumerable};
    if (figures.value == NULL || napi_define_properties(napi, object, 1, &figures) != napi_ok ||
        !attach(napi, arena, values, anchor)) {
        lewd_dispose_and_free(arena);
        return lewd_error_node_api(napi);
    }
    lewd_arena_publish(arena);
    return define_functions(napi, arena, anchor, object);
}
