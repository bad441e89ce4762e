/**
 * C's memory management functions over the default allocator of `@anireact/lewd`, which exports the same functions as
 * `c`. {@link C} describes their arguments and errors; docs/api.md has an example of each.
 *
 * @packageDocumentation
 */

import type { C } from './index.js';

/** Allocates bytes until they are freed: see {@link C.malloc}. */
export const malloc: C['malloc'];

/** Allocates bytes of zeros: see {@link C.calloc}. */
export const calloc: C['calloc'];

/** Changes the size of an allocation: see {@link C.realloc}. */
export const realloc: C['realloc'];

/** Allocates bytes at a multiple of an alignment: see {@link C.aligned_alloc}. */
export const aligned_alloc: C['aligned_alloc'];

/** Frees an allocation: see {@link C.free}. */
export const free: C['free'];

/** Returns the usable bytes of an allocation: see {@link C.malloc_usable_size}. */
export const malloc_usable_size: C['malloc_usable_size'];
