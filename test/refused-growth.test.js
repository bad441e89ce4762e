'use strict';

// Everything that can be decided before the memory grows is decided before: an allocation that fails leaves its size
// unchanged. SEED in the environment repeats a run.

const assert = require('node:assert/strict');
const { assertSound } = require('./helpers/allocator.js');
const { extended } = require('./helpers/extended.js');
const { PAGE } = require('./helpers/model.js');
const { random, SEED } = require('./helpers/random.js');

const MAXIMUM = 100;
const ALL = MAXIMUM * PAGE;

/** Every way to allocate, by its name: (api, size, alignment, token) => whether there was room. */
const ways = {
    'alloc(size, token)': (api, size, alignment, token) => fits(() => api.alloc(size, token)),
    'alloc(size, token, alignment)': (api, size, alignment, token) => fits(() => api.alloc(size, token, alignment)),
    'alloc(size)': (api, size) => fits(() => api.alloc(size)),
    'block(size, alignment)': (api, size, alignment, token) => fits(() => token.push(api.block(size, alignment))),
    'c.malloc(size)': (api, size) => api.c.malloc(size) !== 0,
    'c.calloc(1, size)': (api, size) => api.c.calloc(1, size) !== 0,
    'c.aligned_alloc(alignment, size)': (api, size, alignment) => api.c.aligned_alloc(alignment, size) !== 0,
};

function fits(fn) {
    try {
        fn();
        return true;
    } catch (error) {
        assert.equal(error.code, 'ERR_LEWD_OUT_OF_MEMORY');
        return false;
    }
}

/** Calls `fn`; if it returns false, neither the memory, its size, its buffer nor a handler may show growth. */
function assertNoGrowth({ api }, fn) {
    let events = 0;
    const token = {};
    const { memory, buffer } = api;
    const size = api.total();
    api.on('resize', token, () => events++);
    const done = fn();
    api.off('resize', token);
    if (!done) {
        // Buffers are large: a failure must not print them.
        assert.ok(api.memory === memory, 'another memory');
        assert.ok(memory.buffer === buffer && api.buffer === buffer, `it grew from ${size} to ${api.total()} bytes`);
        assert.equal(events, 0);
    }
    return done;
}

describe('an allocation that must fail leaves the size of the memory unchanged', () => {
    it('in c.malloc(-1), which would need all 4 GiB, block 0 included', () => {
        for (const fn of [
            ({ c }) => c.malloc(-1),
            ({ c }) => c.calloc(1, -1),
            ({ c }) => c.aligned_alloc(16, 2 ** 32 - 1),
        ]) {
            const allocator = extended();
            assert.equal(
                assertNoGrowth(allocator, () => fn(allocator.api) !== 0),
                false,
            );
            assert.equal(allocator.api.total(), PAGE);
        }
    });

    for (const name of ['c.malloc(size)', 'c.calloc(1, size)', 'c.aligned_alloc(alignment, size)'])
        it(`in ${name} of all bytes up to the maximum, since C’s pointers are never 0`, () => {
            const allocator = extended({ maximum: MAXIMUM });
            assert.equal(
                assertNoGrowth(allocator, () => ways[name](allocator.api, ALL, 16)),
                false,
            );
            assert.equal(
                assertNoGrowth(allocator, () => ways[name](allocator.api, ALL - 15, 16)),
                false,
            );
            assert.equal(allocator.api.total(), PAGE);
            assert.equal(ways[name](allocator.api, ALL - 16, 16), true);
            assert.equal(allocator.api.total(), ALL);
            assertSound(allocator);
        });

    it('in c.aligned_alloc(65536, size) of all but a block: the first such address after 0 is 65536', () => {
        const allocator = extended({ maximum: MAXIMUM });
        const way = ways['c.aligned_alloc(alignment, size)'];
        assert.equal(
            assertNoGrowth(allocator, () => way(allocator.api, ALL - PAGE + 1, PAGE)),
            false,
        );
        assert.equal(allocator.api.total(), PAGE);
        assert.equal(way(allocator.api, ALL - PAGE, PAGE), true);
    });

    it('in c.realloc to more bytes than are left beside the old ones', () => {
        const allocator = extended({ maximum: MAXIMUM });
        const { c } = allocator.api;
        const pointer = c.malloc(PAGE);
        c.malloc(16);
        const left = ALL - PAGE - 32;
        assert.equal(
            assertNoGrowth(allocator, () => c.realloc(pointer, left + 1) !== 0),
            false,
        );
        assert.ok(c.realloc(pointer, left) !== 0);
        assertSound(allocator);
    });

    for (const name of Object.keys(ways).filter((way) => !way.startsWith('c.')))
        it(`in ${name} of a byte more than the maximum`, () => {
            const allocator = extended({ maximum: MAXIMUM });
            const tokens = [];
            assert.equal(
                assertNoGrowth(allocator, () => ways[name](allocator.api, ALL + 1, 16, tokens)),
                false,
            );
            assert.equal(ways[name](allocator.api, ALL, 16, tokens), true);
            assert.equal(allocator.api.total(), ALL);
        });

    it(`in any heap, by any function (SEED=${SEED})`, () => {
        const below = random(SEED);
        let failures = 0;
        for (let round = 0; round < 40; round++) {
            const maximum = 2 + below(8);
            const base = [0, 0, 0, 1000][below(4)];
            const limit = maximum * PAGE - (below(2) ? 0 : 16 * below(4096));
            const allocator = extended({ maximum, base, limit, growth: below(2) ? undefined : 1 + below(3) });
            // The whole room, or slightly less, in an empty heap; then one allocation beside others.
            const sizes = [limit - below(64), below(2 * PAGE) + 1, below(maximum * PAGE) + 1];
            const token = [];
            for (const size of sizes) {
                const way = Object.values(ways)[below(Object.keys(ways).length)];
                const alignment = 16 << below(13);
                if (!assertNoGrowth(allocator, () => way(allocator.api, size, alignment, token))) failures++;
            }
            assertSound(allocator);
            assert.ok(Array.isArray(token));
        }
        assert.ok(failures > 10, `only ${failures} calls failed`);
    });
});

describe('a growth that happened is kept and reported', () => {
    it('even if a handler takes the new room, and the allocation then fails', () => {
        const { api } = extended({ maximum: 4, growth: 1 });
        const taken = [];
        const sizes = [];
        api.on('grow', taken, ({ info }) => {
            sizes.push(info.newSize);
            taken.push(api.c.malloc(info.newSize - info.oldSize - 16));
        });
        api.c.malloc(PAGE - 16);
        assert.equal(
            fits(() => api.alloc(PAGE, taken)),
            false,
        );
        assert.deepEqual(sizes, [2 * PAGE, 3 * PAGE, 4 * PAGE]);
        assert.equal(api.total(), 4 * PAGE);
        assert.equal(api.buffer.byteLength, 4 * PAGE);
        assert.ok(taken.every((pointer) => pointer !== 0));
    });
});
