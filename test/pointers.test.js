'use strict';

// Addresses that are no pointers: every kind of them, for every function that takes one. Each causes an error with its
// code, which names the address, and changes nothing.

const assert = require('node:assert/strict');
const { assertSound, assertThrows } = require('./helpers/allocator.js');
const { collect, inFrameOfItsOwn } = require('./helpers/collect.js');
const { assertUnchanged, extended, paint } = require('./helpers/extended.js');
const { PAGE } = require('./helpers/model.js');

const INVALID = [RangeError, 'ERR_LEWD_INVALID_POINTER'];
const TYPE = [TypeError, 'ERR_LEWD_INVALID_ARG_TYPE'];

/** Every function that takes a pointer. */
const FUNCTIONS = {
    'free': (api, pointer) => api.c.free(pointer),
    'realloc, smaller': (api, pointer) => api.c.realloc(pointer, 8),
    'realloc, larger': (api, pointer) => api.c.realloc(pointer, 5000),
    'realloc, too large': (api, pointer) => api.c.realloc(pointer, 2 ** 31),
    'malloc_usable_size': (api, pointer) => api.c.malloc_usable_size(pointer),
    'weaken': (api, pointer) => api.weaken(pointer, api),
    'strengthen': (api, pointer) => api.strengthen(pointer),
};

/** C's functions accept 0. */
const takesNull = (name) => name !== 'weaken' && name !== 'strengthen';

/** Makes an allocator with allocations of all kinds, between 1 KiB and 48 KiB of two pages. */
const populated = (options) => {
    const allocator = extended({ initial: 2, maximum: 2, base: 1024, limit: PAGE + 1024, ...options });
    const { api } = allocator;
    const tokens = [{}, {}];
    const at = {
        strong: api.c.malloc(100),
        weak: api.alloc(200, tokens[0]),
        freed: api.c.malloc(64),
        wall: api.c.malloc(16),
        large: api.c.malloc(PAGE / 2),
        block: api.block(256, 256),
        tokens,
    };
    api.c.free(at.freed);
    api.reserve(48 * 1024, 512);
    paint(api.buffer, 0, 2 * PAGE, 1);
    return { allocator, api, at };
};

/** Kinds of addresses at which no allocation begins. */
const KINDS = {
    'inside a strong allocation': (at) => at.strong + 16,
    'inside a weak one, its last block': (at) => at.weak + 192,
    'inside one of many blocks': (at) => at.large + PAGE / 4,
    'inside a block': (at) => at.block.address + 32,
    'unaligned, by one': (at) => at.strong + 1,
    'unaligned, by eight': (at) => at.weak + 8,
    'unaligned, before': (at) => at.strong - 1,
    'freed': (at) => at.freed,
    'freed, and unaligned': (at) => at.freed + 4,
    'reserved, the first byte': () => 48 * 1024,
    'reserved, inside': () => 48 * 1024 + 256,
    'a scratch': (at, api) => api.alloc(32),
    'an aligned scratch': (at, api) => api.alloc(32, undefined, 4096),
    'free, never handed out': () => 60_000 - (60_000 % 16),
    'below the base': () => 512,
    'just below the base': () => 1008,
    'at the limit': () => PAGE + 1024,
    'above the limit, in the memory': () => PAGE + 2048,
    'the end of the memory': () => 2 * PAGE,
    'beyond the memory': () => 64 * PAGE,
    '2 GiB, negative': () => -(2 ** 31),
    '2 GiB': () => 2 ** 31,
    'the last block of all, negative': () => -16,
    'the last block of all': () => 2 ** 32 - 16,
    '-1': () => -1,
    '4 GiB': () => 2 ** 32,
    '4 GiB and a pointer': (at) => 2 ** 32 + at.strong,
    'below the range of an i32': (at) => at.strong - 2 ** 32,
    'a fraction': (at) => at.strong + 0.5,
    'the smallest positive number': () => Number.MIN_VALUE,
    'the largest number': () => Number.MAX_VALUE,
    'NaN': () => NaN,
    'Infinity': () => Infinity,
    '-Infinity': () => -Infinity,
};

/** Values that are no numbers. */
const OTHERS = {
    'undefined': () => undefined,
    'null': () => null,
    'false': () => false,
    'true': () => true,
    'a string of a pointer': (at) => String(at.strong),
    'an empty string': () => '',
    'a BigInt of a pointer': (at) => BigInt(at.strong),
    '0n': () => 0n,
    'a symbol': () => Symbol('s'),
    'an object': () => ({}),
    'an object whose valueOf is a pointer': (at) => ({ valueOf: () => at.strong }),
    'an object whose valueOf frees': (at, api) => ({ valueOf: () => (api.c.free(at.strong), at.strong) }),
    'a number object': (at) => Object(at.strong),
    'an array of a pointer': (at) => [at.strong],
    'a block': (at) => at.block,
    'a function': () => () => {},
};

describe('an invalid pointer causes an error and changes nothing', () => {
    for (const [name, call] of Object.entries(FUNCTIONS)) {
        it(`in ${name}: ${Object.keys(KINDS).length} kinds of addresses`, () => {
            const { allocator, api, at } = populated();
            for (const [kind, make] of Object.entries(KINDS)) {
                const pointer = make(at, api);
                const named = new RegExp(
                    `^pointer must be the address of a live allocation; got ${String(pointer).replace('+', '\\+')}$`,
                );
                try {
                    assertUnchanged(allocator, () => call(api, pointer), ...INVALID, named);
                } catch (error) {
                    error.message = `${kind}: ${error.message}`;
                    throw error;
                }
            }
        });

        it(`in ${name}: ${Object.keys(OTHERS).length} values that are no numbers`, () => {
            const { allocator, api, at } = populated();
            for (const [kind, make] of Object.entries(OTHERS)) {
                const value = make(at, api);
                try {
                    assertUnchanged(allocator, () => call(api, value), ...TYPE, /^pointer must be a number; got /);
                } catch (error) {
                    error.message = `${kind}: ${error.message}`;
                    throw error;
                }
            }
        });

        it(`in ${name}: 0, if block 0 is free, reserved, or below the base`, () => {
            const [empty, reserved, above] = [extended(), extended(), extended({ base: 16 })];
            reserved.api.c.malloc(16);
            above.api.c.malloc(16);
            for (const allocator of [empty, reserved, above]) {
                for (const zero of [0, -0]) {
                    if (!takesNull(name))
                        assertUnchanged(allocator, () => call(allocator.api, zero), ...INVALID, /got 0$/);
                    else if (name === 'free' || name === 'malloc_usable_size') {
                        assert.equal(call(allocator.api, zero) ?? 0, 0);
                        assertSound(allocator);
                    }
                }
            }
        });

        it(`in ${name}: a pointer of another allocator, over another memory or the same one`, () => {
            const { allocator, api, at } = populated({ limit: PAGE });
            const other = extended({ memory: api.memory, base: PAGE, limit: PAGE + 4096 });
            const foreign = extended({ initial: 2, base: 50 * 1024 });
            const theirs = [other.api.c.malloc(16), other.api.alloc(64, at), foreign.api.c.malloc(64)];
            for (const pointer of theirs) {
                assertUnchanged(allocator, () => call(api, pointer), ...INVALID, new RegExp(`got ${pointer}$`));
            }
            for (const pointer of [at.strong, at.weak, at.block.address]) {
                assertUnchanged(other, () => call(other.api, pointer), ...INVALID);
                assertUnchanged(foreign, () => call(foreign.api, pointer), ...INVALID);
            }
        });

        it(`in ${name}: a pointer that was freed, also after a realloc, a dispose, and a trim`, () => {
            const { allocator, api, at } = populated();
            const { strong, wall, block } = at;
            const { address } = block;
            api.c.free(strong);
            const moved = api.c.realloc(wall, 300);
            assert.notEqual(moved, wall);
            block.dispose();
            for (const pointer of [strong, wall, address]) {
                assertUnchanged(allocator, () => call(api, pointer), ...INVALID, new RegExp(`got ${pointer}$`));
            }
            const late = extended({ initial: 1 });
            const high = late.api.c.realloc(late.api.c.malloc(16), 3 * PAGE);
            const kept = late.api.c.malloc(32);
            late.api.c.free(high);
            assert.equal(late.api.c.realloc(kept, 0), kept);
            late.api.c.free(kept);
            late.api.trim();
            for (const pointer of [high, kept]) assertUnchanged(late, () => call(late.api, pointer), ...INVALID);
        });

        it(`in ${name}: a pointer whose token was collected, before any sweep`, async () => {
            const { allocator, api, at } = populated();
            const pointers = [];
            await inFrameOfItsOwn(() => {
                for (let i = 0; i < 3; i++) pointers.push(api.alloc(32, {}));
                pointers.push(api.block(64).address);
            });
            const ref = new WeakRef({});
            await collect(() => ref.deref() === undefined, 'an object was not collected');
            global.gc();
            for (const pointer of pointers) {
                assertThrows(() => call(api, pointer), ...INVALID, new RegExp(`got ${pointer}$`));
                assertSound(allocator);
                assertUnchanged(allocator, () => call(api, pointer), ...INVALID);
            }
            assert.ok(at);
        });
    }

    it('except if its token was dropped in the same job: free() frees it, once', () => {
        const { allocator, api, at } = populated();
        const used = api.used();
        const pointer = (() => api.alloc(1000, {}))();
        for (let i = 0; i < 5; i++) global.gc();
        assertThrows(() => api.c.free(pointer), ...INVALID);
        assert.equal(api.used(), used);
        assertSound(allocator);
        assert.ok(at);
    });

    it('while valid pointers stay valid', () => {
        const { allocator, api, at } = populated();
        const pointers = [at.strong, at.weak, at.wall, at.large, at.block.address];
        for (const call of Object.values(FUNCTIONS).slice(4)) for (const pointer of pointers) call(api, pointer);
        for (const pointer of pointers) {
            assert.equal(api.c.realloc(pointer, 8), pointer);
            api.c.free(pointer);
            assertUnchanged(allocator, () => api.c.free(pointer), ...INVALID);
        }
        assert.equal(api.used(), 0);
    });

    it('while pointers from 2 GiB up may be passed as negative or as unsigned numbers', () => {
        const allocator = extended({ base: 2 ** 31, maximum: 32_769 });
        const { api } = allocator;
        const pointer = api.c.malloc(64);
        assert.equal(pointer, -(2 ** 31));
        assert.equal(api.c.malloc_usable_size(pointer), 64);
        assert.equal(api.c.malloc_usable_size(pointer >>> 0), 64);
        assert.equal(api.c.realloc(pointer >>> 0, 100), pointer);
        assert.equal(api.c.realloc(pointer, 5000), pointer);
        const wall = api.c.malloc(16);
        const block = api.block(32);
        block.u8.fill(7);
        assert.equal(block.u8.byteOffset, block.address >>> 0);
        const zero = api.c.calloc(10, 10);
        const bytes = Buffer.from(api.buffer, zero >>> 0, 100);
        assert.equal(bytes.compare(Buffer.alloc(100)), 0);
        bytes.fill(9);
        api.c.malloc(16);
        const moved = api.c.realloc(zero, 1000);
        assert.notEqual(moved, zero);
        assert.equal(Buffer.from(api.buffer, moved >>> 0, 100).compare(Buffer.alloc(100, 9)), 0);
        api.c.free(moved >>> 0);
        api.c.free(wall);
        assertThrows(() => api.c.free(moved), ...INVALID, new RegExp(`got ${moved}$`));
        assertSound(allocator);
    });
});
