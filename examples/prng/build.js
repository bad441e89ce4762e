'use strict';

// Assembles prng.wat into prng.wasm (`node examples/prng/build.js`). The published package has prng.wasm in it, so that
// the example runs where the assembler isn't installed.

const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** @returns {Promise<Uint8Array>} the binary module that prng.wat describes */
async function assemble() {
    const wabt = await require('wabt')();
    const source = join(__dirname, 'prng.wat');
    const wat = wabt.parseWat(source, readFileSync(source, 'utf8'));
    try {
        wat.validate();
        return wat.toBinary({}).buffer;
    } finally {
        wat.destroy();
    }
}

module.exports = { assemble };

if (require.main === module) {
    assemble().then((binary) => writeFileSync(join(__dirname, 'prng.wasm'), binary));
}
