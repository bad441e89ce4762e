'use strict';

// Passes generated wrong arguments: every value for every argument of every function. Each causes an error with a code
// and a message that names the rule and the value, or the right result; never a crash, never a changed heap.

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

// Expectations, written independently of the tested code. An expectation is undefined, or [class, code, name].

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

/** Every argument of every function that has one, with right values for the others. */
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

/** A class can't be called, nor can a revoked proxy: their own error is thrown. */
function bindOnly(api, spawn, respawn) {
    try {
        api.bind(spawn, respawn);
    } catch (error) {
        if (typeof spawn !== 'function' || error.code !== undefined) throw error;
    }
}

const ARGUMENTLESS = ['trim', 'total', 'used', 'usedRun', 'free', 'headFree', 'tailFree', 'largestFree'];

let cases = 0;

/** How many values there are. */
const COUNT = Object.keys(valuesFor({})).length;

describe('hostile input', () => {
    for (const [where, kind, call] of POSITIONS) {
        it(`causes an error with a code, or the right result: ${where}, ${COUNT} values`, () => {
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
        // A proxy whose traps throw, and throwing getters: their own errors are thrown.
        'configure(*)': (name, value) => !isObject(value) || name === 'a proxy that is revoked',
        'configure({ memory: * })': (name) => !isMemory(name),
        'configure({ maximum: * })': (name, value) => !isPages(value, 1),
        'configure({ memory, maximum: * })': (name, value) => !isPages(value, 2),
    };
    for (const [where, call] of Object.entries(settings)) {
        it(`causes an error with a code, or the right result: ${where}, ${COUNT} values`, () => {
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
                const theirs = error?.message === 'a trap was called' || /revoked/.test(error?.message);
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
        it(`does not change the result of ${name}(*), with any this`, () => {
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
        it(`does no harm when it is assigned to ${name}`, () => {
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
        'returns undefined',
        'returns -1',
        'returns 0 and does nothing',
        'returns NaN',
        'returns a BigInt',
        'returns an object that throws',
        'is no function',
    ];
    for (const what of answers) {
        for (const whose of ['one memory', 'all memories']) {
            it(`causes an error with a code, or the right result, if grow of ${whose} ${what}`, async () => {
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
        'an object like a buffer',
        'an object like a buffer, with a size of NaN',
        'a typed array',
        'an exception',
    ]) {
        it(`causes no crash and keeps the heap sound if buffer is ${what}`, async () => {
            const { code, signal, stdout, stderr } = await run('test/fixtures/replaced-buffer.cjs', what);
            assert.deepEqual([code, signal, stdout], [0, null, 'done\n'], stderr);
        });
    }
});

describe('polluted prototypes', () => {
    for (const when of ['before', 'after']) {
        for (const how of ['values', 'accessors', 'methods']) {
            it(`cause neither a crash nor a wrong result: ${how}, ${when} the allocator is made`, async () => {
                const args = ['--expose-gc', 'test/fixtures/polluted.cjs', when, how];
                const { code, signal, stdout, stderr } = await run(...args);
                assert.deepEqual([code, signal, stdout], [0, null, 'done\n'], stderr);
            });
        }
    }
});
