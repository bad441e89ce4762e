/* stdlib.h for macOS: the functions that the sources call. */
#ifndef LEWD_DARWIN_STDLIB_H
#define LEWD_DARWIN_STDLIB_H

#include <stddef.h>

void *malloc(size_t size);
void *realloc(void *bytes, size_t size);
void free(void *bytes);

#endif
