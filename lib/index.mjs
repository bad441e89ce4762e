/* The exports of index.js as an ECMAScript module: the same functions, and live bindings of memory and buffer. */

import module from './internal/allocator.js';
import standard from './internal/default.js';
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
    withOwner,
    keepAlive,
    c,
} = standard.surface;

export const { Allocator } = module;

export let memory;
export let buffer;

internals.follow(standard.allocator, (activeMemory, activeBuffer) => {
    memory = activeMemory;
    buffer = activeBuffer;
});
