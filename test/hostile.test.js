'use strict';

// Wrong arguments, generated: every value for every argument of every function. An error with a code and a message that
// tells what was expected and what came, or the right answer; never a crash, never a changed heap.

const assert = require('node:assert/strict');
const vm = require('node:vm');
const { assertSound, assertThrows, fresh } = require('./helpers/allocator.js');
const { run } = require('./helpers/child.js');
const { figuresOf, PAGE } = require('./helpers/model.js');

const TYPES = ['resize', 'grow', 'trim'];
const noop = () => {};

const SYMBOLS = (() => {
    try {
        return new WeakSet().add(Symbol('s')) instanceof WeakSet;
    } catch {
        return false;
    }
})();

/** Is called where nobody may call. */
const trap = () => {
    throw new Error('somebody asked');
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

/** Values, by name. `api` is what the ones that call back call. */
const valuesFor = (api) => ({
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
    *'a generator function' () {},
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
    'a WebAssembly.Memory in name': Object.create(WebAssembly.Memory.prototype),
    'a WebAssembly.Memory behind a proxy': new Proxy(new WebAssembly.Memory({ initial: 1 }), {}),
    'WebAssembly.Memory itself': WebAssembly.Memory,
    'what looks like a memory': { buffer: new ArrayBuffer(PAGE), grow: () => 0 },
    'its own functions': api,
});

// What is right, said independently of the code that it is about. An expectation is undefined, or [class, code, name].

const RANGE = [RangeError, 'ERR_LEWD_OUT_OF_RANGE'];
const TYPE = [TypeError, 'ERR_LEWD_INVALID_ARG_TYPE'];
const VALUE = [TypeError, 'ERR_LEWD_INVALID_ARG_VALUE'];
const MEMORY = [RangeError, 'ERR_LEWD_OUT_OF_MEMORY'];

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

const expect = {
    size(value) {
        if (typeof value !== 'number') return [...TYPE, 'size'];
        const inRange = value >= -(2 ** 31) && value < 2 ** 32 && value !== 0;
        if (!Number.isInteger(value) || !inRange) return [...RANGE, 'size'];
        return value >>> 0 > 100 * PAGE ? MEMORY : undefined;
    },
    token(value) {
        if (isObject(value)) return undefined;
        if (typeof value !== 'symbol') return [...TYPE, 'token'];
        return SYMBOLS && Symbol.keyFor(value) === undefined ? undefined : [...VALUE, 'token'];
    },
    owner: (value) => (value === undefined ? undefined : expect.token(value)),
    type: (value) => (TYPES.includes(value) ? undefined : [...VALUE, 'type']),
    fn: (value) => (typeof value === 'function' ? undefined : [...TYPE, 'fn']),
    fnOrNone: (value) => (value === undefined ? undefined : expect.fn(value)),
    spawn: (value) => (typeof value === 'function' ? undefined : [...TYPE, 'spawn']),
    respawn: (value) => (typeof value === 'function' ? undefined : [...TYPE, 'respawn']),
};

/** Every argument of every function that has one, the others being right. */
const POSITIONS = [
    ['alloc(*)', 'size', (api, value) => api.alloc(value)],
    ['alloc(*, token)', 'size', (api, value) => api.alloc(value, api)],
    ['alloc(16, *)', 'owner', (api, value) => api.alloc(16, value)],
    ['alloc(2 pages, *)', 'owner', (api, value) => api.alloc(2 * PAGE, value)],
    ['on(*, token, fn)', 'type', (api, value) => api.on(value, api, noop)],
    ['off(*, token, fn)', 'type', (api, value) => api.off(value, api, noop)],
    ['off(*, token)', 'type', (api, value) => api.off(value, api)],
    ["on('grow', *, fn)", 'token', (api, value) => api.on('grow', value, noop)],
    ["off('trim', *, fn)", 'token', (api, value) => api.off('trim', value, noop)],
    ["off('resize', *)", 'token', (api, value) => api.off('resize', value)],
    ["on('resize', token, *)", 'fn', (api, value) => api.on('resize', api, value)],
    ["off('grow', token, *)", 'fnOrNone', (api, value) => api.off('grow', api, value)],
    ['bind(*, fn)', 'spawn', (api, value) => bindOnly(api, value, noop)],
    ['bind(fn, *)', 'respawn', (api, value) => api.bind(noop, value)],
];

/** A class can't be called, nor what is revoked: that throws what it throws. */
function bindOnly(api, spawn, respawn) {
    try {
        api.bind(spawn, respawn);
    } catch (error) {
        if (typeof spawn !== 'function' || error.code !== undefined) throw error;
    }
}

const ARGUMENTLESS = ['trim', 'total', 'used', 'usedRun', 'free', 'headFree', 'tailFree', 'largestFree'];

let cases = 0;

describe('hostile input', () => {
    for (const [where, kind, call] of POSITIONS) {
        it(`${where}: ${Object.keys(valuesFor({})).length} values`, () => {
            for (const name of Object.keys(valuesFor({}))) {
                cases++;
                const allocator = fresh(1, 100);
                const { api } = allocator;
                const value = valuesFor(api)[name];
                const expected = expect[kind](value);
                const before = { ...figuresOf(api) };
                const { memory, buffer } = api;
                try {
                    if (expected === undefined) {
                        call(api, value);
                    } else {
                        const [type, code, argument] = expected;
                        const message = argument === undefined ? / requested; of / : `^${argument}: expected .+, got .`;
                        assertThrows(() => call(api, value), type, code, new RegExp(message, 's'));
                        assert.deepEqual(figuresOf(api), before);
                        assert.equal(api.memory, memory);
                        assert.equal(api.buffer, buffer);
                    }
                    assertSound(allocator);
                    assert.equal(api.buffer, api.memory.buffer);
                } catch (error) {
                    error.message = `${where} with ${name}: ${error.message}`;
                    throw error;
                }
            }
        });
    }

    const settings = {
        'configure(*)': (api, value) => api.configure(value),
        'configure({ memory: * })': (api, memory) => api.configure({ memory }),
        'configure({ maximum: * })': (api, maximum) => api.configure({ maximum }),
        'configure({ memory, maximum: * })': (api, maximum) =>
            api.configure({ memory: new WebAssembly.Memory({ initial: 2 }), maximum }),
    };
    const isMemory = (name) => name === 'a WebAssembly.Memory';
    const isPages = (value, least) =>
        value === undefined || (Number.isInteger(value) && value >= least && value <= 65_536);
    const configurable = {
        // A proxy whose traps throw, and such getters, throw what they throw.
        'configure(*)': (name, value) => !isObject(value) || name === 'a proxy that is revoked',
        'configure({ memory: * })': (name, value) => !isMemory(name) && value !== undefined,
        'configure({ maximum: * })': (name, value) => !isPages(value, 1),
        'configure({ memory, maximum: * })': (name, value) => !isPages(value, 2),
    };
    for (const [where, call] of Object.entries(settings)) {
        it(`${where}: ${Object.keys(valuesFor({})).length} values`, () => {
            for (const name of Object.keys(valuesFor({}))) {
                cases++;
                const allocator = fresh();
                const { api } = allocator;
                const other = fresh(1, 100);
                const value = valuesFor(other.api)[name];
                let error;
                try {
                    call(api, value);
                } catch (thrown) {
                    error = thrown;
                }
                const what = `${where} with ${name}: ${error?.message}`;
                const theirs = error?.message === 'somebody asked' || /revoked/.test(error?.message);
                if (where === 'configure(*)' && theirs) assert.ok(isObject(value), what);
                else if (configurable[where](name, value)) assert.match(error?.code ?? '', /^ERR_LEWD_/, what);
                else if (where !== 'configure(*)') assert.equal(error, undefined, what);
                else assert.ok(error === undefined || /^ERR_LEWD_/.test(error.code), what);
                assertSound(allocator);
                assert.equal(api.alloc(16, other), 0);
                assertSound(allocator);
            }
        });
    }

    for (const name of ARGUMENTLESS) {
        it(`${name}(*), with any this, answers as ever`, () => {
            const allocator = fresh(2, 100);
            const { api } = allocator;
            const token = {};
            api.alloc(1000, token);
            const right = api[name]();
            for (const value of Object.values(valuesFor(api))) {
                cases++;
                assert.equal(api[name](value, value), right);
                assert.equal(Reflect.apply(api[name], value, [value]), right);
            }
            assertSound(allocator);
            assert.ok(token);
        });
    }

    for (const name of ['memory', 'buffer', 'alloc', 'used']) {
        it(`assigning to ${name} spoils nothing`, () => {
            const allocator = fresh();
            const { api } = allocator;
            const token = {};
            for (const value of Object.values(valuesFor(api))) {
                cases++;
                try {
                    api[name] = value;
                } catch (error) {
                    assert.ok(error instanceof TypeError);
                }
            }
            fresh().api.alloc(16, token);
            assertSound(allocator);
        });
    }

    after(() => {
        assert.ok(cases >= 1000, `${cases} cases`);
        console.log(`    ${cases} cases`);
    });
});

describe('a memory whose grow or buffer was replaced', () => {
    const answers = [
        'throws',
        'answers undefined',
        'answers -1',
        'answers 0 and does nothing',
        'answers NaN',
        'answers a BigInt',
        'answers an object that throws',
        'is no function',
    ];
    for (const what of answers) {
        for (const whose of ['one memory', 'all memories']) {
            it(`grow of ${whose} ${what}: an error with a code, or the right answer`, async () => {
                const { code, signal, stdout, stderr } = await run('test/fixtures/replaced.cjs', what, whose);
                assert.deepEqual([code, signal, stdout], [0, null, 'done\n'], stderr);
            });
        }
    }

    for (const what of [
        'a smaller one',
        'a larger one',
        'an empty one',
        'of an odd size',
        'a shared one',
        'undefined',
        'a number',
        'what looks like a buffer',
        'what looks like a buffer of a strange size',
        'a typed array',
        'an exception',
    ]) {
        it(`buffer is ${what}: no crash, and the heap stays sound`, async () => {
            const { code, signal, stdout, stderr } = await run('test/fixtures/replaced-buffer.cjs', what);
            assert.deepEqual([code, signal, stdout], [0, null, 'done\n'], stderr);
        });
    }
});

describe('polluted prototypes', () => {
    for (const when of ['before', 'after']) {
        for (const how of ['values', 'accessors', 'methods']) {
            it(`${how}, ${when} the allocator is made: never a crash, and never a wrong answer`, async () => {
                const args = ['--expose-gc', 'test/fixtures/polluted.cjs', when, how];
                const { code, signal, stdout, stderr } = await run(...args);
                assert.deepEqual([code, signal, stdout], [0, null, 'done\n'], stderr);
            });
        }
    }
});
