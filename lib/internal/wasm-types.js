'use strict';

const { Instance, Module } = require('./primordials.js');

/**
 * Returns whether `given` may be imported as what the three bytes declare, in the binary format of WebAssembly: the
 * kind, and two more. So its type is told without a side effect, whatever realm it is of.
 */
const isImportable = (given, ...bytes) => {
    const module = new Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 2, 6, 1, 0, 0, ...bytes));
    try {
        return Boolean(new Instance(module, { '': { '': given } }));
    } catch {
        return false;
    }
};

/** Returns whether it is a memory of 32-bit addresses that is not shared. */
exports.isMemory32 = (given) => isImportable(given, 2, 0, 0);

/** Returns whether it is a global of type i32, mutable or not. */
exports.isGlobal32 = (given) => isImportable(given, 3, 127, 0) || isImportable(given, 3, 127, 1);
