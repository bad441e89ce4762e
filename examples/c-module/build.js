'use strict';

// Compiles words.c into words.wasm (`npm run build:c-module`). It needs clang and wasm-ld, any version from 13 on. The
// package has words.wasm in it, so that the example runs where these aren't installed.

const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

/**
 * Pages of 64 KiB that the memory has at first, and that it may grow to. The module's import declares both: whoever makes
 * the memory must keep to them.
 */
const INITIAL = 2;
const MAXIMUM = 4096;

const FLAGS = [
    '--target=wasm32',
    '-std=c11',
    '-O2',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-ffreestanding', // no C library: nothing is called that the source does not name
    '-nostdlib',
    '-mbulk-memory', // copies and fills are instructions
    '-Wl,--no-entry', // no main()
    '-Wl,--import-memory', // a memory that is exported can't be trimmed
    `-Wl,--initial-memory=${INITIAL * 65_536}`, // the data and the stack must fit
    `-Wl,--max-memory=${MAXIMUM * 65_536}`,
    '-Wl,--stack-first', // an overflow traps at address 0 rather than write over the data
    '-Wl,-z,stack-size=16384',
    '-Wl,--export=__heap_base', // where its data and its stack end
    '-Wl,--strip-debug',
];

/** Throws with the code ENOENT where there is no clang. */
function compile(to) {
    execFileSync(process.env.CLANG ?? 'clang', [...FLAGS, '-o', to, join(__dirname, 'words.c')], {
        stdio: ['ignore', 'inherit', 'inherit'],
    });
}

module.exports = { INITIAL, MAXIMUM, compile };

if (require.main === module) compile(join(__dirname, 'words.wasm'));
