/*
 * errors.c: tests of arguments, and every error except the two that JavaScript makes itself. The lists are in
 * contract.h.
 *
 * Messages are here rather than in lib/ to keep the JavaScript small; JavaScript decides when to throw.
 */
#include "errors.h"

#include "../core/heap.h"
#include "number.h"
#include "support.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    LEWD_MESSAGE_SIZE = 512,  /* bytes of a message with its NUL */
    LEWD_VALUE_SIZE = 96,     /* bytes of a described value with its NUL */
    LEWD_SHOWN_SIZE = 64,     /* bytes of a string with its NUL; a longer one is cut, and marked */
    LEWD_LONG_STRING = 10000, /* UTF-16 code units; a longer string is not read: V8 may have to join its parts first */
    LEWD_LONG_BIGINT = 2,     /* words of 64 bits; a longer BigInt is not written out: that takes quadratic time */
};

typedef bool argument_test(napi_env napi, napi_value value, napi_valuetype type);
typedef napi_status creator(napi_env napi, napi_value code, napi_value message, napi_value *error);

static bool is_function(napi_env napi, napi_value value, napi_valuetype type) {
    (void)napi;
    (void)value;
    return type == napi_function;
}

static bool is_object(napi_env napi, napi_value value, napi_valuetype type) {
    (void)napi;
    (void)value;
    return type == napi_object || type == napi_function;
}

/* JavaScript refuses registered symbols: Node-API can't recognise them. */
static bool is_token(napi_env napi, napi_value value, napi_valuetype type) {
    return is_object(napi, value, type) || type == napi_symbol;
}

static bool is_number(napi_env napi, napi_value value, napi_valuetype type) {
    (void)napi;
    (void)value;
    return type == napi_number;
}

static bool is_boolean(napi_env napi, napi_value value, napi_valuetype type) {
    (void)napi;
    (void)value;
    return type == napi_boolean;
}

static bool is_size(napi_env napi, napi_value value, napi_valuetype type) {
    int64_t size;
    (void)type;
    return lewd_number_is_whole(napi, value, INT32_MIN, UINT32_MAX, &size) && size != 0;
}

static bool is_pages(napi_env napi, napi_value value, napi_valuetype type) {
    int64_t pages;
    (void)type;
    return lewd_number_is_whole(napi, value, 1, LEWD_MAX_PAGES, &pages);
}

static bool is_pages_or_0(napi_env napi, napi_value value, napi_valuetype type) {
    int64_t pages;
    (void)type;
    return lewd_number_is_whole(napi, value, 0, LEWD_MAX_PAGES, &pages);
}

static bool is_offset(napi_env napi, napi_value value, napi_valuetype type) {
    int64_t offset;
    (void)type;
    return lewd_number_is_whole(napi, value, 0, LEWD_MAX_BYTES, &offset);
}

static bool is_alignment(napi_env napi, napi_value value, napi_valuetype type) {
    int64_t bytes;
    (void)type;
    return lewd_number_is_whole(napi, value, 1, (int64_t)LEWD_MAX_ALIGNMENT * LEWD_BLOCK, &bytes) &&
           (bytes & (bytes - 1)) == 0;
}

static bool is_event(napi_env napi, napi_value value, napi_valuetype type) {
    static const char *const events[] = {
#define LEWD_EVENT(type) #type,
        LEWD_EVENTS(LEWD_EVENT)
#undef LEWD_EVENT
    };
    char name[16];
    size_t length;
    if (type != napi_string || napi_get_value_string_utf16(napi, value, NULL, 0, &length) != napi_ok ||
        length >= sizeof name || napi_get_value_string_utf8(napi, value, name, sizeof name, &length) != napi_ok)
        return false;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (length == strlen(events[i]) && memcmp(name, events[i], length) == 0)
            return true;
    return false;
}

/* The function of Node-API that makes an error of each class of contract.h. C makes no AggregateError. */
#define LEWD_CREATE_Error napi_create_error
#define LEWD_CREATE_TypeError napi_create_type_error
#define LEWD_CREATE_RangeError napi_create_range_error
#define LEWD_CREATE_AggregateError NULL

/* Indexes of `codes`. */
enum {
#define LEWD_ERROR_CODE(code, class, when) code,
    LEWD_ERROR_CODES(LEWD_ERROR_CODE)
#undef LEWD_ERROR_CODE
};

static const struct {
    const char *name;
    creator *create_error;
} codes[] = {
#define LEWD_ERROR_CODE(code, class, when) {#code, LEWD_CREATE_##class},
    LEWD_ERROR_CODES(LEWD_ERROR_CODE)
#undef LEWD_ERROR_CODE
};

static const struct {
    const char *name;
    argument_test *test;
    int code;
    const char *text;
} rules[] = {
#define LEWD_ARGUMENT(name, code, test, text) {#name, test, code, text},
    LEWD_ARGUMENTS(LEWD_ARGUMENT)
#undef LEWD_ARGUMENT
};

/* By lewd_error_state. */
static const struct {
    const char *name;
    int code;
    const char *message;
} states[] = {
#define LEWD_STATE(name, code, message) {#name, code, message},
    LEWD_STATES(LEWD_STATE)
#undef LEWD_STATE
};

/*
 * Writes a string in quotes; only its length if it is long. Control characters, including NUL, become question marks.
 */
static void describe_string(napi_env napi, napi_value value, char *text) {
    char shown[LEWD_SHOWN_SIZE] = "";
    size_t units = 0;
    size_t bytes = 0;
    size_t copied = 0;
    if (napi_get_value_string_utf16(napi, value, NULL, 0, &units) == napi_ok && units > LEWD_LONG_STRING) {
        (void)snprintf(text, LEWD_VALUE_SIZE, "a string of %.0f characters", (double)units);
        return;
    }
    (void)napi_get_value_string_utf8(napi, value, NULL, 0, &bytes);
    (void)napi_get_value_string_utf8(napi, value, shown, sizeof shown, &copied);
    for (size_t i = 0; i < copied; i++)
        if ((unsigned char)shown[i] < ' ' || shown[i] == 0x7f)
            shown[i] = '?';
    (void)snprintf(text, LEWD_VALUE_SIZE, copied < bytes ? "'%s'... (%.0f characters)" : "'%s'", shown, (double)units);
}

/* Writes a primitive other than a string as JavaScript does: at most 39 digits and a sign. */
static void describe_primitive(napi_env napi, napi_value value, char *text, size_t size) {
    napi_value string;
    if (napi_coerce_to_string(napi, value, &string) != napi_ok ||
        napi_get_value_string_utf8(napi, string, text, size, NULL) != napi_ok)
        (void)snprintf(text, size, "?");
}

/* Writes a BigInt as JavaScript does; only its size if it is long. */
static void describe_bigint(napi_env napi, napi_value value, char *text) {
    char digits[LEWD_SHOWN_SIZE];
    size_t words = 0;
    if (napi_get_value_bigint_words(napi, value, NULL, &words, NULL) != napi_ok || words > LEWD_LONG_BIGINT) {
        (void)snprintf(text, LEWD_VALUE_SIZE, "a BigInt of up to %.0f bits", (double)words * 64);
        return;
    }
    describe_primitive(napi, value, digits, sizeof digits);
    (void)snprintf(text, LEWD_VALUE_SIZE, "%sn", digits);
}

/*
 * Writes a short description of a value. Does not convert objects to strings: that would run code of the program. O(1).
 */
static void describe(napi_env napi, napi_value value, napi_valuetype type, char *text) {
    static const char *const kinds[] = {
        [napi_symbol] = "a symbol",
        [napi_object] = "an object",
        [napi_function] = "a function",
        [napi_external] = "an external",
    };
    if (type < sizeof kinds / sizeof *kinds && kinds[type] != NULL)
        (void)snprintf(text, LEWD_VALUE_SIZE, "%s", kinds[type]);
    else if (type == napi_string)
        describe_string(napi, value, text);
    else if (type == napi_bigint)
        describe_bigint(napi, value, text);
    else
        describe_primitive(napi, value, text, LEWD_VALUE_SIZE);
}

/*
 * Throws an error with a code. Returns false if that fails. Node-API itself would set the property, which calls a
 * setter that a program may have on Object.prototype.
 */
static bool throw_coded(napi_env napi, creator *create_error, const char *code, const char *message) {
    napi_value text;
    napi_value error;
    napi_value value;
    if (napi_create_string_utf8(napi, message, NAPI_AUTO_LENGTH, &text) != napi_ok ||
        napi_create_string_utf8(napi, code, NAPI_AUTO_LENGTH, &value) != napi_ok ||
        create_error(napi, NULL, text, &error) != napi_ok)
        return false;
    const napi_property_descriptor property = {
        .utf8name = "code", .value = value, .attributes = napi_default_jsproperty};
    return napi_define_properties(napi, error, 1, &property) == napi_ok && napi_throw(napi, error) == napi_ok;
}

/* Throws an error with a code. If a call of Node-API fails, throws an error without one, which is better than none. */
static napi_value throw_with(napi_env napi, int code, const char *message) {
    if (!throw_coded(napi, codes[code].create_error, codes[code].name, message))
        napi_throw_error(napi, NULL, message);
    return NULL;
}

static napi_value throw_for(napi_env napi, size_t rule, napi_value value, napi_valuetype type) {
    char actual[LEWD_VALUE_SIZE];
    char message[LEWD_MESSAGE_SIZE];
    describe(napi, value, type, actual);
    (void)snprintf(message, sizeof message, "%s; got %s", rules[rule].text, actual);
    return throw_with(napi, rules[rule].code, message);
}

/* Throws for a name that is not in contract.h, which is a fault of this package. */
static napi_value throw_unknown(napi_env napi, const char *name) {
    char message[LEWD_MESSAGE_SIZE];
    (void)snprintf(message, sizeof message, "no rule and no state has the name '%.64s'; this is a fault of lewd", name);
    return throw_with(napi, ERR_LEWD_NODE_API, message);
}

napi_value lewd_error_check_argument(napi_env napi, const char *name, napi_value value) {
    bool is_known = false;
    napi_valuetype type;
    if (napi_typeof(napi, value, &type) != napi_ok)
        return lewd_error_node_api(napi);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i].test == NULL || strcmp(rules[i].name, name) != 0)
            continue;
        if (!rules[i].test(napi, value, type))
            return throw_for(napi, i, value, type);
        is_known = true;
    }
    return is_known ? value : throw_unknown(napi, name);
}

napi_value lewd_error_throw_argument(napi_env napi, const char *name, napi_value value) {
    napi_valuetype type;
    if (napi_typeof(napi, value, &type) != napi_ok)
        return lewd_error_node_api(napi);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].test == NULL && strcmp(rules[i].name, name) == 0)
            return throw_for(napi, i, value, type);
    return throw_unknown(napi, name);
}

napi_value lewd_error_throw_state(napi_env napi, lewd_error_state state) {
    return throw_with(napi, states[state].code, states[state].message);
}

napi_value lewd_error_throw_named(napi_env napi, const char *name, napi_value value) {
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(states[i].name, name) == 0)
            return lewd_error_throw_state(napi, (lewd_error_state)i);
    return lewd_error_throw_argument(napi, name, value);
}

napi_value lewd_error_out_of_memory(napi_env napi, const char *format, ...) {
    char message[LEWD_MESSAGE_SIZE];
    va_list values;
    va_start(values, format);
    (void)vsnprintf(message, sizeof message, format, values);
    va_end(values);
    return throw_with(napi, ERR_LEWD_OUT_OF_MEMORY, message);
}

napi_value lewd_error_no_metadata(napi_env napi) {
    return lewd_error_out_of_memory(napi, "no memory for the allocator's own records");
}

/* Reads the message first: asking whether an exception is pending overwrites it. */
napi_value lewd_error_node_api(napi_env napi) {
    const napi_extended_error_info *info = NULL;
    const char *message = "a call of Node-API failed";
    if (napi_get_last_error_info(napi, &info) == napi_ok && info != NULL && info->error_message != NULL)
        message = info->error_message;
    bool pending = false;
    napi_is_exception_pending(napi, &pending);
    if (!pending)
        throw_with(napi, ERR_LEWD_NODE_API, message);
    return NULL;
}
