/*
 * wrap.h: included before each source of the addon in the build for test/faults. The other calls are in calls.h, which
 * scripts/variant.js generates from the sources.
 */
#ifndef LEWD_WRAP_H
#define LEWD_WRAP_H

#include "shim.h"

#include <stdlib.h>

#define realloc shim_realloc
#define free shim_free
#define malloc(size) shim_realloc(NULL, size)
#define calloc(count, size) use_lewd_realloc_instead
#define napi_create_reference shim_create_reference
#define napi_delete_reference shim_delete_reference
#define napi_add_finalizer shim_add_finalizer
#define napi_open_handle_scope shim_open_handle_scope
#define napi_close_handle_scope shim_close_handle_scope
#define napi_throw shim_throw
#define napi_throw_error shim_throw_error
#define napi_create_error shim_create_error
#define napi_create_type_error shim_create_type_error
#define napi_create_range_error shim_create_range_error
#define napi_create_string_utf8 shim_create_string_utf8
#define napi_define_properties shim_define_properties
#define napi_coerce_to_string shim_coerce_to_string
#define napi_register_module_v1 shim_module
#define node_api_module_get_api_version_v1 shim_module_api_version
#include "calls.h"

#endif
