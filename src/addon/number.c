#include "number.h"

bool lewd_number_is_whole(napi_env napi, napi_value value, int64_t low, int64_t high, int64_t *result) {
    double number;
    if (napi_get_value_double(napi, value, &number) != napi_ok || !(number >= (double)low && number <= (double)high))
        return false;
    *result = (int64_t)number;
    return (double)*result == number;
}
