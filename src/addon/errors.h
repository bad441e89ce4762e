#ifndef LEWD_ERRORS_H
#define LEWD_ERRORS_H
#include <node_api.h>
napi_value lewd_check(napi_env napi, const char *name, napi_value value);
napi_value lewd_refuse(napi_env napi, const char *name, napi_value value);
napi_value lewd_out_of_memory(napi_env napi, const char *format, ...);
napi_value lewd_no_metadata(napi_env napi);
napi_value lewd_fail(napi_env napi);
#define LEWD_OK_OR_FAIL(call)                                                                                          \
    do {                                                                                                               \
        if ((call) != napi_ok)                                                                                         \
            return lewd_fail(napi);                                                                                    \
    } while (0)
#endif
