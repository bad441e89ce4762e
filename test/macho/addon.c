/*
 * addon.c: an addon for Linux that, once initialized, is the addon in a bundle for macOS.
 *
 * `exports.file` names the bundle. Its own initialization function gets the environment that Node.js made for this
 * addon, which is a new one at each load: instance data and cleanup hooks are the bundle's alone.
 */
#include <node_api.h>
#include <stdio.h>

#include "loader.h"

/* Throws the error that Node.js throws for a file that can't be loaded. */
static napi_value fail(napi_env env, const char *path, const char *why) {
    char message[4608];
    (void)snprintf(message, sizeof message, "%s: %s", path, why);
    (void)napi_throw_error(env, "ERR_DLOPEN_FAILED", message);
    return NULL;
}

/* Removes the path from the exports, which are the bundle's. */
static napi_status take_path(napi_env env, napi_value exports, char *path, size_t size) {
    napi_value value;
    napi_status status = napi_get_named_property(env, exports, "file", &value);
    if (status == napi_ok)
        status = napi_get_value_string_utf8(env, value, path, size, NULL);
    if (status == napi_ok)
        status = napi_create_string_utf8(env, "file", NAPI_AUTO_LENGTH, &value);
    return status == napi_ok ? napi_delete_property(env, exports, value, NULL) : status;
}

NAPI_MODULE_INIT() {
    char path[4096], error[256];
    if (take_path(env, exports, path, sizeof path) != napi_ok)
        return fail(env, "no bundle", "exports.file has to be its path");
    const macho_image *image = macho_load(path, error, sizeof error);
    if (image == NULL)
        return fail(env, path, error);
    int32_t (*version)(void) = (int32_t(*)(void))macho_export(image, "_node_api_module_get_api_version_v1");
    napi_addon_register_func begin = (napi_addon_register_func)macho_export(image, "_napi_register_module_v1");
    if (version == NULL || begin == NULL)
        return fail(env, path, "it exports no addon");
    if (version() != NAPI_VERSION)
        return fail(env, path, "it is for another version of Node-API");
    return begin(env, exports);
}
