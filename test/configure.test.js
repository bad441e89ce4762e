'use strict';

// configure(): on allocators made for a test, and on the default one in processes of their own.

const assert = require('node:assert/strict');
const { assertRefuses, assertSound, assertThrows, fresh } = require('./helpers/allocator.js');
const { run } = require('./helpers/child.js');
const { PAGE } = require('./helpers/model.js');
const compile = require('./helpers/wat.js');

const noop = () => {};
const { Memory } = WebAssembly;

describe('configure({ memory, maximum })', () => {
    it('makes an unused allocator work over the memory that is passed in', () => {
        const allocator = fresh();
        const { api } = allocator;
        const memory = new Memory({ initial: 3, maximum: 10 });
        assert.equal(api.configure({ memory, maximum: 10 }), undefined);
        assert.equal(api.memory, memory);
        assert.equal(api.buffer, memory.buffer);
        assert.equal(api.total(), 3 * PAGE);
        assert.equal(api.free(), 3 * PAGE);
        api.alloc(5 * PAGE, api);
        assert.equal(memory.buffer.byteLength, 5 * PAGE);
        assertSound(allocator);
    });

    it('makes all of the memory free: neither skips nor clears its contents', () => {
        const { api } = fresh();
        const memory = new Memory({ initial: 1 });
        new Uint8Array(memory.buffer).fill(7);
        api.configure({ memory });
        assert.equal(api.alloc(PAGE, api), 0);
        assert.ok(new Uint8Array(api.buffer).every((byte) => byte === 7));
    });

    it('throws ERR_LEWD_IN_USE after the first use', () => {
        for (const use of [
            (api) => api.alloc(16),
            (api) => api.alloc(16, api),
            (api) => api.trim(),
            (api) => api.memory,
            (api) => api.buffer,
            (api) => api.on('grow', api, noop),
            (api) => api.off('grow', api),
            (api) => api.total(),
            (api) => api.used(),
            (api) => api.usedRun(),
            (api) => api.free(),
            (api) => api.headFree(),
            (api) => api.tailFree(),
            (api) => api.largestFree(),
            (api) => api.configure({ memory: new Memory({ initial: 1 }) }),
        ]) {
            const allocator = fresh();
            const { api } = allocator;
            use(api);
            const options = { memory: new Memory({ initial: 2 }) };
            assertRefuses(allocator, () => api.configure(options), Error, 'ERR_LEWD_IN_USE', /before the .*use/);
        }
    });

    it('accepts a memory that was used elsewhere, and grown before', () => {
        const { api } = fresh();
        const memory = new Memory({ initial: 1 });
        memory.grow(4);
        api.configure({ memory });
        memory.grow(1);
        assert.equal(api.total(), 6 * PAGE);
        api.trim();
        assert.equal(api.total(), 5 * PAGE);
    });

    it('declares maximum again for a migrated memory', () => {
        const { api } = fresh();
        api.configure({ memory: new Memory({ initial: 1, maximum: 6 }), maximum: 6 });
        for (let i = 0; i < 3; i++) {
            api.alloc(6 * PAGE);
            assertThrows(() => api.alloc(6 * PAGE + 1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
            const { memory } = api;
            api.trim();
            assert.notEqual(api.memory, memory);
            assert.throws(() => api.memory.grow(6), RangeError);
            assert.equal(api.total(), PAGE);
        }
    });

    it('does not grow beyond a maximum below the memory’s own', () => {
        const allocator = fresh();
        const { api } = allocator;
        const memory = new Memory({ initial: 1, maximum: 10 });
        api.configure({ memory, maximum: 4 });
        assert.equal(api.alloc(4 * PAGE), 0);
        assertRefuses(allocator, () => api.alloc(4 * PAGE + 1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
        assert.equal(memory.buffer.byteLength, 4 * PAGE);
    });

    it('grows to the memory’s own maximum at most', () => {
        const allocator = fresh();
        const { api } = allocator;
        api.configure({ memory: new Memory({ initial: 1, maximum: 3 }) });
        assert.equal(api.alloc(3 * PAGE), 0);
        assertRefuses(allocator, () => api.alloc(3 * PAGE + 1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
    });

    it('accepts a maximum of the memory’s own size', () => {
        const allocator = fresh();
        allocator.api.configure({ memory: new Memory({ initial: 4, maximum: 4 }), maximum: 4 });
        assert.equal(allocator.api.alloc(4 * PAGE, allocator), 0);
        assertRefuses(allocator, () => allocator.api.alloc(1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
    });

    it('uses maximum for a memory that it makes', () => {
        const allocator = fresh();
        const { api } = allocator;
        api.configure({ maximum: 2 });
        assert.equal(api.total(), PAGE);
        assert.equal(api.alloc(2 * PAGE), 0);
        assert.throws(() => api.memory.grow(1), RangeError);
        assertRefuses(allocator, () => api.alloc(2 * PAGE + 1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
    });

    it('without settings, counts as first use and changes nothing else', () => {
        const { api } = fresh();
        api.configure({});
        assert.equal(api.total(), PAGE);
        assertThrows(() => api.configure({}), Error, 'ERR_LEWD_IN_USE');
    });

    it('throws for wrong values, after which the allocator may still be configured', () => {
        const TYPE = [TypeError, 'ERR_LEWD_INVALID_ARG_TYPE'];
        const VALUE = [TypeError, 'ERR_LEWD_INVALID_ARG_VALUE'];
        const RANGE = [RangeError, 'ERR_LEWD_OUT_OF_RANGE'];
        const UNSUPPORTED = [TypeError, 'ERR_LEWD_UNSUPPORTED_MEMORY'];
        const memory = new Memory({ initial: 3 });
        const shared = new Memory({ initial: 1, maximum: 2, shared: true });
        const allocator = fresh();
        const { api } = allocator;
        for (const [options, [type, code], message] of [
            [undefined, TYPE, /^the settings must be an object; got undefined$/],
            [null, TYPE, /^the settings must .* got null$/],
            [5, TYPE, /^the settings must .* got 5$/],
            ['memory', TYPE, /^the settings must .* got 'memory'$/],
            [{ memory: null }, TYPE, /^memory must be a WebAssembly.Memory; got null$/],
            [{ memory: undefined }, TYPE, /^memory must be a WebAssembly.Memory; got undefined$/],
            [{ memory, base: undefined }, TYPE, /^base must be a number .* got undefined$/],
            [{ memory, limit: undefined }, TYPE, /^limit must be a number .* got undefined$/],
            [{ memory, heapBase: 1024 }, VALUE, /^a setting must be one of memory, .*, growth; got 'heapBase'$/],
            [{ maxium: 5 }, VALUE, /; got 'maxium'$/],
            [memory, TYPE, /^the settings must be an object with members: { memory }, not a memory; got an object$/],
            [Object.create({ base: undefined }), TYPE, /^base must .* got undefined$/],
            [{ memory, fixed: 'false' }, TYPE, /^fixed must be true or false; got 'false'$/],
            [{ memory: 1 }, TYPE, /^memory .* got 1$/],
            [{ memory: {} }, TYPE, /^memory .* got an object$/],
            [{ memory: { buffer: new ArrayBuffer(PAGE), grow: noop } }, TYPE, /^memory /],
            [{ memory: new ArrayBuffer(PAGE) }, TYPE, /^memory /],
            [{ memory: memory.buffer }, TYPE, /^memory /],
            [{ memory: Memory }, TYPE, /^memory .* got a function$/],
            [{ memory: Object.create(Memory.prototype) }, TYPE, /^memory /],
            [{ memory: Memory.prototype }, TYPE, /^memory /],
            [{ memory: new Proxy(memory, {}) }, TYPE, /^memory /],
            [{ memory: shared }, UNSUPPORTED, /^the memory must not be shared$/],
            [{ memory: shared, maximum: 2 }, UNSUPPORTED, /^the memory must not be shared$/],
            [{ memory, maximum: null }, TYPE, /^maximum must be a number of pages; got null$/],
            [{ memory, maximum: '4' }, TYPE, /^maximum .* got '4'$/],
            [{ memory, maximum: 4n }, TYPE, /^maximum .* got 4n$/],
            [{ memory, maximum: 0 }, RANGE, /^maximum must be a whole number of pages, 1 to 65536; got 0$/],
            [{ memory, maximum: -1 }, RANGE, /^maximum .* got -1$/],
            [{ memory, maximum: 3.5 }, RANGE, /^maximum .* got 3\.5$/],
            [{ memory, maximum: NaN }, RANGE, /^maximum .* got NaN$/],
            [{ memory, maximum: Infinity }, RANGE, /^maximum .* got Infinity$/],
            [{ memory, maximum: 65_537 }, RANGE, /^maximum .* got 65537$/],
            [
                { memory, maximum: 2 },
                RANGE,
                /^maximum must not be below the number of pages that the memory has; got 2$/,
            ],
            [{ maximum: 0 }, RANGE, /^maximum /],
            [{ maximum: '1' }, TYPE, /^maximum /],
        ]) {
            assertThrows(() => api.configure(options), type, code, message);
        }
        api.configure({ memory });
        assert.equal(api.memory, memory);
        assertSound(allocator);
    });

    it('throws the error of a getter, after which the allocator may still be configured', () => {
        const { api } = fresh();
        for (const name of ['memory', 'maximum']) {
            const options = Object.defineProperty({}, name, {
                get() {
                    throw new Error('planted');
                },
            });
            assert.throws(() => api.configure(options), /^Error: planted$/);
        }
        api.configure({ maximum: 1 });
    });

    it('throws ERR_LEWD_IN_USE if a getter uses the allocator, and keeps its allocation', () => {
        for (const name of ['memory', 'maximum']) {
            const allocator = fresh();
            const { api } = allocator;
            const options = { memory: new Memory({ initial: 1 }), maximum: 10 };
            const value = options[name];
            Object.defineProperty(options, name, { get: () => (api.alloc(16, options), value) });
            assertThrows(() => api.configure(options), Error, 'ERR_LEWD_IN_USE');
            assert.equal(api.used(), 16);
            assert.equal(api.alloc(16, options), 16);
            assertSound(allocator);
        }
    });

    it('works over a memory that a module imports; memory and buffer follow changes', async () => {
        const module = await compile(`(module
            (import "env" "memory" (memory 2 100))
            (func (export "get") (param i32) (result i32) (i32.load (local.get 0)))
            (func (export "set") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
            (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`);
        const allocator = fresh();
        const { api } = allocator;
        const memory = new Memory({ initial: 2, maximum: 100 });
        const first = new WebAssembly.Instance(module, { env: { memory } }).exports;
        api.configure({ memory, maximum: 100 });

        let instance = first;
        api.bind(noop, () => {
            instance = new WebAssembly.Instance(module, { env: { memory: api.memory } }).exports;
        });
        const events = [];
        api.on('resize', events, ({ info }) => {
            assert.equal(info.memory, api.memory);
            assert.equal(info.buffer, api.memory.buffer);
            events.push(info.newSize / PAGE);
        });
        const address = api.alloc(16, events);
        instance.set(address, 12345);
        assert.equal(new DataView(api.buffer).getInt32(address, true), 12345);

        api.alloc(7 * PAGE); // ours
        assert.equal(memory.buffer.byteLength, api.total());
        assert.equal(instance.grow(3), 8); // by the module
        assert.equal(api.total(), 11 * PAGE);
        assert.equal(api.buffer, memory.buffer);

        for (let i = 0; i < 3; i++) {
            api.trim();
            assert.notEqual(api.memory, memory);
            assert.notEqual(instance, first);
            // The memory keeps its declared size: the module could not be instantiated over less.
            assert.equal(api.total(), 2 * PAGE);
            assert.equal(instance.get(address), 12345);
            api.alloc(api.tailFree() + PAGE);
            assert.equal(api.buffer, api.memory.buffer);
        }
        assert.deepEqual(events, [8, 11, 2, 3, 2, 3, 2, 3]);
        assertThrows(() => api.alloc(101 * PAGE), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
        assertSound(allocator);
    });

    it('works over a memory that a module exports until a migration', async () => {
        const module = await compile('(module (memory (export "memory") 1 9))');
        const allocator = fresh();
        const { memory } = new WebAssembly.Instance(module).exports;
        allocator.api.configure({ memory, maximum: 9 });
        assert.equal(allocator.api.alloc(9 * PAGE, allocator), 0);
        assert.equal(memory.buffer.byteLength, 9 * PAGE);
        assertSound(allocator);
    });

    describe('the default allocator, in a process of its own', () => {
        for (const [what, ...args] of [
            ['required', 'test/fixtures/configure.cjs'],
            ['imported', 'test/fixtures/configure.mjs'],
            ['used before it is configured', 'test/fixtures/configure-late.mjs'],
            ['imported, keeps nothing of its first memory', '--expose-gc', 'test/fixtures/configure-first.mjs'],
        ]) {
            it(what, async () => {
                assert.deepEqual(await run(...args), { code: 0, signal: null, stdout: 'done\n', stderr: '' });
            });
        }
    });
});
