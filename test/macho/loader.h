/* loader.h: loads a bundle of macOS into a process of Linux. */
#ifndef LEWD_MACHO_LOADER_H
#define LEWD_MACHO_LOADER_H

#include <stddef.h>
#include <stdint.h>

typedef struct macho_image macho_image;

/*
 * Loads the bundle in a file, or returns the image that it was loaded to before. An image is never unloaded. Returns
 * NULL if that can't be done: then `error`, `size` bytes, says why. Safe to call from any thread.
 */
macho_image *macho_load(const char *path, char *error, size_t size);

/* The address of an exported symbol, with the underscore before its name; NULL if there is none. */
void *macho_export(const macho_image *image, const char *name);

/* The address of a symbol that a bundle may take from the system or from Node.js; NULL if it may not. */
void *macho_symbol(const char *name);

#endif
