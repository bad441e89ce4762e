'use strict';

// Passes generated wrong arguments, as in hostile.test.js, to the functions beyond the documented ones.

const assert = require('node:assert/strict');
const { Allocator } = require('@anireact/lewd');
const { assertSound, assertThrows, fresh } = require('./helpers/allocator.js');
const { allFigures, extended } = require('./helpers/extended.js');
const { PAGE } = require('./helpers/model.js');
const { valuesFor } = require('./helpers/values.js');

const NAMES = Object.keys(valuesFor({}));
const MAXIMUM = 20;

const RANGE = [RangeError, 'ERR_LEWD_OUT_OF_RANGE'];
const TYPE = [TypeError, 'ERR_LEWD_INVALID_ARG_TYPE'];
const VALUE = [TypeError, 'ERR_LEWD_INVALID_ARG_VALUE'];
const MEMORY = [RangeError, 'ERR_LEWD_OUT_OF_MEMORY'];
const POINTER = [RangeError, 'ERR_LEWD_INVALID_POINTER'];

const SYMBOLS = (() => {
    try {
        return new WeakSet().add(Symbol('s')) instanceof WeakSet;
    } catch {
        return false;
    }
})();

// Expectations, written independently of the tested code. An expectation is undefined, 0 for a null pointer, or [class,
// code, name].

const isI32 = (value) => Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 32;

const size = (value) => {
    if (typeof value !== 'number') return [...TYPE, 'size'];
    return isI32(value) && value !== 0 ? undefined : [...RANGE, 'size'];
};

const fits = (value) => value >>> 0 <= MAXIMUM * PAGE - 4096;

const expect = {
    blockSize: (value) => size(value) ?? (fits(value) ? undefined : MEMORY),
    cSize(value) {
        if (value === 0) return undefined;
        return size(value) ?? (fits(value) ? undefined : 0);
    },
    reserveSize: (value) => size(value) ?? (value >>> 0 <= PAGE / 2 ? undefined : [...RANGE, 'address']),
    address(value) {
        if (typeof value !== 'number') return [...TYPE, 'address'];
        return isI32(value) && value >>> 0 >= 512 && value >>> 0 <= PAGE - 16 ? undefined : [...RANGE, 'address'];
    },
    alignment(value) {
        if (value === undefined) return undefined;
        if (typeof value !== 'number') return [...TYPE, 'alignment'];
        return Number.isInteger(Math.log2(value)) && value >= 1 && value <= PAGE ? undefined : [...RANGE, 'alignment'];
    },
    cAlignment(value) {
        if (typeof value !== 'number') return [...TYPE, 'alignment'];
        return expect.alignment(value) === undefined ? undefined : 0;
    },
    pages(value) {
        if (typeof value !== 'number') return [...TYPE, 'pages'];
        if (!Number.isInteger(value) || value < 0 || value > 65_536) return [...RANGE, 'pages'];
        return value < MAXIMUM ? undefined : MEMORY;
    },
    // No value of the table is the address of an allocation: those are at 512 and above.
    pointer: (value) => (typeof value === 'number' ? [...POINTER, 'pointer'] : [...TYPE, 'pointer']),
    cPointer: (value) => (value === 0 ? undefined : expect.pointer(value)),
    token(value) {
        if ((typeof value === 'object' && value !== null) || typeof value === 'function') return undefined;
        if (typeof value !== 'symbol') return [...TYPE, 'token'];
        return SYMBOLS && Symbol.keyFor(value) === undefined ? undefined : [...VALUE, 'token'];
    },
};

/** Every argument of every function that has one, with right values for the others. */
const POSITIONS = [
    ['c.malloc(*)', 'cSize', ({ c }, value) => c.malloc(value)],
    ['c.calloc(*, 1)', 'cSize', ({ c }, value) => c.calloc(value, 1)],
    ['c.calloc(1, *)', 'cSize', ({ c }, value) => c.calloc(1, value)],
    ['c.realloc(0, *)', 'cSize', ({ c }, value) => c.realloc(0, value)],
    ['c.realloc(pointer, *)', 'cSize', ({ c }, value, pointer) => c.realloc(pointer, value)],
    ['c.realloc(*, 16)', 'cPointer', ({ c }, value) => c.realloc(value, 16)],
    ['c.aligned_alloc(*, 16)', 'cAlignment', ({ c }, value) => c.aligned_alloc(value, 16)],
    ['c.aligned_alloc(16, *)', 'cSize', ({ c }, value) => c.aligned_alloc(16, value)],
    ['c.free(*)', 'cPointer', ({ c }, value) => c.free(value)],
    ['c.malloc_usable_size(*)', 'cPointer', ({ c }, value) => c.malloc_usable_size(value)],
    ['weaken(*, token)', 'pointer', (api, value) => api.weaken(value, api)],
    ['weaken(pointer, *)', 'token', (api, value, pointer) => api.weaken(pointer, value)],
    ['strengthen(*)', 'pointer', (api, value) => api.strengthen(value)],
    ['reserve(*, 16)', 'address', (api, value) => api.reserve(value, 16)],
    ['reserve(16384, *)', 'reserveSize', (api, value) => api.reserve(16_384, value)],
    ['grow(*)', 'pages', (api, value) => api.grow(value)],
    ['block(*)', 'blockSize', (api, value) => api.block(value).u8],
    ['block(16, *)', 'alignment', (api, value) => api.block(16, value).data],
    ['alloc(16, undefined, *)', 'alignment', (api, value) => api.alloc(16, undefined, value)],
    ['alloc(16, token, *)', 'alignment', (api, value) => api.alloc(16, api, value)],
];

const SETTINGS = {
    initial: (value) => value === undefined || (Number.isInteger(value) && value >= 1 && value <= MAXIMUM),
    maximum: (value) => value === undefined || (Number.isInteger(value) && value >= 1 && value <= 65_536),
    growth: (value) => value === undefined || (Number.isInteger(value) && value >= 1 && value <= 65_536),
    base: (value) => Number.isInteger(value) && value >= 0 && value <= 2 ** 32 - 16,
    limit: (value) => Number.isInteger(value) && value >= 16 && value <= 2 ** 32,
    fixed: (value) => value === undefined || typeof value === 'boolean',
};

let cases = 0;

const named = (where, name, test) => {
    cases++;
    try {
        test();
    } catch (error) {
        error.message = `${where} with ${name}: ${error.message}`;
        throw error;
    }
};

describe('hostile input beyond the documented functions', () => {
    for (const [where, kind, call] of POSITIONS) {
        it(`causes an error with a code, or the right result: ${where}, ${NAMES.length} values`, () => {
            const values = valuesFor(extended().api);
            for (const name of NAMES) {
                const allocator = extended({ base: 512, maximum: MAXIMUM });
                const { api } = allocator;
                const pointer = api.c.malloc(64);
                const wall = api.c.malloc(64);
                const value = values[name];
                const expected = expect[kind](value);
                const before = allFigures(api);
                const { buffer } = api;
                named(where, name, () => {
                    if (expected === undefined) call(api, value, pointer);
                    else if (expected === 0) assert.equal(call(api, value, pointer), 0);
                    else {
                        const [type, code, argument] = expected;
                        const message =
                            argument === undefined
                                ? /out of memory|can't grow|did not grow/
                                : `^${argument} must .+; got .`;
                        assertThrows(() => call(api, value, pointer), type, code, new RegExp(message, 's'));
                    }
                    if (expected !== undefined) {
                        assert.deepEqual(allFigures(api), before);
                        assert.equal(api.buffer, buffer);
                    }
                    assertSound(allocator);
                    allFigures(api);
                });
                assert.equal(wall, 576);
            }
        });
    }

    for (const [setting, isRight] of Object.entries(SETTINGS)) {
        it(`causes an error with a code, or a right allocator: ${NAMES.length} values as ${setting}`, () => {
            const values = valuesFor(fresh(1, 100).api);
            for (const name of NAMES) {
                const value = values[name];
                const options = { [setting]: value, maximum: setting === 'maximum' ? value : MAXIMUM };
                named(`{ ${setting} }`, name, () => {
                    if (isRight(value)) {
                        assert.ok(new Allocator(options).total() >= 0);
                        return;
                    }
                    assert.throws(
                        () => new Allocator(options),
                        ({ code, message }) => {
                            assert.equal(
                                code,
                                `ERR_LEWD_${typeof value === 'number' && setting !== 'fixed' ? 'OUT_OF_RANGE' : 'INVALID_ARG_TYPE'}`,
                            );
                            // With a base so high that no block is left, the error names the limit below it.
                            assert.match(message, new RegExp(`^(${setting}|limit) must .+; got .`, 's'));
                            return true;
                        },
                    );
                });
            }
        });
    }

    it(`causes an error with a code, or a right allocator: new Allocator(*), ${NAMES.length} values`, () => {
        const values = valuesFor(fresh(1, 100).api);
        for (const name of NAMES) {
            const value = values[name];
            named('new Allocator', name, () => {
                let own;
                try {
                    own = new Allocator(value);
                } catch (error) {
                    const theirs = /a trap was called|revoked/.test(error.message);
                    assert.ok(theirs || /^ERR_LEWD_/.test(error.code), error.message);
                    return;
                }
                assert.equal(own.alloc(16, own), 0);
            });
        }
    });

    it('lets the error of a getter or a Global through, and leaves the memory unused', () => {
        const memory = new WebAssembly.Memory({ initial: 1 });
        for (const name of ['memory', 'initial', 'maximum', 'base', 'limit', 'fixed', 'growth']) {
            const options = Object.defineProperty({ memory }, name, {
                get() {
                    throw new Error('planted');
                },
            });
            assert.throws(() => new Allocator(options), /^Error: planted$/);
        }
        assertThrows(() => new Allocator({ memory, base: Object.create(WebAssembly.Global.prototype) }), ...TYPE);
        assert.equal(new Allocator({ memory }).total(), PAGE);
    });

    for (const name of ['reserved', 'dispose']) {
        it(`is ignored by ${name}(*), which takes no arguments`, () => {
            for (const value of Object.values(valuesFor(fresh().api))) {
                cases++;
                const own = new Allocator({ base: 16 });
                own.reserve(16, 16);
                assert.equal(own[name](value, value), name === 'reserved' ? 16 : undefined);
            }
        });
    }

    it('does no harm to the functions of c with too few arguments, any `this`, and as constructors', () => {
        const allocator = extended();
        const { c } = allocator.api;
        for (const value of Object.values(valuesFor(allocator.api))) {
            cases++;
            assert.equal(Reflect.apply(c.malloc_usable_size, value, [0]), 0);
        }
        for (const fn of Object.values(c)) {
            assertThrows(() => fn(), ...TYPE);
            assert.throws(() => Reflect.construct(fn, [16]), TypeError);
        }
        assertSound(allocator);
        assert.equal(allocator.api.used(), 0);
    });

    after(() => {
        assert.ok(cases >= 2000, `${cases} cases`);
        console.log(`    ${cases} cases`);
    });
});
