'use strict';

// Compiles words.c into words.wasm (`node examples/c-module/build.js`). It needs clang and wasm-ld, any version from
// 13 on. The package has words.wasm in it, so that the example runs where these aren't installed.

const { execFileSync } = require('node:child_process');
const { chmodSync, rmSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Pages of 64 KiB that the memory has at first, and that it may grow to. The module's import declares both: whoever
 * makes the memory must keep to them.
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
    '-ffreestanding', // no C library: nothing is called that the source does not name
    '-mbulk-memory', // copies and fills are instructions
    '-c',
];

const LINKER = [
    '--no-entry', // no main()
    '--import-memory', // a memory that is exported can't be trimmed
    `--initial-memory=${INITIAL * 65_536}`, // the data and the stack must fit
    `--max-memory=${MAXIMUM * 65_536}`,
    '--stack-first', // an overflow traps at address 0 rather than write over the data
    '-z',
    'stack-size=16384',
    '--export=__heap_base', // where its data and its stack end
    '--strip-debug',
];

const call = (program, ...words) => execFileSync(program, words, { stdio: ['ignore', 'inherit', 'inherit'] });

/** Throws with the code ENOENT where there is no clang. It can link, too, but then uses any wasm-opt that it finds. */
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
