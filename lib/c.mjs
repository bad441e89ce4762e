/* C's functions over the default allocator, as an ECMAScript module. */

import c from './c.js';

export const { malloc, calloc, realloc, aligned_alloc, free, malloc_usable_size } = c;
