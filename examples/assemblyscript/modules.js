'use strict';

// Sets up modules that AssemblyScript compiled. Their options depend on one thing: whether they make objects.

const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Allocator } = require('@anireact/lewd');
const { INITIAL } = require('./build.js');

const compiled = (name) => new WebAssembly.Module(readFileSync(join(__dirname, `${name}.wasm`)));

/**
 * Returns the end of a module's static data. Reads it from an instance over a memory that is then thrown away: the
 * allocator must know its base before the real instance is made.
 */
function heapBase(code) {
    const env = { memory: new WebAssembly.Memory({ initial: INITIAL }) };
    for (const { name, kind } of WebAssembly.Module.imports(code)) if (kind === 'function') env[name] = () => 0;
    return new WebAssembly.Instance(code, { env }).exports.heapBase() >>> 0;
}

/**
 * Loads fft.ts, which makes no objects. The module has no runtime and no state in globals: the memory above its data is
 * free for the allocator, and trim() may make new instances of it.
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
     * Transforms complex numbers: pairs of real and imaginary part. Returns a new array.
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
 * Loads words.ts, which makes objects. A runtime of AssemblyScript takes its memory from the heap base upwards, and so
 * does the allocator: both would hand out the same bytes. So the module is compiled with a runtime (runtime.ts) that
 * calls the allocator.
 *
 * The runtime keeps the state of its objects in globals, which begin again with each instance. So the memory must not
 * be replaced: it is `fixed`.
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
    exports.start(); // allocates, so it must run after the allocator knows its base

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
        /** Frees unreachable objects. Call it only while no function of the module is running. */
        collect: () => exports.__collect(),
    };
}

module.exports = { loadFft, loadWords };
