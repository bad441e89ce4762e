'use strict';

// block.pin(): keeps a block alive and in place during a call.

const assert = require('node:assert/strict');
const vm = require('node:vm');
const { Allocator } = require('@anireact/lewd');
const { assertSound, assertThrows } = require('./helpers/allocator.js');
const { collect, collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { ENDS, assertAsync } = require('./helpers/ends.js');
const { assertUnchanged, extended } = require('./helpers/extended.js');
const { PAGE } = require('./helpers/model.js');

const BUSY = [Error, 'ERR_LEWD_BUSY'];
const DISPOSED = [Error, 'ERR_LEWD_DISPOSED'];

/** Makes an allocator of several pages, of which trim() releases the last ones. */
const trimmable = () => {
    const allocator = extended({ initial: 1, maximum: 16 });
    allocator.api.grow(3);
    return allocator;
};

describe('block.pin(fn)', () => {
    it('calls fn(address, u8) without a receiver, once, and returns its result unchanged', () => {
        const { api } = extended();
        const block = api.block(40);
        for (const result of [undefined, null, 0, -1, 'text', Symbol('s'), {}, [], () => {}, { then: 1 }]) {
            const calls = [];
            const returned = block.pin(function (...args) {
                calls.push([this, args]);
                return result;
            });
            assert.equal(returned, result);
            assert.deepEqual(calls, [[undefined, [block.address, block.u8]]]);
        }
    });

    it('passes the block’s own view as u8', () => {
        const { api } = extended();
        const block = api.block(7);
        assert.equal(
            block.pin((address, u8) => u8),
            block.u8,
        );
        block.pin((address, u8) => assert.deepEqual([u8.byteOffset, u8.length], [address, 7]));
    });

    describe('until fn ends, trim() and dispose()', () => {
        it('throw ERR_LEWD_BUSY, and change nothing', () => {
            const allocator = trimmable();
            const { api } = allocator;
            const block = api.block(100);
            const other = api.block(16);
            block.pin((address, u8) => {
                u8.fill(7);
                assertUnchanged(allocator, () => api.trim(), ...BUSY, /^trim\(\) can't run inside pin\(\)/);
                for (const name of ['dispose', Symbol.dispose ?? 'dispose'])
                    assertUnchanged(
                        allocator,
                        () => block[name](),
                        ...BUSY,
                        /^a block can't be disposed of inside its pin\(\)$/,
                    );
                assert.equal(block.address, address);
                assert.deepEqual(new Set(block.u8), new Set([7]));
                other.dispose();
            });
            assert.equal(api.used(), 112);
            assertSound(allocator);
        });

        for (const [how, end] of Object.entries(ENDS))
            it(`work again after ${how}`, () => {
                const allocator = trimmable();
                const { api } = allocator;
                const block = api.block(100);
                let calls = 0;
                end(
                    (fn) => block.pin(fn),
                    () => {
                        calls++;
                        assertThrows(() => api.trim(), ...BUSY);
                        assertThrows(() => block.dispose(), ...BUSY);
                    },
                );
                assert.equal(calls, 1);
                api.trim();
                assert.equal(api.buffer.byteLength, PAGE);
                block.dispose();
                assert.equal(api.used(), 0);
                assertSound(allocator);
            });

        it('stay blocked by nested pins of one or several blocks until each has ended', () => {
            const { api } = trimmable();
            const [one, other] = [api.block(16), api.block(16)];
            one.pin(() => {
                one.pin(() => assertThrows(() => one.dispose(), ...BUSY));
                assertThrows(() => one.dispose(), ...BUSY);
                other.pin(() => {
                    assertThrows(() => one.dispose(), ...BUSY);
                    assertThrows(() => other.dispose(), ...BUSY);
                });
                other.dispose();
                assertThrows(() => api.trim(), ...BUSY);
            });
            api.trim();
            one.dispose();
            assert.equal(api.used(), 0);
        });

        it('throw in handlers, too', () => {
            const { api } = trimmable();
            const block = api.block(16);
            let calls = 0;
            api.on('grow', block, () => {
                calls++;
                assertThrows(() => api.trim(), ...BUSY);
                assertThrows(() => block.dispose(), ...BUSY);
            });
            block.pin(() => api.grow(1));
            assert.equal(calls, 1);
        });

        it('work for other allocators', () => {
            const [{ api }, { api: other }] = [trimmable(), trimmable()];
            const theirs = other.block(16);
            api.block(16).pin(() => {
                other.trim();
                theirs.dispose();
            });
            assert.deepEqual([other.used(), other.total()], [0, PAGE]);
        });
    });

    it('keeps the address during growth, which detaches u8; the block then has a new view', () => {
        for (const grow of [(api) => api.grow(1), (api) => api.alloc(5 * PAGE), (api) => api.memory.grow(1)]) {
            const { api } = trimmable();
            const block = api.block(100);
            block.pin((address, u8) => {
                u8.fill(9);
                grow(api);
                assert.equal(u8.length, 0);
                assert.equal(block.address, address);
                assert.deepEqual(Buffer.from(api.buffer, address, 100), Buffer.alloc(100, 9));
                assert.deepEqual(new Set(block.u8), new Set([9]));
            });
        }
    });

    it('keeps the block alive until fn ends, even if nothing else refers to it, and no longer', async () => {
        const { api } = extended();
        const refs = [];
        const make = () => {
            const block = api.block(64);
            refs.push(new WeakRef(block));
            return block.pin.bind(block);
        };
        await inFrameOfItsOwn(() => {
            make()((address) => {
                new Uint8Array(api.buffer, address, 64).fill(3);
                for (let i = 0; i < 200; i++) {
                    if (i % 50 === 0) global.gc();
                    api.block(64).u8.fill(255);
                }
                assert.deepEqual(Buffer.from(api.buffer, address, 64), Buffer.alloc(64, 3));
            });
        });
        await collect(() => refs[0].deref() === undefined, 'the block was not collected');
        await collectTo(api, 0);
    });

    describe('errors', () => {
        it('throws if the result is any kind of thenable, after fn has run and the pin has ended', () => {
            const { api } = extended();
            const block = api.block(16);
            let calls = 0;
            const thenable = { then: () => {} };
            for (const result of [
                Promise.resolve(),
                thenable,
                Object.assign(() => {}, thenable),
                vm.runInNewContext('(async () => {})()'),
            ])
                assertAsync(() => block.pin(() => (calls++, result)));
            assert.equal(calls, 4);
            assert.throws(
                () =>
                    block.pin(() => ({
                        get then() {
                            throw new URIError('theirs');
                        },
                    })),
                { message: 'theirs' },
            );
            block.dispose();
            assert.equal(api.used(), 0);
        });

        it('throws if fn is no function', () => {
            const allocator = extended();
            const block = allocator.api.block(16);
            for (const fn of [undefined, null, 1, 'text', {}, Symbol('s')])
                assertUnchanged(
                    allocator,
                    () => block.pin(fn),
                    TypeError,
                    'ERR_LEWD_INVALID_ARG_TYPE',
                    /^fn must be a function/,
                );
        });

        it('throws without calling fn if the block or its allocator was disposed of', () => {
            const own = new Allocator();
            const [one, other] = [own.block(16), own.block(16)];
            one.dispose();
            assertThrows(() => one.pin(assert.fail), ...DISPOSED);
            own.dispose();
            assertThrows(() => other.pin(assert.fail), ...DISPOSED);
        });
    });

    it('lets the call go on if the allocator is disposed of meanwhile, and leaves the bytes', () => {
        const own = new Allocator();
        const block = own.block(16);
        const result = block.pin((address, u8) => {
            u8.fill(5);
            own.dispose();
            assertThrows(() => block.u8, ...DISPOSED);
            return Array.from(u8);
        });
        assert.deepEqual(result, Array(16).fill(5));
        block.dispose();
        assertThrows(() => own.used(), ...DISPOSED);
    });
});
