'use strict';

// class Allocator: its settings, its memory, and its end.

const assert = require('node:assert/strict');
const vm = require('node:vm');
const { Allocator } = require('@anireact/lewd');
const { assertSound, assertThrows } = require('./helpers/allocator.js');
const { run } = require('./helpers/child.js');
const { collect, inFrameOfItsOwn } = require('./helpers/collect.js');
const { allFigures, extended } = require('./helpers/extended.js');
const { PAGE } = require('./helpers/model.js');
const compile = require('./helpers/wat.js');

const { Global, Memory } = WebAssembly;
const noop = () => {};

const TYPE = [TypeError, 'ERR_LEWD_INVALID_ARG_TYPE'];
const RANGE = [RangeError, 'ERR_LEWD_OUT_OF_RANGE'];
const DISPOSED = [Error, 'ERR_LEWD_DISPOSED'];

const METHODS = {
    alloc: (own) => own.alloc(16, own),
    trim: (own) => own.trim(),
    bind: (own) => own.bind(noop, noop),
    on: (own) => own.on('grow', own, noop),
    off: (own) => own.off('grow', own, noop),
    total: (own) => own.total(),
    used: (own) => own.used(),
    usedRun: (own) => own.usedRun(),
    free: (own) => own.free(),
    headFree: (own) => own.headFree(),
    tailFree: (own) => own.tailFree(),
    reserved: (own) => own.reserved(),
    largestFree: (own) => own.largestFree(),
    weaken: (own) => own.weaken(16, own),
    strengthen: (own) => own.strengthen(16),
    reserve: (own) => own.reserve(0, 16),
    grow: (own) => own.grow(1),
    block: (own) => own.block(16),
    withOwner: (own) => own.withOwner(own, noop),
    memory: (own) => own.memory,
    buffer: (own) => own.buffer,
    c: (own) => own.c,
};

describe('new Allocator(options)', () => {
    it('makes a memory of one page without options, like the default allocator', () => {
        for (const own of [new Allocator(), new Allocator(undefined), new Allocator({})]) {
            assert.ok(own.memory instanceof Memory);
            assert.equal(own.buffer, own.memory.buffer);
            assert.equal(own.total(), PAGE);
            assert.equal(own.alloc(16, own), 0);
        }
    });

    it('makes allocators that share nothing by default', () => {
        const [one, other] = [new Allocator(), new Allocator()];
        assert.notEqual(one.memory, other.memory);
        one.alloc(100, one);
        assert.deepEqual([one.used(), other.used()], [112, 0]);
    });

    it('has the declared members on its prototype, and no others', () => {
        const names = [...Object.keys(METHODS), 'constructor', 'dispose'];
        assert.deepEqual(Object.getOwnPropertyNames(Allocator.prototype).sort(), names.sort());
        assert.deepEqual(Reflect.ownKeys(new Allocator()), []);
        assert.equal(Allocator.prototype[Symbol.dispose ?? 'dispose'], Allocator.prototype.dispose);
    });

    it('is a class, and can be extended', () => {
        assert.throws(() => Reflect.apply(Allocator, undefined, []), TypeError);
        class Own extends Allocator {
            constructor(pages) {
                super({ maximum: pages });
                this.pages = pages;
            }

            alloc(size, token) {
                return super.alloc(size, token ?? this) + 1;
            }
        }
        const own = new Own(2);
        assert.equal(own.alloc(16), 1);
        assert.equal(own.used(), 16);
        assertThrows(() => own.alloc(own.pages * PAGE), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
        own.dispose();
        assertThrows(() => own.alloc(16), ...DISPOSED);
    });

    it('has methods that throw an error with a code on a wrong `this`', () => {
        const wrong = [undefined, null, 16, 'text', Symbol('s'), {}, noop, Allocator, Allocator.prototype, globalThis];
        for (const name of [...Object.keys(METHODS), 'dispose']) {
            const { get, value } = Object.getOwnPropertyDescriptor(Allocator.prototype, name);
            for (const self of [...wrong, new Proxy(new Allocator(), {}), Object.create(new Allocator())]) {
                const call = () => Reflect.apply(get ?? value, self, [16, {}, noop]);
                assertThrows(call, ...TYPE, /^the receiver must be an Allocator; got /);
            }
        }
    });

    describe('maximum and initial', () => {
        it('set the initial pages, which are the fewest that trim() leaves', () => {
            const own = new Allocator({ initial: 3 });
            assert.equal(own.total(), 3 * PAGE);
            own.alloc(5 * PAGE);
            own.trim();
            assert.equal(own.total(), 3 * PAGE);
        });

        it('set the maximum of the memory, and of every one after a migration', () => {
            const own = new Allocator({ initial: 2, maximum: 4 });
            for (let i = 0; i < 3; i++) {
                assert.equal(own.alloc(4 * PAGE), 0);
                assertThrows(() => own.alloc(4 * PAGE + 1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
                own.trim();
                assert.equal(own.total(), 2 * PAGE);
                assert.throws(() => own.memory.grow(3), RangeError);
            }
        });

        it('prevent growth if they are equal', () => {
            const own = new Allocator({ initial: 2, maximum: 2 });
            assert.equal(own.alloc(2 * PAGE, own), 0);
            assertThrows(() => own.alloc(1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
        });

        it('ignore a valid initial if a memory is passed in', () => {
            const memory = new Memory({ initial: 1 });
            assert.equal(new Allocator({ memory, initial: 9, maximum: 2 }).total(), PAGE);
            assertThrows(() => new Allocator({ memory: new Memory({ initial: 1 }), initial: '9' }), ...TYPE);
        });
    });

    describe('base and limit', () => {
        const outline = (options) => {
            const own = new Allocator(options);
            return { total: own.total(), first: own.alloc(16, own), pages: own.buffer.byteLength / PAGE };
        };

        it('set the first byte that is handed out, base rounded up to 16', () => {
            for (const [base, first] of [
                [0, 0],
                [1, 16],
                [16, 16],
                [17, 32],
                [1000, 1008],
                [PAGE - 16, PAGE - 16],
            ]) {
                assert.deepEqual(outline({ base }), { total: PAGE - first, first, pages: 1 });
            }
        });

        it('let the memory grow as far as needed if base is at its end or beyond', () => {
            assert.deepEqual(outline({ base: PAGE }), { total: 0, first: PAGE, pages: 2 });
            assert.deepEqual(outline({ base: PAGE - 1 }), { total: 0, first: PAGE, pages: 2 });
            assert.deepEqual(outline({ base: 5 * PAGE + 32 }), { total: 0, first: 5 * PAGE + 32, pages: 6 });
        });

        it('leave no room if base is beyond the maximum', () => {
            const allocator = extended({ base: 4 * PAGE, maximum: 4 });
            const { api } = allocator;
            const zero = {
                total: 0,
                used: 0,
                usedRun: 0,
                free: 0,
                headFree: 0,
                tailFree: 0,
                largestFree: 0,
                reserved: 0,
            };
            assert.deepEqual(allFigures(api), zero);
            assertThrows(() => api.alloc(1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
            assert.equal(api.c.malloc(1), 0);
            api.memory.grow(3);
            assert.deepEqual(allFigures(api), zero);
            api.trim(); // pages below the base do not belong to the allocator
            assert.equal(api.buffer.byteLength, 4 * PAGE);
            assertSound(allocator);
        });

        it('may be WebAssembly.Globals of another realm', () => {
            const { Global: Other } = vm.runInNewContext('WebAssembly');
            const [base, limit] = [1000, 2000].map((value) => new Other({ value: 'i32' }, value));
            assert.deepEqual(outline({ base, limit }), outline({ base: 1000, limit: 2000 }));
            assert.equal(outline({ base }).first, 1008);
            for (const mutable of [false, true]) {
                const high = new Other({ value: 'i32', mutable }, -(2 ** 31));
                const own = new Allocator({ memory: new Memory({ initial: 32_769 }), base: high });
                assert.equal(own.alloc(16, own), -(2 ** 31));
            }
        });

        it('may be WebAssembly.Globals, also an i32 from 2 GiB up', () => {
            assert.equal(outline({ base: new Global({ value: 'i32' }, 1000) }).first, 1008);
            assert.equal(outline({ base: new Global({ value: 'i32', mutable: true }, 32) }).first, 32);
            assert.equal(outline({ base: new Global({ value: 'f64' }, 48) }).first, 48);
            assert.equal(outline({ limit: new Global({ value: 'i32' }, 1000) }).total, 992);
            const own = extended({ base: new Global({ value: 'i32' }, -(2 ** 31)), limit: 2 ** 31 + 32, maximum: 9 });
            assert.equal(own.api.total(), 0);
            assert.throws(() => own.api.alloc(16), /of 0 bytes/);
        });

        it('set the end of the working span, limit rounded down to 16', () => {
            for (const [limit, total] of [
                [16, 16],
                [31, 16],
                [1000, 992],
                [PAGE, PAGE],
            ]) {
                const allocator = extended({ limit });
                const { api } = allocator;
                assert.equal(api.total(), total);
                assert.equal(api.alloc(total, api), 0);
                assertThrows(() => api.alloc(1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
                assert.equal(api.buffer.byteLength, PAGE);
                assertSound(allocator);
            }
        });

        it('let the memory grow to the page that contains limit, and no further', () => {
            for (const growth of [undefined, 1, 100]) {
                const allocator = extended({ limit: 3 * PAGE + 160, growth });
                const { api } = allocator;
                assert.equal(api.total(), PAGE);
                const tokens = [{}, {}, {}, {}];
                for (const [i, token] of tokens.entries()) {
                    assert.equal(api.alloc(i < 3 ? PAGE : 160, token), i * PAGE);
                    assertSound(allocator);
                }
                assert.equal(api.total(), 3 * PAGE + 160);
                assert.equal(api.free(), 0);
                for (const use of [() => api.alloc(1), () => api.alloc(1, api), () => api.alloc(16, api, 4096)]) {
                    assertThrows(use, RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
                }
                assert.equal(api.c.malloc(1), 0);
                assert.equal(api.buffer.byteLength, 4 * PAGE);
                api.memory.grow(2);
                assert.equal(api.total(), 3 * PAGE + 160);
                assertSound(allocator);
                assert.ok(tokens);
            }
        });

        it('may enclose a single block', () => {
            const allocator = extended({ base: 48, limit: 64 });
            const { api } = allocator;
            assert.equal(api.alloc(16, api), 48);
            assert.deepEqual(
                [api.total(), api.used(), api.headFree(), api.tailFree(), api.largestFree()],
                [16, 16, 0, 0, 0],
            );
            assertSound(allocator);
        });
    });

    it('grows the memory by `growth`, by the missing pages if they are more, or by only those near the maximum', () => {
        const { api } = extended({ growth: 4, maximum: 20 });
        const pages = (size) => (api.alloc(size), api.buffer.byteLength / PAGE);
        assert.equal(pages(PAGE + 1), 5);
        assert.equal(pages(6 * PAGE), 9);
        assert.equal(pages(18 * PAGE), 18);
        assert.equal(pages(18 * PAGE + 1), 19);
        assert.equal(pages(20 * PAGE), 20);
    });

    describe('wrong settings', () => {
        const memory = new Memory({ initial: 3 });
        for (const [what, options, [type, code], message] of [
            ['no object', null, TYPE, /^the settings must be an object; got null$/],
            ['a number', 5, TYPE, /^the settings must .* got 5$/],
            ['memory: null', { memory: null }, TYPE, /^memory .* got null$/],
            ['memory: a buffer', { memory: memory.buffer }, TYPE, /^memory /],
            ['initial: a string', { initial: '1' }, TYPE, /^initial must be a number of pages; got '1'$/],
            ['initial: null', { initial: null }, TYPE, /^initial /],
            ['initial: a BigInt', { initial: 1n }, TYPE, /^initial .* got 1n$/],
            ['initial: 0', { initial: 0 }, RANGE, /^initial must be a whole number of pages, 1 to 65536; got 0$/],
            ['initial: -1', { initial: -1 }, RANGE, /^initial /],
            ['initial: NaN', { initial: NaN }, RANGE, /^initial /],
            ['initial: a fraction', { initial: 1.5 }, RANGE, /^initial /],
            ['initial: too large', { initial: 65_537 }, RANGE, /^initial /],
            ['initial above maximum', { initial: 3, maximum: 2 }, RANGE, /^initial must not be above maximum; /],
            ['maximum: 0', { maximum: 0 }, RANGE, /^maximum /],
            ['maximum: a string', { maximum: '9' }, TYPE, /^maximum /],
            ['maximum below the memory', { memory, maximum: 2 }, RANGE, /^maximum must not be below .* got 2$/],
            ['growth: 0', { growth: 0 }, RANGE, /^growth must be a whole number of pages, 1 to 65536; got 0$/],
            ['growth: a string', { growth: '1' }, TYPE, /^growth /],
            ['growth: null', { growth: null }, TYPE, /^growth /],
            ['growth: too large', { growth: 65_537 }, RANGE, /^growth /],
            ['base: a string', { base: '16' }, TYPE, /^base must be a number of bytes, or a WebAssembly.Global/],
            ['base: null', { base: null }, TYPE, /^base /],
            ['base: what looks like a global', { base: { value: 16 } }, TYPE, /^base .* got an object$/],
            ['base: a global of an i64', { base: new Global({ value: 'i64' }, 16n) }, TYPE, /^base .* got 16n$/],
            ['base: an f64 global of -16', { base: new Global({ value: 'f64' }, -16) }, RANGE, /^base .* got -16$/],
            ['limit: an f64 global of -16', { limit: new Global({ value: 'f64' }, -16) }, RANGE, /^limit .* got -16$/],
            ['base: an f32 global of -16', { base: new Global({ value: 'f32', mutable: true }, -16) }, RANGE, /^base /],
            ['base: a global of an object', { base: new Global({ value: 'externref' }, memory) }, TYPE, /^base /],
            ['base: a proxy of a global', { base: new Proxy(new Global({ value: 'i32' }, 16), {}) }, TYPE, /^base /],
            ['base: a global in name', { base: Object.create(Global.prototype) }, TYPE, /^base .* got an object$/],
            ['base: -1', { base: -1 }, RANGE, /^base must be a whole number of bytes, 0 to 4294967296; got -1$/],
            ['base: NaN', { base: NaN }, RANGE, /^base /],
            ['base: a fraction', { base: 0.5 }, RANGE, /^base /],
            ['base: 4 GiB', { base: 2 ** 32 }, RANGE, /^limit must be above base.* got 4294967296$/],
            ['base: above', { base: 2 ** 32 + 1 }, RANGE, /^base /],
            ['limit: 0', { limit: 0 }, RANGE, /^limit must be above base.* got 0$/],
            ['limit: 15, and so 0', { limit: 15 }, RANGE, /^limit .* got 15$/],
            ['limit: a string', { limit: '16' }, TYPE, /^limit /],
            ['limit: above 4 GiB', { limit: 2 ** 32 + 16 }, RANGE, /^limit /],
            ['base = limit', { base: 64, limit: 64 }, RANGE, /^limit .* got 64$/],
            ['base above limit', { base: 80, limit: 64 }, RANGE, /^limit /],
            ['base and limit in one block', { base: 65, limit: 79 }, RANGE, /^limit /],
        ]) {
            it(`throws for ${what}`, () => assertThrows(() => new Allocator(options), type, code, message));
        }

        it('leave the memory unused, so that right ones may follow', () => {
            assert.equal(new Allocator({ memory }).total(), 3 * PAGE);
        });
    });

    describe('its memory', () => {
        it('may be passed in', () => {
            const memory = new Memory({ initial: 2, maximum: 9 });
            const own = new Allocator({ memory, maximum: 9 });
            assert.equal(own.memory, memory);
            assert.equal(own.buffer, memory.buffer);
            own.alloc(3 * PAGE);
            assert.equal(memory.buffer.byteLength, own.total());
        });

        it('may have no pages', () => {
            const allocator = extended({ memory: new Memory({ initial: 0 }) });
            const { api } = allocator;
            assert.deepEqual([api.total(), api.free(), api.largestFree(), api.grow(0)], [0, 0, 0, 0]);
            assertSound(allocator);
            assertThrows(() => api.reserve(0, 1), ...RANGE);
            assert.equal(api.c.malloc(16), 16);
            assert.equal(api.total(), PAGE);
            assertSound(allocator);
            const late = extended({ memory: new Memory({ initial: 0 }), base: 16, limit: 32 });
            assert.equal(late.api.alloc(16, late), 16);
            assertSound(late);
        });

        it('may be exported by an instance, and fixed', async () => {
            const module = await compile(`(module (memory (export "memory") 1 4)
                (global (export "__heap_base") i32 (i32.const 1040))
                (data (i32.const 1024) "sixteen bytes of")
                (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`);
            const { memory, __heap_base: base, grow } = new WebAssembly.Instance(module).exports;
            const own = new Allocator({ memory, base, maximum: 4, fixed: true });
            assert.equal(own.alloc(16, own), 1040);
            grow(1);
            assert.equal(own.total(), 2 * PAGE - 1040);
            assert.equal(own.alloc(2 * PAGE, own), 1056);
            assert.equal(own.buffer.byteLength, 3 * PAGE);
            assertThrows(() => own.trim(), Error, 'ERR_LEWD_FIXED_MEMORY', /fixed/);
            assert.equal(own.memory, memory);
            assert.equal(Buffer.from(own.buffer).toString('latin1', 1024, 1040), 'sixteen bytes of');
        });
    });

    describe('the default allocator takes the same settings, in a process of its own', () => {
        for (const [what, ...args] of [
            ['required', 'test/fixtures/configure-all.cjs'],
            ['imported', 'test/fixtures/configure-all.mjs'],
        ]) {
            it(what, async () => {
                assert.deepEqual(await run(...args), { code: 0, signal: null, stdout: 'done\n', stderr: '' });
            });
        }
    });
});

describe('two allocators of one memory', () => {
    const spans = (...options) => {
        const memory = new Memory({ initial: 1 });
        return options.map((own) => new Allocator({ memory, ...own }));
    };

    it('are refused if their working spans overlap', () => {
        for (const [one, other] of [
            [{}, {}],
            [{ limit: 1024 }, {}],
            [{ limit: 1040 }, { base: 1024 }],
            [{ limit: 1040 }, { base: 1009 }],
            [{ base: 1009 }, { limit: 1040 }],
            [
                { base: 512, limit: 1024 },
                { base: 0, limit: 4096 },
            ],
            [
                { base: 0, limit: 4096 },
                { base: 512, limit: 1024 },
            ],
            [
                { base: 512, limit: 1024 },
                { base: 512, limit: 1024 },
            ],
            [{ base: 8 * PAGE }, { base: 2 ** 31 }],
        ]) {
            const [first] = spans(one);
            assertThrows(() => new Allocator({ memory: first.memory, ...other }), Error, 'ERR_LEWD_OVERLAP');
            assert.equal(first.alloc(16, first), Math.ceil((one.base ?? 0) / 16) * 16);
        }
    });

    it('may have working spans that touch, also after rounding', () => {
        for (const [one, other] of [
            [{ limit: 1024 }, { base: 1024 }],
            [{ base: 1024 }, { limit: 1024 }],
            [{ limit: 1039 }, { base: 1009 }],
        ]) {
            const [low, high] = spans(one, other);
            assert.equal(low.total() + high.total(), PAGE);
        }
    });

    it('throw ERR_LEWD_FIXED_MEMORY from trim(), except the last one that is left', () => {
        const [low, high] = spans({ limit: 2 * PAGE }, { base: 2 * PAGE });
        high.alloc(PAGE);
        assert.equal(high.buffer.byteLength, 3 * PAGE);
        for (const own of [low, high]) assertThrows(() => own.trim(), Error, 'ERR_LEWD_FIXED_MEMORY', /another/);
        low.dispose();
        high.trim();
        assert.equal(high.buffer.byteLength, 2 * PAGE);
    });

    it('may use the span of one that was disposed of', () => {
        const memory = new Memory({ initial: 1 });
        for (let i = 0; i < 3; i++) {
            const own = new Allocator({ memory });
            assert.equal(own.alloc(PAGE, own), 0);
            assertThrows(() => new Allocator({ memory }), Error, 'ERR_LEWD_OVERLAP');
            own.dispose();
        }
    });

    /**
     * Returns how many of ten succeed at once. V8 may keep some allocators alive for a while, for instance to optimise
     * them.
     */
    const outOfTen = async (attempt, code) => {
        let well = 0;
        for (let i = 0; i < 10; i++) {
            try {
                await attempt(new Memory({ initial: 1 }));
                well++;
            } catch (error) {
                assert.equal(error.code, code);
            }
        }
        return well;
    };

    it('may use the span of one that was dropped, at once', async () => {
        const well = await outOfTen(async (memory) => {
            await inFrameOfItsOwn(() => new Allocator({ memory }).alloc(16, memory));
            assert.equal(new Allocator({ memory }).used(), 0);
        }, 'ERR_LEWD_OVERLAP');
        assert.ok(well >= 5, `${well} of 10`);
    });

    it('can trim() once the other was dropped', async () => {
        const well = await outOfTen(async (memory) => {
            const own = new Allocator({ memory, limit: 9 * PAGE });
            await inFrameOfItsOwn(() => new Allocator({ memory, base: 9 * PAGE }));
            own.alloc(2 * PAGE);
            own.trim();
            assert.equal(own.total(), PAGE);
        }, 'ERR_LEWD_FIXED_MEMORY');
        assert.ok(well >= 5, `${well} of 10`);
    });

    it('stay in use as long as their c, or a block, is reachable', async () => {
        const memory = new Memory({ initial: 1 });
        const kept = [];
        await inFrameOfItsOwn(() => kept.push(new Allocator({ memory, limit: 1024 }).c));
        await inFrameOfItsOwn(() => kept.push(new Allocator({ memory, base: 1024, limit: 2048 }).block(16)));
        assertThrows(() => new Allocator({ memory, limit: 1024 }), Error, 'ERR_LEWD_OVERLAP');
        assertThrows(() => new Allocator({ memory, base: 1024 }), Error, 'ERR_LEWD_OVERLAP');
        assert.equal(kept[0].malloc(16), 16);
        assert.equal(kept[1].address, 1024);
    });

    it('may be made over the old memory of a migration', () => {
        const memory = new Memory({ initial: 1 });
        const own = new Allocator({ memory });
        own.grow(1);
        own.trim();
        assert.notEqual(own.memory, memory);
        assert.equal(new Allocator({ memory }).total(), 2 * PAGE);
        assertThrows(() => new Allocator({ memory: own.memory }), Error, 'ERR_LEWD_OVERLAP');
    });
});

describe('dispose()', () => {
    const begun = (options) => {
        const own = new Allocator(options);
        own.alloc(16, own);
        own.c.malloc(16);
        return own;
    };

    it('makes everything throw afterwards, except itself', () => {
        const own = begun();
        own.dispose();
        for (const [name, call] of Object.entries(METHODS)) {
            assert.throws(() => call(own), { code: 'ERR_LEWD_DISPOSED' }, name);
        }
        own.dispose();
        assertThrows(() => own.total(), ...DISPOSED, /disposed of/);
    });

    it('is called by a using declaration, in versions that have it', function () {
        if (Symbol.dispose === undefined) assert.equal(Allocator.prototype[Symbol.dispose], undefined);
        else {
            const own = begun();
            own[Symbol.dispose]();
            assertThrows(() => own.used(), ...DISPOSED);
        }
    });

    it('applies to its c and its blocks', () => {
        const own = begun();
        const { c } = own;
        const block = own.block(16);
        const { u8 } = block;
        own.dispose();
        for (const use of [
            () => c.malloc(16),
            () => c.malloc(0),
            () => c.calloc(1, 16),
            () => c.realloc(0, 16),
            () => c.realloc(16, 16),
            () => c.aligned_alloc(16, 16),
            () => c.free(16),
            () => c.malloc_usable_size(16),
            () => block.address,
            () => block.size,
            () => block.u8,
            () => block.data,
        ]) {
            assertThrows(use, ...DISPOSED);
        }
        block.dispose();
        c.free(0);
        assert.equal(u8.length, 16);
    });

    it('leaves the memory and its contents', () => {
        const memory = new Memory({ initial: 1 });
        const own = begun({ memory });
        const { buffer } = memory;
        new Uint8Array(buffer).fill(7);
        own.dispose();
        assert.equal(memory.buffer, buffer);
        assert.equal(Buffer.from(buffer).compare(Buffer.alloc(PAGE, 7)), 0);
    });

    it('is harmless to tokens that die afterwards', async () => {
        const died = [];
        await inFrameOfItsOwn(() => {
            const own = new Allocator();
            for (let i = 0; i < 2000; i++) {
                const token = i % 2 ? {} : { i };
                own.alloc(16, token);
                own.on('grow', token, noop);
                own.block(16);
                if (i % 500 === 0) died.push(new WeakRef(token));
            }
            own.dispose();
        });
        await collect(() => died.every((ref) => ref.deref() === undefined), 'tokens');
        assert.equal(new Allocator().used(), 0);
    });

    for (const [what, options, arm, use] of [
        ['a handler of growth', {}, (own, end) => own.on('grow', own, end), (own) => own.alloc(2 * PAGE, own)],
        [
            'a handler of growth, of a scratch',
            {},
            (own, end) => own.on('resize', own, end),
            (own) => own.alloc(2 * PAGE),
        ],
        ['a handler of growth, in malloc', {}, (own, end) => own.on('grow', own, end), (own) => own.c.malloc(2 * PAGE)],
        [
            'a handler of growth, in realloc',
            {},
            (own, end) => own.on('grow', own, end),
            (own) => own.c.realloc(own.c.malloc(16), 2 * PAGE),
        ],
        ['a handler of growth by hand', {}, (own, end) => own.on('grow', own, end), (own) => own.block(2 * PAGE)],
        ['a respawn', { initial: 1 }, (own, end) => (own.grow(1), own.bind(noop, end)), (own) => own.trim()],
        [
            "a handler of 'oom'",
            { maximum: 1 },
            (own, end) => own.on('oom', own, end),
            (own) => own.alloc(PAGE + 1, own),
        ],
        [
            "a handler of 'oom', in malloc",
            { maximum: 1 },
            (own, end) => own.on('oom', own, end),
            (own) => own.c.malloc(PAGE),
        ],
    ]) {
        it(`makes calls in progress throw if it is called in ${what}`, () => {
            const own = begun(options);
            let ended = 0;
            arm(own, () => {
                ended++;
                own.dispose();
            });
            assertThrows(() => use(own), ...DISPOSED);
            assert.equal(ended, 1);
            assertThrows(() => own.total(), ...DISPOSED);
        });
    }

    it('undoes no change when it is called in a handler of that change', () => {
        const own = begun();
        const { memory } = own;
        own.on('grow', own, () => own.dispose());
        assert.equal(own.grow(2), 1);
        assert.equal(memory.buffer.byteLength, 3 * PAGE);

        const trimmed = begun();
        trimmed.grow(2);
        trimmed.on('trim', trimmed, () => trimmed.dispose());
        trimmed.trim();
        assertThrows(() => trimmed.total(), ...DISPOSED);
    });

    it('keeps no uncalled handlers or their tokens alive when it is called in a respawn', async () => {
        const own = begun();
        let dead = false;
        const registry = new FinalizationRegistry(() => (dead = true));
        await inFrameOfItsOwn(() => {
            const token = {};
            registry.register(token);
            own.on('resize', token, () => token);
        });
        own.grow(2);
        own.bind(noop, () => own.dispose());
        assertThrows(() => own.trim(), ...DISPOSED);
        await collect(() => dead, 'a token of a disposed allocator was not collected');
        assertThrows(() => own.total(), ...DISPOSED);
    });

    it('lets the other handlers run', () => {
        const own = begun();
        const called = [];
        own.on('grow', own, () => (called.push(1), own.dispose()));
        own.on('grow', called, () => called.push(2));
        own.grow(1);
        assert.deepEqual(called, [1, 2]);
    });
});
