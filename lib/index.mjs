/* The documented surface as an ECMAScript module: the same functions, and live bindings of memory and buffer. */

import allocator from './default.js';

export const {
    configure,
    alloc,
    trim,
    bind,
    on,
    off,
    total,
    used,
    usedRun,
    free,
    headFree,
    tailFree,
    largestFree,
} = allocator.api;

export let memory;
export let buffer;

allocator.follow((...active) => {
    [memory, buffer] = active;
});
