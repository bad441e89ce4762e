'use strict';

// C's functions, tested against C11, section 7.22.3, sentence by sentence.

const assert = require('node:assert/strict');
const { Allocator } = require('@anireact/lewd');
const { assertSound, assertThrows } = require('./helpers/allocator.js');
const { run } = require('./helpers/child.js');
const { collect, collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { create } = require('./helpers/create.js');
const { allFigures, assertPainted, assertUnchanged, extended, paint } = require('./helpers/extended.js');
const { PAGE } = require('./helpers/model.js');
const compile = require('./helpers/wat.js');

const POWERS = Array.from({ length: 17 }, (_, i) => 2 ** i);

/** Returns an allocator of so many pages, which can't grow, and its functions. */
const small = (pages = 1, options = {}) => {
    const allocator = extended({ initial: pages, maximum: pages, ...options });
    return { allocator, api: allocator.api, ...allocator.api.c };
};

/** Fails unless `call` returns 0 and changes nothing. */
const assertFails = ({ allocator, api }, call) => {
    const before = { figures: allFigures(api), bytes: Buffer.from(api.buffer.slice(0)) };
    assert.equal(call(), 0);
    assert.deepEqual(allFigures(api), before.figures);
    assert.ok(Buffer.from(api.buffer).equals(before.bytes));
    assertSound(allocator);
};

describe('C’s functions', () => {
    it('are six, frozen, and work without their object', () => {
        const { c } = new Allocator();
        assert.deepEqual(Object.keys(c), [
            'malloc',
            'calloc',
            'realloc',
            'aligned_alloc',
            'free',
            'malloc_usable_size',
        ]);
        assert.ok(Object.isFrozen(c));
        const { malloc, free } = c;
        assert.equal(free(malloc(1)), undefined);
    });

    it('initialize an unused allocator, whichever is called first', () => {
        const begin = (use) => {
            const allocator = create();
            use(allocator.api.c);
            assert.equal(allocator.api.total(), PAGE);
            assertSound(allocator);
        };
        begin((c) => assertThrows(() => c.free(16), RangeError, 'ERR_LEWD_INVALID_POINTER'));
        begin((c) => assertThrows(() => c.malloc_usable_size(16), RangeError, 'ERR_LEWD_INVALID_POINTER'));
        begin((c) => assertThrows(() => c.realloc(16, 16), RangeError, 'ERR_LEWD_INVALID_POINTER'));
        begin((c) => assert.equal(c.calloc(4, 4), 16));
    });

    describe('7.22.3 memory management functions', () => {
        it('returns memory that is aligned for an object of any type', () => {
            const { malloc, calloc, realloc, aligned_alloc } = small(4);
            for (const size of [1, 2, 3, 15, 16, 17, 1000]) {
                for (const pointer of [malloc(size), calloc(1, size), realloc(0, size), aligned_alloc(1, size)]) {
                    assert.ok(pointer > 0);
                    assert.equal(pointer % 16, 0);
                }
            }
        });

        it('keeps memory until it is deallocated, whatever is collected', async () => {
            const { api, malloc, calloc, realloc, aligned_alloc } = small();
            await inFrameOfItsOwn(() => [malloc(16), calloc(1, 16), realloc(malloc(16), 600), aligned_alloc(64, 16)]);
            const used = api.used();
            const ref = new WeakRef({});
            await collect(() => ref.deref() === undefined, 'an object was not collected');
            api.alloc(16, api);
            assert.equal(api.used(), used + 16);
        });

        it('returns memory that is disjoint from every other object', () => {
            const { api, malloc, calloc, realloc, aligned_alloc, malloc_usable_size } = small(4);
            const spans = [];
            const note = (pointer) => spans.push([pointer, pointer + malloc_usable_size(pointer)]);
            for (let i = 1; i < 40; i++) {
                [malloc(i * 5), calloc(3, i), realloc(malloc(i), i * 9), aligned_alloc(128, i)].forEach(note);
                note(api.alloc(i, spans));
            }
            spans.sort(([one], [other]) => one - other);
            for (let i = 1; i < spans.length; i++) assert.ok(spans[i - 1][1] <= spans[i][0]);
        });

        it('returns a pointer to the lowest byte', () => {
            const { api, malloc, malloc_usable_size } = small();
            const [one, other] = [malloc(100), malloc(100)];
            assert.equal(malloc_usable_size(one), 112);
            paint(api.buffer, one, 112, 1);
            paint(api.buffer, other, 112, 2);
            assertPainted(api.buffer, one, 112, 1);
        });

        it('returns a null pointer without space, changes nothing, and still allocates smaller sizes', () => {
            const own = small(2);
            const { malloc, calloc, realloc, aligned_alloc } = own;
            assert.ok(malloc(PAGE) > 0);
            const kept = malloc(100);
            for (const size of [PAGE, 2 * PAGE, 2 ** 31, -1, -(2 ** 31), 2 ** 32 - 1]) {
                assertFails(own, () => malloc(size));
                assertFails(own, () => calloc(1, size));
                assertFails(own, () => realloc(0, size));
                assertFails(own, () => realloc(kept, size));
                assertFails(own, () => aligned_alloc(16, size));
            }
            assert.ok(malloc(1000) > 0);
        });

        it('can allocate the whole span except the block of the null pointer, and loses nothing by failing', () => {
            const own = small(1);
            assertFails(own, () => own.malloc(PAGE));
            assertFails(own, () => own.aligned_alloc(PAGE, 16));
            assert.equal(own.api.alloc(PAGE), 0);
            assert.equal(own.malloc(PAGE - 16), 16);
            assert.equal(own.api.reserved(), 16);
            const low = small(1, { limit: 4096, maximum: 99 });
            assertFails(low, () => low.malloc(4096));
            assert.equal(low.malloc(4080), 16);
        });

        it('treats a size of zero as another size: returns a unique pointer', () => {
            const { allocator, malloc, calloc, realloc, aligned_alloc, malloc_usable_size, free } = small();
            const pointers = [
                malloc(0),
                malloc(-0),
                calloc(0, 0),
                calloc(0, 9),
                calloc(9, 0),
                realloc(0, 0),
                aligned_alloc(32, 0),
            ];
            pointers.push(realloc(malloc(100), 0));
            assert.equal(new Set(pointers).size, 8);
            for (const pointer of pointers) {
                assert.ok(pointer > 0);
                assert.equal(malloc_usable_size(pointer), 16);
                free(pointer);
            }
            assert.equal(allocator.api.used(), 0);
        });

        it('never returns null as a valid pointer: reserves the block at 0 first', () => {
            for (const take of [
                ({ malloc }) => malloc(16),
                ({ calloc }) => calloc(1, 16),
                ({ realloc }) => realloc(0, 16),
                ({ aligned_alloc }) => aligned_alloc(16, 16),
            ]) {
                const { allocator, api } = small(2);
                assert.equal(api.reserved(), 0);
                const pointer = take(api.c);
                assert.ok(pointer > 0);
                assert.deepEqual([api.reserved(), api.used(), api.total()], [16, 16, 2 * PAGE]);
                assertSound(allocator);
                api.c.free(pointer);
                const token = {};
                assert.equal(api.alloc(16, token), 16);
                assert.equal(api.alloc(PAGE), 32);
                assert.ok(token);
            }
        });

        it('lets a weak pointer at 0 exist, which C does not see', async () => {
            const { api, malloc, free, malloc_usable_size } = small();
            await inFrameOfItsOwn(() => {
                assert.equal(api.alloc(64, {}), 0);
                assert.equal(malloc(16), 64);
                assert.equal(api.reserved(), 0);
                free(0);
                assert.equal(malloc_usable_size(0), 0);
                assert.equal(api.used(), 80);
            });
            await collectTo(api, 16);
            assert.equal(malloc(64), 80); // the best fit was [0, 64), which without its first block is too small
            assert.equal(malloc(48), 16);
        });

        it('reserves no block if the base is above it', () => {
            const { api, malloc } = small(1, { base: 16 });
            assert.equal(malloc(PAGE - 16), 16);
            assert.equal(api.reserved(), 0);
        });
    });

    describe('7.22.3.1 aligned_alloc', () => {
        it('allocates space of that size at a multiple of the alignment, for all powers of two to 64 KiB', () => {
            const { allocator, aligned_alloc, malloc_usable_size, free } = small(16);
            for (const alignment of POWERS) {
                const pointers = [1, alignment, alignment + 1, 1000].map((size) => {
                    const pointer = aligned_alloc(alignment, size);
                    assert.ok(pointer > 0, `${size} at ${alignment}`);
                    assert.equal(pointer % alignment, 0);
                    assert.equal(malloc_usable_size(pointer), Math.ceil(size / 16) * 16);
                    assertSound(allocator);
                    return pointer;
                });
                pointers.forEach(free);
            }
            assert.equal(allocator.api.used(), 0);
        });

        it('leaves the space before it free', () => {
            const { api, aligned_alloc, malloc } = small(4);
            assert.equal(aligned_alloc(PAGE, 16), PAGE);
            assert.equal(malloc(PAGE - 16), 16);
            assert.equal(api.free(), 3 * PAGE - 16);
        });

        it('returns a null pointer for an unsupported alignment', () => {
            const own = small(4);
            const wrong = [0, -0, 3, 12, 24, 48, 100, PAGE - 1, PAGE + 16, 2 * PAGE, 2 ** 31, -(2 ** 31), -16, -1];
            for (const alignment of [...wrong, 2 ** 32, 2 ** 32 + 16, 1.5, 16.5, NaN, Infinity]) {
                assertFails(own, () => own.aligned_alloc(alignment, 16));
            }
        });

        it('grows the memory', () => {
            const { api } = extended({ maximum: 5 });
            assert.equal(api.c.malloc(100), 16);
            assert.equal(api.c.aligned_alloc(PAGE, PAGE), PAGE);
            assert.equal(api.total(), 2 * PAGE);
            assert.equal(api.c.aligned_alloc(PAGE, PAGE + 16), 2 * PAGE);
            assert.equal(api.total(), 4 * PAGE);
            assert.equal(api.c.aligned_alloc(PAGE, 2 * PAGE), 0);
            assert.equal(api.c.aligned_alloc(PAGE, PAGE), 4 * PAGE);
        });
    });

    describe('7.22.3.2 calloc', () => {
        it('allocates space for the number of objects of that size', () => {
            const { calloc, malloc_usable_size } = small();
            assert.equal(malloc_usable_size(calloc(10, 10)), 112);
            assert.equal(malloc_usable_size(calloc(1, 1)), 16);
            assert.equal(malloc_usable_size(calloc(256, 64)), 16_384);
        });

        it('clears all bits of it, and no others', () => {
            const { api, calloc, malloc, free } = small();
            const before = malloc(64);
            const pointer = malloc(160);
            const after = malloc(64);
            Buffer.from(api.buffer).fill(0xff);
            free(pointer);
            assert.equal(calloc(5, 31), pointer);
            const bytes = Buffer.from(api.buffer);
            assert.equal(bytes.compare(Buffer.alloc(155), 0, 155, pointer, pointer + 155), 0);
            assert.equal(bytes.compare(Buffer.alloc(64, 0xff), 0, 64, before, before + 64), 0);
            assert.equal(bytes.compare(Buffer.alloc(64, 0xff), 0, 64, after, after + 64), 0);
        });

        it('clears bits in new pages, too', () => {
            const { api } = extended({ maximum: 4 });
            const pointer = api.c.calloc(PAGE, 2);
            assert.equal(Buffer.from(api.buffer, pointer, 2 * PAGE).compare(Buffer.alloc(2 * PAGE)), 0);
        });

        it('returns a null pointer if the product overflows, instead of the product modulo 2^32', () => {
            const own = small(2);
            for (const [count, size] of [
                [2 ** 16, 2 ** 16],
                [2 ** 16 + 1, 2 ** 16],
                [2 ** 31, 2],
                [-(2 ** 31), 2],
                [-1, -1],
                [2 ** 32 - 1, 2 ** 32 - 1],
                [3, 0x55555556],
                [0x55555556, 3],
            ]) {
                assertFails(own, () => own.calloc(count, size));
            }
        });
    });

    describe('7.22.3.3 free', () => {
        it('makes the space available for further allocation', () => {
            const { allocator, api, malloc, free } = small();
            const all = malloc(PAGE - 16);
            assert.equal(malloc(1), 0);
            free(all);
            assert.equal(api.used(), 0);
            assert.equal(malloc(PAGE - 16), all);
            assertSound(allocator);
        });

        it('does nothing for a null pointer', () => {
            const own = small();
            assert.equal(own.free(0), undefined);
            assert.equal(own.free(-0), undefined);
            assertFails(own, () => own.free(0) ?? 0);
            own.malloc(16);
            assertFails(own, () => own.free(0) ?? 0);
        });

        it('throws for any other address that is not allocated, and changes nothing', () => {
            const { allocator, malloc, realloc, free } = small();
            const [one, other] = [malloc(64), malloc(64)];
            free(one);
            malloc(64 * 2);
            const moved = realloc(other, 1000);
            for (const pointer of [one, other, moved + 16, moved + 1, 8]) {
                assertUnchanged(
                    allocator,
                    () => free(pointer),
                    RangeError,
                    'ERR_LEWD_INVALID_POINTER',
                    new RegExp(`got ${pointer}$`),
                );
            }
        });

        it('releases the token of a weak pointer', async () => {
            const { api, malloc, free } = small();
            const token = {};
            const weak = api.alloc(64, token, 32);
            free(api.alloc(32, token));
            free(malloc(1));
            assert.equal(api.used(), 64);
            api.alloc(16, token);
            free(weak || api.alloc(16, token));
            assert.ok(api.used() <= 80);
        });
    });

    describe('7.22.3.5 realloc', () => {
        it('returns an object of the new size, and deallocates the old one', () => {
            const { allocator, api, malloc, realloc, malloc_usable_size } = small();
            let pointer = malloc(16);
            for (const size of [100, 5000, 17, 1, 0, 48, 20_000, 20_016, 3]) {
                pointer = realloc(pointer, size);
                const rounded = Math.max(16, Math.ceil(size / 16) * 16);
                assert.equal(malloc_usable_size(pointer), rounded);
                assert.equal(api.used(), rounded);
                assertSound(allocator);
            }
        });

        it('keeps the contents up to the lesser of the sizes, in place', () => {
            const { api, malloc, realloc } = small();
            const pointer = malloc(160);
            paint(api.buffer, pointer, 160, 3);
            assert.equal(realloc(pointer, 5000), pointer);
            assertPainted(api.buffer, pointer, 160, 3);
            paint(api.buffer, pointer, 5000, 4);
            assert.equal(realloc(pointer, 90), pointer);
            assert.equal(realloc(pointer, 90), pointer);
            assertPainted(api.buffer, pointer, 90, 4);
        });

        it('keeps the contents when it moves, and when the memory grows', () => {
            const allocator = extended({ maximum: 40 });
            const { api } = allocator;
            const { malloc, realloc, malloc_usable_size } = api.c;
            let pointer = malloc(160);
            paint(api.buffer, pointer, 160, 5);
            for (let size = 160; size < 6 * PAGE; size = Math.ceil(size * 2.3)) {
                const wall = malloc(16);
                const old = malloc_usable_size(pointer);
                const to = realloc(pointer, size);
                assert.ok(to === pointer || size > old);
                pointer = to;
                assertPainted(api.buffer, pointer, 160, 5);
                assertSound(allocator);
                assert.ok(wall > 0);
            }
            assert.notEqual(pointer, 16);
        });

        it('allocates like malloc for a null pointer', () => {
            const { api, realloc, malloc_usable_size } = small();
            assert.equal(realloc(0, 100), 16);
            assert.equal(malloc_usable_size(16), 112);
            assert.equal(realloc(0, PAGE), 0);
            assert.equal(api.used(), 112);
        });

        it('leaves the old object and its contents without space for the new one', () => {
            const own = small(2);
            const pointer = own.malloc(PAGE);
            own.malloc(16);
            paint(own.api.buffer, pointer, PAGE, 6);
            for (const size of [PAGE + 17, 2 * PAGE, -1]) assertFails(own, () => own.realloc(pointer, size));
            assertPainted(own.api.buffer, pointer, PAGE, 6);
            own.free(pointer);
        });

        it('keeps the token of a weak pointer, in place and moved, and a collection still frees it', async () => {
            const { allocator, api, malloc, realloc, malloc_usable_size } = small();
            malloc(16);
            await inFrameOfItsOwn(() => {
                const token = {};
                const pointer = api.alloc(32, token);
                paint(api.buffer, pointer, 32, 7);
                assert.equal(realloc(pointer, 64), pointer);
                malloc(16);
                const moved = realloc(pointer, 1000);
                assert.notEqual(moved, pointer);
                assertPainted(api.buffer, moved, 32, 7);
                assert.equal(malloc_usable_size(moved), 1008);
                assert.equal(realloc(moved, 16), moved);
                assert.equal(realloc(api.alloc(16, token), 5000) > 0, true);
                global.gc();
                assert.equal(api.used(), 48 + 5008);
                assert.ok(token);
            });
            await collectTo(api, 32);
            assertSound(allocator);
        });

        it('throws for a weak pointer whose token was collected', async () => {
            const { allocator, api, realloc } = small();
            let pointer;
            await inFrameOfItsOwn(() => {
                api.alloc(16, api);
                pointer = api.alloc(32, {});
            });
            const ref = new WeakRef({});
            await collect(() => ref.deref() === undefined, 'an object was not collected');
            for (let i = 0; i < 2; i++) {
                assertThrows(
                    () => realloc(pointer, 64),
                    RangeError,
                    'ERR_LEWD_INVALID_POINTER',
                    new RegExp(`got ${pointer}$`),
                );
            }
            assert.equal(api.used(), 16);
            assertSound(allocator);
        });

        for (const [what, size, elsewhere] of [
            ['are', 16, false],
            ['are not', 20_000, true],
        ]) {
            it(`throws and leaks nothing if a handler of ‘oom’ frees the pointer, whose bytes ${what} reused`, () => {
                const { allocator, api, malloc, realloc, free } = small();
                malloc(16);
                const first = malloc(size);
                const pointer = malloc(20_000);
                const last = malloc(16);
                api.on('oom', api, () => [first, pointer, last].forEach(free));
                assertThrows(() => realloc(pointer, 50_000), RangeError, 'ERR_LEWD_INVALID_POINTER');
                assert.equal(pointer > 20_000, elsewhere);
                assert.equal(api.used(), 16);
                assertSound(allocator);
            });
        }

        it('returns a null pointer if a handler of ‘oom’ frees the pointer, and there is still no space', () => {
            const { allocator, api, malloc, realloc, free } = small();
            const pointer = malloc(30_000);
            malloc(16);
            api.on('oom', api, () => free(pointer));
            assert.equal(realloc(pointer, 45_000), 0);
            assert.equal(api.used(), 16);
            assertSound(allocator);
        });
    });
});

describe('C’s functions and handlers', () => {
    it('may be called by the handlers of a growth that they caused', () => {
        const allocator = extended({ maximum: 9 });
        const { api } = allocator;
        const { malloc, calloc, realloc, free } = api.c;
        let kept = malloc(16);
        api.on('grow', api, () => {
            kept = realloc(kept, 400);
            free(malloc(100));
            assert.ok(calloc(4, 4) > 0);
        });
        for (const take of [() => malloc(PAGE), () => calloc(PAGE, 1), () => realloc(malloc(16), PAGE)]) {
            assert.ok(take() > 0);
            assertSound(allocator);
        }
        assert.equal(api.c.malloc_usable_size(kept), 400);
    });

    it('rethrow errors of handlers from a microtask, while malloc goes on', async () => {
        const script = `
            const assert = require('node:assert/strict');
            const { Allocator } = require('@anireact/lewd');
            const own = new Allocator({ maximum: 9 });
            const caught = [];
            process.on('uncaughtException', (error) => {
                caught.push(error.message);
                if (!error.message.startsWith('planted')) console.log(error);
            });
            let n = 0;
            const fail = () => { throw new Error('planted ' + n++); };
            own.on('grow', own, fail);
            own.on('resize', own, () => fail());
            own.on('oom', own, fail);
            const pointer = own.c.realloc(own.c.malloc(65536), 150_000);
            assert.ok(pointer > 0);
            own.memory.grow(1);
            assert.equal(own.c.malloc_usable_size(pointer), 150_000);
            assert.ok(own.c.calloc(65536, 1) > 0);
            assert.equal(own.c.malloc(9 * 65536), 0);
            assert.deepEqual(caught, []);
            const calls = n;
            assert.ok(calls >= 5);
            assert.throws(() => own.grow(1), { code: 'ERR_LEWD_HANDLERS' });
            assert.throws(() => own.alloc(9 * 65536), { message: 'planted ' + (calls + 2) });
            setImmediate(() => {
                assert.deepEqual(caught, Array.from({ length: calls }, (_, i) => 'planted ' + i));
                console.log('done');
                process.exit(0);
            });`;
        const { code, stdout, stderr } = await run('-e', script);
        assert.deepEqual([code, stdout], [0, 'done\n'], stderr);
    });

    it('let calls of a handler within malloc throw as usual', () => {
        const own = new Allocator({ maximum: 3 });
        const seen = [];
        own.on('grow', own, () => {
            assert.throws(
                () => own.alloc(9 * PAGE),
                (error) => seen.push(error.code) > 0,
            );
            assert.throws(
                () => own.c.free(8),
                (error) => seen.push(error.code) > 0,
            );
        });
        assert.ok(own.c.malloc(PAGE) > 0);
        assert.deepEqual(seen, ['ERR_LEWD_OUT_OF_MEMORY', 'ERR_LEWD_INVALID_POINTER']);
    });
});

describe('C’s functions as a module’s imports', () => {
    const text = `(module
        (import "env" "memory" (memory 1))
        (import "env" "malloc" (func $malloc (param i32) (result i32)))
        (import "env" "calloc" (func $calloc (param i32 i32) (result i32)))
        (import "env" "realloc" (func $realloc (param i32 i32) (result i32)))
        (import "env" "aligned_alloc" (func $aligned_alloc (param i32 i32) (result i32)))
        (import "env" "free" (func $free (param i32)))
        (import "env" "malloc_usable_size" (func $malloc_usable_size (param i32) (result i32)))
        (global $list (mut i32) (i32.const 0))
        ;; Links so many nodes of 4 KiB, each of which holds its number throughout; returns how many were allocated.
        (func (export "link") (param $count i32) (result i32) (local $i i32) (local $node i32)
            (block $full (loop $next
                (br_if $full (i32.ge_u (local.get $i) (local.get $count)))
                (br_if $full (i32.eqz (local.tee $node (call $malloc (i32.const 4096)))))
                (memory.fill (local.get $node) (local.get $i) (i32.const 4096))
                (i32.store (local.get $node) (global.get $list))
                (global.set $list (local.get $node))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br $next)))
            (local.get $i))
        ;; Frees the list, and returns how many nodes held their numbers.
        (func (export "unlink") (param $count i32) (result i32) (local $right i32) (local $node i32)
            (block $empty (loop $next
                (local.set $node (global.get $list))
                (br_if $empty (i32.eqz (local.get $node)))
                (local.set $count (i32.sub (local.get $count) (i32.const 1)))
                (local.set $right (i32.add (local.get $right) (i32.and
                    (i32.eq (i32.load8_u offset=4 (local.get $node)) (i32.and (local.get $count) (i32.const 255)))
                    (i32.eq (i32.load8_u offset=4095 (local.get $node)) (i32.and (local.get $count) (i32.const 255))))))
                (global.set $list (i32.load (local.get $node)))
                (call $free (local.get $node))
                (br $next)))
            (local.get $right))
        (func (export "calloc") (param i32 i32) (result i32) (call $calloc (local.get 0) (local.get 1)))
        (func (export "realloc") (param i32 i32) (result i32) (call $realloc (local.get 0) (local.get 1)))
        (func (export "aligned_alloc") (param i32 i32) (result i32) (call $aligned_alloc (local.get 0) (local.get 1)))
        (func (export "size") (param i32) (result i32) (call $malloc_usable_size (local.get 0)))
        (func (export "free") (param i32) (call $free (local.get 0))))`;

    const instantiate = async (options) => {
        const allocator = extended(options);
        const { memory, c } = allocator.api;
        const { exports } = new WebAssembly.Instance(await compile(text), { env: { memory, ...c } });
        return { allocator, api: allocator.api, ...exports };
    };

    it('allocate and free from inside, while the memory grows', async () => {
        const { allocator, api, link, unlink } = await instantiate({ maximum: 100, base: 1024 });
        for (let i = 0; i < 3; i++) {
            assert.equal(link(1000), 1000);
            assert.equal(api.used(), 1000 * 4096);
            assert.equal(unlink(1000), 1000);
            assert.equal(api.used(), 0);
            assertSound(allocator);
        }
        assert.ok(api.total() > 60 * PAGE);
    });

    it('return null inside, too, when the memory is full', async () => {
        const { api, link, unlink } = await instantiate({ maximum: 10 });
        const got = link(1000);
        assert.equal(got, 159); // of 160: the first block is never handed out
        assert.equal(unlink(got), got);
        assert.equal(api.used(), 0);
    });

    it('take i32 that mean unsigned sizes', async () => {
        const { calloc, realloc, aligned_alloc, size, free } = await instantiate({ maximum: 10 });
        const pointer = calloc(10, 10);
        assert.equal(size(pointer), 112);
        assert.equal(realloc(pointer, 2 ** 31), 0);
        assert.equal(calloc(2 ** 16, 2 ** 16), 0);
        assert.equal(aligned_alloc(-(2 ** 31), 16), 0);
        assert.equal(aligned_alloc(4096, 0) % 4096, 0);
        assert.equal(realloc(pointer, 20), pointer);
        free(pointer);
        free(0);
        assertThrows(() => free(pointer), RangeError, 'ERR_LEWD_INVALID_POINTER');
        assertThrows(() => realloc(pointer, 5), RangeError, 'ERR_LEWD_INVALID_POINTER');
    });
});
