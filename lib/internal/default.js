'use strict';

const { Allocator } = require('./allocator.js');
const internals = require('./internals.js');
const { bind, defineProperty } = require('./primordials.js');
const { keepAlive } = require('./tokens.js');

/** Returns a method of an allocator as a function that works detached. */
const bindMethod = (allocator, name) =>
    defineProperty(bind(Allocator.prototype[name], allocator), 'name', { __proto__: null, value: name });

/** Returns the methods of an allocator as functions, as the module exports them. */
const surfaceOf = (allocator) => ({
    configure: (options) => internals.configure(allocator, options),
    alloc: bindMethod(allocator, 'alloc'),
    trim: bindMethod(allocator, 'trim'),
    bind: bindMethod(allocator, 'bind'),
    on: bindMethod(allocator, 'on'),
    off: bindMethod(allocator, 'off'),
    total: bindMethod(allocator, 'total'),
    used: bindMethod(allocator, 'used'),
    usedRun: bindMethod(allocator, 'usedRun'),
    free: bindMethod(allocator, 'free'),
    headFree: bindMethod(allocator, 'headFree'),
    tailFree: bindMethod(allocator, 'tailFree'),
    reserved: bindMethod(allocator, 'reserved'),
    largestFree: bindMethod(allocator, 'largestFree'),
    get memory() {
        return internals.memoryOf(allocator);
    },
    get buffer() {
        return internals.bufferOf(allocator);
    },
    weaken: bindMethod(allocator, 'weaken'),
    strengthen: bindMethod(allocator, 'strengthen'),
    reserve: bindMethod(allocator, 'reserve'),
    grow: bindMethod(allocator, 'grow'),
    block: bindMethod(allocator, 'block'),
    withOwner: bindMethod(allocator, 'withOwner'),
    keepAlive,
    c: allocator.c,
});

/** The default allocator, however the package is loaded. */
const allocator = internals.create();

/** The exports of the module, without the class. */
const surface = surfaceOf(allocator);

module.exports = { allocator, surface, surfaceOf };
