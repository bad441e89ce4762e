'use strict';

// Answers without a call into C: the address of scratch of a size, and the largest free span. JavaScript caches them
// until something changes, so everything is asked twice, after every kind of change.

const assert = require('node:assert/strict');
const { assertRefuses, assertSound, assertThrows, fresh } = require('./helpers/allocator.js');
const { collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { extended } = require('./helpers/extended.js');
const { BLOCK, Model, PAGE } = require('./helpers/model.js');
const { random, SEED } = require('./helpers/random.js');

const BASE = 16;

/** Sizes with equal remainders by any divisor; and sizes of one block. */
const SIZES = [1, 15, 16, 17, 24, 32, 48, 64, 83, 100, 128, 150, 217, 256, 512, 1000, 1024, 4096, 65_536, 65_600];

/** Asks for everything twice, in changing order, except for sizes that would grow the memory. */
function assertAnswers(api, spans, where) {
    const model = new Model();
    model.total = BASE + api.total();
    // The bytes below the base belong to no allocator.
    model.spans = [...spans, [0, BASE]]
        .map(([start, size]) => ({ start, size: Model.round(size) }))
        .sort((one, other) => one.start - other.start);
    for (const sizes of [SIZES, [...SIZES].reverse(), SIZES]) {
        for (const size of sizes) {
            const expected = model.fit(size);
            if (expected !== undefined) assert.equal(api.alloc(size), expected, `scratch of ${size} bytes, ${where}`);
        }
        assert.equal(api.largestFree(), model.figures.largestFree, where);
    }
}

describe('answers without a call into C', () => {
    it('are right after every allocation, free, resize, growth and migration', () => {
        const allocator = extended({ base: BASE });
        const { api } = allocator;
        const { c } = api;
        const below = random(SEED);
        const spans = new Map();
        const some = () => [...spans.keys()][below(spans.size)];
        const changes = [
            () => {
                const size = SIZES[below(SIZES.length)];
                spans.set(c.malloc(size), size);
            },
            () => {
                const start = some();
                c.free(start);
                spans.delete(start);
            },
            () => {
                const [start, size] = [some(), SIZES[below(SIZES.length)]];
                spans.delete(start);
                spans.set(c.realloc(start, size), size);
            },
            () => {
                const size = 1 + below(3 * PAGE);
                spans.set(c.aligned_alloc(256, size), size);
            },
            () => api.grow(1),
            () => api.trim(),
        ];
        for (let i = 0; i < 600; i++) {
            // As many frees as allocations, so that there are holes.
            const change = spans.size < 4 ? 0 : [0, 0, 0, 1, 1, 1, 1, 2, 3, 4, 5][below(11)];
            changes[change]();
            assertAnswers(api, spans, `SEED=${SEED}, step ${i}`);
        }
        assertSound(allocator);
    });

    it('are right after a token was collected', async () => {
        const allocator = fresh(4, 4);
        const { api } = allocator;
        const owners = [];
        await inFrameOfItsOwn(() => {
            for (const size of [64, 32, 64, 32]) api.alloc(size, (owners[owners.length] = {}));
        });
        assert.deepEqual([api.alloc(64), api.alloc(64), api.largestFree()], [192, 192, (4 * PAGE - 192) / BLOCK]);
        await inFrameOfItsOwn(() => owners.splice(0));
        await collectTo(api, 0);
        assert.deepEqual([api.alloc(64), api.alloc(64), api.largestFree()], [0, 0, (4 * PAGE) / BLOCK]);
        assertSound(allocator);
    });

    it('are right for any number of sizes, in any order of replacement in the cache', () => {
        const allocator = fresh(1, 1);
        const { api } = allocator;
        const token = {};
        for (let round = 0; round < 3; round++) {
            const at = api.alloc(16);
            for (let size = 1; size < 20_000; size += 7) assert.equal(api.alloc(size), at);
            for (let i = 0; i < 2000; i++) assert.equal(api.alloc(16 + 67 * (i % 3)), at);
            assert.equal(api.alloc(16, token), at);
        }
        assertSound(allocator);
    });

    it('are right after growth by others, and in a memory without pages', () => {
        const { api } = fresh(0);
        assert.equal(api.largestFree(), 0);
        api.memory.grow(1);
        assert.equal(api.largestFree(), PAGE / BLOCK);
        const token = {};
        assert.equal(api.alloc(PAGE - 16, token), 0);
        assert.deepEqual([api.alloc(16), api.alloc(16), api.largestFree()], [PAGE - 16, PAGE - 16, 1]);
        api.memory.grow(1);
        assert.deepEqual([api.alloc(16), api.alloc(16)], [PAGE - 16, PAGE - 16]);
        assert.equal(api.largestFree(), PAGE / BLOCK + 1);
        assert.ok(token);
    });

    it('refuse every negative size in a memory without pages, as the large size that it stands for', () => {
        const allocator = fresh(0, 100);
        for (let size = -1; size > -200; size--) {
            const ask = () => allocator.api.alloc(size);
            assertRefuses(allocator, ask, RangeError, 'ERR_LEWD_OUT_OF_MEMORY', new RegExp(`${size >>> 0} bytes`));
        }
        assert.equal(allocator.api.alloc(16), 0);
    });

    it('are i32 from 2 GiB up', () => {
        const { api } = fresh(65_536);
        const token = {};
        api.alloc(2 ** 31, token);
        for (let i = 0; i < 3; i++) assert.equal(api.alloc(64), -(2 ** 31));
        assert.ok(token);
    });

    it('are not given to values that only convert to a cached size', () => {
        const { api } = fresh(1, 100);
        const token = {};
        api.alloc(16, token);
        for (let i = 0; i < 3; i++) assert.equal(api.alloc(64), 16);
        const valueOf = () => assert.fail('valueOf() was called');
        for (const size of ['64', 64n, [64], { valueOf }, Symbol('64'), null, true, undefined])
            assertThrows(() => api.alloc(size), TypeError, 'ERR_LEWD_INVALID_ARG_TYPE', /^size must .+; got ./s);
        for (const size of [64.5, NaN, 0, -0, -0.5, 2 ** 32 + 64, Infinity, -(2 ** 53)])
            assertThrows(() => api.alloc(size), RangeError, 'ERR_LEWD_OUT_OF_RANGE', /^size must .+; got ./s);
        assert.equal(api.alloc(64, undefined, 4096), 4096);
        assert.equal(api.alloc(64, undefined, 1), 16);
        assertThrows(() => api.alloc(64, undefined, 3), RangeError, 'ERR_LEWD_OUT_OF_RANGE');
        assertThrows(() => api.alloc(64, null), TypeError, 'ERR_LEWD_INVALID_ARG_TYPE');
        // A size is an i32 or a u32: -64 means 4 GiB less 64 bytes.
        assertThrows(() => api.alloc(-64), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
        assert.equal(api.alloc(64), 16);
    });
});
