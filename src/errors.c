/*
 * errors.c: the words of every error, and the tests of arguments that they belong to.
 *
 * They are here rather than in lib/ so that the JavaScript stays small; JavaScript decides when to throw.
 */
#include "glue.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MESSAGE_SIZE = 512, VALUE_SIZE = 96 }; /* what is longer is cut off */

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

/* Registered symbols are JavaScript's to refuse: Node-API can't tell them. */
static bool is_token(napi_env napi, napi_value value, napi_valuetype type) {
    return is_object(napi, value, type) || type == napi_symbol;
}

static bool is_number(napi_env napi, napi_value value, napi_valuetype type) {
    (void)napi;
    (void)value;
    return type == napi_number;
}

static bool is_size(napi_env napi, napi_value value, napi_valuetype type) {
    int64_t size;
    (void)type;
    return lewd_whole(napi, value, INT32_MIN, UINT32_MAX, &size) && size != 0;
}

static bool is_pages(napi_env napi, napi_value value, napi_valuetype type) {
    int64_t pages;
    (void)type;
    return lewd_whole(napi, value, 1, LEWD_MAX_PAGES, &pages);
}

static bool is_count(napi_env napi, napi_value value, napi_valuetype type) {
    int64_t pages;
    (void)type;
    return lewd_whole(napi, value, 0, LEWD_MAX_PAGES, &pages);
}

static bool is_place(napi_env napi, napi_value value, napi_valuetype type) {
    int64_t place;
    (void)type;
    return lewd_whole(napi, value, 0, (int64_t)LEWD_MAX_BLOCKS * LEWD_BLOCK, &place);
}

static bool is_alignment(napi_env napi, napi_value value, napi_valuetype type) {
    int64_t bytes;
    (void)type;
    return lewd_whole(napi, value, 1, (int64_t)LEWD_MAX_ALIGNMENT * LEWD_BLOCK, &bytes) && (bytes & (bytes - 1)) == 0;
}

static bool is_type(napi_env napi, napi_value value, napi_valuetype type) {
    static const char *const types[] = {"resize", "grow", "trim", "oom"};
    char name[16];
    size_t length;
    if (type != napi_string || napi_get_value_string_utf8(napi, value, name, sizeof name, &length) != napi_ok)
        return false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (length == strlen(types[i]) && memcmp(name, types[i], length) == 0)
            return true;
    return false;
}

/* What is asked of an argument, in order; `text` says what is expected. Without a test, whoever names it has found out. */
static const struct {
    const char *name;
    argument_test *test;
    creator *create_error;
    const char *code;
    const char *text;
} rules[] = {
    {"size", is_number, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE", "a number"},
    {"size", is_size, napi_create_range_error, "ERR_LEWD_OUT_OF_RANGE",
     "an integer from -2147483648 to 4294967295, and not 0"},
    {"token", NULL, napi_create_type_error, "ERR_LEWD_INVALID_ARG_VALUE",
     "an object, a function, or a symbol that can be collected"},
    {"token", is_token, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE",
     "an object, a function, or a symbol that can be collected"},
    {"fn", is_function, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE", "a function"},
    {"spawn", is_function, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE", "a function"},
    {"respawn", is_function, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE", "a function"},
    {"options", is_object, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE", "an object"},
    {"maximum", is_number, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE", "a number of pages"},
    {"maximum", is_pages, napi_create_range_error, "ERR_LEWD_OUT_OF_RANGE", "an integer from 1 to 65536 pages"},
    {"maximum", NULL, napi_create_range_error, "ERR_LEWD_OUT_OF_RANGE", "no fewer pages than the memory has"},
    {"memory", NULL, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE", "a WebAssembly.Memory that is not shared"},
    {"type", is_type, napi_create_type_error, "ERR_LEWD_INVALID_ARG_VALUE", "'resize', 'grow', 'trim' or 'oom'"},
    {"alignment", is_number, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE", "a number"},
    {"alignment", is_alignment, napi_create_range_error, "ERR_LEWD_OUT_OF_RANGE", "a power of two from 1 to 65536"},
    {"initial", is_number, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE", "a number of pages"},
    {"initial", is_pages, napi_create_range_error, "ERR_LEWD_OUT_OF_RANGE", "an integer from 1 to 65536 pages"},
    {"initial", NULL, napi_create_range_error, "ERR_LEWD_OUT_OF_RANGE", "no more pages than the maximum"},
    {"growth", is_number, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE", "a number of pages"},
    {"growth", is_pages, napi_create_range_error, "ERR_LEWD_OUT_OF_RANGE", "an integer from 1 to 65536 pages"},
    {"pages", is_number, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE", "a number of pages"},
    {"pages", is_count, napi_create_range_error, "ERR_LEWD_OUT_OF_RANGE", "an integer from 0 to 65536 pages"},
    {"base", is_number, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE",
     "a number of bytes, or a WebAssembly.Global"},
    {"base", is_place, napi_create_range_error, "ERR_LEWD_OUT_OF_RANGE", "an integer from 0 to 4294967296"},
    {"limit", is_number, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE",
     "a number of bytes, or a WebAssembly.Global"},
    {"limit", is_place, napi_create_range_error, "ERR_LEWD_OUT_OF_RANGE", "an integer from 0 to 4294967296"},
    {"limit", NULL, napi_create_range_error, "ERR_LEWD_OUT_OF_RANGE", "an address above the base"},
    {"pointer", is_number, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE", "a number"},
    {"pointer", NULL, napi_create_range_error, "ERR_LEWD_INVALID_POINTER", "the address of a live allocation"},
    {"address", is_number, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE", "a number"},
    {"address", NULL, napi_create_range_error, "ERR_LEWD_OUT_OF_RANGE", "the beginning of bytes in the working span"},
    {"this", NULL, napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE", "an Allocator"},
};

static const struct {
    const char *name;
    creator *create_error;
    const char *code;
    const char *message;
} states[] = {
    {"BUSY", napi_create_error, "ERR_LEWD_BUSY", "trim() can't run inside a handler or a respawn"},
    {"IN_USE", napi_create_error, "ERR_LEWD_IN_USE", "configure() must come once, before the allocator is used"},
    {"DISPOSED", napi_create_error, "ERR_LEWD_DISPOSED", "the allocator, or the block, was disposed of"},
    {"FIXED", napi_create_error, "ERR_LEWD_FIXED_MEMORY",
     "the memory is fixed, or another allocator's too: it can't be replaced"},
    {"OVERLAP", napi_create_error, "ERR_LEWD_OVERLAP", "another allocator hands out bytes of the same memory"},
    {"NOT_FREE", napi_create_error, "ERR_LEWD_NOT_FREE", "some of these bytes are in use"},
    {"NO_PAGES", napi_create_range_error, "ERR_LEWD_OUT_OF_MEMORY", "the memory can't grow by so many pages"},
    {"NO_MEMORY", napi_create_range_error, "ERR_LEWD_OUT_OF_MEMORY", "no room for another WebAssembly.Memory"},
};

/* The value as a person would write it. Objects are not asked for their string: that would run code of theirs. */
static void describe(napi_env napi, napi_value value, napi_valuetype type, char *text) {
    static const char *const kinds[] = {
        [napi_symbol] = "a symbol",
        [napi_object] = "an object",
        [napi_function] = "a function",
        [napi_external] = "an external",
    };
    static const char *const forms[] = {
        [napi_undefined] = "%s", [napi_null] = "%s",     [napi_boolean] = "%s",
        [napi_number] = "%s",    [napi_string] = "'%s'", [napi_bigint] = "%sn",
    };
    char string[VALUE_SIZE / 2] = "?";
    napi_value coerced;
    if (type < sizeof kinds / sizeof *kinds && kinds[type] != NULL) {
        (void)snprintf(text, VALUE_SIZE, "%s", kinds[type]);
        return;
    }
    if (napi_coerce_to_string(napi, value, &coerced) == napi_ok)
        napi_get_value_string_utf8(napi, coerced, string, sizeof string, NULL);
    (void)snprintf(text, VALUE_SIZE, forms[type], string);
}

/* An error with a code. Node-API would set that, which calls a setter that a program may have on Object.prototype. */
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

/* Throws. An error without a code, if a call of Node-API fails, is better than none. */
static napi_value throw_with(napi_env napi, creator *create_error, const char *code, const char *message) {
    if (!throw_coded(napi, create_error, code, message))
        napi_throw_error(napi, NULL, message);
    return NULL;
}

static napi_value throw_for(napi_env napi, size_t rule, napi_value value, napi_valuetype type) {
    char came[VALUE_SIZE];
    char message[MESSAGE_SIZE];
    describe(napi, value, type, came);
    (void)snprintf(message, sizeof message, "%s: expected %s, got %s", rules[rule].name, rules[rule].text, came);
    return throw_with(napi, rules[rule].create_error, rules[rule].code, message);
}

napi_value lewd_check(napi_env napi, const char *name, napi_value value) {
    napi_valuetype type;
    if (napi_typeof(napi, value, &type) != napi_ok)
        return lewd_fail(napi);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strcmp(rules[i].name, name) == 0 && rules[i].test != NULL && !rules[i].test(napi, value, type))
            return throw_for(napi, i, value, type);
    return value;
}

napi_value lewd_refuse(napi_env napi, const char *name, napi_value value) {
    napi_valuetype type;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(states[i].name, name) == 0)
            return throw_with(napi, states[i].create_error, states[i].code, states[i].message);
    if (napi_typeof(napi, value, &type) != napi_ok)
        return lewd_fail(napi);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strcmp(rules[i].name, name) == 0 && rules[i].test == NULL)
            return throw_for(napi, i, value, type);
    return NULL;
}

napi_value lewd_out_of_memory(napi_env napi, const char *format, ...) {
    char message[MESSAGE_SIZE];
    va_list values;
    va_start(values, format);
    (void)vsnprintf(message, sizeof message, format, values);
    va_end(values);
    return throw_with(napi, napi_create_range_error, "ERR_LEWD_OUT_OF_MEMORY", message);
}

napi_value lewd_no_metadata(napi_env napi) {
    return lewd_out_of_memory(napi, "no memory for the allocator's own records");
}

/* The message goes first: asking whether an exception is pending overwrites it. */
napi_value lewd_fail(napi_env napi) {
    const napi_extended_error_info *info = NULL;
    const char *message = "a call of Node-API failed";
    if (napi_get_last_error_info(napi, &info) == napi_ok && info != NULL && info->error_message != NULL)
        message = info->error_message;
    bool pending = false;
    napi_is_exception_pending(napi, &pending);
    if (!pending)
        throw_with(napi, napi_create_error, "ERR_LEWD_NODE_API", message);
    return NULL;
}
