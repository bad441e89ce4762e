'use strict';

// trim() with a base, a limit, reserved spans or data segments; see trim.test.js for the rest.

const assert = require('node:assert/strict');
const { Allocator } = require('@anireact/lewd');
const { assertSound, assertThrows } = require('./helpers/allocator.js');
const { allFigures, assertPainted, assertUnchanged, extended, paint } = require('./helpers/extended.js');
const { PAGE } = require('./helpers/model.js');
const compile = require('./helpers/wat.js');

const noop = () => {};
const FIXED = [Error, 'ERR_LEWD_FIXED_MEMORY'];

describe('trim() with a base', () => {
    it('leaves the pages up to the end of the used run, and never fewer than up to the base', () => {
        for (const [base, size, pages] of [
            [16, 16, 1],
            [PAGE - 16, 16, 1],
            [PAGE - 16, 32, 2],
            [PAGE, 16, 2],
            [3 * PAGE, 0, 3],
            [3 * PAGE + 16, 0, 4],
            [3 * PAGE + 16, PAGE, 5],
        ]) {
            const allocator = extended({ base });
            const { api } = allocator;
            if (size > 0) api.alloc(size, allocator);
            api.grow(9);
            paint(api.buffer, 0, base, 5);
            const { memory } = api;
            api.trim();
            assert.equal(api.buffer.byteLength, pages * PAGE, `${size} bytes at ${base}`);
            assert.equal(api.total(), pages * PAGE - base);
            assert.notEqual(api.memory, memory);
            assertPainted(api.buffer, 0, base, 5);
            assertSound(allocator);
        }
    });

    it('releases nothing of a memory that does not reach the base', () => {
        const allocator = extended({ base: 5 * PAGE });
        const { api } = allocator;
        const { memory } = api;
        for (const grown of [0, 2, 2]) {
            api.grow(grown);
            api.trim();
            assert.equal(api.memory, memory);
        }
        assert.equal(api.buffer.byteLength, 5 * PAGE);
        assertSound(allocator);
    });
});

describe('trim() with a limit', () => {
    it('releases pages below it if the memory ends there, too', () => {
        const allocator = extended({ limit: 4 * PAGE });
        const { api } = allocator;
        const token = {};
        api.alloc(100, token);
        for (let i = 0; i < 2; i++) {
            assert.ok(api.alloc(4 * PAGE - 112) > 0);
            assert.equal(api.buffer.byteLength, 4 * PAGE);
            api.trim();
            assert.equal(api.buffer.byteLength, PAGE);
            assertSound(allocator);
        }
        assert.ok(token);
    });

    it('releases nothing if the memory reaches beyond it', () => {
        for (const limit of [PAGE, 2 * PAGE + 160, 3 * PAGE - 16]) {
            const allocator = extended({ initial: 3, limit });
            const { api } = allocator;
            const { memory, buffer } = api;
            api.grow(2);
            paint(api.buffer, 0, 5 * PAGE, 3);
            api.trim();
            assert.equal(api.memory, memory);
            assert.equal(buffer.byteLength, 0);
            assertPainted(api.buffer, 0, 5 * PAGE, 3);
            assertSound(allocator);
        }
    });

    it('lets the memory grow to the limit again', () => {
        const allocator = extended({ base: 1024, limit: 2 * PAGE });
        const { api } = allocator;
        api.grow(1);
        api.trim();
        assert.equal(api.total(), PAGE - 1024);
        assert.equal(api.alloc(2 * PAGE - 1024, allocator), 1024);
        assertThrows(() => api.alloc(1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
        assertSound(allocator);
    });
});

describe('trim() of a memory that can’t be replaced', () => {
    it('throws for a fixed one, whether or not a page could be released', () => {
        for (const pages of [0, 3]) {
            const allocator = extended({ fixed: true });
            allocator.api.grow(pages);
            assertUnchanged(allocator, () => allocator.api.trim(), ...FIXED);
        }
    });

    it('throws for one that another allocator shares, and changes nothing for either', () => {
        const memory = new WebAssembly.Memory({ initial: 4 });
        const low = extended({ memory, limit: PAGE });
        const high = extended({ memory, base: 3 * PAGE });
        for (const own of [low, high]) {
            own.api.bind(noop, () => assert.fail('respawned'));
            assertUnchanged(own, () => own.api.trim(), ...FIXED);
        }
        assert.equal(high.api.memory, memory);
    });
});

describe('trim() and reserved spans', () => {
    it('keeps them and their contents', () => {
        const allocator = extended({ base: 64 });
        const { api } = allocator;
        api.grow(5);
        api.reserve(PAGE + 512, 1000);
        api.reserve(64, 16);
        paint(api.buffer, PAGE + 512, 1008, 7);
        paint(api.buffer, 64, 16, 8);
        api.trim();
        assert.deepEqual([api.buffer.byteLength, api.reserved(), api.used()], [2 * PAGE, 1024, 0]);
        assertPainted(api.buffer, PAGE + 512, 1008, 7);
        assertPainted(api.buffer, 64, 16, 8);
        assertSound(allocator);
        assertThrows(() => api.reserve(PAGE + 512, 16), Error, 'ERR_LEWD_NOT_FREE');
    });

    it('never releases their pages', () => {
        const { api } = extended();
        api.grow(5);
        api.reserve(6 * PAGE - 16, 16);
        const { memory } = api;
        api.trim();
        assert.equal(api.memory, memory);
    });
});

describe('trim() and a module with static data', () => {
    // Its data is below the base and in a reserved span; its changes there must last, though new instances write the
    // segments again.
    const text = (pages) => `(module
        (import "env" "memory" (memory ${pages}))
        (data (i32.const 1024) "the first segment, as it was compiled")
        (data (i32.const 40960) "the second segment, far above the base")
        (data (i32.const 50000) "bytes that are not reserved")
        (func (export "bump") (i32.store8 (i32.const 1024) (i32.add (i32.load8_u (i32.const 1024)) (i32.const 1)))
            (i32.store8 (i32.const 40960) (i32.add (i32.load8_u (i32.const 40960)) (i32.const 1))))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`;
    let module;

    before(async () => {
        module = await compile(text(1));
    });

    /** Makes an instance that is respawned with the memory; `also` runs in each respawn, with the new instance. */
    const running = (options, also = noop) => {
        const allocator = extended({ base: 2048, ...options });
        const { api } = allocator;
        const env = {
            get memory() {
                return api.memory;
            },
        };
        const spawn = () => new WebAssembly.Instance(module, { env }).exports;
        const own = { allocator, api };
        own.instance = api.bind(spawn, () => {
            own.instance = spawn();
            also(own);
        });
        api.reserve(40_960, 64);
        return own;
    };

    const first = (api, start) => Buffer.from(api.buffer).toString('latin1', start, start + 5);

    it('restores the data below the base and in reserved spans', () => {
        const own = running();
        const { api } = own;
        const token = {};
        const address = api.alloc(5000, token);
        paint(api.buffer, address, 5008, 4);
        for (let round = 1; round <= 3; round++) {
            own.instance.bump();
            paint(api.buffer, 1500, 548, round);
            api.grow(3);
            const before = own.instance;
            api.trim();
            assert.notEqual(own.instance, before);
            assert.equal(api.buffer.byteLength, PAGE);
            const shifted = String.fromCharCode('t'.charCodeAt() + round);
            assert.equal(first(api, 1024), `${shifted}he f`);
            assert.equal(first(api, 40_960), `${shifted}he s`);
            assertPainted(api.buffer, 1500, 548, round);
            assertPainted(api.buffer, address, 5008, 4);
            assertSound(own.allocator);
        }
        assert.ok(token);
    });

    it('leaves segments elsewhere as the new instance writes them', () => {
        const { api } = running();
        Buffer.from(api.buffer).fill(0, 50_000, 50_100);
        api.grow(1);
        api.trim();
        assert.equal(first(api, 50_000), 'bytes');
    });

    it('restores the data if respawns or other code grow the new memory or allocate', () => {
        for (const also of [
            ({ instance }) => assert.equal(instance.grow(5), 1),
            ({ api }) => api.grow(5),
            ({ api }) => assert.ok(api.c.malloc(3 * PAGE) > 0),
            ({ api }) => api.memory.grow(1),
        ]) {
            const own = running({}, also);
            const { api } = own;
            own.instance.bump();
            api.grow(2);
            api.trim();
            assert.ok(api.buffer.byteLength > PAGE);
            assert.equal(api.total(), api.buffer.byteLength - 2048);
            assert.equal(first(api, 1024), 'uhe f');
            assert.equal(first(api, 40_960), 'uhe s');
            allFigures(api);
            assertSound(own.allocator);
        }
    });

    it('restores the data if a respawn throws, then throws that error', () => {
        const own = running({}, () => {
            throw new Error('planted');
        });
        own.instance.bump();
        own.api.grow(2);
        assert.throws(() => own.api.trim(), /^Error: planted$/);
        assert.equal(first(own.api, 1024), 'uhe f');
        assert.equal(first(own.api, 40_960), 'uhe s');
        assertSound(own.allocator);
    });

    it('leaves spans that a respawn reserves, with their new segments', () => {
        let reserved = false;
        const own = running({}, ({ api }) => {
            if (!reserved) api.reserve(50_000, 32);
            reserved = true;
        });
        const { api } = own;
        Buffer.from(api.buffer).fill(0, 50_000, 50_100);
        api.grow(1);
        api.trim();
        assert.equal(first(api, 50_000), 'bytes');
        Buffer.from(api.buffer).fill(0, 50_000, 50_032);
        api.grow(1);
        api.trim();
        assert.equal(first(api, 50_000), '\0\0\0\0\0');
    });

    it('restores the data before handlers run, when the old buffer is detached', () => {
        const own = running();
        const { api } = own;
        const seen = [];
        own.instance.bump();
        api.grow(1);
        const { buffer } = api;
        api.on('trim', seen, () => seen.push(first(api, 1024), buffer.byteLength));
        api.trim();
        assert.deepEqual(seen, ['uhe f', 0]);
    });

    it('declares the same maximum, which the respawn’s import requires', async () => {
        const declared = await compile('(module (import "env" "memory" (memory 2 7)))');
        const own = new Allocator({ initial: 2, maximum: 7 });
        let spawned = 0;
        const spawn = () => (spawned++, new WebAssembly.Instance(declared, { env: { memory: own.memory } }));
        own.bind(spawn, spawn);
        for (let i = 0; i < 3; i++) {
            own.grow(5);
            own.trim();
            assert.equal(own.buffer.byteLength, 2 * PAGE);
        }
        assert.equal(spawned, 4);
    });
});
