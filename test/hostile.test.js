'use strict';

// Wrong arguments, generated: every value for every argument of every function. An error with a code and a message that
// tells what was expected and what came, or the right answer; never a crash, never a changed heap.

const assert = require('node:assert/strict');
const { assertSound, assertThrows, fresh } = require('./helpers/allocator.js');
const { run } = require('./helpers/child.js');
const { figuresOf, PAGE } = require('./helpers/model.js');
const { valuesFor } = require('./helpers/values.js');

const TYPES = ['resize', 'grow', 'trim', 'oom'];
const noop = () => {};

const SYMBOLS = (() => {
    try {
        return new WeakSet().add(Symbol('s')) instanceof WeakSet;
    } catch {
        return false;
    }
})();

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
                        const message = argument === undefined ? / requested; of / : `^${argument} must .+; got .`;
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
        'configure({ memory: * })': (name) => !isMemory(name),
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
