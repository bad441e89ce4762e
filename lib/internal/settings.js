'use strict';

const { check, fail } = require('./binding.js');
const { isGlobal32, isMemory32 } = require('./wasm-types.js');
const { MAX_BYTES, MAX_PAGES } = require('./layout.js');
const { bufferOf, makeMemory } = require('./memory.js');
const { bufferOf: memoryBufferOf, byteLengthOf, isStackOverflow, keysOf, valueOf } = require('./primordials.js');

/**
 * Returns the value of a WebAssembly.Global, of any realm, and any other value unchanged. An i32 of 2 GiB or more is
 * negative in a global, and is made unsigned. A negative number of another type is returned as it is, and the check of
 * the setting refuses it.
 */
const plainValue = (given) => {
    let value;
    try {
        value = valueOf(given);
    } catch (error) {
        if (isStackOverflow(error)) throw error;
        return given;
    }
    return typeof value === 'number' && value < 0 && isGlobal32(given) ? value + MAX_BYTES : value;
};

/** Returns `base` or `limit` as a number of bytes; undefined stays undefined. Throws if it is anything else. */
const readBound = (name, given) => (given === undefined ? given : check(name, plainValue(given)));

/** Throws for the buffer of a shared memory. */
const refuseShared = (buffer) => {
    try {
        byteLengthOf(buffer);
    } catch (error) {
        if (isStackOverflow(error)) throw error;
        fail('SHARED');
    }
};

/** Returns a memory that was passed in; throws if its type is not supported. */
const supported = (memory) => {
    refuseShared(bufferOf(memory));
    return isMemory32(memory) ? memory : fail('WIDE');
};

/** Throws for a memory that was passed in the place of the settings. */
const refuseMemory = (options) => {
    try {
        memoryBufferOf(options);
    } catch (error) {
        if (isStackOverflow(error)) throw error;
        return;
    }
    fail('options', options);
};

/** Throws for a setting of another name. */
const refuseOthers = (others) => {
    const { 0: name } = keysOf(others);
    if (name !== undefined) fail('setting', name);
};

/**
 * Throws for a setting that is there and undefined, such as `exports.__heap_base` of a module that does not export it.
 * Its default would hand out bytes of another memory, or bytes that are in use.
 */
const refuseUndefined = (options, memory, base, limit) => {
    if (memory === undefined && 'memory' in options) fail('memory', memory);
    if (base === undefined && 'base' in options) check('base', base);
    if (limit === undefined && 'limit' in options) check('limit', limit);
};

/** Returns the settings in `options`, with a new memory if none was passed in; throws if one is wrong. */
exports.readSettings = (options) => {
    const {
        memory: given,
        initial = 1,
        maximum = MAX_PAGES,
        base,
        limit,
        fixed,
        growth,
        ...others
    } = check('options', options);
    refuseMemory(options);
    refuseOthers(others);
    refuseUndefined(options, given, base, limit);
    check('maximum', maximum);
    if (fixed !== undefined) check('fixed', fixed);
    if (check('initial', initial) > maximum && given === undefined) fail('initial', initial);
    const memory = given === undefined ? makeMemory(initial, maximum) : supported(given);
    return { memory, maximum, base: readBound('base', base), limit: readBound('limit', limit), fixed, growth };
};
