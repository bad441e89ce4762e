'use strict';

const { Instance, Module, Uint8Array, isStackOverflow } = require('./primordials.js');

/**
 * Returns whether `given` can be imported as the type that three bytes declare in the binary format of WebAssembly: the
 * kind, and two more bytes. So its type is found without a side effect, of whatever realm it is.
 */
const isImportable = (given, kind, type, detail) => {
    const binary = [0, 97, 115, 109, 1, 0, 0, 0, 2, 6, 1, 0, 0, kind, type, detail];
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary[i];
    const module = new Module(bytes);
    try {
        new Instance(module, { '__proto__': null, '': { '__proto__': null, '': given } });
        return true;
    } catch (error) {
        if (isStackOverflow(error)) throw error;
        return false;
    }
};

/** Returns whether `given` is a memory of 32-bit addresses that is not shared. */
exports.isMemory32 = (given) => isImportable(given, 2, 0, 0);

/** Returns whether `given` is a global of type i32, mutable or not. */
exports.isGlobal32 = (given) => isImportable(given, 3, 127, 0) || isImportable(given, 3, 127, 1);
