/*
 * addon.c: the functions that JavaScript calls.
 *
 * The module exports create(), which answers an object of functions bound to one arena, and check() and fail() for what
 * JavaScript itself has to refuse. Whatever they are given, they answer a value, or throw an error that says what was
 * expected; `undefined` means that there is no room. Sizes and limits come in bytes.
 */
#include "glue.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Returns from the function, with an exception pending, if a Node-API call fails. */
#define OK(call)                                                                                                       \
    do {                                                                                                               \
        if ((call) != napi_ok)                                                                                         \
            return lewd_fail(napi);                                                                                    \
    } while (0)

static napi_value no_metadata(napi_env napi) {
    return lewd_out_of_memory(napi, "no memory for the allocator's own records");
}

/* The arguments of a call, missing ones undefined. Returns the arena that the function is bound to; NULL: has thrown. */
static lewd_arena *arguments(napi_env napi, napi_callback_info info, size_t count, napi_value *values) {
    void *arena = NULL;
    if (napi_get_cb_info(napi, info, &count, values, NULL, &arena) != napi_ok)
        lewd_fail(napi);
    return arena;
}

/* The blocks that hold `value` bytes, an i32 that means an unsigned size. False if it is no such size, or 0. */
static bool size_in_blocks(napi_env napi, napi_value value, uint32_t *blocks) {
    int64_t number;
    if (!lewd_whole(napi, value, INT32_MIN, UINT32_MAX, &number))
        return false;
    const uint32_t bytes = (uint32_t)number;
    *blocks = bytes / LEWD_BLOCK + (bytes % LEWD_BLOCK != 0);
    return bytes != 0;
}

/* A place in a memory, in blocks. */
static bool place_in_blocks(napi_env napi, napi_value value, uint32_t *blocks) {
    int64_t bytes;
    if (!lewd_whole(napi, value, 0, (int64_t)LEWD_MAX_BLOCKS * LEWD_BLOCK, &bytes) || bytes % LEWD_BLOCK != 0)
        return false;
    *blocks = (uint32_t)(bytes / LEWD_BLOCK);
    return true;
}

/* An address is an i32. */
static napi_value address(napi_env napi, uint32_t start) {
    napi_value value;
    OK(napi_create_int32(napi, (int32_t)(start * LEWD_BLOCK), &value));
    return value;
}

static napi_value number(napi_env napi, uint32_t count) {
    napi_value value;
    OK(napi_create_uint32(napi, count, &value));
    return value;
}

static bool is_token(napi_env napi, napi_value value) {
    napi_valuetype type;
    return napi_typeof(napi, value, &type) == napi_ok &&
           (type == napi_object || type == napi_function || type == napi_symbol);
}

/* Throws what is wrong with an argument; if that can't be found out any more, what Node-API says. */
static napi_value wrong(napi_env napi, const char *name, napi_value value) {
    return lewd_check(napi, name, value) == NULL ? NULL : lewd_fail(napi);
}

/* alloc(size, token): the address. */
static napi_value arena_alloc(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    lewd_arena *const arena = arguments(napi, info, COUNT(values), values);
    uint32_t blocks;
    lewd_span span;
    if (arena == NULL)
        return NULL;
    if (!size_in_blocks(napi, values[0], &blocks))
        return wrong(napi, "size", values[0]);
    if (!is_token(napi, values[1]))
        return wrong(napi, "token", values[1]);
    const lewd_status status = lewd_heap_alloc(arena->heap, blocks, &span);
    if (status == LEWD_NO_METADATA)
        return no_metadata(napi);
    if (status != LEWD_OK)
        return NULL;
    const napi_value result = address(napi, lewd_heap_start(arena->heap, span));
    if (result == NULL || !lewd_token_attach(arena, span, values[1])) {
        lewd_heap_free(arena->heap, span);
        return lewd_fail(napi);
    }
    lewd_arena_publish(arena);
    lewd_token_tick(arena);
    return result;
}

/* fit(size): where alloc() would place it now. */
static napi_value arena_fit(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    const lewd_arena *const arena = arguments(napi, info, COUNT(values), values);
    uint32_t blocks;
    uint32_t start;
    if (arena == NULL)
        return NULL;
    if (!size_in_blocks(napi, values[0], &blocks))
        return wrong(napi, "size", values[0]);
    return lewd_heap_fit(arena->heap, blocks, &start) ? address(napi, start) : NULL;
}

/* refuse(size): throws that nothing more can be had. */
static napi_value arena_refuse(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    const lewd_arena *const arena = arguments(napi, info, COUNT(values), values);
    int64_t size;
    if (arena == NULL || !lewd_whole(napi, values[0], 0, UINT32_MAX, &size))
        return lewd_fail(napi);
    const lewd_figures figures = lewd_heap_figures(arena->heap);
    return lewd_out_of_memory(
        napi, "out of memory: %.0f bytes requested; of %.0f bytes %.0f are free, at most %.0f of them in one span",
        (double)size, (double)figures.total * LEWD_BLOCK, (double)(figures.total - figures.used) * LEWD_BLOCK,
        (double)lewd_heap_largest(arena->heap) * LEWD_BLOCK);
}

/*
 * extend(limit): the memory has grown to `limit` bytes. Answers who is to be told of it: see lewd_watched(). Throws if that
 * or the heap's growth can't be had, and nothing has changed.
 */
static napi_value arena_extend(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    lewd_arena *const arena = arguments(napi, info, COUNT(values), values);
    uint32_t limit;
    if (arena == NULL || !place_in_blocks(napi, values[0], &limit))
        return lewd_fail(napi);
    const napi_value watched = lewd_watched(arena);
    if (watched == NULL)
        return lewd_fail(napi);
    if (lewd_heap_extend(arena->heap, limit) != LEWD_OK)
        return no_metadata(napi);
    lewd_arena_publish(arena);
    return watched;
}

/* The bytes of an Uint8Array over a memory. */
static bool bytes_of(napi_env napi, napi_value value, uint8_t **bytes, size_t *length) {
    bool is_view = false;
    napi_typedarray_type type;
    void *data;
    if (napi_is_typedarray(napi, value, &is_view) != napi_ok || !is_view ||
        napi_get_typedarray_info(napi, value, &type, length, &data, NULL, NULL) != napi_ok || type != napi_uint8_array)
        return false;
    *bytes = data;
    return true;
}

/* Copies the used spans, neighbours in one go, and not the holes between them. */
static void copy_used(const lewd_heap *heap, uint8_t *target, const uint8_t *source) {
    lewd_span span = lewd_heap_next_used(heap, 0);
    while (span != 0) {
        const size_t start = lewd_heap_start(heap, span);
        size_t end = start;
        for (; span != 0 && lewd_heap_start(heap, span) == end; span = lewd_heap_next_used(heap, span))
            end += lewd_heap_size(heap, span);
        memcpy(target + start * LEWD_BLOCK, source + start * LEWD_BLOCK, (end - start) * LEWD_BLOCK);
    }
}

/*
 * migrate(from, to): copies what is used from one view to the other, whose end is the heap's new limit. Answers and throws
 * like extend(): whoever went on with a memory that was not copied to would leave the contents behind.
 */
static napi_value arena_migrate(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    lewd_arena *const arena = arguments(napi, info, COUNT(values), values);
    uint8_t *source;
    uint8_t *target;
    size_t source_length;
    size_t target_length;
    if (arena == NULL || !bytes_of(napi, values[0], &source, &source_length) ||
        !bytes_of(napi, values[1], &target, &target_length) || source_length < target_length)
        return lewd_fail(napi);
    const napi_value watched = lewd_watched(arena);
    if (watched == NULL || target_length / LEWD_BLOCK > LEWD_MAX_BLOCKS ||
        lewd_heap_shrink(arena->heap, (uint32_t)(target_length / LEWD_BLOCK)) != LEWD_OK)
        return lewd_fail(napi);
    copy_used(arena->heap, target, source);
    lewd_arena_publish(arena);
    return watched;
}

/* largest(): size of the largest free span, in blocks. */
static napi_value arena_largest(napi_env napi, napi_callback_info info) {
    const lewd_arena *const arena = arguments(napi, info, 0, NULL);
    return arena == NULL ? NULL : number(napi, lewd_heap_largest(arena->heap));
}

/* sweep(): the number of spans freed. */
static napi_value arena_sweep(napi_env napi, napi_callback_info info) {
    lewd_arena *const arena = arguments(napi, info, 0, NULL);
    return arena == NULL ? NULL : number(napi, lewd_token_sweep(arena));
}

/* collect(): true, that all that is dead is free now. */
static napi_value arena_collect(napi_env napi, napi_callback_info info) {
    napi_value result;
    lewd_arena *const arena = arguments(napi, info, 0, NULL);
    if (arena == NULL)
        return NULL;
    lewd_token_collect(arena, true);
    OK(napi_get_boolean(napi, true, &result));
    return result;
}

/* check(): undefined if the heap is sound, else what is not. */
static napi_value arena_check(napi_env napi, napi_callback_info info) {
    napi_value message;
    const lewd_arena *const arena = arguments(napi, info, 0, NULL);
    const char *const fault = arena == NULL ? NULL : lewd_heap_check(arena->heap);
    if (fault == NULL)
        return NULL;
    OK(napi_create_string_utf8(napi, fault, NAPI_AUTO_LENGTH, &message));
    return message;
}

/* watch(object): the object. See lewd_watch(). */
static napi_value arena_watch(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    lewd_arena *const arena = arguments(napi, info, COUNT(values), values);
    if (arena == NULL)
        return NULL;
    return lewd_watch(arena, values[0]) ? values[0] : no_metadata(napi);
}

static const struct {
    const char *name;
    napi_callback function;
} arena_functions[] = {
    {"alloc", arena_alloc},     {"fit", arena_fit},     {"extend", arena_extend},   {"migrate", arena_migrate},
    {"largest", arena_largest}, {"sweep", arena_sweep}, {"collect", arena_collect}, {"refuse", arena_refuse},
    {"check", arena_check},     {"watch", arena_watch},
};

/*
 * Hangs the arena's functions on `object`. Each keeps `keeper`, whose finalizer destroys the arena, as a property that can
 * be neither changed nor deleted: a function outlives nothing that it is bound to.
 */
static napi_value bind_functions(napi_env napi, lewd_arena *arena, napi_value keeper, napi_value object) {
    for (size_t i = 0; i < COUNT(arena_functions); i++) {
        napi_value function;
        OK(napi_create_function(napi, arena_functions[i].name, NAPI_AUTO_LENGTH, arena_functions[i].function, arena,
                                &function));
        const napi_property_descriptor kept = {.utf8name = "arena", .value = keeper, .attributes = napi_default};
        OK(napi_define_properties(napi, function, 1, &kept));
        const napi_property_descriptor method = {
            .utf8name = arena_functions[i].name, .value = function, .attributes = napi_enumerable};
        OK(napi_define_properties(napi, object, 1, &method));
    }
    return object;
}

static void arena_finalize(napi_env napi, void *data, void *hint) {
    (void)napi;
    (void)hint;
    lewd_arena_destroy(data);
}

/* An arena in the list of its environment. NULL if there is no memory. */
static lewd_arena *make_arena(lewd_env *env, uint32_t base, uint32_t limit) {
    lewd_arena *const arena = lewd_glue_resize(NULL, NULL, 0, sizeof *arena);
    if (arena == NULL)
        return NULL;
    *arena = (lewd_arena){.env = env, .countdown = 1, .next = env->arenas};
    lewd_env_hold(env);
    if (env->arenas != NULL)
        env->arenas->prev = arena;
    env->arenas = arena;
    arena->heap = lewd_heap_create(base, limit, lewd_glue_resize, NULL);
    if (arena->heap != NULL)
        return arena;
    lewd_arena_destroy(arena);
    return NULL;
}

/* The figures must not move: an array too long for the JavaScript heap does not, and the reference keeps it. */
static bool borrow_figures(napi_env napi, lewd_arena *arena, napi_value value) {
    bool is_view = false;
    napi_typedarray_type type;
    size_t length;
    void *data;
    if (napi_is_typedarray(napi, value, &is_view) != napi_ok || !is_view ||
        napi_get_typedarray_info(napi, value, &type, &length, &data, NULL, NULL) != napi_ok ||
        type != napi_float64_array || length < LEWD_FIGURES ||
        napi_create_reference(napi, value, 1, &arena->figures_ref) != napi_ok)
        return false;
    arena->figures = data;
    return true;
}

/* The size of an unshared memory's buffer. */
static bool buffer_size(napi_env napi, napi_value buffer, size_t *size) {
    bool is_buffer = false;
    return napi_is_arraybuffer(napi, buffer, &is_buffer) == napi_ok && is_buffer &&
           napi_get_arraybuffer_info(napi, buffer, NULL, size) == napi_ok;
}

/* create(buffer, maximum, figures): an object of functions over a new arena. */
static napi_value create(napi_env napi, napi_callback_info info) {
    napi_value values[3];
    napi_value keeper;
    napi_value object;
    void *env = NULL;
    size_t count = COUNT(values);
    size_t size;
    int64_t maximum;
    OK(napi_get_cb_info(napi, info, &count, values, NULL, NULL));
    OK(napi_get_instance_data(napi, &env));
    OK(napi_create_object(napi, &object));
    if (!buffer_size(napi, values[0], &size) || size / LEWD_BLOCK > LEWD_MAX_BLOCKS)
        return lewd_refuse(napi, "memory", values[0]);
    if (lewd_check(napi, "maximum", values[1]) == NULL)
        return NULL;
    if (!lewd_whole(napi, values[1], (int64_t)(size / LEWD_PAGE), LEWD_MAX_PAGES, &maximum))
        return lewd_refuse(napi, "maximum", values[1]);

    lewd_arena *const arena = make_arena(env, 0, (uint32_t)(size / LEWD_BLOCK));
    if (arena == NULL)
        return no_metadata(napi);
    if (!borrow_figures(napi, arena, values[2]) || napi_create_object(napi, &keeper) != napi_ok ||
        napi_add_finalizer(napi, keeper, arena, arena_finalize, NULL, NULL) != napi_ok) {
        lewd_arena_destroy(arena);
        return lewd_fail(napi);
    }
    lewd_arena_publish(arena);
    return bind_functions(napi, arena, keeper, object);
}

/* check(name, value), fail(name, value): see lewd_check() and lewd_refuse(). */
static napi_value with_name(napi_env napi, napi_callback_info info,
                            napi_value (*function)(napi_env napi, const char *name, napi_value value)) {
    napi_value values[2];
    char name[16];
    size_t count = COUNT(values);
    OK(napi_get_cb_info(napi, info, &count, values, NULL, NULL));
    OK(napi_get_value_string_utf8(napi, values[0], name, sizeof name, NULL));
    return function(napi, name, values[1]);
}

static napi_value check(napi_env napi, napi_callback_info info) {
    return with_name(napi, info, lewd_check);
}

static napi_value refuse(napi_env napi, napi_callback_info info) {
    return with_name(napi, info, lewd_refuse);
}

static void env_finalize(napi_env napi, void *data, void *hint) {
    (void)napi;
    (void)hint;
    lewd_env_release(data);
}

NAPI_MODULE_INIT(/* napi_env env, napi_value exports */) {
    const napi_env napi = env;
    const napi_property_descriptor functions[] = {
        {.utf8name = "create", .method = create, .attributes = napi_enumerable},
        {.utf8name = "check", .method = check, .attributes = napi_enumerable},
        {.utf8name = "fail", .method = refuse, .attributes = napi_enumerable},
    };
    lewd_env *const state = lewd_env_create(napi);
    if (state == NULL)
        return no_metadata(napi);
    if (napi_set_instance_data(napi, state, env_finalize, NULL) != napi_ok) {
        lewd_env_release(state);
        return lewd_fail(napi);
    }
    OK(napi_add_env_cleanup_hook(napi, lewd_env_close, state));
    OK(napi_define_properties(napi, exports, COUNT(functions), functions));
    return exports;
}
