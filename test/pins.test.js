'use strict';

// block.pin(): a block stays alive and in place during a call.

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

/** An allocator of some pages, of which trim() gives the last ones back. */
const trimmable = () => {
    const allocator = extended({ initial: 1, maximum: 16 });
    allocator.api.grow(3);
    return allocator;
};

describe('block.pin(fn)', () => {
    it('calls fn(address, u8) with no receiver, once, and returns its result as it is', () => {
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

    it('u8 is the view that the block has', () => {
        const { api } = extended();
        const block = api.block(7);
        assert.equal(
            block.pin((address, u8) => u8),
            block.u8,
        );
        block.pin((address, u8) => assert.deepEqual([u8.byteOffset, u8.length], [address, 7]));
    });

    describe('the block is in place until fn ends: no trim, no dispose', () => {
        it('both throw ERR_LEWD_BUSY, and change nothing', () => {
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
            it(`both work again after ${how}`, () => {
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

        it('pins may be nested: of one block, and of several; each ends by itself', () => {
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

        it('a handler that runs meanwhile can’t trim nor dispose either', () => {
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

        it('other allocators are as they were', () => {
            const [{ api }, { api: other }] = [trimmable(), trimmable()];
            const theirs = other.block(16);
            api.block(16).pin(() => {
                other.trim();
                theirs.dispose();
            });
            assert.deepEqual([other.used(), other.total()], [0, PAGE]);
        });
    });

    it('growth detaches u8; the bytes stay where they are, and the block has a new view of them', () => {
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

    it('the block is alive until fn ends, though nothing else has it, and not longer', async () => {
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
        await collect(() => refs[0].deref() === undefined, 'the block');
        await collectTo(api, 0);
    });

    describe('what is refused', () => {
        it('a thenable as result, of any kind; fn has run, and the pin has ended', () => {
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

        it('what is no function', () => {
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

        it('a block that was disposed of, or whose allocator was: fn is not called', () => {
            const own = new Allocator();
            const [one, other] = [own.block(16), own.block(16)];
            one.dispose();
            assertThrows(() => one.pin(assert.fail), ...DISPOSED);
            own.dispose();
            assertThrows(() => other.pin(assert.fail), ...DISPOSED);
        });
    });

    it('an allocator that is disposed of meanwhile: the call goes on, and the bytes are not touched', () => {
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
