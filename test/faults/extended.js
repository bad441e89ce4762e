'use strict';

// Scenarios beyond the documented surface: pointers that are freed by hand, C's functions, blocks, reserved bytes,
// allocators that are disposed of. See scenarios.js.

const assert = require('node:assert/strict');
const checkOf = require('../helpers/check.js');
const { Bench } = require('./scenarios.js');

/** Required only when a scenario runs: loading is one of them. */
const library = () => require('../../lib/internal/allocator.js');

const PAGE = 65_536;
const round = (size) => Math.ceil(size / 16) * 16;

/** A bench whose allocator has C's functions, and that knows the contents behind each pointer. */
class PointerBench extends Bench {
    constructor(create, options) {
        super(create, options);
        this.pointers = new Map();
    }

    /** Notes the contents behind a pointer, and overwrites them. A result of 0 is valid, too. */
    note(pointer, size) {
        assert.equal(typeof pointer, 'number');
        if (pointer === 0) return 0;
        assert.ok(!this.pointers.has(pointer), 'handed out twice');
        const mark = (this.pointers.size % 250) + 1;
        new Uint8Array(this.api.buffer, pointer >>> 0, size).fill(mark);
        this.pointers.set(pointer, { size, mark });
        return pointer;
    }

    malloc(size) {
        return this.note(this.api.c.malloc(size), size);
    }

    calloc(size) {
        const pointer = this.api.c.calloc(1, size);
        const bytes = new Uint8Array(this.api.buffer, pointer >>> 0, pointer === 0 ? 0 : size);
        const zero = bytes.every((byte) => byte === 0);
        this.note(pointer, size);
        assert.ok(zero, 'calloc returned bytes that are not 0');
    }

    /** Keeps the contents, moved or in place; a failure changes nothing. */
    realloc(pointer, size) {
        const { size: before, mark } = this.pointers.get(pointer);
        const to = this.api.c.realloc(pointer, size);
        if (to === 0) return 0;
        const kept = new Uint8Array(this.api.buffer, to >>> 0, Math.min(size, before));
        const same = kept.every((byte) => byte === mark);
        this.pointers.delete(pointer);
        this.note(to, size);
        assert.ok(same, 'realloc lost contents');
        return to;
    }

    free(pointer) {
        this.api.c.free(pointer);
        this.pointers.delete(pointer);
    }

    verify(used = true) {
        super.verify(false);
        let sum = this.live.reduce((all, { size }) => all + round(size), 0);
        for (const [pointer, { size, mark }] of this.pointers) {
            const room = this.api.c.malloc_usable_size(pointer);
            assert.ok(room >= size);
            sum += room;
            const bytes = new Uint8Array(this.api.buffer, pointer >>> 0, size);
            assert.ok(
                bytes.every((byte) => byte === mark),
                `contents at ${pointer}`,
            );
        }
        if (used) assert.equal(this.api.used(), sum);
    }
}

exports.scenarios = {
    'malloc, free'(create, attempt) {
        const bench = new PointerBench(create);
        bench.malloc(16);
        const pointers = [100, 200, 300].map((size) => bench.malloc(size));
        return {
            act() {
                attempt(() => bench.malloc(48));
                attempt(() => bench.calloc(3 * PAGE));
                attempt(() => bench.note(bench.api.c.aligned_alloc(4096, 5000), 5000));
                for (const pointer of pointers) attempt(() => bench.free(pointer));
                attempt(() => assert.ok(bench.api.c.malloc_usable_size(pointers[0] + 4096 * 1024) === undefined));
            },
            after: () => bench.verify(),
        };
    },

    'realloc'(create, attempt) {
        const bench = new PointerBench(create);
        bench.malloc(16);
        let pointer = bench.malloc(1000);
        const wall = bench.malloc(64);
        const step = (size) => attempt(() => (pointer = bench.realloc(pointer, size) || pointer));
        return {
            act() {
                step(500);
                step(1000);
                step(5000);
                attempt(() => bench.free(wall));
                step(3 * PAGE);
                step(16);
            },
            // If freeing fails too, the new span remains.
            after: (once) => bench.verify(once),
        };
    },

    'realloc, tokens'(create, attempt) {
        const bench = new PointerBench(create);
        bench.malloc(16);
        const token = {};
        let pointer = bench.note(bench.api.alloc(1000, token), 1000);
        bench.malloc(64);
        return {
            act() {
                attempt(() => (pointer = bench.realloc(pointer, 5000) || pointer));
                attempt(() => bench.api.strengthen(pointer));
                attempt(() => (pointer = bench.realloc(pointer, 9000) || pointer));
                attempt(() => bench.api.weaken(pointer, token));
                attempt(() => bench.api.weaken(pointer, {}) ?? bench.api.weaken(pointer, token));
            },
            after(once) {
                bench.verify(false);
                bench.api.weaken(pointer, token);
                bench.verify(once);
                assert.equal(typeof token, 'object');
            },
        };
    },

    'wrong pointers'(create, attempt) {
        const bench = new PointerBench(create);
        const { api } = bench;
        const pointer = bench.malloc(64) || bench.malloc(64);
        const refuses = (fn) =>
            attempt(() => {
                fn();
                assert.fail('no error was thrown');
            });
        return {
            act() {
                refuses(() => api.c.free(pointer + 16));
                refuses(() => api.c.free(1));
                refuses(() => api.c.free('16'));
                refuses(() => api.c.realloc(pointer + 32, 100));
                refuses(() => api.weaken(pointer + 16, {}));
                refuses(() => api.weaken(pointer, 1));
                refuses(() => api.strengthen(4 * PAGE));
                refuses(() => api.reserve(8, 16));
                refuses(() => api.grow(-1));
            },
            after: () => bench.verify(),
        };
    },

    'reserve'(create, attempt) {
        const bench = new PointerBench(create).fill(3, 48);
        const { api } = bench;
        return {
            act() {
                attempt(() => api.reserve(1024, 4096));
                attempt(() => api.reserve(32_768, 16));
                attempt(() => api.grow(2));
                attempt(() => bench.alloc(PAGE));
                attempt(() => api.block(100).u8.fill(1));
            },
            after() {
                bench.verify(false);
                assert.equal(api.total() - api.used() - api.free(), api.reserved());
                assert.ok([0, 16, 4096, 4112].includes(api.reserved()), `${api.reserved()} bytes are reserved`);
            },
        };
    },

    // A block that was freed by hand is left alone; one that can't be disposed of now can be later.
    'blocks, disposed of'(create, attempt) {
        const bench = new PointerBench(create, { maximum: 9 });
        const { api } = bench;
        bench.malloc(16);
        const [freed, ...blocks] = [api.block(48), api.block(64), api.block(80)];
        api.c.free(freed.address);
        return {
            act() {
                attempt(() => freed.dispose());
                for (const block of blocks) attempt(() => block.dispose());
            },
            after() {
                for (const block of [freed, ...blocks]) block.dispose();
                bench.verify(false);
                assert.equal(api.used(), 16);
            },
        };
    },

    'aligned, with tokens'(create, attempt) {
        const bench = new PointerBench(create).fill(3, 48);
        return {
            act() {
                for (const alignment of [32, 1024, PAGE])
                    attempt(() => assert.equal(bench.alloc(100, bench, alignment) % alignment, 0));
            },
            after: () => bench.verify(),
        };
    },

    // Handlers of 'oom' run before the failure.
    'oom'(create, attempt) {
        const bench = new PointerBench(create, { maximum: 2 });
        const cache = bench.malloc(64) && bench.malloc(PAGE);
        bench.api.on('oom', bench, () => bench.pointers.has(cache) && bench.free(cache));
        return {
            act() {
                attempt(() => bench.malloc(PAGE));
                attempt(() => bench.alloc(3 * PAGE));
            },
            after: () => bench.verify(),
        };
    },

    'free needs no memory'(create) {
        const allocator = create();
        const { api } = allocator;
        api.configure({ base: 70_000, maximum: 4 });
        return {
            kinds: ['memory'],
            act() {
                for (let i = 0; i < 3; i++) {
                    const pointer = api.c.malloc(100);
                    if (pointer !== 0) api.c.free(pointer);
                }
            },
            after() {
                assert.equal(checkOf(allocator)(), undefined);
                assert.equal(api.used(), 0);
            },
        };
    },

    // C sees address 0 as null: its block is reserved first.
    'the first pointer of all'(create, attempt) {
        const bench = new PointerBench(create);
        return {
            act: () => attempt(() => bench.malloc(100)),
            after() {
                for (let i = 0; i < 3; i++) bench.malloc(64);
                bench.verify();
            },
        };
    },

    'a migration, with bytes below the base'(create, attempt) {
        const allocator = create();
        const memory = new WebAssembly.Memory({ initial: 1, maximum: 64 });
        const token = {};
        new Uint8Array(memory.buffer, 0, 1000).fill(7);
        const { api } = allocator;
        api.configure({ memory, maximum: 64, base: 1000 });
        api.alloc(48, token);
        return {
            act() {
                attempt(() => api.reserve(PAGE - 100, 50));
                attempt(() => api.grow(3));
                attempt(() => api.trim());
            },
            after() {
                assert.equal(checkOf(allocator)(), undefined);
                assert.ok(new Uint8Array(api.buffer, 0, 1000).every((byte) => byte === 7));
                assert.equal(api.used(), token && 48);
            },
        };
    },

    'dispose'(create, attempt) {
        const { Allocator } = library();
        const allocators = [];
        const tokens = [{}, {}];
        return {
            act() {
                attempt(() => allocators.push(new Allocator({ initial: 1, maximum: 4 })));
                attempt(() => {
                    for (const allocator of allocators) for (const token of tokens) allocator.alloc(100, token);
                });
                attempt(() => allocators.pop()?.dispose());
            },
            after() {
                for (const allocator of allocators) allocator.dispose();
                assert.equal(tokens.length, 2);
            },
        };
    },
};
