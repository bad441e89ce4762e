/* The same surface as an ECMAScript module: the same functions, and live bindings of memory and buffer. */

import { allocator, surface } from './internal/default.js';
import internals from './internal/internals.js';

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
} = surface;

export { Allocator } from './internal/allocator.js';

export let memory;
export let buffer;

internals.follow(allocator, (...active) => {
    [memory, buffer] = active;
});
