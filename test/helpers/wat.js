'use strict';

const assembler = require('wabt')();

/** Assembles a module in the WebAssembly text format, and compiles it. */
module.exports = async function compile(text) {
    const wabt = await assembler;
    const wat = wabt.parseWat('module.wat', text);
    try {
        wat.validate();
        return new WebAssembly.Module(wat.toBinary({}).buffer);
    } finally {
        wat.destroy();
    }
};
