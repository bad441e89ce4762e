/*
 * addon.c: the functions that JavaScript calls.
 *
 * The module exports create(), which answers an object of functions bound to one arena, and check() and fail() for what
 * JavaScript itself has to refuse. Whatever they are given, they answer a value, or throw an error that says what was
 * expected; `undefined` means that there is no room. Sizes and limits come in bytes.
 */
#include "glue.h"
#include "version.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COUNT LEWD_COUNT
#define OK LEWD_OK_OR_FAIL

static lewd_status place(lewd_arena *arena, uint32_t blocks, uint32_t alignment, lewd_span *span) {
    return alignment == 1 ? lewd_heap_alloc(arena->heap, blocks, span)
                          : lewd_heap_alloc_aligned(arena->heap, blocks, alignment, span);
}

/*
 * C knows no pointer 0: its block is reserved as soon as a strong one would be there. And what is freed by its address has to
 * be found by it: the heap makes its directory for that now, so that freeing never needs memory.
 */
static lewd_status place_strong(lewd_arena *arena, uint32_t blocks, uint32_t alignment, lewd_span *span) {
    if (!arena->findable && lewd_heap_find(arena->heap, arena->base, span) == LEWD_NO_METADATA)
        return LEWD_NO_METADATA;
    arena->findable = lewd_heap_figures(arena->heap).total > 0;
    const lewd_status status = place(arena, blocks, alignment, span);
    if (status != LEWD_OK || lewd_heap_start(arena->heap, *span) != 0)
        return status;
    lewd_heap_free(arena->heap, *span);
    lewd_span first;
    const lewd_status reserved = lewd_heap_reserve(arena->heap, 0, 1, &first);
    const lewd_status moved = reserved == LEWD_OK ? place(arena, blocks, alignment, span) : reserved;
    if (reserved == LEWD_OK && moved != LEWD_OK)
        lewd_heap_free(arena->heap, first);
    return moved;
}

/* Where an allocation would be placed now. Published as long as it is right, unless it is aligned. */
static napi_value fit(napi_env napi, lewd_arena *arena, uint32_t bytes, uint32_t alignment) {
    const uint32_t blocks = lewd_blocks_for(bytes);
    uint32_t start;
    if (alignment != 1)
        return lewd_heap_fit_aligned(arena->heap, blocks, alignment, &start) ? lewd_address(napi, start) : NULL;
    if (!lewd_heap_fit(arena->heap, blocks, &start))
        return NULL;
    lewd_arena_answer(arena, bytes, start);
    return lewd_address(napi, start);
}

/* What a status is to JavaScript, where it is not LEWD_OK: no room is undefined, the rest throws. */
static napi_value no_span(napi_env napi, lewd_status status) {
    return status == LEWD_NO_METADATA ? lewd_error_no_metadata(napi) : NULL;
}

/* alloc(size, token, alignment): the address; without a token what it would be, and nothing is allocated. */
static napi_value arena_alloc(napi_env napi, napi_callback_info info) {
    napi_value values[3];
    lewd_arena *const arena = lewd_arguments(napi, info, COUNT(values), values);
    napi_valuetype type;
    uint32_t bytes;
    uint32_t alignment;
    lewd_span span;
    if (arena == NULL || !lewd_bytes_of(napi, values[0], &bytes))
        return NULL;
    OK(napi_typeof(napi, values[1], &type));
    if (type != napi_object && type != napi_function && type != napi_symbol && type != napi_undefined)
        return lewd_error_check_argument(napi, "token", values[1]) == NULL ? NULL : lewd_error_node_api(napi);
    if (!lewd_alignment_of(napi, values[2], &alignment))
        return NULL;
    if (type == napi_undefined)
        return fit(napi, arena, bytes, alignment);
    const uint32_t blocks = lewd_blocks_for(bytes);
    const lewd_status status = place(arena, blocks, alignment, &span);
    if (status != LEWD_OK)
        return no_span(napi, status);
    const napi_value result = lewd_address(napi, lewd_heap_start(arena->heap, span));
    if (result == NULL || !lewd_token_attach(arena, span, blocks, values[1])) {
        lewd_heap_free(arena->heap, span);
        return lewd_error_node_api(napi);
    }
    lewd_arena_publish(arena);
    lewd_token_tick(arena);
    return result;
}

/* allocStrong(size, alignment): the address of an allocation that lives until it is freed; never 0. */
static napi_value arena_alloc_strong(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    lewd_arena *const arena = lewd_arguments(napi, info, COUNT(values), values);
    uint32_t blocks;
    uint32_t alignment;
    lewd_span span;
    if (arena == NULL || !lewd_size_of(napi, values[0], &blocks) || !lewd_alignment_of(napi, values[1], &alignment))
        return NULL;
    const lewd_status status = place_strong(arena, blocks, alignment, &span);
    if (status != LEWD_OK)
        return no_span(napi, status);
    const napi_value result = lewd_address(napi, lewd_heap_start(arena->heap, span));
    if (result == NULL) {
        lewd_heap_free(arena->heap, span);
        return NULL;
    }
    lewd_arena_publish(arena);
    lewd_token_tick(arena);
    return result;
}

/*
 * The end of an allocation behind all that is used, in blocks. A strong one does not begin at block 0: see
 * place_strong().
 */
static uint64_t end_behind_all(const lewd_arena *arena, uint32_t blocks, uint32_t alignment, bool is_strong) {
    const lewd_figures figures = lewd_heap_figures(arena->heap);
    const uint64_t tail = arena->base + (uint64_t)figures.total - figures.tail_free;
    const uint64_t first = is_strong && tail == 0 ? 1u : tail;
    return ((first + alignment - 1u) & ~(uint64_t)(alignment - 1u)) + blocks;
}

/*
 * The pages that the memory must grow by for an allocation that ends at block `end`, and generously what it should. 0
 * if it can't grow so far, or if that would be of no use.
 */
static uint64_t lacking_pages(const lewd_arena *arena, uint64_t end, bool generous) {
    const uint64_t pages = arena->size / LEWD_PAGE;
    const uint64_t needed = (end * LEWD_BLOCK + LEWD_PAGE - 1u) / LEWD_PAGE;
    uint64_t missing = needed > pages ? needed - pages : 1u;
    /* What lies above the ceiling is of no use to it. */
    const uint64_t useful = ((uint64_t)arena->ceiling * LEWD_BLOCK + LEWD_PAGE - 1u) / LEWD_PAGE;
    uint64_t policy = arena->growth != 0 ? arena->growth : pages / 8u;
    if (pages + policy > useful)
        policy = useful > pages ? useful - pages : 0;
    if (generous && missing < policy)
        missing = policy;
    const bool can_grow = end <= arena->ceiling && pages + missing <= useful && pages + missing <= arena->maximum;
    return can_grow ? missing : 0;
}

/*
 * pagesNeeded(size, alignment, isStrong, isGenerous): the pages that the memory must grow by, or generously should, so that
 * such an allocation does not fail. 0 if it would fail all the same.
 */
static napi_value arena_pages_needed(napi_env napi, napi_callback_info info) {
    napi_value values[4];
    const lewd_arena *const arena = lewd_arguments(napi, info, COUNT(values), values);
    uint32_t blocks;
    uint32_t alignment;
    bool is_strong = false;
    bool generous = false;
    if (arena == NULL || !lewd_size_of(napi, values[0], &blocks) || !lewd_alignment_of(napi, values[1], &alignment))
        return NULL;
    if (napi_get_value_bool(napi, values[2], &is_strong) != napi_ok ||
        napi_get_value_bool(napi, values[3], &generous) != napi_ok)
        return lewd_error_node_api(napi);
    return lewd_number(napi,
                       (double)lacking_pages(arena, end_behind_all(arena, blocks, alignment, is_strong), generous));
}

static double bytes_of_blocks(uint32_t blocks) {
    return (double)blocks * LEWD_BLOCK;
}

/* Writes which limit a request has met, in the order in which they are met, and what raises it. */
static void tell_limit(const lewd_arena *arena, uint32_t blocks, uint32_t alignment, char *text, size_t size) {
    const lewd_figures figures = lewd_heap_figures(arena->heap);
    const uint64_t tail = arena->base + (uint64_t)figures.total - figures.tail_free;
    const uint64_t end = ((tail + alignment - 1u) & ~(uint64_t)(alignment - 1u)) + blocks;
    const uint64_t pages = (end * LEWD_BLOCK + LEWD_PAGE - 1u) / LEWD_PAGE;
    if (end > arena->ceiling && arena->ceiling < LEWD_MAX_BLOCKS)
        (void)snprintf(text, size, "`limit` is byte %.0f, and a higher one raises it", bytes_of_blocks(arena->ceiling));
    else if (pages > arena->maximum && arena->maximum < LEWD_MAX_PAGES)
        (void)snprintf(text, size, "the memory's maximum is %.0f page%s, and a higher `maximum` raises it",
                       (double)arena->maximum, arena->maximum == 1 ? "" : "s");
    else if (pages > LEWD_MAX_PAGES)
        (void)snprintf(text, size, "no memory is larger than 4 GiB, and nothing raises that");
    else
        (void)snprintf(
            text, size,
            "the memory did not grow to %.0f pages: it was declared with a lower maximum than `maximum` says, "
            "or the host has no more memory for it (`ulimit -v`, the limit of a container)",
            (double)pages);
}

/* outOfMemory(size, alignment): throws that nothing more can be had, and why. */
static napi_value arena_refuse(napi_env napi, napi_callback_info info) {
    napi_value values[2];
    char limit[256];
    uint32_t bytes;
    uint32_t alignment;
    const lewd_arena *const arena = lewd_arguments(napi, info, COUNT(values), values);
    if (arena == NULL || !lewd_bytes_of(napi, values[0], &bytes) || !lewd_alignment_of(napi, values[1], &alignment))
        return NULL;
    const lewd_figures figures = lewd_heap_figures(arena->heap);
    tell_limit(arena, lewd_blocks_for(bytes), alignment, limit, sizeof limit);
    return lewd_error_out_of_memory(
        napi, "out of memory: %.0f bytes requested; of %.0f bytes %.0f are free, at most %.0f of them in one span; %s",
        (double)bytes, bytes_of_blocks(figures.total), bytes_of_blocks(figures.total - figures.used - figures.reserved),
        bytes_of_blocks(lewd_heap_largest(arena->heap)), limit);
}

/* dispose(): gives everything back; every other function throws from then on. */
static napi_value arena_dispose(napi_env napi, napi_callback_info info) {
    lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    if (arena != NULL)
        lewd_arena_dispose(arena);
    return NULL;
}

/* largestFree(): size of the largest free span, in blocks. Published as long as it is right. */
static napi_value arena_largest(napi_env napi, napi_callback_info info) {
    lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    return arena == NULL ? NULL : lewd_number(napi, lewd_arena_largest(arena));
}

/* sweep(): frees all spans whose tokens are known to be dead. */
static napi_value arena_sweep(napi_env napi, napi_callback_info info) {
    lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    if (arena != NULL)
        lewd_token_sweep(arena);
    return NULL;
}

/* collect(): all that is dead is free then. */
static napi_value arena_collect(napi_env napi, napi_callback_info info) {
    lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    if (arena != NULL)
        lewd_token_collect(arena, true);
    return NULL;
}

/* check(): undefined if the heap is sound, else what is not. */
static napi_value arena_check(napi_env napi, napi_callback_info info) {
    napi_value message;
    const lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    const char *const fault = arena == NULL ? NULL : lewd_heap_check(arena->heap);
    if (fault == NULL)
        return NULL;
    OK(napi_create_string_utf8(napi, fault, NAPI_AUTO_LENGTH, &message));
    return message;
}

/* addHandler(object): the object; handlers(): see lewd_watch() and lewd_watched(). */
static napi_value arena_watch(napi_env napi, napi_callback_info info) {
    napi_value values[1];
    lewd_arena *const arena = lewd_arguments(napi, info, COUNT(values), values);
    if (arena == NULL)
        return NULL;
    return lewd_watch(arena, values[0]) ? values[0] : lewd_error_no_metadata(napi);
}

static napi_value arena_watched(napi_env napi, napi_callback_info info) {
    lewd_arena *const arena = lewd_arguments(napi, info, 0, NULL);
    napi_value array = arena == NULL ? NULL : lewd_watched(arena);
    return array == NULL ? lewd_error_node_api(napi) : array;
}

static const struct {
    const char *name;
    napi_callback function;
} arena_functions[] = {
    {"alloc", arena_alloc},
    {"allocStrong", arena_alloc_strong},
    {"pagesNeeded", arena_pages_needed},
    {"largestFree", arena_largest},
    {"sweep", arena_sweep},
    {"collect", arena_collect},
    {"outOfMemory", arena_refuse},
    {"check", arena_check},
    {"addHandler", arena_watch},
    {"handlers", arena_watched},
    {"dispose", arena_dispose},
    {"extend", lewd_memory_extend},
    {"pagesToKeep", lewd_memory_pages},
    {"migrate", lewd_memory_migrate},
    {"restore", lewd_memory_restore},
    {"reserve", lewd_memory_reserve},
    {"free", lewd_pointer_free},
    {"size", lewd_pointer_size},
    {"token", lewd_pointer_token},
    {"resize", lewd_pointer_resize},
    {"move", lewd_pointer_move},
    {"weaken", lewd_pointer_weaken},
    {"strengthen", lewd_pointer_strengthen},
    {"freeOwned", lewd_pointer_release},
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

/* The size of an unshared memory's buffer. */
static bool buffer_size(napi_env napi, napi_value buffer, size_t *size) {
    bool is_buffer = false;
    return napi_is_arraybuffer(napi, buffer, &is_buffer) == napi_ok && is_buffer &&
           napi_get_arraybuffer_info(napi, buffer, NULL, size) == napi_ok;
}

static bool is_undefined(napi_env napi, napi_value value) {
    napi_valuetype type;
    return napi_typeof(napi, value, &type) == napi_ok && type == napi_undefined;
}

/* A setting that may be absent. Throws if it is neither that nor what its name asks for. */
static bool setting(napi_env napi, const char *name, napi_value value, int64_t absent, int64_t *result) {
    *result = absent;
    if (is_undefined(napi, value))
        return true;
    return lewd_error_check_argument(napi, name, value) != NULL && napi_get_value_int64(napi, value, result) == napi_ok;
}

/* What create() was asked for, in blocks and pages. */
typedef struct settings {
    size_t size;
    int64_t maximum;
    int64_t base;
    int64_t limit;
    int64_t growth;
    bool fixed;
} settings;

enum { MEMORY, BUFFER, FIGURES, MAXIMUM, BASE, LIMIT, FIXED, GROWTH, ARGUMENTS };

/* Throws if something is wrong with them. */
static bool read_settings(napi_env napi, napi_value *values, settings *read) {
    const int64_t end = (int64_t)LEWD_MAX_BLOCKS * LEWD_BLOCK;
    napi_value fixed;
    if (!buffer_size(napi, values[BUFFER], &read->size) || read->size / LEWD_BLOCK > LEWD_MAX_BLOCKS) {
        lewd_error_throw_state(napi, LEWD_STATE_UNSUPPORTED);
        return false;
    }
    if (!setting(napi, "maximum", values[MAXIMUM], LEWD_MAX_PAGES, &read->maximum) ||
        !setting(napi, "base", values[BASE], 0, &read->base) ||
        !setting(napi, "limit", values[LIMIT], end, &read->limit) ||
        !setting(napi, "growth", values[GROWTH], 0, &read->growth) ||
        napi_coerce_to_bool(napi, values[FIXED], &fixed) != napi_ok ||
        napi_get_value_bool(napi, fixed, &read->fixed) != napi_ok)
        return false;
    if ((int64_t)(read->size / LEWD_PAGE) > read->maximum) {
        lewd_error_throw_argument(napi, "maximum", values[MAXIMUM]);
        return false;
    }
    read->base = (read->base + LEWD_BLOCK - 1) / LEWD_BLOCK;
    read->limit /= LEWD_BLOCK;
    if (read->base < read->limit)
        return true;
    lewd_error_throw_argument(napi, "limit", values[is_undefined(napi, values[LIMIT]) ? BASE : LIMIT]);
    return false;
}

/* An arena in the list of its environment. NULL if there is no memory. */
static lewd_arena *make_arena(lewd_env *env, const settings *asked) {
    lewd_arena *const arena = lewd_glue_resize(NULL, NULL, 0, sizeof *arena);
    if (arena == NULL)
        return NULL;
    *arena = (lewd_arena){
        .env = env,
        .countdown = 1,
        .size = asked->size,
        .base = (uint32_t)asked->base,
        .ceiling = (uint32_t)asked->limit,
        .least = asked->size < LEWD_PAGE ? 1u : (uint32_t)(asked->size / LEWD_PAGE),
        .maximum = (uint32_t)asked->maximum,
        .growth = (uint32_t)asked->growth,
        .fixed = asked->fixed,
    };
    lewd_env_hold(env);
    lewd_arena_enter(arena, LEWD_ALL);
    arena->heap = lewd_heap_create(arena->base, lewd_memory_limit(arena, asked->size), lewd_glue_resize, NULL);
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
        type != napi_float64_array || length < LEWD_FIGURE_COUNT ||
        napi_create_reference(napi, value, 1, &arena->figures_ref) != napi_ok)
        return false;
    arena->figures = data;
    for (int i = 0; i < LEWD_ANSWERS; i++)
        arena->figures[LEWD_FIGURE_ASKED + i] = NAN;
    return true;
}

/* Ties the arena to its memory, its figures, and to the keeper, with which it is destroyed. */
static bool tie(napi_env napi, lewd_arena *arena, const napi_value *values, napi_value keeper) {
    return borrow_figures(napi, arena, values[FIGURES]) &&
           napi_create_reference(napi, values[MEMORY], 0, &arena->memory) == napi_ok &&
           napi_create_reference(napi, keeper, 0, &arena->keeper) == napi_ok &&
           napi_add_finalizer(napi, keeper, arena, arena_finalize, NULL, NULL) == napi_ok;
}

/* create(memory, buffer, figures, maximum, base, limit, fixed, growth): an object of functions over a new arena. */
static napi_value create(napi_env napi, napi_callback_info info) {
    napi_value values[ARGUMENTS];
    napi_value keeper;
    napi_value object;
    void *env = NULL;
    size_t count = COUNT(values);
    settings asked;
    OK(napi_get_cb_info(napi, info, &count, values, NULL, NULL));
    OK(napi_get_instance_data(napi, &env));
    OK(napi_create_object(napi, &object));
    OK(napi_create_object(napi, &keeper));
    if (!read_settings(napi, values, &asked))
        return lewd_error_node_api(napi);
    if (lewd_memory_is_taken(napi, env, NULL, values[MEMORY], (uint32_t)asked.base, (uint32_t)asked.limit))
        return lewd_error_throw_state(napi, LEWD_STATE_OVERLAP);
    lewd_arena *const arena = make_arena(env, &asked);
    if (arena == NULL)
        return lewd_error_no_metadata(napi);
    if (!tie(napi, arena, values, keeper)) {
        lewd_arena_destroy(arena);
        return lewd_error_node_api(napi);
    }
    lewd_arena_publish(arena);
    return bind_functions(napi, arena, keeper, object);
}

/* check(name, value), fail(name, value): see errors.h. */
static napi_value with_name(napi_env napi, napi_callback_info info,
                            napi_value (*function)(napi_env napi, const char *name, napi_value value)) {
    napi_value values[2];
    char name[65]; /* a longer one is cut, and unknown still */
    size_t count = COUNT(values);
    OK(napi_get_cb_info(napi, info, &count, values, NULL, NULL));
    OK(napi_get_value_string_utf8(napi, values[0], name, sizeof name, NULL));
    return function(napi, name, values[1]);
}

static napi_value check(napi_env napi, napi_callback_info info) {
    return with_name(napi, info, lewd_error_check_argument);
}

static napi_value fail(napi_env napi, napi_callback_info info) {
    return with_name(napi, info, lewd_error_throw_named);
}

static void env_finalize(napi_env napi, void *data, void *hint) {
    (void)napi;
    (void)hint;
    lewd_env_release(data);
}

/* keepAlive(value): does nothing with it. V8 can't see that, so the value lives until this call at least. */
static napi_value keep_alive(napi_env napi, napi_callback_info info) {
    (void)napi;
    (void)info;
    return NULL;
}

/* An object of numbers by name: see contract.h. */
static napi_value layout_of(napi_env napi) {
    static const struct {
        const char *name;
        double value;
    } numbers[] = {{"ASKED", LEWD_FIGURE_ASKED},
                   {"ANSWER", LEWD_FIGURE_ANSWER},
                   {"FIGURES", LEWD_FIGURE_COUNT},
#define LEWD_LIMIT(name, value) {#name, value},
                   LEWD_LIMITS(LEWD_LIMIT)
#undef LEWD_LIMIT
#define LEWD_FIGURE(name, key) {#name, LEWD_FIGURE_##name},
                       LEWD_FIGURES(LEWD_FIGURE)
#undef LEWD_FIGURE
    };
    napi_value layout;
    OK(napi_create_object(napi, &layout));
    for (size_t i = 0; i < COUNT(numbers); i++) {
        napi_property_descriptor property = {.utf8name = numbers[i].name, .attributes = napi_enumerable};
        OK(napi_create_double(napi, numbers[i].value, &property.value));
        OK(napi_define_properties(napi, layout, 1, &property));
    }
    return layout;
}

NAPI_MODULE_INIT(/* napi_env env, napi_value exports */) {
    const napi_env napi = env;
    napi_value name;
    napi_value version;
    OK(napi_create_string_utf8(napi, LEWD_PACKAGE, NAPI_AUTO_LENGTH, &name));
    OK(napi_create_string_utf8(napi, LEWD_VERSION, NAPI_AUTO_LENGTH, &version));
    const napi_value layout = layout_of(napi);
    if (layout == NULL)
        return NULL;
    const napi_property_descriptor properties[] = {
        {.utf8name = "name", .value = name, .attributes = napi_enumerable},
        {.utf8name = "version", .value = version, .attributes = napi_enumerable},
        {.utf8name = "layout", .value = layout, .attributes = napi_enumerable},
        {.utf8name = "create", .method = create, .attributes = napi_enumerable},
        {.utf8name = "check", .method = check, .attributes = napi_enumerable},
        {.utf8name = "fail", .method = fail, .attributes = napi_enumerable},
        {.utf8name = "keepAlive", .method = keep_alive, .attributes = napi_enumerable},
    };
    lewd_env *const state = lewd_env_create(napi);
    if (state == NULL)
        return lewd_error_no_metadata(napi);
    if (napi_set_instance_data(napi, state, env_finalize, NULL) != napi_ok) {
        lewd_env_release(state);
        return lewd_error_node_api(napi);
    }
    OK(napi_add_env_cleanup_hook(napi, lewd_env_close, state));
    OK(napi_define_properties(napi, exports, COUNT(properties), properties));
    return exports;
}
