'use strict';

// Every kind of memory that Node.js can make, by name. Each kind has `make()`, which returns { memory, maximum } with
// the declared maximum, or undefined if this version of Node.js can't make such a memory, and `refused`, the error code
// if the allocator refuses it.

const vm = require('node:vm');

const { Memory } = WebAssembly;
const MAXIMUM = 40;

/** Returns undefined if a version lacks the feature. */
const attempt = (make) => {
    try {
        return make();
    } catch {
        return undefined;
    }
};

const declared = (initial, more) => new Memory({ initial, maximum: MAXIMUM, ...more });
const bounded = (memory) => memory && { memory, maximum: MAXIMUM };
const unbounded = (memory) => memory && { memory };

/** Makes the buffer of a memory resizable: from Node.js 26 on. */
const resizable = (memory) => (memory.toResizableBuffer ? (memory.toResizableBuffer(), memory) : undefined);

const HEADER = [0, 97, 115, 109, 1, 0, 0, 0];
const compiled = (sections) => new WebAssembly.Module(Uint8Array.of(...HEADER, ...sections));
const EXPORTED = [7, 10, 1, 6, 109, 101, 109, 111, 114, 121, 2, 0];
/** (memory (export "memory") 1 40) */
const EXPORT = [5, 4, 1, 1, 1, MAXIMUM, ...EXPORTED];
/** (import "" "" (memory 0 40)) */
const IMPORT = [2, 7, 1, 0, 0, 2, 1, 0, MAXIMUM];
/** (memory (export "memory") i64 1) */
const WIDE_EXPORT = [5, 3, 1, 4, 1, ...EXPORTED];
/** (import "" "" (memory i64 0)) */
const WIDE_IMPORT = [2, 6, 1, 0, 0, 2, 4, 0];

/** Makes a memory of 64-bit addresses; versions without them make an ordinary one, or none. */
const wide = (make) =>
    attempt(() => {
        const memory = make();
        new WebAssembly.Instance(compiled(WIDE_IMPORT), { '': { '': memory } });
        return memory;
    });

const UNSUPPORTED = 'ERR_LEWD_UNSUPPORTED_MEMORY';

const KINDS = {
    'ordinary': { make: () => unbounded(new Memory({ initial: 1 })) },
    'with a maximum': { make: () => bounded(declared(1)) },
    'of no pages': { make: () => bounded(declared(0)) },
    'of no pages, without a maximum': { make: () => unbounded(new Memory({ initial: 0 })) },
    'grown before': {
        make() {
            const memory = declared(1);
            memory.grow(2);
            return bounded(memory);
        },
    },
    'whose buffer was detached and replaced': {
        make() {
            const memory = declared(1);
            memory.grow(0);
            return bounded(memory);
        },
    },
    'whose buffer could not be transferred': {
        make() {
            const memory = declared(1);
            attempt(() => structuredClone(memory.buffer, { transfer: [memory.buffer] }));
            attempt(() => memory.buffer.transfer());
            return bounded(memory);
        },
    },
    'of another realm': {
        make: () => bounded(vm.runInNewContext(`new WebAssembly.Memory({ initial: 1, maximum: ${MAXIMUM} })`)),
    },
    'of a subclass': { make: () => bounded(new (class Own extends Memory {})({ initial: 1, maximum: MAXIMUM })) },
    'without a prototype': { make: () => bounded(Object.setPrototypeOf(declared(1), null)) },
    'with properties of its own': {
        make() {
            const value = () => {
                throw new Error('a property was read');
            };
            const names = [
                'buffer',
                'grow',
                'toFixedLengthBuffer',
                'toResizableBuffer',
                'constructor',
                Symbol.toPrimitive,
            ];
            return bounded(names.reduce((memory, name) => Object.defineProperty(memory, name, { value }), declared(1)));
        },
    },
    'exported by an instance': { make: () => bounded(new WebAssembly.Instance(compiled(EXPORT)).exports.memory) },
    'imported by an instance': {
        make() {
            const memory = declared(1);
            new WebAssembly.Instance(compiled(IMPORT), { '': { '': memory } });
            return bounded(memory);
        },
    },
    'with a resizable buffer': { make: () => bounded(resizable(declared(1))) },
    'of no pages, with a resizable buffer': { make: () => bounded(resizable(declared(0))) },
    'with a resizable buffer, grown by it': {
        make() {
            const memory = resizable(declared(1));
            memory?.buffer.resize(3 * 65_536);
            return bounded(memory);
        },
    },
    'whose buffer is of a fixed length again': {
        make() {
            const memory = resizable(declared(1));
            memory?.toFixedLengthBuffer();
            return bounded(memory);
        },
    },
    'of 64-bit addresses': {
        make: () => unbounded(wide(() => new Memory({ address: 'i64', initial: 1n }))),
        refused: UNSUPPORTED,
    },
    'of 64-bit addresses, with a maximum': {
        make: () => unbounded(wide(() => new Memory({ address: 'i64', initial: 1n, maximum: 9n }))),
        refused: UNSUPPORTED,
    },
    'of 64-bit addresses, as first proposed': {
        make: () => unbounded(wide(() => new Memory({ index: 'i64', initial: 1, maximum: 9 }))),
        refused: UNSUPPORTED,
    },
    'of 64-bit addresses, exported by an instance': {
        make: () => unbounded(wide(() => new WebAssembly.Instance(compiled(WIDE_EXPORT)).exports.memory)),
        refused: UNSUPPORTED,
    },
    'frozen': { make: () => bounded(Object.freeze(declared(1))), refused: UNSUPPORTED },
    'shared': { make: () => bounded(declared(1, { shared: true })), refused: UNSUPPORTED },
    'shared, of no pages': { make: () => bounded(declared(0, { shared: true })), refused: UNSUPPORTED },
    'shared, of another realm': {
        make: () => bounded(vm.runInNewContext('new WebAssembly.Memory({ initial: 1, maximum: 40, shared: true })')),
        refused: UNSUPPORTED,
    },
    'behind a proxy': { make: () => bounded(new Proxy(declared(1), {})), refused: 'ERR_LEWD_INVALID_ARG_TYPE' },
    'inherited from': { make: () => bounded(Object.create(declared(1))), refused: 'ERR_LEWD_INVALID_ARG_TYPE' },
};

exports.KINDS = KINDS;
