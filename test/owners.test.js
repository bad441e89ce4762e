'use strict';

// withOwner(): gives the allocations of C's functions during a call to a token.

const assert = require('node:assert/strict');
const lewd = require('@anireact/lewd');
const { assertSound, assertThrows } = require('./helpers/allocator.js');
const { collect, collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { ENDS, assertAsync } = require('./helpers/ends.js');
const { assertUnchanged, extended } = require('./helpers/extended.js');
const { PAGE } = require('./helpers/model.js');
const compile = require('./helpers/wat.js');

const { Allocator } = lewd;
const noop = () => {};

/** Makes an allocator that does not own block 0, so that all its pointers are valid in C. */
const make = (options) => extended({ base: 16, ...options });

/** Collects until dead tokens must have been found. */
const collectAll = async () => {
    const refs = [];
    await inFrameOfItsOwn(() => refs.push(new WeakRef({})));
    await collect(() => refs[0].deref() === undefined, 'an object was not collected');
};

/** Fails unless `api` has `bytes` in use as long as `kept` is held, and none afterwards. */
const assertOwned = async (api, kept, bytes) => {
    await collectAll();
    assert.equal(api.used(), bytes, 'while the token lives');
    kept.length = 0;
    await collectTo(api, 0);
};

describe('withOwner(token, fn)', () => {
    it('calls fn(token) without a receiver, once, and returns its result unchanged', () => {
        const { api } = make();
        for (const token of [{}, () => {}, Symbol('s'), []])
            for (const result of [undefined, null, 0, 'text', {}, () => {}, token, { then: 1 }]) {
                const calls = [];
                const returned = api.withOwner(token, function (...args) {
                    calls.push([this, args]);
                    return result;
                });
                assert.equal(returned, result);
                assert.deepEqual(calls, [[undefined, [token]]]);
            }
    });

    describe('allocations during the call live as long as the token', () => {
        for (const [name, bytes, allocate] of [
            ['malloc', 112, (c) => c.malloc(100)],
            ['calloc', 112, (c) => c.calloc(10, 10)],
            ['aligned_alloc', 112, (c) => c.aligned_alloc(256, 100)],
            ['realloc of 0', 112, (c) => c.realloc(0, 100)],
            ['malloc, then realloc in place', 112, (c) => c.realloc(c.malloc(16), 100)],
            [
                'malloc twice, then realloc of the first, which moves',
                16 + 80,
                (c) => {
                    const pointer = c.malloc(16);
                    c.malloc(16);
                    assert.notEqual(c.realloc(pointer, 80), pointer);
                },
            ],
        ])
            it(name, async () => {
                const allocator = make();
                const { api } = allocator;
                const kept = [];
                await inFrameOfItsOwn(() => {
                    kept.push({});
                    api.withOwner(kept[0], () => assert.notEqual(allocate(api.c), 0));
                });
                await assertOwned(api, kept, bytes);
                assertSound(allocator);
            });

        it('for any number of pointers, also with a function or a symbol as token', async () => {
            const { api } = make();
            const kept = [];
            await inFrameOfItsOwn(() => {
                kept.push(() => {}, Symbol('s'));
                for (const token of kept)
                    api.withOwner(token, () => {
                        for (let i = 0; i < 1000; i++) assert.notEqual(api.c.malloc(16), 0);
                    });
            });
            await assertOwned(api, kept, 32_000);
        });

        it('if the memory had to grow, and if garbage had to be collected', async () => {
            const { api } = make({ initial: 1, maximum: 3 });
            const kept = [];
            await inFrameOfItsOwn(() => {
                kept.push({});
                api.alloc(2 * PAGE, {}); // dead at once
            });
            api.withOwner(kept[0], () => assert.notEqual(api.c.malloc(2 * PAGE), 0));
            await assertOwned(api, kept, 2 * PAGE);
        });

        it('if a module makes them, which is the main use', async () => {
            const { api } = make();
            const code = await compile(`(module
                (import "env" "memory" (memory 1))
                (import "env" "malloc" (func $malloc (param i32) (result i32)))
                (func (export "make") (result i32) (local $node i32)
                    (local.set $node (call $malloc (i32.const 16)))
                    (i32.store (local.get $node) (call $malloc (i32.const 32)))
                    (i32.store offset=4 (local.get $node) (call $malloc (i32.const 64)))
                    (local.get $node)))`);
            const env = { memory: api.memory, malloc: api.c.malloc };
            const { exports } = new WebAssembly.Instance(code, { env });
            const kept = [];
            await inFrameOfItsOwn(() => {
                for (let i = 0; i < 3; i++) kept.push({});
                for (const token of kept) api.withOwner(token, exports.make);
            });
            await assertOwned(api, kept, 3 * 112);
        });

        it('but those before and afterwards are strong', async () => {
            const { api } = make();
            await inFrameOfItsOwn(() => {
                const { c } = api;
                c.malloc(16);
                api.withOwner({}, () => c.malloc(32));
                c.malloc(64);
            });
            await collectTo(api, 80);
        });

        it('but those of alloc() and block() have tokens of their own', async () => {
            const { api } = make();
            const kept = [];
            await inFrameOfItsOwn(() => {
                const token = {};
                api.withOwner(token, () => {
                    api.alloc(16, {});
                    api.block(16);
                    kept.push(api.block(32));
                    assert.equal(api.alloc(1000), api.alloc(1000));
                });
                kept.push(token);
            });
            await collectTo(api, 32);
        });
    });

    describe('C’s functions accept these pointers', () => {
        it('free frees at once, and only once; the collection of the token then does nothing', async () => {
            const allocator = make();
            const { api } = allocator;
            await inFrameOfItsOwn(() => {
                const token = {};
                const pointer = api.withOwner(token, () => {
                    const first = api.c.malloc(16);
                    api.c.free(first);
                    assert.equal(api.used(), 0);
                    return api.c.malloc(100);
                });
                assert.equal(api.c.malloc_usable_size(pointer), 112);
                api.c.free(pointer);
                assertUnchanged(allocator, () => api.c.free(pointer), RangeError, 'ERR_LEWD_INVALID_POINTER');
                api.c.malloc(48); // strong, in its place
            });
            await collectAll();
            assert.equal(api.used(), 48);
            assertSound(allocator);
        });

        it('strengthen() and weaken() change their lifetime', async () => {
            const { api } = make();
            const kept = [{}];
            await inFrameOfItsOwn(() => {
                const [one, other] = api.withOwner({}, () => [api.c.malloc(16), api.c.malloc(32)]);
                api.strengthen(one);
                api.weaken(other, kept[0]);
            });
            await collectAll();
            assert.equal(api.used(), 48);
            kept.length = 0;
            await collectTo(api, 16);
        });
    });

    describe('realloc keeps the owner of an older pointer', () => {
        for (const [how, size] of [
            ['moved', 5000],
            ['in place', 24],
        ]) {
            it(`if it is strong: ${how}`, async () => {
                const { api } = make();
                const pointer = api.c.malloc(32);
                api.c.malloc(16);
                const bytes = [];
                await inFrameOfItsOwn(() => {
                    api.withOwner({}, () => api.c.realloc(pointer, size));
                    bytes.push(api.used());
                });
                await collectAll();
                assert.equal(api.used(), bytes[0]);
            });

            it(`if it has another token: ${how}`, async () => {
                const { api } = make();
                const [older, newer] = [[{}], [{}]];
                const pointer = api.alloc(32, older[0]);
                api.c.malloc(16);
                api.withOwner(newer[0], () => api.c.realloc(pointer, size));
                const bytes = api.used();
                newer.length = 0;
                await collectAll();
                assert.equal(api.used(), bytes, 'the newer token was collected');
                older.length = 0;
                await collectTo(api, 16);
            });
        }

        it('if it is of an outer call', async () => {
            const { api } = make();
            const [outer, inner] = [[{}], [{}]];
            api.withOwner(outer[0], () => {
                const pointer = api.c.malloc(16);
                api.withOwner(inner[0], () => {
                    api.c.malloc(32);
                    api.c.realloc(pointer, 64);
                });
            });
            inner.length = 0;
            await collectTo(api, 64);
            outer.length = 0;
            await collectTo(api, 0);
        });
    });

    it('gives allocations to the innermost token of nested calls, and afterwards to the outer one again', async () => {
        const { api } = make();
        const tokens = { outer: {}, inner: {}, innermost: {} };
        api.withOwner(tokens.outer, () => {
            api.c.malloc(16);
            api.withOwner(tokens.inner, () => {
                api.c.malloc(32);
                api.withOwner(tokens.innermost, () => api.c.malloc(64));
                api.c.malloc(32);
                assert.throws(
                    () => api.withOwner(tokens.innermost, () => (api.c.malloc(64), JSON.parse('{'))),
                    SyntaxError,
                );
                api.c.malloc(32);
            });
            api.c.malloc(16);
        });
        assert.equal(api.used(), 2 * 16 + 3 * 32 + 2 * 64);
        tokens.inner = undefined;
        await collectTo(api, 2 * 16 + 2 * 64);
        tokens.innermost = undefined;
        await collectTo(api, 2 * 16);
        tokens.outer = undefined;
        await collectTo(api, 0);
    });

    describe('allocations by other code during the call are not owned', () => {
        it('in handlers of events', async () => {
            const { api } = make();
            const [kept, handlers] = [[{}], {}];
            for (const type of ['grow', 'resize']) api.on(type, handlers, () => api.c.malloc(32));
            api.withOwner(kept[0], () => {
                api.grow(1);
                api.c.malloc(16);
                api.memory.grow(1);
                api.c.malloc(16);
            });
            kept.length = 0;
            await collectTo(api, 4 * 32);
            api.off('grow', handlers);
        });

        it("in handlers of 'oom', and of growth for an allocation", async () => {
            const { api } = make({ initial: 1, maximum: 2 });
            const [kept, handlers] = [[{}], {}];
            const types = [];
            for (const type of ['grow', 'oom'])
                api.on(type, handlers, () => {
                    types.push(type);
                    api.c.malloc(32);
                });
            api.withOwner(kept[0], () => {
                assert.notEqual(api.c.malloc(PAGE), 0);
                assert.equal(api.c.malloc(PAGE), 0);
            });
            assert.deepEqual(types, ['grow', 'oom']);
            assert.equal(api.used(), PAGE + 2 * 32);
            kept.length = 0;
            await collectTo(api, 2 * 32);
            api.off('grow', handlers);
        });

        it('in a spawn, and in respawns', async () => {
            const { api } = make();
            const kept = [{}];
            const spawn = () => void api.c.malloc(32);
            api.withOwner(kept[0], () => {
                api.bind(spawn, spawn);
                api.c.malloc(16);
                api.grow(1);
                api.trim();
                api.c.malloc(16);
            });
            kept.length = 0;
            await collectTo(api, 2 * 32);
        });

        it('except within their own withOwner()', async () => {
            const { api } = make();
            const [kept, theirs] = [[{}], [{}]];
            api.on('grow', noop, () => {
                api.withOwner(theirs[0], () => api.c.malloc(64));
                api.c.malloc(32);
            });
            api.withOwner(kept[0], () => {
                api.grow(1);
                api.c.malloc(16);
            });
            kept.length = 0;
            await collectTo(api, 96);
            theirs.length = 0;
            await collectTo(api, 32);
        });

        it('in a later microtask', async () => {
            const { api } = make();
            const kept = [{}];
            api.withOwner(kept[0], () => {
                queueMicrotask(() => api.c.malloc(32));
                api.c.malloc(16);
            });
            kept.length = 0;
            await collectTo(api, 32);
        });

        it('of other allocators', async () => {
            const { api } = make();
            const { api: other } = make();
            const kept = [{}];
            api.withOwner(kept[0], () => {
                other.c.malloc(64);
                api.c.malloc(16);
            });
            kept.length = 0;
            await collectTo(api, 0);
            assert.equal(other.used(), 64);
        });
    });

    it('gives allocations inside a pin() to the token', async () => {
        const { api } = make();
        const kept = [{}];
        const block = api.block(16);
        api.withOwner(kept[0], () => block.pin(() => api.c.malloc(32)));
        await collectAll();
        assert.equal(api.used(), 48);
        kept.length = 0;
        await collectTo(api, 16);
        assert.equal(block.size, 16);
    });

    describe('the token keeps its allocations and gets no more, however fn ends', () => {
        for (const [how, end] of Object.entries(ENDS))
            it(how, async () => {
                const { api } = make();
                const kept = [{}];
                end(
                    (fn) => api.withOwner(kept[0], fn),
                    () => void api.c.malloc(32),
                );
                api.c.malloc(64);
                await collectAll();
                assert.equal(api.used(), 96);
                kept.length = 0;
                await collectTo(api, 64);
            });
    });

    it('keeps the token alive until fn ends, even if nothing else refers to it', () => {
        const { api } = make({ maximum: 2 });
        const own = (fn) => api.withOwner({}, fn);
        own(() => {
            const address = api.c.malloc(64);
            new Uint8Array(api.buffer, address, 64).fill(3);
            for (let i = 0; i < 200; i++) {
                if (i % 50 === 0) global.gc();
                api.block(64).u8.fill(255);
            }
            assert.deepEqual(Buffer.from(api.buffer, address, 64), Buffer.alloc(64, 3));
        });
    });

    describe('errors', () => {
        it('throws if the result is a thenable', () => {
            const { api } = make();
            for (const result of [Promise.resolve(), { then: noop }, Object.assign(() => {}, { then: noop })])
                assertAsync(() => api.withOwner({}, () => result));
        });

        it('throws for an invalid token or fn, without calling fn', () => {
            const allocator = make();
            const { api } = allocator;
            const TYPE = [TypeError, 'ERR_LEWD_INVALID_ARG_TYPE'];
            for (const token of [undefined, null, 16, 'text', true, 1n])
                assertUnchanged(allocator, () => api.withOwner(token, assert.fail), ...TYPE, /^token must be /);
            const registered = Symbol.for('token');
            assertUnchanged(
                allocator,
                () => api.withOwner(registered, assert.fail),
                TypeError,
                'ERR_LEWD_INVALID_ARG_VALUE',
            );
            for (const fn of [undefined, null, 16, 'text', {}])
                assertUnchanged(allocator, () => api.withOwner({}, fn), ...TYPE, /^fn must be a function/);
        });

        it('throws after dispose()', () => {
            const own = new Allocator();
            own.dispose();
            assertThrows(() => own.withOwner({}, assert.fail), Error, 'ERR_LEWD_DISPOSED');
        });
    });

    it('lets the call go on if the allocator is disposed of meanwhile', () => {
        const own = new Allocator();
        const { c } = own;
        const result = own.withOwner({}, () => {
            c.malloc(16);
            own.dispose();
            assertThrows(() => c.malloc(16), Error, 'ERR_LEWD_DISPOSED');
            return 5;
        });
        assert.equal(result, 5);
        assertThrows(() => own.used(), Error, 'ERR_LEWD_DISPOSED');
    });

    it('is exported by the module for the default allocator', async () => {
        const before = lewd.used();
        const kept = [{}];
        const {
            withOwner,
            c,
            c: { malloc },
        } = lewd;
        const pointer = withOwner(kept[0], () => malloc(100_000));
        assert.ok(lewd.used() >= before + 100_000);
        kept.length = 0;
        await collect(() => {
            try {
                return c.malloc_usable_size(pointer) === 0;
            } catch ({ code }) {
                return code === 'ERR_LEWD_INVALID_POINTER';
            }
        }, 'the pointer was not freed');
    });
});
