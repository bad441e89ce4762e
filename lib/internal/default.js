'use strict';

const { Allocator } = require('./allocator.js');
const internals = require('./internals.js');

/** Returns a method of an allocator as a function that works detached. */
const bound = (allocator, name) =>
    Object.defineProperty(Allocator.prototype[name].bind(allocator), 'name', { __proto__: null, value: name });

/** Returns what the module exports of an allocator. */
const surfaceOf = (allocator) => ({
    configure: (options) => internals.configure(allocator, options),
    alloc: bound(allocator, 'alloc'),
    trim: bound(allocator, 'trim'),
    bind: bound(allocator, 'bind'),
    on: bound(allocator, 'on'),
    off: bound(allocator, 'off'),
    total: bound(allocator, 'total'),
    used: bound(allocator, 'used'),
    usedRun: bound(allocator, 'usedRun'),
    free: bound(allocator, 'free'),
    headFree: bound(allocator, 'headFree'),
    tailFree: bound(allocator, 'tailFree'),
    reserved: bound(allocator, 'reserved'),
    largestFree: bound(allocator, 'largestFree'),
    get memory() {
        return allocator.memory;
    },
    get buffer() {
        return allocator.buffer;
    },
    weaken: bound(allocator, 'weaken'),
    strengthen: bound(allocator, 'strengthen'),
    reserve: bound(allocator, 'reserve'),
    grow: bound(allocator, 'grow'),
    block: bound(allocator, 'block'),
    c: allocator.c,
});

/** The default allocator, whichever way the package is loaded. */
const allocator = internals.create();

module.exports = { allocator, surface: surfaceOf(allocator), surfaceOf };
