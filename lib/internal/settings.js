'use strict';

const { check, fail } = require('./binding.js');
const { isGlobal32, isMemory32 } = require('./imports.js');
const { MAX_BYTES, MAX_PAGES } = require('./layout.js');
const { bufferOf, makeMemory } = require('./memory.js');
const { valueOf } = require('./primordials.js');

/**
 * Returns the value of a WebAssembly.Global, of whatever realm, and anything else as it is. An i32 of 2 GiB or more is
 * negative there; a negative number of another type stays one, for the check of the setting to refuse.
 */
const plain = (given) => {
    let value;
    try {
        value = valueOf(given);
    } catch {
        return given;
    }
    return typeof value === 'number' && value < 0 && isGlobal32(given) ? value + MAX_BYTES : value;
};

/** Returns a bound as a number of bytes; undefined stays as it is. */
const bound = (name, given) => (given === undefined ? given : check(name, plain(given)));

/** Returns a memory that was passed in; throws if it can't be served. */
const served = (memory) => (bufferOf(memory) && isMemory32(memory) ? memory : fail('UNSUPPORTED'));

/** Returns the settings in `options`, with a memory, which may be a new one; throws if one is wrong. */
exports.readSettings = (options) => {
    const { memory: given, initial = 1, maximum = MAX_PAGES, base, limit, fixed, growth } = check('options', options);
    check('maximum', maximum);
    if (check('initial', initial) > maximum && given === undefined) fail('initial', initial);
    const memory = given === undefined ? makeMemory(initial, maximum) : served(given);
    return { memory, maximum, base: bound('base', base), limit: bound('limit', limit), fixed, growth };
};
