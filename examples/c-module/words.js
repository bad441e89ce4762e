'use strict';

// Sets up a module that clang compiled, with static data and a stack in its memory, and C's functions for the rest of
// it.
//
//      0        16 KiB                  base = __heap_base
//      | stack  | constants, static data | memory that malloc hands out ...       |
//      '--------- the module's ----------'--------- the allocator's --------------'

const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Allocator } = require('@anireact/lewd');
const { INITIAL, MAXIMUM } = require('./build.js');

const standard = () => new WebAssembly.Module(readFileSync(join(__dirname, 'words.wasm')));

/**
 * Returns the end of a module's data and stack. The allocator needs it before the module is instantiated, since its
 * functions are the module's imports. So this reads it from another instance, over a memory that is then thrown away.
 */
function heapBase(code) {
    const env = { memory: new WebAssembly.Memory({ initial: INITIAL, maximum: MAXIMUM }) };
    for (const { name, kind } of WebAssembly.Module.imports(code)) if (kind === 'function') env[name] = () => 0;
    return new WebAssembly.Instance(code, { env }).exports.__heap_base.value;
}

/** Counts words. Each object has a memory, an instance of the module and an allocator of its own. */
class Words {
    /** The exports of the module's instance. */
    exports;

    /** @param {WebAssembly.Module} [code] */
    constructor(code = standard()) {
        const base = heapBase(code);
        this.allocator = new Allocator({
            initial: INITIAL, // the module's import declares these two
            maximum: MAXIMUM,
            base,
        });

        // The imports are C's functions directly. trim() makes another memory, and this makes a new instance: that
        // overwrites the static data with its built values. After all respawns, trim() restores everything below
        // `base`.
        const instantiate = () => {
            const { memory, c } = this.allocator;
            this.exports = new WebAssembly.Instance(code, { env: { memory, ...c } }).exports;
        };
        this.allocator.bind(instantiate, instantiate);
        this.base = base;
    }

    /** Copies a text's bytes to the memory, and calls `use(address, length)`; they are valid until it returns. */
    #with(text, use) {
        const bytes = Buffer.from(text, 'latin1');
        const block = this.allocator.block(bytes.length || 1);
        try {
            block.u8.set(bytes);
            return use(block.address, bytes.length);
        } finally {
            block.dispose();
        }
    }

    /** Counts the words of a text: runs of the letters a to z, in either case. */
    count(text) {
        if (!this.#with(text, (...where) => this.exports.count(...where))) throw new RangeError('out of memory');
    }

    /** Returns how often a word was counted. */
    of(word) {
        return this.#with(word.toLowerCase(), (...where) => this.exports.count_of(...where)) >>> 0;
    }

    /** Returns the longest word that was counted, from the module's static data. */
    get longest() {
        const address = this.exports.longest() >>> 0;
        const bytes = Buffer.from(this.allocator.buffer, address, 64);
        return bytes.toString('latin1', 0, bytes.indexOf(0));
    }

    /** Returns a copy of the module's bytes below the heap: its stack, its constants, its static data. */
    get data() {
        return Buffer.from(this.allocator.buffer.slice(0, this.base));
    }
}

module.exports = { Words };
