'use strict';

// Compiles words.c into words.wasm (`node examples/c-module/build.js`). Needs clang and wasm-ld, any version from 13
// on. The published package contains words.wasm, so that the example runs without them.

const { execFileSync } = require('node:child_process');
const { chmodSync, rmSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Initial and maximum size of the memory, in pages of 64 KiB. The module's import declares both, so the memory must
 * have them.
 */
const INITIAL = 2;
const MAXIMUM = 4096;

const COMPILER = [
    '--target=wasm32',
    '-std=c11',
    '-O2',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-ffreestanding', // no C library: calls only functions that the source names
    '-mbulk-memory', // copies and fills are instructions
    '-c',
];

const LINKER = [
    '--no-entry', // no main()
    '--import-memory', // a memory that is exported can't be trimmed
    `--initial-memory=${INITIAL * 65_536}`, // the data and the stack must fit
    `--max-memory=${MAXIMUM * 65_536}`,
    '--stack-first', // an overflow of the stack traps at address 0 instead of overwriting the data
    '-z',
    'stack-size=16384',
    '--export=__heap_base', // the end of its data and its stack
    '--strip-debug',
];

const call = (program, ...words) => execFileSync(program, words, { stdio: ['ignore', 'inherit', 'inherit'] });

/**
 * Compiles and links. Throws with the code ENOENT without clang. clang could link, too, but would use any wasm-opt that
 * it finds.
 */
function compile(to) {
    const object = `${to}.o`;
    try {
        call(process.env.CLANG ?? 'clang', ...COMPILER, '-o', object, join(__dirname, 'words.c'));
        call(process.env.WASM_LD ?? 'wasm-ld', ...LINKER, '-o', to, object);
    } finally {
        rmSync(object, { force: true });
    }
    chmodSync(to, 0o644);
}

module.exports = { INITIAL, MAXIMUM, compile };

if (require.main === module) compile(join(__dirname, 'words.wasm'));
