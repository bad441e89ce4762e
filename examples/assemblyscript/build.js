'use strict';

// Compiles the modules of this folder (`node examples/assemblyscript/build.js`). Needs the package assemblyscript. The
// .wasm files are in the published package, so that the example runs without it.

const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

/** Initial size of a memory, in pages of 64 KiB; the modules' import declares the same. */
const INITIAL = 1;

const FLAGS = {
    fft: ['--runtime', 'stub'],
    words: [
        '--runtime',
        './runtime',
        '--exportRuntime', // __collect and the like
        // the start function initializes globals, which allocates, so it must run only when it is called
        '--exportStart',
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
