'use strict';

// Compiles the modules of this folder (`node examples/assemblyscript/build.js`). It needs the package assemblyscript.
// Their .wasm files are in the package, so that the example runs where that isn't installed.

const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

/** Pages of 64 KiB that a memory has at first; the modules' import asks for as many. */
const INITIAL = 1;

const FLAGS = {
    fft: ['--runtime', 'stub'],
    words: [
        '--runtime',
        './runtime',
        '--exportRuntime', // __collect, and what else there is
        '--exportStart', // what initializes globals, and so allocates, runs when it is called, and not before
        'start',
    ],
};

/** Compiles NAME.ts into `to`. */
function compile(name, to) {
    const asc = require.resolve('assemblyscript/bin/asc.js');
    const memory = ['--importMemory', '--zeroFilledMemory', '--initialMemory', String(INITIAL)];
    const words = [asc, `${name}.ts`, ...FLAGS[name], ...memory, '-O3', '--noAssert', '--outFile', to];
    execFileSync(process.execPath, words, { cwd: __dirname, stdio: ['ignore', 2, 2] });
}

module.exports = { INITIAL, MODULES: Object.keys(FLAGS), compile };

if (require.main === module) for (const name of Object.keys(FLAGS)) compile(name, join(__dirname, `${name}.wasm`));
