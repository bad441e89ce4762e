'use strict';

// Growth of a memory that the allocator did not cause.

const assert = require('node:assert/strict');
const { assertSound, assertThrows, fresh } = require('./helpers/allocator.js');
const { figuresOf, PAGE } = require('./helpers/model.js');
const compile = require('./helpers/wat.js');

const noop = () => {};
let grower;

/** Ways to make a memory grow without the allocator, by their cause. */
const ways = {
    'JavaScript, by memory.grow()': (memory, pages) => memory.grow(pages),
    'a module, by memory.grow': (memory, pages) =>
        new WebAssembly.Instance(grower, { env: { memory } }).exports.grow(pages),
};

/** Every function that checks the memory, and its result over 5 pages instead of one. */
const calls = {
    'alloc(size)': (api) => assert.equal(api.alloc(4 * PAGE), 0),
    'alloc(size, token)': (api) => assert.equal(api.alloc(4 * PAGE, api), 0),
    'memory': (api) => assert.equal(api.memory.buffer.byteLength, 5 * PAGE),
    'buffer': (api) => assert.equal(api.buffer.byteLength, 5 * PAGE),
    'on()': (api) => api.on('grow', api, noop),
    'off()': (api) => api.off('grow', api, noop),
    'total()': (api) => assert.equal(api.total(), 5 * PAGE),
    'used()': (api) => assert.equal(api.used(), 0),
    'usedRun()': (api) => assert.equal(api.usedRun(), 0),
    'free()': (api) => assert.equal(api.free(), 5 * PAGE),
    'headFree()': (api) => assert.equal(api.headFree(), 5 * PAGE),
    'tailFree()': (api) => assert.equal(api.tailFree(), 5 * PAGE),
    'largestFree()': (api) => assert.equal(api.largestFree(), (5 * PAGE) / 16),
};

describe('growth of a memory by others', () => {
    before(async () => {
        grower = await compile(`(module
            (import "env" "memory" (memory 0))
            (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`);
    });

    for (const [how, growBy] of Object.entries(ways)) {
        describe(how, () => {
            for (const [name, call] of Object.entries(calls)) {
                it(`is noticed by ${name}, which sends the events once`, () => {
                    const allocator = fresh();
                    const { api } = allocator;
                    const events = [];
                    for (const type of ['resize', 'trim', 'grow']) {
                        api.on(type, events, ({ type: came, info }) => {
                            assert.equal(api.buffer, api.memory.buffer);
                            events.push([came, info.oldSize / PAGE, info.newSize / PAGE]);
                        });
                    }
                    const { memory } = api;
                    growBy(memory, 4);
                    assert.deepEqual(events, []);
                    call(api);
                    const expected = [
                        ['grow', 1, 5],
                        ['resize', 1, 5],
                    ];
                    assert.deepEqual(events, expected);
                    api.used();
                    assert.deepEqual(events, expected);
                    assert.equal(api.memory, memory);
                    assertSound(allocator);
                });
            }

            it('is noticed by trim(), which releases the pages', () => {
                const allocator = fresh();
                const { api } = allocator;
                const events = [];
                api.on('resize', events, ({ info }) => events.push([info.oldSize / PAGE, info.newSize / PAGE]));
                growBy(api.memory, 4);
                api.trim();
                assert.deepEqual(events, [
                    [1, 5],
                    [5, 1],
                ]);
                assertSound(allocator);
            });

            it('adds pages that are used', () => {
                const allocator = fresh();
                const { api } = allocator;
                api.alloc(PAGE - 32, api);
                growBy(api.memory, 2);
                // The free bytes at the end and the new pages are one span.
                assert.equal(api.alloc(2 * PAGE + 32, api), PAGE - 32);
                assert.equal(api.total(), 3 * PAGE);
                assertSound(allocator);
                growBy(api.memory, 1);
                assert.equal(api.alloc(PAGE, api), 3 * PAGE);
                assertSound(allocator);
            });

            it('is noticed between any two calls', () => {
                const allocator = fresh();
                const { api } = allocator;
                const token = {};
                let [pages, events] = [1, 0];
                api.on('grow', token, () => events++);
                for (let round = 1; round <= 3; round++) {
                    for (const call of [
                        () => api.alloc(16),
                        () => api.alloc(1600, token),
                        () => api.off('grow', {}),
                        () => api.used(),
                        () => api.largestFree(),
                        () => api.memory,
                        () => api.buffer,
                    ]) {
                        growBy(api.memory, 1);
                        call();
                        assert.equal(api.total(), ++pages * PAGE);
                        assert.equal(api.used(), Math.ceil(api.used() / 1600) * 1600);
                        assertSound(allocator);
                    }
                }
                assert.equal(events, 21);
            });

            it('counts as one change if it happens several times between two calls', () => {
                const { api } = fresh();
                const sizes = [];
                api.on('grow', sizes, ({ info }) => sizes.push(info.oldSize, info.newSize));
                const { memory } = api;
                for (let i = 0; i < 3; i++) growBy(memory, 2);
                api.used();
                assert.deepEqual(sizes, [PAGE, 7 * PAGE]);
            });

            it('by no pages replaces the buffer, which sends ‘resize’ without ‘grow’', () => {
                const allocator = fresh();
                const { api } = allocator;
                const events = [];
                for (const type of ['grow', 'resize']) api.on(type, events, (event) => events.push(event));
                const { memory, buffer } = api;
                growBy(memory, 0);
                const figures = figuresOf(api);
                assert.equal(figures.total, PAGE);
                assert.equal(api.memory, memory);
                assert.equal(api.buffer, memory.buffer);
                assert.notEqual(api.buffer, buffer);
                assert.deepEqual(
                    events.map(({ type, info }) => [type, info.oldSize, info.newSize]),
                    [['resize', PAGE, PAGE]],
                );
                assertSound(allocator);
            });

            it('inside a handler is reported after the pending events', () => {
                const allocator = fresh();
                const { api } = allocator;
                const seen = [];
                let once = false;
                for (const name of ['first', 'second']) {
                    api.on('grow', seen, ({ info }) => {
                        if (!once) growBy(api.memory, 3);
                        once = true;
                        assert.equal(info.buffer.byteLength, api.total());
                        seen.push(`${name} ${info.newSize / PAGE}`);
                    });
                }
                api.alloc(2 * PAGE);
                assert.deepEqual([...seen].sort(), ['first 2', 'first 5', 'second 2', 'second 5']);
                assert.ok(seen.indexOf('second 2') < seen.indexOf('second 5'));
                assert.equal(api.total(), 5 * PAGE);
                assertSound(allocator);
            });

            it('inside a respawn is used, and reported after the trim', () => {
                const allocator = fresh();
                const { api } = allocator;
                const seen = [];
                api.alloc(4 * PAGE);
                api.bind(noop, () => {
                    growBy(api.memory, 1);
                    assert.equal(api.total(), 2 * PAGE);
                    assert.equal(api.buffer.byteLength, 2 * PAGE);
                });
                api.on('resize', seen, ({ info }) => seen.push([info.oldSize / PAGE, info.newSize / PAGE]));
                api.trim();
                assert.deepEqual(seen, [
                    [4, 1],
                    [1, 2],
                ]);
                assertSound(allocator);
            });

            it('makes only the call throw in which a handler throws', () => {
                for (const call of Object.values(calls)) {
                    const allocator = fresh();
                    const { api } = allocator;
                    const { memory } = api;
                    api.on('grow', noop, () => {
                        throw new Error('planted');
                    });
                    growBy(memory, 4);
                    assert.throws(() => call(api), /^Error: planted$/);
                    call(api);
                    assertSound(allocator);
                }
            });

            it('is used up to the last page', () => {
                const allocator = fresh(1, 3);
                const { api } = allocator;
                growBy(api.memory, 2);
                assert.equal(api.alloc(3 * PAGE), 0);
                assertThrows(() => api.alloc(3 * PAGE + 1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
                api.trim();
                assert.equal(api.total(), PAGE);
                assertSound(allocator);
            });

            it('is used up to 4 GiB', () => {
                const allocator = fresh();
                const { api } = allocator;
                growBy(api.memory, 65_535);
                assert.equal(api.total(), 2 ** 32);
                assert.equal(api.alloc(-16, api), 0);
                assert.equal(api.alloc(16, api), -16);
                assertSound(allocator);
            });
        });
    }

    it('before the first use only sets the size of the memory', () => {
        const allocator = fresh(1);
        const { api } = allocator;
        const { memory } = api;
        memory.grow(0);
        memory.grow(1);
        memory.grow(0);
        assert.equal(api.buffer, memory.buffer);
        assert.equal(api.total(), 2 * PAGE);
        assertSound(allocator);
    });

    it('keeps the contents', () => {
        const { api } = fresh();
        const address = api.alloc(64, api);
        new Uint8Array(api.buffer, address, 64).fill(3);
        api.memory.grow(1);
        assert.ok(new Uint8Array(api.buffer, address, 64).every((byte) => byte === 3));
    });

    it('of the old memory after a migration is ignored', () => {
        const allocator = fresh();
        const { api } = allocator;
        const { memory } = api;
        api.alloc(3 * PAGE);
        api.trim();
        api.on('resize', noop, () => assert.fail('resize'));
        memory.grow(2);
        assert.equal(api.total(), PAGE);
        assert.notEqual(api.memory, memory);
        assertSound(allocator);
    });
});
