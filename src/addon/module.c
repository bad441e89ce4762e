/*
 * module.c: the exports of the addon.
 *
 * create() returns an object with the functions of a new arena; check() and fail() throw errors for JavaScript;
 * `layout` has the numbers that C and JavaScript agree on. Whatever their arguments are, these functions fail only by
 * an error that says what they expected.
 */
#include "contract.h"
#include "create.h"
#include "disposal.h"
#include "env.h"
#include "errors.h"
#include "support.h"
#include "sweep.h"
#include "version.h"

/* Implements check(name, value) and fail(name, value): see errors.h. */
static napi_value with_name(napi_env napi, napi_callback_info info,
                            napi_value (*function)(napi_env napi, const char *name, napi_value value)) {
    napi_value values[2];
    char name[65]; /* a longer name is cut, and unknown still */
    size_t count = LEWD_COUNT(values);
    LEWD_OK_OR_FAIL(napi_get_cb_info(napi, info, &count, values, NULL, NULL));
    LEWD_OK_OR_FAIL(napi_get_value_string_utf8(napi, values[0], name, sizeof name, NULL));
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

/* Makes the state of the environment. Returns false, with or without an exception pending, if that fails. */
static bool start_env(napi_env napi) {
    lewd_env *const env = lewd_env_create(napi, lewd_sweep_on_gc);
    if (env == NULL) {
        lewd_error_no_metadata(napi);
        return false;
    }
    if (napi_set_instance_data(napi, env, env_finalize, NULL) != napi_ok) {
        lewd_env_release(env);
        return false;
    }
    if (napi_add_env_cleanup_hook(napi, lewd_dispose_env, env) != napi_ok)
        return false;
    lewd_env_hold(env);
    return true;
}

/* keepAlive(value): does nothing. V8 can't see that, so the value lives at least until this call. */
static napi_value keep_alive(napi_env napi, napi_callback_info info) {
    (void)napi;
    (void)info;
    return NULL;
}

/* Returns an object of numbers by name: see contract.h. */
static napi_value layout_of(napi_env napi) {
    static const struct {
        const char *name;
        double value;
    } numbers[] = {{"ASKED", LEWD_FIGURE_ASKED},
                   {"ANSWER", LEWD_FIGURE_ANSWER},
                   {"FIGURES", LEWD_FIGURE_COUNT},
#define LEWD_NUMBER(name, value) {#name, value},
                   LEWD_LIMITS(LEWD_NUMBER)
#undef LEWD_NUMBER
#define LEWD_NUMBER(name, key) {#name, LEWD_FIGURE_##name},
                       LEWD_FIGURES(LEWD_NUMBER)
#undef LEWD_NUMBER
    };
    napi_value layout;
    LEWD_OK_OR_FAIL(napi_create_object(napi, &layout));
    for (size_t i = 0; i < LEWD_COUNT(numbers); i++) {
        napi_property_descriptor property = {.utf8name = numbers[i].name, .attributes = napi_enumerable};
        LEWD_OK_OR_FAIL(napi_create_double(napi, numbers[i].value, &property.value));
        LEWD_OK_OR_FAIL(napi_define_properties(napi, layout, 1, &property));
    }
    return layout;
}

NAPI_MODULE_INIT(/* napi_env env, napi_value exports */) {
    const napi_env napi = env;
    napi_value name;
    napi_value version;
    LEWD_OK_OR_FAIL(napi_create_string_utf8(napi, LEWD_PACKAGE, NAPI_AUTO_LENGTH, &name));
    LEWD_OK_OR_FAIL(napi_create_string_utf8(napi, LEWD_VERSION, NAPI_AUTO_LENGTH, &version));
    const napi_value layout = layout_of(napi);
    if (layout == NULL || !start_env(napi))
        return lewd_error_node_api(napi);
    const napi_property_descriptor properties[] = {
        {.utf8name = "name", .value = name, .attributes = napi_enumerable},
        {.utf8name = "version", .value = version, .attributes = napi_enumerable},
        {.utf8name = "layout", .value = layout, .attributes = napi_enumerable},
        {.utf8name = "create", .method = lewd_create, .attributes = napi_enumerable},
        {.utf8name = "check", .method = check, .attributes = napi_enumerable},
        {.utf8name = "fail", .method = fail, .attributes = napi_enumerable},
        {.utf8name = "keepAlive", .method = keep_alive, .attributes = napi_enumerable},
    };
    LEWD_OK_OR_FAIL(napi_define_properties(napi, exports, LEWD_COUNT(properties), properties));
    return exports;
}
