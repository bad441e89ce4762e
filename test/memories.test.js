'use strict';

// Every kind of memory that Node.js can make, with every function: it works, or the memory is refused when it is passed
// in, and is unchanged. TABLE=1 in the environment prints the table.

const assert = require('node:assert/strict');
const { Allocator } = require('@anireact/lewd');
const { assertSound, assertThrows } = require('./helpers/allocator.js');
const { collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { allFigures, assertPainted, extended, paint } = require('./helpers/extended.js');
const { KINDS } = require('./helpers/memories.js');
const { PAGE } = require('./helpers/model.js');

const noop = () => {};
const { Memory } = WebAssembly;
const { get: bufferOf } = Object.getOwnPropertyDescriptor(Memory.prototype, 'buffer');
const { grow, toFixedLengthBuffer, toResizableBuffer } = Memory.prototype;

const attempt = (fn) => {
    try {
        return fn();
    } catch {
        return undefined;
    }
};

/** Returns its size, whatever properties it was given. */
const sizeOf = (memory) => Reflect.apply(bufferOf, memory, []).byteLength;

/** Returns the changes of the memory, from events: [type, size before, size after]. */
const eventsOf = (api) => {
    const events = [];
    for (const type of ['grow', 'trim', 'resize']) {
        api.on(type, events, ({ info }) => {
            assert.equal(api.buffer.byteLength, info.newSize);
            assert.equal(info.memory, api.memory);
            events.push([type, info.oldSize, info.newSize]);
        });
    }
    return events;
};

/** Tests each function over a memory. `api` is its allocator's, `size` the memory's size in bytes at the beginning. */
const FUNCTIONS = {
    'memory, buffer'({ api, memory, size }) {
        assert.equal(api.memory, memory);
        assert.equal(api.buffer, Reflect.apply(bufferOf, memory, []));
        assert.equal(api.buffer.byteLength, size);
    },

    'the statistics'({ api, size }) {
        const empty = { total: size, used: 0, usedRun: 0, free: size, headFree: size, tailFree: size, reserved: 0 };
        assert.deepEqual(allFigures(api), { ...empty, largestFree: size / 16 });
    },

    'alloc(size)'({ api, size }) {
        assert.equal(api.alloc(16), 0);
        assert.equal(api.alloc(16 * PAGE), 0);
        assert.ok(api.total() >= Math.max(size, 16 * PAGE));
        assert.equal(api.used(), 0);
    },

    async 'alloc(size, token)'({ api }) {
        await inFrameOfItsOwn(() => {
            for (let i = 0; i < 100; i++) assert.equal(api.alloc(1000, {}), i * 1008);
        });
        await collectTo(api, 0);
    },

    'alloc(size, token, alignment)'({ api }) {
        assert.equal(api.alloc(16, api, 4096), 0);
        assert.equal(api.alloc(16, api, 4096), 4096);
    },

    'alloc() that needs pages keeps the contents and sends the events'({ api, memory, size }) {
        const events = eventsOf(api);
        api.alloc(100, api);
        paint(api.buffer, 0, 100, 1);
        events.splice(0);
        const { buffer } = api;
        const before = buffer.byteLength;
        api.alloc(5 * PAGE, api);
        assert.equal(api.memory, memory);
        assert.equal(sizeOf(memory), api.total());
        assert.ok(api.total() > Math.max(size, 5 * PAGE));
        assert.deepEqual(events, [
            ['grow', before, api.total()],
            ['resize', before, api.total()],
        ]);
        assert.ok(buffer === api.buffer || buffer.byteLength === 0);
        assertPainted(api.buffer, 0, 100, 1);
    },

    'out of memory throws and changes nothing'({ api, maximum }) {
        api.alloc(16, api);
        if (maximum !== undefined)
            assertThrows(() => api.alloc(maximum * PAGE, api), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
        assertThrows(() => api.grow(65_536), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
        assert.equal(api.used(), 16);
    },

    'growth by others is noticed and reported'({ api, memory, size }) {
        const events = eventsOf(api);
        Reflect.apply(grow, memory, [2]);
        assert.equal(api.total(), size + 2 * PAGE);
        assert.equal(api.buffer, Reflect.apply(bufferOf, memory, []));
        assert.deepEqual(events, [
            ['grow', size, size + 2 * PAGE],
            ['resize', size, size + 2 * PAGE],
        ]);
    },

    'growth by others through a resizable buffer is noticed and reported'({ api, size }) {
        if (!api.buffer.resizable) return;
        const events = eventsOf(api);
        api.buffer.resize(size + PAGE);
        assert.equal(api.total(), size + PAGE);
        assert.deepEqual(events, [
            ['grow', size, size + PAGE],
            ['resize', size, size + PAGE],
        ]);
    },

    'another buffer of the same size is used, and not reported as growth'({ api, memory, size }) {
        const events = eventsOf(api);
        const { buffer } = api;
        const replace = buffer.resizable ? toFixedLengthBuffer : (toResizableBuffer ?? grow);
        try {
            Reflect.apply(replace, memory, [0]);
        } catch {
            Reflect.apply(grow, memory, [0]); // without a maximum no buffer is resizable
        }
        assert.equal(api.total(), size);
        assert.notEqual(api.buffer, buffer);
        assert.equal(buffer.byteLength, 0);
        assert.deepEqual(events, [['resize', size, size]]);
        assert.equal(api.alloc(PAGE, api), 0);
    },

    'grow(pages)'({ api, size }) {
        const events = eventsOf(api);
        assert.equal(api.grow(3), size / PAGE);
        assert.equal(api.total(), size + 3 * PAGE);
        assert.deepEqual(events, [
            ['grow', size, size + 3 * PAGE],
            ['resize', size, size + 3 * PAGE],
        ]);
    },

    'trim() with bind() keeps the contents, detaches the old buffer, and sends the events'({ api, memory, size }) {
        let spawned = 0;
        api.bind(noop, () => {
            spawned++;
            assert.notEqual(api.memory, memory);
        });
        api.alloc(100, api);
        api.alloc(8 * PAGE);
        const events = eventsOf(api);
        paint(api.buffer, 0, 100, 2);
        const { buffer } = api;
        const before = api.total();
        const after = Math.max(size, PAGE);
        api.trim();
        assert.equal(spawned, 1);
        assert.equal(api.total(), after);
        assert.deepEqual(events, [
            ['trim', before, after],
            ['resize', before, after],
        ]);
        assert.equal(buffer.byteLength, 0, 'the old buffer is not detached');
        assert.equal(buffer.detached ?? true, true);
        assertPainted(api.buffer, 0, 100, 2);
        api.alloc(9 * PAGE, api);
        assertPainted(api.buffer, 0, 100, 2);
    },

    'trim() works twice, with growth between'({ api, size }) {
        for (let i = 0; i < 2; i++) {
            api.grow(5);
            api.trim();
            assert.equal(api.total(), Math.max(size, PAGE));
        }
    },

    'off()'({ api }) {
        const fail = () => assert.fail('a removed handler was called');
        api.on('resize', api, fail);
        api.off('resize', api, fail);
        api.grow(1);
    },

    'the functions of C work'({ api }) {
        const { c } = api;
        const pointers = [c.malloc(100), c.calloc(10, 10), c.aligned_alloc(4096, 100)];
        assert.equal(pointers[2] % 4096, 0);
        assert.ok(new Uint8Array(api.buffer, pointers[1], 100).every((byte) => byte === 0));
        paint(api.buffer, pointers[0], 100, 3);
        pointers[0] = c.realloc(pointers[0], 3 * PAGE);
        assertPainted(api.buffer, pointers[0], 100, 3);
        assert.equal(c.malloc_usable_size(pointers[0]), 3 * PAGE);
        const large = c.calloc(1, 4 * PAGE);
        assert.ok(new Uint8Array(api.buffer, large, 4 * PAGE).every((byte) => byte === 0));
        for (const pointer of [...pointers, large]) c.free(pointer);
        assert.equal(api.used(), 0);
    },

    'weaken(), strengthen()'({ api }) {
        const pointer = api.c.malloc(100);
        api.weaken(pointer, api);
        api.strengthen(pointer);
        api.c.free(pointer);
        assert.equal(api.used(), 0);
    },

    'reserve()'({ api }) {
        if (api.total() === 0) api.grow(1);
        api.reserve(1000, 24);
        assert.equal(api.reserved(), 32);
        new Uint8Array(api.buffer)[1010] = 7;
        api.grow(4);
        api.trim();
        assert.equal(new Uint8Array(api.buffer)[1010], 7);
    },

    'views of block() follow the buffer'({ api }) {
        const block = api.block(100);
        block.u8.fill(9);
        api.grow(2);
        assert.equal(block.u8.buffer, api.buffer);
        api.trim();
        assert.equal(block.u8.buffer, api.buffer);
        assert.ok(block.u8.every((byte) => byte === 9));
        block.dispose();
        assert.equal(api.used(), 0);
    },

    'another allocator on the same bytes is refused'({ memory }) {
        assertThrows(() => new Allocator({ memory }), Error, 'ERR_LEWD_OVERLAP');
    },
};

/** Results of each kind for the table. */
const results = new Map();

const testRefused = (kind, { make, refused }) =>
    it(`${kind}: is refused with ${refused} when it is passed in, and is unchanged`, () => {
        const { memory } = make();
        const size = () => attempt(() => sizeOf(memory));
        const before = size();
        for (const options of [{ memory }, { memory, base: 16, limit: 4096 }, { memory, fixed: true }])
            assertThrows(() => new Allocator(options), TypeError, refused);
        assert.equal(size(), before);
        assert.deepEqual(Reflect.ownKeys(memory), []);
        results.set(kind, refused);
    });

const testServed = (kind, { make }) => {
    for (const [name, use] of Object.entries(FUNCTIONS)) {
        it(`${kind}: ${name}`, async () => {
            const made = make();
            const size = sizeOf(made.memory);
            const allocator = extended(made);
            await use({ ...made, api: allocator.api, size });
            assertSound(allocator);
            results.set(kind, (results.get(kind) ?? 0) + 1);
        });
    }
};

const count = Object.keys(FUNCTIONS).length;
const told = (result) =>
    typeof result === 'number' ? `served: ${result} of ${count} functions work` : (result ?? 'failed');

describe('memories', () => {
    for (const [kind, how] of Object.entries(KINDS)) {
        if (how.make() === undefined) results.set(kind, 'this version makes none');
        else if (how.refused === undefined) testServed(kind, how);
        else testRefused(kind, how);
    }

    after(() => {
        if (process.env.TABLE === undefined) return;
        console.log(`| A memory, in Node.js ${process.versions.node} | |\n| --- | --- |`);
        for (const kind of Object.keys(KINDS)) console.log(`| ${kind} | ${told(results.get(kind))} |`);
    });
});
