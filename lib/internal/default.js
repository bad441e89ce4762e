'use strict';

const { Allocator } = require('./allocator.js');
const internals = require('./internals.js');
const { bind, defineProperty } = require('./primordials.js');
const { keepAlive } = require('./tokens.js');

/** Methods that the module exports as functions. */
const METHODS = [
    'alloc',
    'trim',
    'bind',
    'on',
    'off',
    'total',
    'used',
    'usedRun',
    'free',
    'headFree',
    'tailFree',
    'reserved',
    'largestFree',
    'weaken',
    'strengthen',
    'reserve',
    'grow',
    'block',
    'withOwner',
];

/** Adds a method of an allocator to an object, as a function that works detached. */
const addMethod = (surface, allocator, name) => {
    const method = bind(Allocator.prototype[name], allocator);
    defineProperty(method, 'name', { __proto__: null, value: name });
    defineProperty(surface, name, {
        __proto__: null,
        value: method,
        writable: true,
        enumerable: true,
        configurable: true,
    });
};

/** Returns the functions of an allocator, as the module exports them. */
const surfaceOf = (allocator) => {
    const surface = {
        configure: (options) => internals.configure(allocator, options),
        get memory() {
            return internals.memoryOf(allocator);
        },
        get buffer() {
            return internals.bufferOf(allocator);
        },
        keepAlive,
        c: allocator.c,
    };
    for (let i = 0; i < METHODS.length; i++) addMethod(surface, allocator, METHODS[i]);
    return surface;
};

/** The default allocator, however the package is loaded. */
const allocator = internals.create();

/** The exports of the module, without the class. */
const surface = surfaceOf(allocator);

module.exports = { allocator, surface, surfaceOf };
