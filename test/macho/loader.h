/* loader.h: loads a bundle of macOS into a process of Linux. */
#ifndef LEWD_MACHO_LOADER_H
#define LEWD_MACHO_LOADER_H

#include <stddef.h>
#include <stdint.h>

typedef struct macho_image macho_image;

/*
 * Loads the bundle in a file, or returns the image of an earlier load. An image is never unloaded. Returns NULL if the
 * file can't be loaded: then `error`, `size` bytes, has the reason. Safe to call from any thread.
 */
macho_image *macho_load(const char *path, char *error, size_t size);

/* Returns the address of an exported symbol, with the underscore before its name; NULL if there is none. */
void *macho_export(const macho_image *image, const char *name);

/* Returns the address of a symbol that a bundle may import from the system or from Node.js; NULL if it may not. */
void *macho_symbol(const char *name);

#endif
