'use strict';

// alloc() in both its forms, against helpers/model.js.

const assert = require('node:assert/strict');
const { assertRefuses, assertSound, fresh, layOut } = require('./helpers/allocator.js');
const { collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { figuresOf, Model, PAGE } = require('./helpers/model.js');
const { random, SEED } = require('./helpers/random.js');
const { run } = require('./helpers/child.js');

const GIB = 2 ** 30;

describe('alloc(size, token)', () => {
    describe('best fit', () => {
        it('takes the smallest free span that fits, even if a larger one is lower', async () => {
            const allocator = fresh();
            const owners = await layOut(allocator, [-64, 16, -48, 16, -32, 16, -96, 16]);
            for (const [size, address] of [
                [17, 144], // the gap of 32
                [33, 80], // of 48
                [49, 0], // of 64
                [65, 192], // of 96
            ]) {
                assert.equal(allocator.api.alloc(size, owners), address, `${size} bytes`);
                assertSound(allocator);
            }
        });

        it('takes the lowest address among equals', async () => {
            const allocator = fresh();
            const owners = await layOut(allocator, [16, -32, 16, -32, 16, -32, 16]);
            assert.deepEqual(
                [1, 2, 3].map(() => allocator.api.alloc(32, owners)),
                [16, 64, 112],
            );
            assertSound(allocator);
        });

        it('takes the low end of a span, whose rest is the next gap', async () => {
            const allocator = fresh();
            const owners = await layOut(allocator, [16, -64, 16]);
            assert.equal(allocator.api.alloc(16, owners), 16);
            assert.equal(allocator.api.alloc(16, owners), 32);
            assert.equal(allocator.api.alloc(32, owners), 48);
            assert.equal(allocator.api.alloc(16, owners), 96);
        });

        it('prefers an exact fit', async () => {
            const allocator = fresh();
            const owners = await layOut(allocator, [-80, 16, -64, 16]);
            assert.equal(allocator.api.alloc(64, owners), 96);
        });

        it('merges freed neighbours', async () => {
            for (const order of [
                [0, 1, 2],
                [0, 2, 1],
                [1, 0, 2],
                [1, 2, 0],
                [2, 0, 1],
                [2, 1, 0],
            ]) {
                const allocator = fresh();
                const { api } = allocator;
                const owners = [{}, {}, {}, {}];
                owners.forEach((owner) => api.alloc(48, owner));
                for (const [count, i] of order.entries()) {
                    await inFrameOfItsOwn(() => delete owners[i]);
                    await collectTo(api, 48 * (3 - count));
                    assertSound(allocator);
                }
                assert.equal(api.alloc(144, owners), 0, `freed in the order ${order}`);
            }
        });

        it(`returns the addresses of the model for any sizes in any order (SEED=${SEED})`, async () => {
            const below = random(SEED);
            const sizes = Array.from({ length: 400 }, () => (1 + below(500)) * (below(2) === 0 ? 1 : -1));
            const allocator = fresh();
            const model = new Model();
            const owners = await layOut(allocator, sizes);
            const spans = sizes.map((size) => {
                while (model.fit(Math.abs(size)) === undefined) model.total = model.grown(Math.abs(size));
                return model.alloc(Math.abs(size));
            });
            sizes.forEach((size, i) => size < 0 && model.free(spans[i]));
            for (let i = 0; i < 500; i++) {
                assert.deepEqual(figuresOf(allocator.api), model.figures);
                const size = 1 + below(below(4) === 0 ? 5000 : 300);
                while (model.fit(size) === undefined) model.total = model.grown(size);
                const scratch = allocator.api.alloc(size);
                assert.equal(allocator.api.alloc(size, owners), scratch);
                assert.equal(scratch, model.alloc(size).start, `allocation ${i}: ${size} bytes`);
            }
            assertSound(allocator);
        });
    });

    it('returns multiples of 16, and rounds sizes up to blocks', () => {
        const { api } = fresh();
        const token = {};
        let end = 0;
        for (const size of [1, 15, 16, 17, 31, 32, 33, 1000, 4095, 4096, 4097]) {
            assert.equal(api.alloc(size, token), end);
            end += Math.ceil(size / 16) * 16;
            assert.equal(api.used(), end);
        }
    });

    it('frees the pointer when the token is collected', async () => {
        const { api } = fresh();
        // Measured before a turn of the event loop: V8 may collect in any turn.
        await inFrameOfItsOwn(() => {
            api.alloc(100, {});
            assert.equal(api.used(), 112);
        });
        await collectTo(api, 0);
    });

    it('keeps the pointer as long as the token lives', async () => {
        const { api } = fresh();
        const token = {};
        const address = api.alloc(100, token);
        await inFrameOfItsOwn(() => api.alloc(100, {}));
        await collectTo(api, 112);
        for (let i = 0; i < 20; i++) {
            global.gc();
            await inFrameOfItsOwn(() => api.alloc(16, {}));
        }
        await collectTo(api, 112);
        assert.equal(address, 0);
        assert.equal(api.alloc(112), 112);
        assert.ok(token);
    });

    it('frees any number of pointers that share a token with it', async () => {
        const { api } = fresh();
        const kept = {};
        api.alloc(16, kept);
        await inFrameOfItsOwn(() => {
            const token = {};
            for (let i = 0; i < 1000; i++) api.alloc(16, i % 100 === 0 ? kept : token);
        });
        assert.equal(api.used(), 16 * 1001);
        await collectTo(api, 16 * 11);
    });

    it('returns an i32: from 2 GiB up it is negative, >>> 0 gives the offset', async () => {
        const allocator = fresh(32_770);
        const { api } = allocator;
        const tokens = [{}, {}];
        assert.equal(api.alloc(2 * GIB, tokens), 0);
        const address = api.alloc(16, tokens);
        assert.equal(address, -(2 ** 31));
        assert.equal(address >>> 0, 2 * GIB);
        const next = api.alloc(100);
        assert.equal(next, -(2 ** 31) + 16);
        assert.equal(api.alloc(100, tokens), next);
        new Uint8Array(api.buffer, next >>> 0, 100).fill(7);
        assertSound(allocator);
    });

    it('reclaims in a synchronous loop, without a turn of the event loop', () => {
        const { api } = fresh();
        for (let i = 0; i < 600_000; i++) api.alloc(1024, {});
        assert.ok(api.total() < 192 * 2 ** 20, `${api.total()} bytes for 600 MB of dead tokens`);
    });

    it('reclaims in a loop of microtasks', async () => {
        const { api } = fresh();
        for (let i = 0; i < 600_000; i++) await api.alloc(1024, {});
        assert.ok(api.total() < 192 * 2 ** 20, `${api.total()} bytes for 600 MB of dead tokens`);
    });
});

describe('alloc(size)', () => {
    it('reserves nothing', () => {
        const { api } = fresh();
        const before = figuresOf(api);
        for (const size of [1, 16, 1000, PAGE]) assert.equal(api.alloc(size), 0);
        assert.deepEqual(figuresOf(api), before);
    });

    it('takes undefined as no token', () => {
        const { api } = fresh();
        assert.equal(api.alloc(16, undefined), 0);
        assert.equal(api.used(), 0);
    });

    it('returns the address that alloc(size, token) would return now', async () => {
        const allocator = fresh();
        const { api } = allocator;
        const owners = await layOut(allocator, [-64, 16, -48, 16, -32, 16]);
        for (const size of [30, 40, 60, 70, 1, 5000, PAGE, 5 * PAGE]) {
            const scratch = api.alloc(size);
            assert.equal(api.alloc(size, owners), scratch, `${size} bytes`);
            assertSound(allocator);
        }
    });

    it(`returns that address at any time, with collections in between (SEED=${SEED})`, async () => {
        const below = random(SEED);
        const allocator = fresh();
        const { api } = allocator;
        let owners = [];
        for (let i = 0; i < 1000; i++) {
            const size = 1 + below(below(10) === 0 ? 40_000 : 400);
            const scratch = api.alloc(size);
            if (below(40) === 0) global.gc(); // no turn yet: the allocator is not notified of deaths
            assert.equal(api.alloc(size), scratch);
            const token = {};
            assert.equal(api.alloc(size, token), scratch);
            if (below(3) > 0) owners.push(token);
            if (below(100) === 0) owners = owners.filter(() => below(2) === 0);
            if (below(100) === 0) await inFrameOfItsOwn(() => global.gc());
        }
        assertSound(allocator);
    });

    it('grows the memory when nothing fits', () => {
        const { api } = fresh();
        assert.equal(api.alloc(PAGE + 1), 0);
        assert.equal(api.total(), 2 * PAGE);
        assert.equal(api.buffer.byteLength, 2 * PAGE);
        assert.equal(api.used(), 0);
    });
});

describe('size is an i32 that stands for an unsigned size', () => {
    it('and is taken modulo 2^32 from -2^31 to 2^32 - 1', () => {
        for (const [size, bytes] of [
            [2 * GIB, 2 * GIB],
            [-2 * GIB, 2 * GIB],
            [2 * GIB + 16, 2 * GIB + 16],
            [16 - 2 * GIB, 2 * GIB + 16],
            [3 * GIB, 3 * GIB],
            [-GIB, 3 * GIB],
            [2 ** 32 - 16, 2 ** 32 - 16],
            [-16, 2 ** 32 - 16],
            [2 ** 32 - 1, 2 ** 32],
            [-1, 2 ** 32],
            [1, 16],
        ]) {
            const allocator = fresh(1);
            const token = {};
            assert.equal(allocator.api.alloc(size), 0);
            assert.equal(allocator.api.alloc(size, token), 0);
            assert.equal(allocator.api.used(), bytes, `size ${size}`);
            assertSound(allocator);
        }
    });

    it('and causes a RangeError if it is 0, a fraction, NaN or outside that range', () => {
        const allocator = fresh();
        for (const [size, word] of [
            [0, '0'],
            [-0, '0'],
            [0.5, '0\\.5'],
            [-1.5, '-1\\.5'],
            [16.000000001, '16\\.000000001'],
            [NaN, 'NaN'],
            [Infinity, 'Infinity'],
            [-Infinity, '-Infinity'],
            [2 ** 32, '4294967296'],
            [-(2 ** 31) - 1, '-2147483649'],
            [2 ** 53, '9007199254740992'],
            [Number.MAX_VALUE, '1\\.79'],
            [Number.MIN_VALUE, '5e-324'],
        ]) {
            const message = new RegExp(`^size must be a whole number of bytes, 1 to 4294967295; got ${word}`);
            for (const args of [[size], [size, {}]]) {
                const fn = () => allocator.api.alloc(...args);
                assertRefuses(allocator, fn, RangeError, 'ERR_LEWD_OUT_OF_RANGE', message);
            }
        }
    });

    it('and causes a TypeError if it is not a number', () => {
        const allocator = fresh();
        for (const [size, word] of [
            [undefined, 'undefined'],
            [null, 'null'],
            ['16', "'16'"],
            [true, 'true'],
            [16n, '16n'],
            [Symbol('s'), 'a symbol'],
            [{ valueOf: () => 16 }, 'an object'],
            [[16], 'an object'],
            [Object(16), 'an object'],
            [() => 16, 'a function'],
        ]) {
            const message = new RegExp(`^size must be a number of bytes; got ${word}$`);
            for (const args of [[size], [size, {}]]) {
                const fn = () => allocator.api.alloc(...args);
                assertRefuses(allocator, fn, TypeError, 'ERR_LEWD_INVALID_ARG_TYPE', message);
            }
        }
        assertRefuses(allocator, () => allocator.api.alloc(), TypeError, 'ERR_LEWD_INVALID_ARG_TYPE', /got undefined$/);
    });
});

describe('out of memory throws a RangeError with code ERR_LEWD_OUT_OF_MEMORY', () => {
    const OOM = 'ERR_LEWD_OUT_OF_MEMORY';

    it('with the requested and the free bytes in its message', () => {
        const allocator = fresh(1, 2);
        const token = {};
        allocator.api.alloc(1000, token);
        for (const [size, word] of [
            [2 * PAGE, 2 * PAGE],
            [-1, 2 ** 32 - 1],
            [-(2 ** 31), 2 ** 31],
        ]) {
            for (const args of [[size], [size, token]]) {
                const message = new RegExp(`\\b${word} bytes requested; of 65536 bytes 64528 are free, at most 64528`);
                assertRefuses(allocator, () => allocator.api.alloc(...args), RangeError, OOM, message);
            }
        }
    });

    it('after which the allocator continues to work', async () => {
        const allocator = fresh(1, 2);
        const { api } = allocator;
        const tokens = [{}, {}];
        const seen = [];
        api.on('resize', seen, ({ info }) => seen.push(info.newSize));
        api.alloc(PAGE, tokens[0]);
        api.alloc(PAGE, tokens[1]);
        assert.deepEqual(seen, [2 * PAGE]);
        for (let i = 0; i < 3; i++) {
            assertRefuses(allocator, () => api.alloc(16, tokens), RangeError, OOM, /\b16 bytes requested/);
            assertRefuses(allocator, () => api.alloc(1), RangeError, OOM, /\b1 bytes requested/);
        }
        await inFrameOfItsOwn(() => delete tokens[0]);
        await collectTo(api, PAGE);
        assert.equal(api.alloc(PAGE, tokens), 0);
        assertSound(allocator);
    });

    it('only after dead tokens were collected', async () => {
        const allocator = fresh(1, 4);
        const { api } = allocator;
        const tokens = [];
        await inFrameOfItsOwn(() => {
            for (let i = 0; i < 4; i++) tokens.push({});
            tokens.forEach((token) => api.alloc(PAGE, token));
        });
        await inFrameOfItsOwn(() => delete tokens[2]);
        assert.equal(api.alloc(100, tokens), 2 * PAGE); // no other code has requested a collection
        assertSound(allocator);
    });

    it('for a memory that can have no pages', () => {
        const allocator = fresh(1, 1);
        const token = {};
        assert.equal(allocator.api.alloc(PAGE, token), 0);
        assertRefuses(allocator, () => allocator.api.alloc(1), RangeError, OOM);
    });
});

describe('the default memory starts with one page', () => {
    it('is a WebAssembly.Memory of 64 KiB, all of it free', () => {
        const { api } = fresh();
        assert.ok(api.memory instanceof WebAssembly.Memory);
        assert.equal(api.buffer.byteLength, PAGE);
        assert.equal(api.total(), PAGE);
        assert.equal(api.free(), PAGE);
    });

    it('whichever function is called first', async () => {
        const token = '{}';
        for (const use of [
            'lewd.alloc(16)',
            `lewd.alloc(16, ${token})`,
            'lewd.trim()',
            'lewd.memory',
            'lewd.buffer',
            `lewd.on('grow', ${token}, () => {})`,
            `lewd.off('grow', ${token})`,
            'lewd.used()',
            'lewd.largestFree()',
            'lewd.configure({ maximum: 10 })',
        ]) {
            const script = `const lewd = require('@anireact/lewd'); ${use}; console.log(lewd.total())`;
            const { stdout, stderr } = await run('-e', script);
            assert.deepEqual([stdout, stderr], [`${PAGE}\n`, ''], use);
        }
    });
});

describe('growth', () => {
    /** The sizes in pages after allocations of so many pages each. */
    const sizes = ({ api }, ...pages) =>
        pages.map((count) => {
            api.alloc(count * PAGE, sizes);
            return api.total() / PAGE;
        });

    it('adds the missing pages', () => {
        assert.deepEqual(sizes(fresh(), 1, 1, 1, 5, 0.5, 2, 0.5), [1, 2, 3, 8, 9, 11, 11]);
    });

    it('counts the free bytes at the end', () => {
        const { api } = fresh();
        const token = {};
        api.alloc(PAGE - 32, token);
        api.alloc(PAGE + 32, token);
        assert.equal(api.total(), 2 * PAGE);
        api.alloc(17, token);
        assert.equal(api.total(), 3 * PAGE);
    });

    it('does not count free bytes elsewhere', async () => {
        const allocator = fresh();
        const owners = await layOut(allocator, [-32_768, 32_768]);
        assert.equal(allocator.api.alloc(32_784, owners), PAGE);
        assert.equal(allocator.api.total(), 2 * PAGE);
    });

    it('adds an eighth of the present size if that is more', () => {
        for (const [pages, grown] of [
            [8, 9],
            [15, 16],
            [16, 18],
            [23, 25],
            [24, 27],
            [80, 90],
            [800, 900],
        ]) {
            const allocator = fresh(pages);
            assert.deepEqual(sizes(allocator, pages, 1 / 4096), [pages, grown]);
        }
        assert.deepEqual(sizes(fresh(80), 80, 9), [80, 90]);
        assert.deepEqual(sizes(fresh(80), 80, 10), [80, 90]);
        assert.deepEqual(sizes(fresh(80), 80, 11), [80, 91]);
    });

    it('adds exactly the missing pages if more are refused', () => {
        const allocator = fresh(80, 85);
        assert.deepEqual(sizes(allocator, 80, 2, 1, 1, 1), [80, 82, 83, 84, 85]);
        assertRefuses(allocator, () => allocator.api.alloc(1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
    });

    it('adds exactly the missing pages if the memory itself refuses more', () => {
        const allocator = fresh();
        const { api } = allocator;
        const token = {};
        api.configure({ memory: new WebAssembly.Memory({ initial: 16, maximum: 17 }) });
        api.alloc(16 * PAGE, token);
        assert.equal(api.alloc(16, token), 16 * PAGE);
        assert.equal(api.total(), 17 * PAGE);
        assertRefuses(allocator, () => api.alloc(3 * PAGE), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
    });

    it('happens once for an allocation, and not if there is room', () => {
        const { api } = fresh();
        const token = {};
        const seen = [];
        api.on('grow', token, () => seen.push(api.total() / PAGE));
        api.alloc(10 * PAGE, token);
        for (let i = 0; i < 4 * 4096; i++) api.alloc(16, token);
        assert.deepEqual(seen, [10, 11, 12, 13, 14]);
    });

    it('happens after a sweep: bytes of dead tokens are used before new pages', async () => {
        const { api } = fresh();
        const tokens = [];
        await inFrameOfItsOwn(() => {
            tokens.push({});
            api.alloc(PAGE, tokens[0]);
        });
        await inFrameOfItsOwn(() => tokens.pop());
        global.gc(); // without a turn of the event loop: the allocator is not notified
        assert.equal(api.alloc(100, tokens), 0);
        assert.equal(api.total(), PAGE);
    });
});
