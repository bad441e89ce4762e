#include "reference.h"

bool lewd_reference_is_dead(napi_env napi, napi_ref ref) {
    napi_value value = NULL;
    return napi_get_reference_value(napi, ref, &value) == napi_ok && value == NULL;
}

void lewd_reference_delete(napi_env napi, napi_ref *ref) {
    if (*ref != NULL)
        napi_delete_reference(napi, *ref);
    *ref = NULL;
}
