'use strict';

// Values that a program may pass as any argument.

const vm = require('node:vm');
const { fresh } = require('./allocator.js');
const { PAGE } = require('./model.js');

const noop = () => {};

/** Must not be called. */
const trap = () => {
    throw new Error('a trap was called');
};
const raisingTraps = new Proxy({}, { get: trap });

const revoked = (target) => {
    const { proxy, revoke } = Proxy.revocable(target, {});
    revoke();
    return proxy;
};

const detached = () => {
    const { memory } = fresh().api;
    const { buffer } = memory;
    memory.grow(1);
    return buffer;
};

/** Returns values by name. `api` is called by those that call back. */
exports.valuesFor = (api) => ({
    undefined,
    'null': null,
    'true': true,
    'false': false,
    '0': 0,
    '-0': -0,
    '1': 1,
    '-1': -1,
    '16': 16,
    '0.5': 0.5,
    '-0.5': -0.5,
    '16.5': 16.5,
    NaN,
    Infinity,
    '-Infinity': -Infinity,
    '2^31 - 1': 2 ** 31 - 1,
    '2^31': 2 ** 31,
    '-2^31': -(2 ** 31),
    '-2^31 - 1': -(2 ** 31) - 1,
    '2^32 - 1': 2 ** 32 - 1,
    '2^32': 2 ** 32,
    '2^32 + 5': 2 ** 32 + 5,
    '2^53 - 1': 2 ** 53 - 1,
    '2^53': 2 ** 53,
    '-2^53': -(2 ** 53),
    '2^64': 2 ** 64,
    'the largest number': Number.MAX_VALUE,
    'the least number': Number.MIN_VALUE,
    '0n': 0n,
    '16n': 16n,
    '2n ** 64n': 2n ** 64n,
    '2n ** 5000n': 2n ** 5000n,
    'an empty string': '',
    "'16'": '16',
    "'grow'": 'grow',
    "'constructor'": 'constructor',
    "'__proto__'": '__proto__',
    'a string with NULs': 'gr\0ow',
    'a string of lone surrogates': '\ud800\udc00\ud800'.repeat(100),
    'a long string': 'grow'.repeat(10_000),
    'a string that ends in a character of 4 bytes': `${'x'.repeat(45)}😀😀`,
    'a string of formats': '%s%n%d%100000d',
    'a symbol': Symbol('s'),
    'a symbol that is registered': Symbol.for('s'),
    'a symbol that is well-known': Symbol.iterator,
    'an object': {},
    'an object without a prototype': Object.create(null),
    'an object that is frozen': Object.freeze({}),
    'an array': [],
    'an array of 16': [16],
    "an array of 'grow'": ['grow'],
    'a number object': Object(16),
    'a string object': Object('grow'),
    'a BigInt object': Object(16n),
    'a symbol object': Object(Symbol('s')),
    'a Date': new Date(16),
    'a RegExp': /grow/,
    'an error': new Error('grow'),
    'a Map': new Map(),
    'a promise': Promise.resolve(16),
    'a thenable': { then: trap },
    'an object whose valueOf throws': { valueOf: trap, toString: trap, [Symbol.toPrimitive]: trap },
    'an object whose valueOf is 16': { valueOf: () => 16, toString: () => 'grow' },
    'an object whose valueOf allocates': {
        valueOf: () => api.alloc(1e6, api),
        toString: () => (api.alloc(1e6, api), 'grow'),
    },
    'an object whose toPrimitive trims': { [Symbol.toPrimitive]: () => (api.trim(), 'grow') },
    'an object with getters that throw': Object.defineProperties(
        {},
        Object.fromEntries(['memory', 'maximum', 'length', 'then', 'constructor'].map((name) => [name, { get: trap }])),
    ),
    'a proxy': new Proxy({}, {}),
    'a proxy whose traps throw': new Proxy({}, raisingTraps),
    'a proxy of a function': new Proxy(noop, {}),
    'a proxy of a function, revoked': revoked(noop),
    'a proxy that is revoked': revoked({}),
    'a function': noop,
    'an async function': async () => {},
    *'a generator function'() {},
    'a class': class {},
    'a bound function': noop.bind(null),
    'a function from another context': vm.runInNewContext('() => {}'),
    'an object from another context': vm.runInNewContext('({})'),
    'arguments': (function () {
        return arguments;
    })(16, {}),
    globalThis,
    'an ArrayBuffer': new ArrayBuffer(PAGE),
    'an ArrayBuffer that is detached': detached(),
    'a SharedArrayBuffer': new SharedArrayBuffer(PAGE),
    'a typed array': new Uint8Array(PAGE),
    'a DataView': new DataView(new ArrayBuffer(16)),
    'a WebAssembly.Memory': new WebAssembly.Memory({ initial: 1 }),
    'a WebAssembly.Memory that is shared': new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
    'an object that inherits from WebAssembly.Memory': Object.create(WebAssembly.Memory.prototype),
    'a WebAssembly.Memory behind a proxy': new Proxy(new WebAssembly.Memory({ initial: 1 }), {}),
    'WebAssembly.Memory itself': WebAssembly.Memory,
    'an object like a memory': { buffer: new ArrayBuffer(PAGE), grow: () => 0 },
    'its own functions': api,
});
