/* stdio.h for macOS: the functions that the sources call. */
#ifndef LEWD_DARWIN_STDIO_H
#define LEWD_DARWIN_STDIO_H

#include <stdarg.h>
#include <stddef.h>

int snprintf(char *restrict text, size_t size, const char *restrict format, ...) __attribute__((format(printf, 3, 4)));
int vsnprintf(char *restrict text, size_t size, const char *restrict format, va_list values)
    __attribute__((format(printf, 3, 0)));

#endif
