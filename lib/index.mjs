/* The same surface as an ECMAScript module: the same functions, and live bindings of memory and buffer. */

import standard from './default.js';
import extended from './extended.js';

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
    reserved,
    largestFree,
    weaken,
    strengthen,
    reserve,
    grow,
    block,
    c,
} = standard.api;

export const { Allocator } = extended;

export let memory;
export let buffer;

standard.follow((...active) => {
    [memory, buffer] = active;
});
