/**
 * C's memory management functions over the default allocator of `@anireact/lewd`: see {@link C}.
 *
 * @packageDocumentation
 */

import type { C } from './index.js';

export const malloc: C['malloc'];
export const calloc: C['calloc'];
export const realloc: C['realloc'];
export const aligned_alloc: C['aligned_alloc'];
export const free: C['free'];
export const malloc_usable_size: C['malloc_usable_size'];
