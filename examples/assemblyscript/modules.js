'use strict';

// How to drive modules that AssemblyScript compiled. Which options they need depends on one thing: whether they make
// objects.

const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Allocator } = require('@anireact/lewd');
const { INITIAL } = require('./build.js');

const compiled = (name) => new WebAssembly.Module(readFileSync(join(__dirname, `${name}.wasm`)));

/**
 * Where a module's static data end. An instance over a memory that is thrown away tells: the allocator has to know
 * before the one that is used is made.
 */
function heapBase(code) {
    const env = { memory: new WebAssembly.Memory({ initial: INITIAL }) };
    for (const { name, kind } of WebAssembly.Module.imports(code)) if (kind === 'function') env[name] = () => 0;
    return new WebAssembly.Instance(code, { env }).exports.heapBase() >>> 0;
}

/**
 * fft.ts makes no objects. There is no runtime in the module and no state in globals: the memory above its data is
 * free for the allocator, and trim() may have the module instantiated anew.
 */
function loadFft() {
    const code = compiled('fft');
    const allocator = new Allocator({ initial: INITIAL, base: heapBase(code) });
    let exports;
    const instantiate = () => {
        ({ exports } = new WebAssembly.Instance(code, { env: { memory: allocator.memory } }));
    };
    allocator.bind(instantiate, instantiate);

    /**
     * Transforms complex numbers: pairs of real and imaginary part. Answers a new array.
     *
     * @param {Float64Array} numbers
     */
    function fft(numbers) {
        const block = allocator.block(numbers.byteLength || 1);
        try {
            block.f64.set(numbers);
            if (!exports.fft(block.address, numbers.length / 2)) throw new RangeError('a power of two, at most 4,096');
            return block.f64.slice();
        } finally {
            block.dispose();
        }
    }

    return { allocator, fft, transforms: () => exports.transforms() >>> 0, base: heapBase(code) };
}

/**
 * words.ts makes objects. A runtime of AssemblyScript takes its memory from the heap base upwards, and so does the
 * allocator: both would hand out the same bytes. So the module is compiled with a runtime (runtime.ts) that asks the
 * allocator.
 *
 * What its objects are, the runtime keeps in globals, which begin again with each instance. So the memory must not be
 * replaced: it is `fixed`.
 */
function loadWords() {
    const code = compiled('words');
    const base = heapBase(code);
    const allocator = new Allocator({ initial: INITIAL, base, fixed: true });
    const env = {
        memory: allocator.memory,
        ...allocator.c,
        abort: (message, file, line, column) => {
            throw new Error(`abort() at ${line}:${column}`);
        },
    };
    const { exports } = new WebAssembly.Instance(code, { env });
    exports.start(); // allocates: what a module does at its start comes after the allocator knows its base

    const encoder = new TextEncoder();
    const using = (text, use) => {
        const bytes = encoder.encode(text);
        const block = allocator.block(bytes.length || 1);
        try {
            block.u8.set(bytes);
            return use(block.address, bytes.length);
        } finally {
            block.dispose();
        }
    };

    return {
        allocator,
        base,
        count: (text) => using(text, exports.count),
        of: (word) => using(word, exports.countOf),
        words: () => exports.words(),
        forget: () => exports.forget(),
        /** Frees the objects that nothing refers to. While no function of the module is running. */
        collect: () => exports.__collect(),
    };
}

module.exports = { loadFft, loadWords };
