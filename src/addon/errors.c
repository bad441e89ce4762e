/*
 * errors.c: the words of every error, and the tests of arguments that they belong to.
 *
 * They are here rather than in lib/ so that the JavaScript stays small; JavaScript decides when to throw.
 */
#include "errors.h"
#include "number.h"
#include "support.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    MESSAGE_SIZE = 512,
    VALUE_SIZE = 96, /* bytes of a described value, its end included */
    SHOWN_SIZE = 64, /* of which a string takes so many at most; what is longer is cut, and marked */
    LONG_STRING =
        10000,       /* UTF-16 code units: a string of more is not read, since V8 may have to join its parts first */
    LONG_BIGINT = 2, /* words of 64 bits: a BigInt of more is not written out, which takes time quadratic in them */
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
    return lewd_number_is_whole(napi, value, INT32_MIN, UINT32_MAX, &size) && size != 0;
}

static bool is_pages(napi_env napi, napi_value value, napi_valuetype type) {
    int64_t pages;
    (void)type;
    return lewd_number_is_whole(napi, value, 1, LEWD_MAX_PAGES, &pages);
}

static bool is_count(napi_env napi, napi_value value, napi_valuetype type) {
    int64_t pages;
    (void)type;
    return lewd_number_is_whole(napi, value, 0, LEWD_MAX_PAGES, &pages);
}

static bool is_place(napi_env napi, napi_value value, napi_valuetype type) {
    int64_t place;
    (void)type;
    return lewd_number_is_whole(napi, value, 0, (int64_t)LEWD_MAX_BLOCKS * LEWD_BLOCK, &place);
}

static bool is_alignment(napi_env napi, napi_value value, napi_valuetype type) {
    int64_t bytes;
    (void)type;
    return lewd_number_is_whole(napi, value, 1, (int64_t)LEWD_MAX_ALIGNMENT * LEWD_BLOCK, &bytes) &&
           (bytes & (bytes - 1)) == 0;
}

static bool is_type(napi_env napi, napi_value value, napi_valuetype type) {
    static const char *const types[] = {"resize", "grow", "trim", "oom"};
    char name[16];
    size_t length;
    if (type != napi_string || napi_get_value_string_utf16(napi, value, NULL, 0, &length) != napi_ok ||
        length >= sizeof name || napi_get_value_string_utf8(napi, value, name, sizeof name, &length) != napi_ok)
        return false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (length == strlen(types[i]) && memcmp(name, types[i], length) == 0)
            return true;
    return false;
}

#define TYPE napi_create_type_error, "ERR_LEWD_INVALID_ARG_TYPE"
#define VALUE napi_create_type_error, "ERR_LEWD_INVALID_ARG_VALUE"
#define RANGE napi_create_range_error, "ERR_LEWD_OUT_OF_RANGE"

/* Rules for arguments, in order; `text` states the rule. A rule without a test is applied by its name only. */
static const struct {
    const char *name;
    argument_test *test;
    creator *create_error;
    const char *code;
    const char *text;
} rules[] = {
    {"size", is_number, TYPE, "a size is a number of bytes"},
    {"size", is_size, RANGE, "a size is 1 to 4294967295 bytes"},
    {"token", NULL, VALUE, "a token is an object, a function, or a symbol that can be collected"},
    {"token", is_token, TYPE, "a token is an object, a function, or a symbol that can be collected"},
    {"fn", is_function, TYPE, "fn is a function"},
    {"spawn", is_function, TYPE, "spawn is a function"},
    {"respawn", is_function, TYPE, "respawn is a function"},
    {"options", is_object, TYPE, "a configuration is an object"},
    {"maximum", is_number, TYPE, "maximum is a number of pages"},
    {"maximum", is_pages, RANGE, "maximum is 1 to 65536 pages"},
    {"maximum", NULL, RANGE, "maximum is no fewer pages than the memory has"},
    {"memory", NULL, TYPE, "memory is a WebAssembly.Memory"},
    {"type", is_type, VALUE, "a type is 'resize', 'grow', 'trim' or 'oom'"},
    {"alignment", is_number, TYPE, "an alignment is a number of bytes"},
    {"alignment", is_alignment, RANGE, "an alignment is a power of two from 1 to 65536"},
    {"initial", is_number, TYPE, "initial is a number of pages"},
    {"initial", is_pages, RANGE, "initial is 1 to 65536 pages"},
    {"initial", NULL, RANGE, "initial is no more pages than maximum"},
    {"growth", is_number, TYPE, "growth is a number of pages"},
    {"growth", is_pages, RANGE, "growth is 1 to 65536 pages"},
    {"pages", is_number, TYPE, "pages is a number"},
    {"pages", is_count, RANGE, "pages is 0 to 65536"},
    {"base", is_number, TYPE, "base is a number of bytes, or a WebAssembly.Global"},
    {"base", is_place, RANGE, "base is a whole number of bytes, 0 to 4294967296"},
    {"limit", is_number, TYPE, "limit is a number of bytes, or a WebAssembly.Global"},
    {"limit", is_place, RANGE, "limit is a whole number of bytes, 0 to 4294967296"},
    {"limit", NULL, RANGE, "limit is above base, by a block of 16 bytes at least"},
    {"pointer", is_number, TYPE, "a pointer is a number"},
    {"pointer", NULL, napi_create_range_error, "ERR_LEWD_INVALID_POINTER",
     "a pointer is the address of a live allocation"},
    {"address", is_number, TYPE, "an address is a number"},
    {"address", NULL, RANGE, "an address is the first of bytes that all lie in the working span"},
    {"this", NULL, TYPE, "the receiver is an Allocator"},
    {"block", NULL, TYPE, "the receiver is a Block"},
};

#undef TYPE
#undef VALUE
#undef RANGE

static const struct {
    const char *name;
    creator *create_error;
    const char *code;
    const char *message;
} states[] = {
    {"BUSY", napi_create_error, "ERR_LEWD_BUSY",
     "trim() can't run inside a handler, a spawn or a respawn, nor while a promise that a spawn or a respawn returned "
     "is "
     "pending"},
    {"IN_USE", napi_create_error, "ERR_LEWD_IN_USE", "configure() must come once, before the allocator is used"},
    {"DISPOSED", napi_create_error, "ERR_LEWD_DISPOSED", "the allocator, or the block, was disposed of"},
    {"FIXED", napi_create_error, "ERR_LEWD_FIXED_MEMORY",
     "the memory is fixed, or another allocator's too: it can't be replaced"},
    {"OVERLAP", napi_create_error, "ERR_LEWD_OVERLAP", "another allocator hands out bytes of the same memory"},
    {"NOT_FREE", napi_create_error, "ERR_LEWD_NOT_FREE", "some of these bytes are in use"},
    {"UNSUPPORTED", napi_create_type_error, "ERR_LEWD_UNSUPPORTED_MEMORY",
     "a memory that is shared, of 64-bit addresses, or frozen can't be served"},
    {"NO_WEBASSEMBLY", napi_create_error, "ERR_LEWD_NO_WEBASSEMBLY",
     "there is no WebAssembly in this process; Node.js has none with --jitless"},
    {"NO_PAGES", napi_create_range_error, "ERR_LEWD_OUT_OF_MEMORY",
     "the memory can't grow by so many pages: its maximum would be exceeded; `maximum` raises it, up to 65536 pages"},
    {"NO_GROWTH", napi_create_range_error, "ERR_LEWD_OUT_OF_MEMORY",
     "the memory did not grow: it was declared with a lower maximum than `maximum` says, or the host has no more "
     "memory "
     "for it (`ulimit -v`, the limit of a container)"},
    {"NO_MEMORY", napi_create_range_error, "ERR_LEWD_OUT_OF_MEMORY",
     "no room for another WebAssembly.Memory of so many pages: each reserves up to 10 GiB of address space, which "
     "`ulimit -v` limits, and has no more pages than `maximum`"},
};

/* Writes a string in quotes, or its length if it is long. Control characters, NUL among them, become question marks. */
static void describe_string(napi_env napi, napi_value value, char *text) {
    char shown[SHOWN_SIZE] = "";
    size_t units = 0;
    size_t bytes = 0;
    size_t copied = 0;
    if (napi_get_value_string_utf16(napi, value, NULL, 0, &units) == napi_ok && units > LONG_STRING) {
        (void)snprintf(text, VALUE_SIZE, "a string of %.0f characters", (double)units);
        return;
    }
    (void)napi_get_value_string_utf8(napi, value, NULL, 0, &bytes);
    (void)napi_get_value_string_utf8(napi, value, shown, sizeof shown, &copied);
    for (size_t i = 0; i < copied; i++)
        if ((unsigned char)shown[i] < ' ' || shown[i] == 0x7f)
            shown[i] = '?';
    (void)snprintf(text, VALUE_SIZE, copied < bytes ? "'%s'... (%.0f characters)" : "'%s'", shown, (double)units);
}

/* Writes a primitive, but for strings, as JavaScript does: at most 39 digits and a sign. */
static void describe_primitive(napi_env napi, napi_value value, char *text, size_t size) {
    napi_value string;
    if (napi_coerce_to_string(napi, value, &string) != napi_ok ||
        napi_get_value_string_utf8(napi, string, text, size, NULL) != napi_ok)
        (void)snprintf(text, size, "?");
}

/* Writes a BigInt as JavaScript does, or how large it is. */
static void describe_bigint(napi_env napi, napi_value value, char *text) {
    char digits[SHOWN_SIZE];
    size_t words = 0;
    if (napi_get_value_bigint_words(napi, value, NULL, &words, NULL) != napi_ok || words > LONG_BIGINT) {
        (void)snprintf(text, VALUE_SIZE, "a BigInt of up to %.0f bits", (double)words * 64);
        return;
    }
    describe_primitive(napi, value, digits, sizeof digits);
    (void)snprintf(text, VALUE_SIZE, "%sn", digits);
}

/* Writes the value as a person would. Objects are not asked for their string: that would run code of theirs. O(1). */
static void describe(napi_env napi, napi_value value, napi_valuetype type, char *text) {
    static const char *const kinds[] = {
        [napi_symbol] = "a symbol",
        [napi_object] = "an object",
        [napi_function] = "a function",
        [napi_external] = "an external",
    };
    if (type < sizeof kinds / sizeof *kinds && kinds[type] != NULL)
        (void)snprintf(text, VALUE_SIZE, "%s", kinds[type]);
    else if (type == napi_string)
        describe_string(napi, value, text);
    else if (type == napi_bigint)
        describe_bigint(napi, value, text);
    else
        describe_primitive(napi, value, text, VALUE_SIZE);
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
    (void)snprintf(message, sizeof message, "%s; got %s", rules[rule].text, came);
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
