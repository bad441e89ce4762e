'use strict';

// Actions while requests fail: each scenario prepares, and returns an action that runs while requests fail, and a check
// that runs afterwards. See index.js.

const assert = require('node:assert/strict');
const checkOf = require('../helpers/check.js');

const PAGE = 65_536;
const turn = () => new Promise(setImmediate);

/** An allocator with live tokens whose contents are known. `create` is that of helpers/create.js. */
class Bench {
    constructor(create, { pages = 1, maximum = 65_536 } = {}) {
        this.allocator = create();
        this.api = this.allocator.api;
        this.live = [];
        this.api.configure({ memory: new WebAssembly.Memory({ initial: pages, maximum }), maximum });
    }

    /** Allocates, requires that the result is an address, and overwrites all of it. */
    alloc(size, token = {}, alignment = 16) {
        const address = this.api.alloc(size, token, alignment);
        assert.equal(typeof address, 'number');
        assert.equal(address % 16, 0);
        const mark = (this.live.length % 250) + 1;
        new Uint8Array(this.api.buffer, address >>> 0, size).fill(mark);
        this.live.push({ token, address: address >>> 0, size, mark });
        return address;
    }

    fill(count, size) {
        for (let i = 0; i < count; i++) this.alloc(size);
        return this;
    }

    /** Checks that scratch is in free bytes. */
    scratch(size) {
        const address = this.api.alloc(size);
        assert.equal(typeof address, 'number');
        assert.ok((address >>> 0) + size <= this.api.buffer.byteLength);
        for (const { address: start, size: length } of this.live)
            assert.ok(address + size <= start || start + length <= address, 'scratch overlaps used bytes');
    }

    /** Makes tokens that nothing holds. */
    drop(count, size) {
        for (let i = 0; i < count; i++) this.api.alloc(size, {});
    }

    /** Checks that the heap is sound, and that all live allocations have their contents. */
    verify(used = true) {
        assert.equal(checkOf(this.allocator)(), undefined);
        const { buffer } = this.api;
        for (const { address, size, mark } of this.live) {
            const bytes = new Uint8Array(buffer, address, size);
            assert.ok(bytes[0] === mark && bytes.every((byte) => byte === mark), `contents at ${address}`);
        }
        assert.equal(this.api.total(), this.api.buffer.byteLength);
        if (used)
            assert.equal(
                this.api.used(),
                this.live.reduce((sum, { size }) => sum + Math.ceil(size / 16) * 16, 0),
            );
    }
}

/** Name: (create, attempt) => { act, after }. `attempt` runs one step, and checks its error. */
exports.scenarios = {
    'create'(create, attempt) {
        let api;
        const make = () => ({ api } = create());
        return {
            act() {
                attempt(() => make().api.total());
                attempt(() => new Bench(create, { pages: 2 }).verify());
            },
            after() {
                if (api) assert.equal(api.total(), PAGE);
            },
        };
    },

    // 63 young ones are in a list that has room for 64, and many records are used.
    'alloc with token'(create, attempt) {
        const bench = new Bench(create).fill(63, 48);
        return {
            act() {
                for (const token of [{}, () => {}, {}]) attempt(() => bench.alloc(100, token));
            },
            after: () => bench.fill(3, 64).verify(),
        };
    },

    'many tokens'(create, attempt) {
        const bench = new Bench(create);
        return {
            kinds: ['memory'],
            act() {
                for (let i = 0; i < 1500; i++) attempt(() => bench.alloc(16 + (i % 5) * 16));
            },
            after: () => bench.fill(3, 64).verify(),
        };
    },

    'scratch, statistics'(create, attempt) {
        const bench = new Bench(create).fill(5, 48);
        const { api } = bench;
        return {
            act() {
                attempt(() => bench.scratch(100));
                attempt(() => assert.equal(api.largestFree(), (PAGE - 5 * 48) / 16));
                attempt(() => assert.equal(api.free(), PAGE - 5 * 48));
                attempt(() => assert.equal(checkOf(bench.allocator)(), undefined));
            },
            after: () => bench.verify(),
        };
    },

    'wrong arguments'(create, attempt) {
        const bench = new Bench(create).fill(2, 48);
        const { api } = bench;
        const refuses = (fn) =>
            attempt(() => {
                fn();
                assert.fail('no error was thrown');
            });
        return {
            act() {
                refuses(() => api.alloc('16', {}));
                refuses(() => api.alloc(0));
                refuses(() => api.alloc(1n, {}));
                refuses(() => api.alloc(16, null));
                refuses(() => api.alloc(16, Symbol.for('registered')));
                refuses(() => api.on('move', {}, () => {}));
                refuses(() => api.on('trim', {}, {}));
                refuses(() => api.bind(() => {}));
                refuses(() => api.configure({}));
                refuses(() => create().api.configure({ maximum: 0.5 }));
                refuses(() => create().api.configure({ memory: {} }));
            },
            after: () => bench.verify(),
        };
    },

    'growth'(create, attempt) {
        const bench = new Bench(create).fill(5, 12_000);
        const { api } = bench;
        const seen = [];
        let last = api.total();
        const handler = ({ type, info }) => {
            seen.push(type);
            last = info.newSize;
        };
        api.on('grow', bench, handler);
        api.on('resize', bench, handler);
        return {
            act() {
                attempt(() => bench.alloc(100_000));
                attempt(() => {
                    api.memory.grow(1);
                    bench.scratch(PAGE);
                });
                attempt(() => bench.alloc(3 * PAGE));
            },
            after() {
                bench.verify();
                assert.ok(seen.length % 2 === 0);
                assert.equal(last, api.total(), 'an event was lost');
                const before = seen.length;
                bench.fill(1, api.total());
                assert.deepEqual(seen.slice(before), ['grow', 'resize']);
                bench.verify();
            },
        };
    },

    // The last span is used, so growth needs a record; with about so many spans, the array of records is full.
    'growth of full heaps'(create, attempt) {
        const benches = Array.from({ length: 24 }, (_, i) =>
            new Bench(create).fill(i + 50, 16).fill(1, PAGE - 16 * (i + 50)),
        );
        return {
            kinds: ['memory'],
            act() {
                for (const bench of benches) attempt(() => bench.alloc(16));
            },
            after: () => benches.forEach((bench) => bench.fill(1, 16).verify()),
        };
    },

    // A little garbage among young tokens, found by the checks of allocations.
    'sweep of the young'(create, attempt, gc) {
        const bench = new Bench(create).fill(20, 48);
        bench.drop(20, 48);
        gc('minor');
        return {
            act() {
                for (let i = 0; i < 3; i++) attempt(() => bench.api.alloc(32, bench));
                attempt(() => bench.api.trim());
                attempt(() => bench.alloc(2 * PAGE));
            },
            after: () => bench.verify(false),
        };
    },

    // So many dead tokens that they are sorted.
    'sweep of many'(create, attempt, gc) {
        const bench = new Bench(create).fill(10, 48);
        bench.drop(1500, 32);
        gc();
        return {
            kinds: ['memory'],
            act() {
                attempt(() => bench.alloc(2 * PAGE));
                attempt(() => bench.alloc(4 * PAGE));
            },
            after: () => bench.verify(false),
        };
    },

    'sweep of all'(create, attempt, gc) {
        const bench = new Bench(create).fill(10, 48);
        bench.drop(20, 32);
        gc();
        return {
            act() {
                attempt(() => bench.alloc(2 * PAGE));
                attempt(() => bench.alloc(4 * PAGE));
            },
            after: () => bench.verify(false),
        };
    },

    'trim'(create, attempt) {
        const bench = new Bench(create).fill(20, 5000);
        const { api } = bench;
        let instance;
        const respawn = () => (instance = api.memory);
        api.bind(respawn, respawn);
        api.on('trim', bench, () => api.alloc(16));
        return {
            act() {
                attempt(() => api.alloc(10 * PAGE));
                attempt(() => api.trim());
                attempt(() => bench.alloc(PAGE));
                attempt(() => api.trim());
            },
            after() {
                // Whatever was thrown, a module uses the active memory, never one that was replaced.
                assert.ok(instance === api.memory || instance.buffer.byteLength === api.total());
                bench.verify();
                api.alloc(10 * PAGE);
                api.trim();
                assert.equal(instance, api.memory);
                bench.verify();
            },
        };
    },

    // 63 watched objects are in a list that has room for 64.
    'on, off'(create, attempt) {
        const bench = new Bench(create).fill(3, 48);
        const { api } = bench;
        const kept = Array.from({ length: 63 }, () => ({}));
        const calls = new Map();
        for (const token of kept) api.on('grow', token, () => {});
        const note = (name) => () => calls.set(name, (calls.get(name) ?? 0) + 1);
        return {
            act() {
                attempt(() => api.on('grow', bench, note('first')));
                attempt(() => api.on('resize', bench, note('second')));
                attempt(() => api.on('resize', bench, note('third')));
                attempt(() => api.off('grow', kept[0]));
                attempt(() => api.off('resize', bench));
                attempt(() => bench.scratch(3 * PAGE));
            },
            after() {
                api.off('grow', bench);
                api.off('resize', bench);
                calls.clear();
                api.on('resize', bench, note('fourth'));
                bench.scratch(2 * api.total());
                assert.deepEqual([...calls], [['fourth', 1]]);
                bench.verify();
            },
        };
    },

    // The memory can't grow: dead tokens must be found, else an error reports that there is no room.
    'collect, out of memory'(create, attempt) {
        const bench = new Bench(create, { maximum: 2 }).fill(3, 16_000);
        bench.drop(4, 16_000);
        return {
            act() {
                attempt(() => bench.alloc(64_000));
                attempt(() => {
                    bench.alloc(2 * PAGE);
                    assert.fail('allocated more than the free bytes');
                });
            },
            after: () => bench.verify(false),
        };
    },

    // No call follows: the finalizer of the gc probe sweeps.
    'idle'(create, _attempt, gc) {
        const bench = new Bench(create).fill(10, 48);
        bench.drop(20, 48);
        return {
            async act() {
                gc();
                await turn();
                await turn();
            },
            after: () => bench.verify(false),
        };
    },

    // The allocator is collected before its tokens.
    'allocator collected'(create, _attempt, gc) {
        const tokens = Array.from({ length: 10 }, () => ({}));
        const make = () => {
            const { api } = create();
            for (const token of tokens) api.alloc(48, token);
            api.on('grow', tokens, () => {});
        };
        make();
        return {
            async act() {
                gc();
                await turn();
                await turn();
            },
            after: () => assert.equal(tokens.length, 10),
        };
    },
};

/**
 * Uses everything, for a thread that ends while requests fail: live tokens, dead ones, handlers, dropped allocators.
 */
exports.live = (create) => {
    const kept = [];
    for (let i = 0; i < 3; i++) {
        const bench = new Bench(create).fill(20, 64);
        bench.drop(20, 64);
        bench.api.on('grow', bench, () => {});
        kept.push(bench);
    }
    kept.shift();
    return kept;
};

exports.Bench = Bench;
