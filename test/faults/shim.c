/*
 * shim.c: see shim.h. The state is global, so that the main thread can make requests fail in a worker while that is
 * loaded or ends; tests make sure that only one of them works at a time.
 *
 * Functions that only free (a reference, a scope) never fail here: Node-API refuses them only for NULL arguments, which
 * are checked instead.
 */
#include "shim.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

static struct {
    atomic_int kind;
    atomic_uint_fast64_t requests; /* of the armed kind, since arm() */
    atomic_uint_fast64_t refuse;   /* the number of the request that fails, 0: none */
    atomic_bool lasting;           /* all later ones fail too */
    _Atomic(const char *) failed;  /* the name of the first that failed */
    atomic_int_fast64_t blocks;    /* outstanding */
    atomic_int_fast64_t references;
    atomic_int_fast64_t scopes;
} state = {.kind = SHIM_KINDS};

bool shim_fails(int kind, const char *name) {
    if (kind != state.kind)
        return false;
    const uint64_t number = ++state.requests;
    const uint64_t refuse = state.refuse;
    if (refuse == 0 || number < refuse || (number > refuse && !state.lasting))
        return false;
    if (number == refuse)
        state.failed = name;
    return true;
}

void *shim_realloc(void *memory, size_t size) {
    if (shim_fails(SHIM_MEMORY, "realloc"))
        return NULL;
    void *const moved = realloc(memory, size);
    if (memory == NULL && moved != NULL)
        state.blocks++;
    return moved;
}

void shim_free(void *memory) {
    if (memory != NULL)
        state.blocks--;
    free(memory);
}

napi_status shim_create_reference(napi_env env, napi_value value, uint32_t count, napi_ref *result) {
    if (shim_fails(SHIM_CALL, "napi_create_reference"))
        return napi_generic_failure;
    const napi_status status = napi_create_reference(env, value, count, result);
    if (status == napi_ok)
        state.references++;
    return status;
}

napi_status shim_delete_reference(napi_env env, napi_ref ref) {
    assert(env != NULL && ref != NULL);
    state.references--;
    return napi_delete_reference(env, ref);
}

napi_status shim_add_finalizer(napi_env env, napi_value object, void *data, napi_finalize callback, void *hint,
                               napi_ref *result) {
    if (shim_fails(SHIM_CALL, "napi_add_finalizer"))
        return napi_generic_failure;
    const napi_status status = napi_add_finalizer(env, object, data, callback, hint, result);
    if (status == napi_ok && result != NULL)
        state.references++;
    return status;
}

napi_status shim_open_handle_scope(napi_env env, napi_handle_scope *result) {
    if (shim_fails(SHIM_CALL, "napi_open_handle_scope"))
        return napi_generic_failure;
    state.scopes++;
    return napi_open_handle_scope(env, result);
}

napi_status shim_close_handle_scope(napi_env env, napi_handle_scope scope) {
    assert(env != NULL && scope != NULL);
    state.scopes--;
    return napi_close_handle_scope(env, scope);
}

static bool fails_pending(napi_env env, const char *name) {
    if (!shim_fails(SHIM_CALL, name))
        return false;
    bool pending = false;
    if (napi_is_exception_pending(env, &pending) == napi_ok && !pending)
        napi_throw_error(env, "ERR_SHIM", name);
    return true;
}

napi_status shim_throw_error(napi_env env, const char *code, const char *message) {
    return fails_pending(env, "napi_throw_error") ? napi_pending_exception : napi_throw_error(env, code, message);
}

napi_status shim_throw(napi_env env, napi_value error) {
    return fails_pending(env, "napi_throw") ? napi_pending_exception : napi_throw(env, error);
}

napi_status shim_create_error(napi_env env, napi_value code, napi_value message, napi_value *error) {
    return fails_pending(env, "napi_create_error") ? napi_pending_exception
                                                   : napi_create_error(env, code, message, error);
}

napi_status shim_create_type_error(napi_env env, napi_value code, napi_value message, napi_value *error) {
    return fails_pending(env, "napi_create_type_error") ? napi_pending_exception
                                                        : napi_create_type_error(env, code, message, error);
}

napi_status shim_create_range_error(napi_env env, napi_value code, napi_value message, napi_value *error) {
    return fails_pending(env, "napi_create_range_error") ? napi_pending_exception
                                                         : napi_create_range_error(env, code, message, error);
}

napi_status shim_create_string_utf8(napi_env env, const char *text, size_t length, napi_value *result) {
    return fails_pending(env, "napi_create_string_utf8") ? napi_pending_exception
                                                         : napi_create_string_utf8(env, text, length, result);
}

napi_status shim_define_properties(napi_env env, napi_value object, size_t count,
                                   const napi_property_descriptor *properties) {
    return fails_pending(env, "napi_define_properties") ? napi_pending_exception
                                                        : napi_define_properties(env, object, count, properties);
}

napi_status shim_coerce_to_string(napi_env env, napi_value value, napi_value *result) {
    return fails_pending(env, "napi_coerce_to_string") ? napi_pending_exception
                                                       : napi_coerce_to_string(env, value, result);
}

/* The controls. Their own calls must succeed: a failure here is one of the test. */

static void must(napi_status status) {
    if (status != napi_ok)
        abort();
}

static napi_value number(napi_env env, int64_t value) {
    napi_value result;
    must(napi_create_int64(env, value, &result));
    return result;
}

static void set(napi_env env, napi_value object, const char *name, napi_value value) {
    must(napi_set_named_property(env, object, name, value));
}

/* arm(kind, n, lasting): from now on the n-th request of that kind fails; n = 0: none fails, requests are only
 * counted. */
static napi_value arm(napi_env env, napi_callback_info info) {
    napi_value values[3];
    size_t count = 3;
    int32_t kind;
    int64_t refuse;
    bool lasting;
    must(napi_get_cb_info(env, info, &count, values, NULL, NULL));
    must(napi_get_value_int32(env, values[0], &kind));
    must(napi_get_value_int64(env, values[1], &refuse));
    must(napi_get_value_bool(env, values[2], &lasting));
    state.requests = 0;
    state.refuse = (uint64_t)refuse;
    state.lasting = lasting;
    state.failed = NULL;
    state.kind = kind;
    return NULL;
}

/* disarm(): returns { requests, failed }, the requests since arm(), and the name of the one that failed, if one did. */
static napi_value disarm(napi_env env, napi_callback_info info) {
    napi_value result;
    napi_value name;
    (void)info;
    state.kind = SHIM_KINDS;
    const char *const failed = state.failed;
    must(napi_create_object(env, &result));
    set(env, result, "requests", number(env, (int64_t)state.requests));
    if (failed != NULL) {
        must(napi_create_string_utf8(env, failed, NAPI_AUTO_LENGTH, &name));
        set(env, result, "failed", name);
    }
    return result;
}

/* outstanding(): returns the counts of everything that was taken and not freed. */
static napi_value outstanding(napi_env env, napi_callback_info info) {
    napi_value result;
    (void)info;
    must(napi_create_object(env, &result));
    set(env, result, "blocks", number(env, state.blocks));
    set(env, result, "references", number(env, state.references));
    set(env, result, "scopes", number(env, state.scopes));
    return result;
}

/* LeakSanitizer's, if it is linked: writes a report, and goes on. */
__attribute__((weak)) int __lsan_do_recoverable_leak_check(void);

/* leaks(): returns whether it found any, in the whole process. */
static napi_value leaks(napi_env env, napi_callback_info info) {
    napi_value result;
    (void)info;
    if (__lsan_do_recoverable_leak_check == NULL)
        abort();
    must(napi_get_boolean(env, __lsan_do_recoverable_leak_check() != 0, &result));
    return result;
}

NAPI_MODULE_INIT(/* napi_env env, napi_value exports */) {
    const napi_property_descriptor controls[] = {
        {.utf8name = "arm", .method = arm, .attributes = napi_enumerable},
        {.utf8name = "disarm", .method = disarm, .attributes = napi_enumerable},
        {.utf8name = "outstanding", .method = outstanding, .attributes = napi_enumerable},
        {.utf8name = "leaks", .method = leaks, .attributes = napi_enumerable},
    };
    must(napi_define_properties(env, exports, sizeof controls / sizeof *controls, controls));
    return shim_module(env, exports);
}
