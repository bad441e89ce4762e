/*
 * floor.c: the least that an addon must do to be notified of its objects' deaths: an empty finalizer without data.
 */
#include <node_api.h>

static void forget(napi_env env, void *data, void *hint) {
    (void)env;
    (void)data;
    (void)hint;
}

/* add(token): attaches an empty finalizer to the token. */
static napi_value add(napi_env env, napi_callback_info info) {
    napi_value token;
    size_t count = 1;
    if (napi_get_cb_info(env, info, &count, &token, NULL, NULL) != napi_ok ||
        napi_add_finalizer(env, token, NULL, forget, NULL, NULL) != napi_ok)
        napi_throw_type_error(env, NULL, "an object is needed");
    return NULL;
}

NAPI_MODULE_INIT(/* napi_env env, napi_value exports */) {
    const napi_property_descriptor function = {.utf8name = "add", .method = add, .attributes = napi_enumerable};
    if (napi_define_properties(env, exports, 1, &function) != napi_ok)
        return NULL;
    return exports;
}
