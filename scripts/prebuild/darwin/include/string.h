/* string.h for macOS: the functions that the sources call. */
#ifndef LEWD_DARWIN_STRING_H
#define LEWD_DARWIN_STRING_H

#include <stddef.h>

int memcmp(const void *one, const void *other, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *bytes, int value, size_t size);
int strcmp(const char *one, const char *other);
size_t strlen(const char *text);

#endif
