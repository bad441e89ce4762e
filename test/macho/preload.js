'use strict';

// Runs first in every thread: the addon that LEWD_MACHO_LOADER names loads files for macOS. All others are loaded as
// usual.

delete require.cache[__filename]; // removes its own entry from the cache

const { closeSync, openSync, readSync } = require('node:fs');

const { LEWD_MACHO_LOADER: loader } = process.env;
const { dlopen } = process;

/** The first bytes of a Mach-O file of 64 bits. */
const MAGIC = Buffer.from('cffaedfe', 'hex');

function isMachO(file) {
    const begin = Buffer.alloc(MAGIC.length);
    try {
        const descriptor = openSync(file, 'r');
        readSync(descriptor, begin, 0, begin.length, 0);
        closeSync(descriptor);
    } catch {
        return false; // dlopen reports the error
    }
    return begin.equals(MAGIC);
}

/** The files that were loaded in this thread, for tests that check them. */
const loaded = [];
globalThis[Symbol.for('lewd.macho')] = loaded;

process.dlopen = function (target, file, ...flags) {
    if (!isMachO(file)) return dlopen.call(process, target, file, ...flags);
    target.exports.file = file;
    dlopen.call(process, target, loader, ...flags);
    loaded.push(file);
};
