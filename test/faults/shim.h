/*
 * shim.h: functions that wrap.h puts before the addon's requests for memory, and before its calls of Node-API. Each
 * first asks whether it must fail; everything taken and freed is counted.
 */
#ifndef LEWD_SHIM_H
#define LEWD_SHIM_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>

enum { SHIM_MEMORY, SHIM_CALL, SHIM_KINDS };

/* Counts a request of that kind, and returns whether it must fail. */
bool shim_fails(int kind, const char *name);

void *shim_realloc(void *memory, size_t size);
void shim_free(void *memory);

napi_status shim_create_reference(napi_env env, napi_value value, uint32_t count, napi_ref *result);
napi_status shim_delete_reference(napi_env env, napi_ref ref);
napi_status shim_add_finalizer(napi_env env, napi_value object, void *data, napi_finalize callback, void *hint,
                               napi_ref *result);
napi_status shim_open_handle_scope(napi_env env, napi_handle_scope *result);
napi_status shim_close_handle_scope(napi_env env, napi_handle_scope scope);

/* These define or throw, or make errors: if they fail, an exception is pending. */
napi_status shim_throw(napi_env env, napi_value error);
napi_status shim_throw_error(napi_env env, const char *code, const char *message);
napi_status shim_create_error(napi_env env, napi_value code, napi_value message, napi_value *error);
napi_status shim_create_type_error(napi_env env, napi_value code, napi_value message, napi_value *error);
napi_status shim_create_range_error(napi_env env, napi_value code, napi_value message, napi_value *error);
napi_status shim_create_string_utf8(napi_env env, const char *text, size_t length, napi_value *result);
napi_status shim_define_properties(napi_env env, napi_value object, size_t count,
                                   const napi_property_descriptor *properties);
napi_status shim_coerce_to_string(napi_env env, napi_value value, napi_value *result);

/* The addon's own entry, which the entry that adds the controls calls. */
napi_value shim_module(napi_env env, napi_value exports);
int32_t shim_module_api_version(void);

#endif
