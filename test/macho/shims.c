/*
 * shims.c: the functions of macOS that a bundle may import, on Linux.
 *
 * Only names in this table are bound. If the two systems agree in meaning, in constants, in the layout of structures
 * and in the calling convention, Linux's function is used directly; otherwise one of ours. On arm64 they differ for
 * functions with a variable number of arguments: macOS passes these on the stack, each in 8 bytes, and its va_list is a
 * plain pointer to them.
 */
#define _GNU_SOURCE
#include "loader.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uintptr_t stack_guard = 0x5bd1e995a5a50d00u;

static _Noreturn void stack_smashed(void) {
    fputs("a bundle has overwritten its stack\n", stderr);
    abort();
}

/* Every function is bound when the bundle is loaded. */
static _Noreturn void bound_late(void) {
    fputs("a bundle binds a function at its first call\n", stderr);
    abort();
}

static void clear(void *bytes, size_t size) {
    memset(bytes, 0, size);
}

static void fill_pattern(void *bytes, const void *pattern, size_t size) {
    uint8_t *to = bytes;
    for (; size > 16; size -= 16, to += 16)
        memcpy(to, pattern, 16);
    memcpy(to, pattern, size);
}

#if defined(__aarch64__)

/* The va_list of Linux with all registers used up, so that every argument is taken from `stack`. */
__attribute__((visibility("hidden"))) int macho_vsnprintf(char *text, size_t size, const char *format, void *stack) {
    struct {
        void *stack, *general_top, *vector_top;
        int general_offset, vector_offset;
    } list = {.stack = stack};
    va_list values;
    _Static_assert(sizeof list == sizeof values, "the va_list of the procedure call standard");
    memcpy(&values, &list, sizeof values);
    return vsnprintf(text, size, format, values);
}

int macho_snprintf(char *text, size_t size, const char *format, ...) __attribute__((visibility("hidden")));
__asm__(".text\n"
        ".globl macho_snprintf\n"
        ".hidden macho_snprintf\n"
        ".type macho_snprintf, %function\n"
        "macho_snprintf:\n"
        "    mov x3, sp\n"
        "    b macho_vsnprintf\n");

#define SNPRINTF ((void *)macho_snprintf)
#define VSNPRINTF ((void *)macho_vsnprintf)
#else
#define SNPRINTF ((void *)snprintf)
#define VSNPRINTF ((void *)vsnprintf)
#endif

static const struct {
    const char *name;
    void *address;
} shims[] = {
    {"dyld_stub_binder", (void *)bound_late},
    {"___stack_chk_guard", &stack_guard},
    {"___stack_chk_fail", (void *)stack_smashed},
    {"_bzero", (void *)clear},
    {"___bzero", (void *)clear},
    {"_memset_pattern16", (void *)fill_pattern},
    {"_snprintf", SNPRINTF},
    {"_vsnprintf", VSNPRINTF},
    {"_free", (void *)free},
    {"_malloc", (void *)malloc},
    {"_realloc", (void *)realloc},
    {"_memcmp", (void *)memcmp},
    {"_memcpy", (void *)memcpy},
    {"_memmove", (void *)memmove},
    {"_memset", (void *)memset},
    {"_strcmp", (void *)strcmp},
    {"_strlen", (void *)strlen},
};

void *macho_symbol(const char *name) {
    if (strncmp(name, "_napi_", 6) == 0 || strncmp(name, "_node_api_", 10) == 0)
        return dlsym(RTLD_DEFAULT, name + 1);
    for (size_t i = 0; i < sizeof shims / sizeof *shims; i++) {
        if (strcmp(shims[i].name, name) == 0)
            return shims[i].address;
    }
    return NULL;
}
