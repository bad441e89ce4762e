'use strict';

// block(): a range of bytes that dispose() or a collection frees.

const assert = require('node:assert/strict');
const { Allocator } = require('@anireact/lewd');
const { assertSound, assertThrows } = require('./helpers/allocator.js');
const { collect, collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { assertUnchanged, extended } = require('./helpers/extended.js');
const { PAGE } = require('./helpers/model.js');

const VIEWS = {
    i8: Int8Array,
    u8: Uint8Array,
    i16: Int16Array,
    u16: Uint16Array,
    i32: Int32Array,
    u32: Uint32Array,
    i64: BigInt64Array,
    u64: BigUint64Array,
    f32: Float32Array,
    f64: Float64Array,
    data: DataView,
};
const DISPOSED = [Error, 'ERR_LEWD_DISPOSED'];
const noop = () => {};

/** Fails unless every view of the block is right, over the present buffer. */
const assertFresh = (api, block) => {
    for (const [name, View] of Object.entries(VIEWS)) {
        const view = block[name];
        assert.equal(view.constructor, View);
        assert.equal(view.buffer, api.buffer);
        assert.equal(view.byteOffset, block.address >>> 0);
        const bytes = View.BYTES_PER_ELEMENT ?? 1;
        assert.equal(view.byteLength, Math.floor(block.size / bytes) * bytes);
        assert.equal(block[name], view);
    }
};

describe('block(size, alignment)', () => {
    it('has an address, a size, and views over exactly these bytes, as far as whole elements fit', () => {
        const { api } = extended();
        for (const size of [1, 7, 8, 16, 17, 100, 1000]) {
            const block = api.block(size);
            assert.equal(block.address % 16, 0);
            assert.equal(block.size, size);
            assert.equal(api.c.malloc_usable_size(block.address) || 16, Math.ceil(size / 16) * 16);
            assertFresh(api, block);
        }
    });

    it('has views that share their bytes', () => {
        const { api } = extended();
        const block = api.block(16);
        block.u64[0] = 0x4045000000000000n;
        assert.equal(block.f64[0], 42);
        block.i32.fill(-1);
        assert.deepEqual([block.u8[0], block.i8[15], block.u16[7], block.i16[0]], [255, -1, 65_535, -1]);
        block.data.setFloat32(4, 1.5, true);
        assert.equal(block.f32[1], 1.5);
        assert.equal(block.u32[3], 2 ** 32 - 1);
        assert.equal(block.i64[1], -1n);
        assert.equal(Buffer.from(api.buffer)[block.address], 255);
    });

    it('returns an address with the given alignment', () => {
        const { api } = extended({ initial: 3 });
        for (const alignment of [1, 16, 64, 4096, PAGE]) assert.equal(api.block(16, alignment).address % alignment, 0);
    });

    it('throws the errors of alloc() for wrong sizes and without room, and allocates nothing', () => {
        const allocator = extended({ maximum: 1 });
        const { api } = allocator;
        for (const size of [0, 0.5, NaN, 2 ** 32]) {
            assertUnchanged(allocator, () => api.block(size), RangeError, 'ERR_LEWD_OUT_OF_RANGE', /^size /);
        }
        for (const size of [undefined, null, '16', 16n, {}]) {
            assertUnchanged(allocator, () => api.block(size), TypeError, 'ERR_LEWD_INVALID_ARG_TYPE', /^size /);
        }
        assertUnchanged(allocator, () => api.block(PAGE + 1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
        assertUnchanged(allocator, () => api.block(-1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
        assert.equal(api.block(PAGE).size, PAGE);
    });

    describe('views are never stale', () => {
        it('after growth by an allocation, by grow(), and by others', () => {
            const { api } = extended({ maximum: 9 });
            const block = api.block(100);
            block.u8.fill(7);
            for (const grow of [() => api.alloc(2 * PAGE), () => api.grow(1), () => api.memory.grow(1)]) {
                const { u8 } = block;
                grow();
                assert.equal(u8.length, 0);
                assertFresh(api, block);
                assert.deepEqual(new Set(block.u8), new Set([7]));
            }
        });

        it('after a migration, even inside the respawn and in handlers', () => {
            const { api } = extended({ maximum: 9 });
            const block = api.block(100);
            block.i16.fill(1234);
            const seen = [];
            const look = (what) => {
                assertFresh(api, block);
                assert.deepEqual(new Set(block.i16), new Set([1234]));
                seen.push(what);
            };
            api.bind(noop, () => look('respawn'));
            for (const type of ['grow', 'trim', 'resize']) api.on(type, seen, () => look(type));
            api.grow(3);
            const { i16 } = block;
            api.trim();
            assert.equal(i16.length, 0);
            look('after');
            assert.deepEqual(seen, ['grow', 'resize', 'respawn', 'trim', 'resize', 'after']);
        });
    });

    it('throws an error with a code from members on a wrong `this`, and from its class without an allocator', () => {
        const { api } = extended();
        const prototype = Object.getPrototypeOf(api.block(16));
        const TYPE = [TypeError, 'ERR_LEWD_INVALID_ARG_TYPE', /Block.+got /];
        const others = [new Proxy(api.block(16), {}), Object.create(api.block(16)), prototype, new Allocator()];
        for (const name of ['address', 'size', 'dispose', 'pin', ...Object.keys(VIEWS)]) {
            const { get, value } = Object.getOwnPropertyDescriptor(prototype, name);
            for (const self of [undefined, null, 16, 'text', Symbol('s'), 1n, {}, noop, ...others])
                assertThrows(() => Reflect.apply(get ?? value, self, []), ...TYPE);
        }
        for (const inner of [undefined, null, 16, {}]) assertThrows(() => new prototype.constructor(inner), ...TYPE);
    });

    describe('dispose()', () => {
        it('frees at once; then every member throws; a second call does nothing', () => {
            const allocator = extended();
            const { api } = allocator;
            const block = api.block(100);
            const { u8 } = block;
            block.dispose();
            assert.equal(api.used(), 0);
            assertSound(allocator);
            const other = api.block(100);
            block.dispose();
            assert.equal(api.used(), 112);
            for (const name of ['address', 'size', ...Object.keys(VIEWS)]) {
                assertThrows(() => block[name], ...DISPOSED, /disposed of/);
            }
            assert.equal(u8.length, 100);
            assert.equal(other.address, 0);
        });

        it('runs at the end of a using declaration', () => {
            const { api } = extended();
            const block = api.block(16);
            if (Symbol.dispose === undefined) assert.equal(typeof block.dispose, 'function');
            else {
                assert.equal(block[Symbol.dispose], block.dispose);
                block[Symbol.dispose]();
                assert.equal(api.used(), 0);
            }
        });

        it('does nothing after its allocator was disposed of, or dropped with it', () => {
            const own = new Allocator();
            const [one, other] = [own.block(16), own.block(16)];
            own.dispose();
            one.dispose();
            for (const block of [one, other]) assertThrows(() => block.address, ...DISPOSED);
        });

        it('works in handlers and in a respawn', () => {
            const allocator = extended({ maximum: 9 });
            const { api } = allocator;
            const blocks = [api.block(16), api.block(16), api.block(16)];
            api.on('grow', blocks, () => blocks[0].dispose());
            api.bind(noop, () => blocks[1].dispose());
            api.on('trim', blocks, () => blocks[2].dispose());
            api.grow(1);
            assert.equal(api.used(), 32);
            api.trim();
            assert.equal(api.used(), 0);
            assertSound(allocator);
        });

        it('does nothing to bytes that C’s free() has freed, whatever is there now', () => {
            const allocator = extended();
            const { api } = allocator;
            const [first, one, other] = [api.block(16), api.block(64), api.block(64)];
            const { address } = one;
            api.c.free(address);
            api.c.free(other.address);
            assert.equal(api.c.malloc(64), address);
            const used = api.used();
            for (const block of [one, other, one, other]) assert.equal(block.dispose(), undefined);
            assert.equal(api.used(), used);
            assert.equal(api.c.malloc_usable_size(address), 64);
            assertSound(allocator);
            assert.equal(first.size, 16);
            for (const block of [one, other]) assertThrows(() => block.address, ...DISPOSED);
        });

        it('after C’s free() and a trim() below the bytes, the views throw', () => {
            const { api } = extended({ maximum: 4 });
            const first = api.block(16);
            const block = api.block(65_536);
            api.c.free(block.address);
            api.trim();
            assert.equal(api.buffer.byteLength, 65_536);
            for (const name of Object.keys(VIEWS)) assertThrows(() => block[name], ...DISPOSED);
            assertThrows(() => block.pin(noop), ...DISPOSED);
            assert.equal(first.u8.length, 16);
        });

        it('throws nothing at the end of a using declaration after C’s free()', () => {
            const { api } = extended({ base: 16 });
            const block = api.block(16);
            api.c.free(block.address);
            (block[Symbol.dispose] ?? block.dispose).call(block);
            assert.equal(api.used(), 0);
        });

        it('leaves an allocation that covers bytes that C’s free() has freed', () => {
            const allocator = extended({ base: 16 });
            const { api } = allocator;
            const blocks = [api.block(32), api.block(32)];
            for (const { address } of blocks) api.c.free(address);
            assert.equal(api.alloc(64, api), 16);
            for (const block of blocks) block.dispose();
            assert.equal(api.used(), 64);
            assertSound(allocator);
        });

        it('leaves bytes that were made strong, or given to another token', () => {
            const { api } = extended({ base: 16 });
            const [one, other] = [api.block(32), api.block(64)];
            api.strengthen(one.address);
            api.weaken(other.address, api);
            one.dispose();
            other.dispose();
            assert.equal(api.used(), 96);
        });
    });

    describe('life', () => {
        it('a block that is dropped is collected, and its bytes freed', async () => {
            const { api } = extended({ maximum: 9 });
            await inFrameOfItsOwn(() => {
                for (let i = 0; i < 1000; i++) api.block(64).u8[0] = 1;
            });
            await collectTo(api, 0);
        });

        it('a block lives as long as it, or one of its views, is reachable', async () => {
            const { api } = extended({ base: 16 });
            const kept = [];
            await inFrameOfItsOwn(() => {
                kept.push(api.block(16));
                for (const name of Object.keys(VIEWS)) kept.push(api.block(16)[name]);
                api.block(64);
            });
            const count = 1 + Object.keys(VIEWS).length;
            await collectTo(api, count * 16);
            const ref = new WeakRef({});
            await collect(() => ref.deref() === undefined, 'an object was not collected');
            assert.equal(api.used(), count * 16);
            kept.length = 0;
            await collectTo(api, 0);
        });

        it('a stale view keeps a block alive, too', async () => {
            const { api } = extended({ maximum: 9 });
            const kept = [];
            await inFrameOfItsOwn(() => {
                const block = api.block(16);
                kept.push(block.u8);
                api.grow(1);
                block.u8.fill(1);
                api.block(32);
            });
            await collectTo(api, 16);
            assert.equal(kept.splice(0)[0].length, 0);
            await collectTo(api, 0);
        });

        it('a block keeps its allocator’s heap alive', async () => {
            const blocks = [];
            await inFrameOfItsOwn(() => {
                const own = new Allocator();
                blocks.push(own.block(16), own.block(16));
            });
            const ref = new WeakRef({});
            await collect(() => ref.deref() === undefined, 'an object was not collected');
            blocks[0].u8.fill(5);
            blocks[0].dispose();
            assert.equal(blocks[1].address, 16);
        });
    });
});
