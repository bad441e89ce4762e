'use strict';

// Weak and strong pointers, reserved spans, growth by hand, 'oom' before an error, alignment.

const assert = require('node:assert/strict');
const { Allocator } = require('@anireact/lewd');
const { assertSound, assertThrows } = require('./helpers/allocator.js');
const { collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { allFigures, assertUnchanged, extended } = require('./helpers/extended.js');
const { PAGE } = require('./helpers/model.js');
const { random, SEED } = require('./helpers/random.js');

const MEMORY = [RangeError, 'ERR_LEWD_OUT_OF_MEMORY'];
const RANGE = [RangeError, 'ERR_LEWD_OUT_OF_RANGE'];
const NOT_FREE = [Error, 'ERR_LEWD_NOT_FREE'];

describe('weaken(pointer, token) and strengthen(pointer)', () => {
    it('let a pointer that was made weak be freed with its token', async () => {
        const allocator = extended();
        const { api } = allocator;
        const kept = {};
        await inFrameOfItsOwn(() => {
            api.weaken(api.c.malloc(100), {});
            api.weaken(api.c.malloc(200), kept);
        });
        await collectTo(api, 208);
        assertSound(allocator);
        assert.ok(kept);
    });

    it('let a pointer that was made strong outlive its token', async () => {
        const { api } = extended({ base: 16 });
        let pointer;
        await inFrameOfItsOwn(() => {
            pointer = api.alloc(100, {}, 64);
            api.strengthen(pointer);
            api.strengthen(pointer);
            api.alloc(32, {});
        });
        await collectTo(api, 112);
        assert.equal(api.c.malloc_usable_size(pointer), 112);
        api.weaken(pointer, {});
        await collectTo(api, 0);
    });

    it('replace any earlier token', async () => {
        const { api } = extended();
        const later = {};
        await inFrameOfItsOwn(() => {
            const token = {};
            for (let i = 0; i < 10; i++) {
                const pointer = api.alloc(16, token);
                api.weaken(pointer, i < 5 ? later : {});
                if (i === 0) api.weaken(pointer, later);
            }
        });
        await collectTo(api, 80);
        assert.ok(later);
    });

    it('work at address 0, too, though C can’t name it', async () => {
        const { api } = extended();
        await inFrameOfItsOwn(() => {
            assert.equal(api.alloc(16, {}), 0);
            api.strengthen(0);
            api.alloc(16, {});
        });
        await collectTo(api, 16);
        api.c.free(0);
        assert.equal(api.used(), 16);
        api.weaken(0, {});
        await collectTo(api, 0);
    });

    it('take tokens of every kind, and no other values', () => {
        const allocator = extended();
        const { api } = allocator;
        const pointer = api.c.malloc(16);
        const tokens = [{}, [], () => {}, class {}, new Map(), api];
        for (const token of tokens) api.weaken(pointer, token);
        for (const token of [undefined, null, 1, 'text', true, 1n]) {
            assertUnchanged(
                allocator,
                () => api.weaken(pointer, token),
                TypeError,
                'ERR_LEWD_INVALID_ARG_TYPE',
                /^token must /,
            );
        }
        const wrong = () => api.weaken(pointer, Symbol.for('token'));
        assertUnchanged(allocator, wrong, TypeError, 'ERR_LEWD_INVALID_ARG_VALUE', /^token must /);
        assert.ok(tokens);
    });

    it('may alternate many times, under collections', async () => {
        const allocator = extended({ base: 16, maximum: 64 });
        const { api } = allocator;
        const next = random(SEED);
        const strong = new Set();
        await inFrameOfItsOwn(() => {
            for (let i = 0; i < 5000; i++) {
                const pointer = next(2) ? api.c.malloc(16) : api.alloc(16, {}, 32);
                if (next(2)) {
                    api.strengthen(pointer);
                    strong.add(pointer);
                } else api.weaken(pointer, {});
                if (next(4) === 0) {
                    api.weaken(pointer, {});
                    strong.delete(pointer);
                }
            }
        });
        await collectTo(api, strong.size * 16);
        assertSound(allocator);
        strong.forEach(api.c.free);
        assert.equal(api.used(), 0);
    });
});

describe('reserve(address, size)', () => {
    it('reserves blocks permanently: total = used + free + reserved', async () => {
        const allocator = extended({ base: 32 });
        const { api } = allocator;
        api.reserve(1024, 512);
        assert.deepEqual(allFigures(api), {
            total: PAGE - 32,
            used: 0,
            usedRun: 512,
            free: PAGE - 32 - 512,
            headFree: 1024 - 32,
            tailFree: PAGE - 1536,
            largestFree: (PAGE - 1536) / 16,
            reserved: 512,
        });
        assert.equal(api.alloc(1024 - 32, api), 32);
        assert.equal(api.alloc(PAGE - 1536), 1536);
        for (const pointer of [1024, 1040])
            assertThrows(() => api.c.free(pointer), RangeError, 'ERR_LEWD_INVALID_POINTER');
        assertSound(allocator);
        await collectTo(api, 1024 - 32);
        assert.equal(api.reserved(), 512);
    });

    it('reserves blocks as a whole that are only partly in the range', () => {
        for (const [address, size, start, taken] of [
            [100, 1, 96, 16],
            [111, 2, 96, 32],
            [96, 17, 96, 32],
            [112, 16, 112, 16],
            [1, PAGE - 2, 0, PAGE],
        ]) {
            const { api } = extended();
            api.reserve(address, size);
            assert.equal(api.reserved(), taken);
            assert.equal(api.headFree(), start);
        }
    });

    it('reserves adjacent spans, up to the last block', () => {
        const allocator = extended();
        const { api } = allocator;
        for (let at = 0; at < PAGE; at += 4096) {
            api.reserve(at, 4096);
            assertSound(allocator);
        }
        assert.equal(api.free(), 0);
        assert.equal(api.alloc(16, api), PAGE);
        assertUnchanged(allocator, () => api.reserve(PAGE - 16, 16), ...NOT_FREE);
    });

    it('throws ERR_LEWD_NOT_FREE if any part is used or reserved', () => {
        const allocator = extended({ base: 16 });
        const { api } = allocator;
        assert.equal(api.alloc(64, api), 16);
        api.reserve(1024, 64);
        for (const [address, size] of [
            [16, 16],
            [79, 2],
            [64, 64],
            [16, 2048],
            [1024, 64],
            [1000, 25],
            [1087, 1],
            [512, PAGE - 512],
        ]) {
            assertUnchanged(allocator, () => api.reserve(address, size), ...NOT_FREE);
        }
    });

    it('throws ERR_LEWD_OUT_OF_RANGE outside the working span', () => {
        const allocator = extended({ base: 1024, limit: 4096 });
        const { api } = allocator;
        for (const [address, size] of [
            [0, 16],
            [1008, 16],
            [1008, 32],
            [1023, 2],
            [4096, 16],
            [4080, 17],
            [1024, 3073],
            [1024, -1],
            [1024, 2 ** 32 - 1],
            [-16, 16],
            [-1, 2 ** 32 - 1],
            [2 ** 32 - 1, 1],
        ]) {
            assertUnchanged(allocator, () => api.reserve(address, size), ...RANGE, /^address /);
        }
        for (const size of [0, 0.5, NaN, 2 ** 32])
            assertUnchanged(allocator, () => api.reserve(1024, size), ...RANGE, /^size /);
        for (const address of [0.5, NaN, 2 ** 32, Infinity])
            assertUnchanged(allocator, () => api.reserve(address, 16), ...RANGE);
        api.reserve(1024, 3072);
        assert.equal(api.free(), 0);
    });

    it('reserves in pages from growth by others', () => {
        const { api } = extended();
        api.memory.grow(1);
        api.reserve(PAGE, PAGE);
        assert.equal(api.reserved(), PAGE);
    });
});

describe('grow(pages)', () => {
    it('returns the size before, in pages, and sends the events', () => {
        const { api } = extended({ maximum: 10 });
        const events = [];
        for (const type of ['grow', 'resize']) {
            api.on(type, events, ({ info: { oldSize, newSize } }) =>
                events.push([type, oldSize / PAGE, newSize / PAGE]),
            );
        }
        assert.deepEqual([api.grow(2), api.grow(0), api.grow(7)], [1, 3, 3]);
        assert.equal(api.total(), 10 * PAGE);
        assert.deepEqual(events, [
            ['grow', 1, 3],
            ['resize', 1, 3],
            ['grow', 3, 10],
            ['resize', 3, 10],
        ]);
    });

    it('counts growth by others', () => {
        const { api } = extended();
        api.memory.grow(3);
        assert.equal(api.grow(1), 4);
        assert.equal(api.total(), 5 * PAGE);
    });

    it('throws beyond the maximum, whether the allocator or only the memory has it', () => {
        const allocator = extended({ maximum: 4 });
        for (const pages of [4, 5, 65_536]) assertUnchanged(allocator, () => allocator.api.grow(pages), ...MEMORY);
        allocator.api.grow(3);
        assertUnchanged(allocator, () => allocator.api.grow(1), ...MEMORY);
        const own = new WebAssembly.Memory({ initial: 1, maximum: 9 });
        assertThrows(() => extended({ memory: own, maximum: 4 }).api.grow(4), ...MEMORY);
        const tight = new WebAssembly.Memory({ initial: 1, maximum: 2 });
        assertThrows(() => extended({ memory: tight }).api.grow(2), ...MEMORY);
    });

    it('may be nested in handlers', () => {
        const { api } = extended({ maximum: 5 });
        const sizes = [];
        api.on('grow', sizes, ({ info }) => {
            sizes.push(info.newSize / PAGE);
            if (api.total() < 4 * PAGE) sizes.push(-api.grow(1));
        });
        api.grow(1);
        assert.deepEqual(sizes, [2, 3, 4, -3, -2]);
    });

    it('throws the error of a handler after the memory has grown', () => {
        const { api } = extended();
        api.on('grow', api, () => {
            throw new Error('planted');
        });
        assert.throws(() => api.grow(1), /^Error: planted$/);
        assert.equal(api.total(), 2 * PAGE);
    });
});

describe("'oom'", () => {
    const full = () => {
        const allocator = extended({ maximum: 1 });
        const { api } = allocator;
        const cache = api.c.malloc(PAGE - 1024);
        return { allocator, api, cache };
    };

    for (const [what, take] of [
        ['alloc(size, token)', (api) => api.alloc(4096, api)],
        ['alloc(size)', (api) => api.alloc(4096)],
        ['alloc(size, token, alignment)', (api) => api.alloc(4096, api, 4096)],
        ['malloc', (api) => api.c.malloc(4096)],
        ['block', (api) => api.block(4096).size],
    ]) {
        it(`lets a handler make room by freeing: ${what}`, () => {
            const { allocator, api, cache } = full();
            const events = [];
            api.on('oom', events, (event) => (events.push(event), api.c.free(cache)));
            take(api);
            assert.equal(events.length, 1);
            assert.equal(events[0].type, 'oom');
            assert.deepEqual(events[0].info, { requested: 4096, total: PAGE, maximum: PAGE });
            assert.ok(Object.isFrozen(events[0].info));
            assertSound(allocator);
        });
    }

    it('lets a handler make room by dropping tokens', () => {
        const allocator = extended({ maximum: 1 });
        const { api } = allocator;
        const cache = new Map();
        (() => {
            for (let i = 0; i < 15; i++) {
                const token = {};
                api.alloc(4096, token);
                cache.set(i, token);
            }
        })();
        let asked = 0;
        api.on('oom', api, () => {
            asked++;
            cache.clear();
        });
        assert.equal(api.alloc(60_000, api), 0);
        assert.equal(asked, 1);
        assertSound(allocator);
    });

    it('is not sent if there is room, if the memory can grow, or if a collection frees enough', async () => {
        const { api } = extended({ maximum: 3 });
        api.on('oom', api, () => assert.fail('asked'));
        await inFrameOfItsOwn(() => api.alloc(2 * PAGE, {}));
        api.alloc(3 * PAGE);
        api.grow(0);
        assertThrows(() => api.grow(1), ...MEMORY);
        assertThrows(() => api.reserve(0, 4 * PAGE), ...RANGE);
    });

    it('is sent once before each error if no handler frees anything', () => {
        const { allocator, api } = full();
        let asked = 0;
        assertUnchanged(allocator, () => api.alloc(4096), ...MEMORY);
        api.on('oom', api, () => asked++);
        for (let i = 1; i < 4; i++) {
            assertUnchanged(allocator, () => api.alloc(4096), ...MEMORY, /4096 bytes requested/);
            assert.equal(asked, i);
        }
        assert.equal(api.c.malloc(4096), 0);
        assert.equal(asked, 4);
        api.off('oom', api);
        assertThrows(() => api.alloc(-1), ...MEMORY);
        assert.equal(asked, 4);
    });

    it('has an unsigned size in `requested`', () => {
        const { api } = full();
        const seen = [];
        api.on('oom', seen, ({ info }) => seen.push(info.requested));
        for (const size of [-1, -(2 ** 31), 4097]) assertThrows(() => api.alloc(size), ...MEMORY);
        assert.deepEqual(seen, [2 ** 32 - 1, 2 ** 31, 4097]);
    });

    it('causes the errors of handlers to be thrown after all have run; nothing is allocated', () => {
        const { allocator, api, cache } = full();
        const errors = [new Error('one'), new Error('other')];
        const fail = (error) => () => {
            throw error;
        };
        api.on('oom', api, fail(errors[0]));
        assert.throws(
            () => api.alloc(4096, api),
            (error) => error === errors[0],
        );
        api.on('oom', errors, fail(errors[1]));
        api.on('oom', errors, () => api.c.free(cache));
        assert.throws(
            () => api.alloc(4096, api),
            (error) => {
                assert.deepEqual([error.code, error.errors], ['ERR_LEWD_HANDLERS', errors]);
                return true;
            },
        );
        assert.equal(api.used(), 0);
        assertSound(allocator);
    });

    it('lets a handler allocate within the room there is, without a nested event', () => {
        const { allocator, api } = full();
        const seen = [];
        api.on('oom', seen, () => {
            seen.push('asked');
            assert.ok(api.alloc(512, seen) > 0);
            assertThrows(() => api.alloc(4096, seen), ...MEMORY);
            seen.push(api.c.malloc(4096), api.c.malloc(16) > 0);
        });
        assertThrows(() => api.alloc(8192, api), ...MEMORY, /8192 bytes requested/);
        assert.deepEqual(seen, ['asked', 0, true]);
        assertSound(allocator);
        // The next call sends the event again, and finds fewer than 512 bytes.
        assertThrows(() => api.alloc(8192, api), ...MEMORY, / 512 bytes requested/);
        assert.deepEqual(seen, ['asked', 0, true, 'asked']);
    });

    it('is sent in a handler of growth, too', () => {
        const { api } = extended({ maximum: 2 });
        const seen = [];
        api.on('oom', seen, () => seen.push('oom'));
        api.on('grow', seen, () => {
            assertThrows(() => api.alloc(3 * PAGE), ...MEMORY);
            seen.push('grow');
        });
        api.alloc(2 * PAGE);
        assert.deepEqual(seen, ['oom', 'grow']);
        assertThrows(() => api.alloc(3 * PAGE), ...MEMORY);
        assert.deepEqual(seen, ['oom', 'grow', 'oom']);
    });

    it('does not let a handler trim', () => {
        const { api } = full();
        api.on('oom', api, () => api.trim());
        assertThrows(() => api.alloc(4096), Error, 'ERR_LEWD_BUSY');
    });
});

describe('alignment', () => {
    it('may be every power of two to 64 KiB, for allocations and for scratch', () => {
        const allocator = extended({ initial: 20 });
        const { api } = allocator;
        const tokens = [];
        api.alloc(16, tokens);
        for (let alignment = 1; alignment <= PAGE; alignment *= 2) {
            const scratch = api.alloc(48, undefined, alignment);
            assert.equal(scratch % Math.max(16, alignment), 0);
            assert.equal(api.alloc(48, tokens, alignment), scratch);
            assertSound(allocator);
        }
        assert.equal(api.used(), 16 + 17 * 48);
    });

    it('may be nothing else', () => {
        const allocator = extended();
        const { api } = allocator;
        for (const alignment of [0, -0, -16, 3, 24, 1.5, NaN, Infinity, 2 * PAGE, 2 ** 31, 2 ** 32]) {
            for (const token of [undefined, api]) {
                assertUnchanged(
                    allocator,
                    () => api.alloc(16, token, alignment),
                    ...RANGE,
                    /^alignment must be a power of two/,
                );
                assertUnchanged(allocator, () => api.block(16, alignment), ...RANGE, /^alignment /);
            }
        }
    });

    it(`gives exact best fit among the places that fit (SEED=${SEED})`, () => {
        const next = random(SEED);
        for (let round = 0; round < 30; round++) {
            const allocator = extended({ base: 16 * next(40), maximum: 1 });
            const { api } = allocator;
            const pointers = [];
            for (let pointer; (pointer = api.c.malloc(16 * (1 + next(60)))) !== 0;) pointers.push(pointer);
            const gaps = [];
            for (const [i, pointer] of pointers.entries()) {
                if (i % 2 === 0) continue;
                gaps.push([pointer, api.c.malloc_usable_size(pointer)]);
                api.c.free(pointer);
            }
            const last = pointers[pointers.length - 1];
            const end = last + (pointers.length % 2 ? api.c.malloc_usable_size(last) : 0);
            if (pointers.length % 2) gaps.push([end, PAGE - end]);
            else gaps[gaps.length - 1][1] = PAGE - last;
            gaps.sort(([one, size], [other, length]) => size - length || one - other);
            for (let i = 0; i < 50; i++) {
                const size = 1 + next(700);
                const alignment = 2 ** next(12);
                const up = (at) => Math.ceil(at / alignment) * alignment;
                const fits = ([at, length]) => up(at) + Math.ceil(size / 16) * 16 <= at + length;
                const best = gaps.find(fits);
                if (best !== undefined) assert.equal(api.alloc(size, undefined, alignment), up(best[0]));
                else assertThrows(() => api.alloc(size, undefined, alignment), ...MEMORY);
            }
            assertSound(allocator);
        }
    });

    it('distinguishes aligned scratch from unaligned scratch in the cache', () => {
        const { api } = extended();
        const token = {};
        api.alloc(16, token);
        assert.equal(api.alloc(64), 16);
        assert.equal(api.alloc(64, undefined, 256), 256);
        assert.equal(api.alloc(64), 16);
        assert.ok(token);
    });

    it('works for the methods of the class, too', () => {
        const own = new Allocator();
        assert.equal(own.alloc(16, own, 4096), 0);
        assert.equal(own.alloc(16, own, 4096), 4096);
        assert.equal(own.block(16, 4096).address, 8192);
    });
});
