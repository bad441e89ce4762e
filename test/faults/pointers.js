'use strict';

// Scenarios of what is built on the documented surface: see scenarios.js.

const assert = require('node:assert/strict');
const checkOf = require('../helpers/check.js');

/** Loaded by the scenarios: the addon may be the one that fails. */
const extend = (inner) => require('../../lib/extended.js').extend(inner);

const PAGE = 65_536;

/** An allocator with strong pointers whose contents are known. */
class Strong {
    constructor(create, options = {}) {
        this.allocator = create();
        this.api = extend(this.allocator);
        this.api.configure({ maximum: 64, ...options });
        this.live = new Map();
    }

    write(pointer, size) {
        assert.notEqual(pointer, 0);
        assert.equal(this.live.has(pointer), false);
        const mark = (this.live.size % 250) + 1;
        new Uint8Array(this.api.buffer, pointer >>> 0, size).fill(mark);
        this.live.set(pointer, { size, mark });
        return pointer;
    }

    /** C says that there is no memory, which is no error. */
    malloc(size) {
        const pointer = this.api.c.malloc(size);
        return pointer === 0 ? 0 : this.write(pointer, size);
    }

    fill(count, size) {
        return Array.from({ length: count }, () => this.malloc(size));
    }

    realloc(pointer, size) {
        const old = this.live.get(pointer);
        const to = this.api.c.realloc(pointer, size);
        if (to === 0) return;
        const bytes = new Uint8Array(this.api.buffer, to >>> 0, Math.min(size, old.size));
        assert.ok(bytes.every((byte) => byte === old.mark), `contents at ${to}`);
        this.live.delete(pointer);
        this.write(to, size);
    }

    free(pointer) {
        this.api.c.free(pointer);
        this.live.delete(pointer);
    }

    /** Where every call fails, what was half done can't be undone: more may be used than is known. */
    verify(exactly = true) {
        assert.equal(checkOf(this.allocator)(), undefined);
        const { api } = this;
        let used = 0;
        for (const [pointer, { size, mark }] of this.live) {
            const bytes = new Uint8Array(api.buffer, pointer >>> 0, size);
            assert.ok(bytes.every((byte) => byte === mark), `contents at ${pointer}`);
            used += Math.ceil(size / 16) * 16;
        }
        assert.ok(exactly ? api.used() === used : api.used() >= used, `${api.used()} bytes used, of ${used}`);
        assert.equal(api.total(), api.used() + api.free() + api.reserved());
    }
}

exports.scenarios = {
    'malloc, free'(create, attempt) {
        const strong = new Strong(create);
        const pointers = strong.fill(10, 48);
        return {
            act() {
                for (let i = 0; i < 5; i++) attempt(() => strong.malloc(32 << i));
                attempt(() => strong.malloc(3 * PAGE));
                for (const pointer of pointers.slice(5)) attempt(() => strong.free(pointer));
                attempt(() => strong.api.c.calloc(0, 1) || assert.fail());
            },
            after() {
                for (const pointer of [...strong.live.keys()]) strong.free(pointer);
                assert.ok(strong.api.used() <= 16);
                assert.equal(checkOf(strong.allocator)(), undefined);
            },
        };
    },

    'the first pointer of all'(create, attempt) {
        const strong = new Strong(create);
        return {
            act: () => attempt(() => strong.malloc(100)),
            after() {
                strong.fill(3, 64);
                strong.verify();
            },
        };
    },

    realloc(create, attempt) {
        const strong = new Strong(create);
        const [first, , third] = strong.fill(4, 96);
        const tokens = [{}, {}];
        const weak = strong.malloc(64);
        strong.api.weaken(weak, tokens[0]);
        return {
            act() {
                attempt(() => strong.realloc(first, 32));
                attempt(() => strong.realloc(third, 1000));
                attempt(() => strong.realloc(weak, 2000));
                attempt(() => strong.api.weaken([...strong.live.keys()].at(-1), tokens[1]));
                attempt(() => strong.api.strengthen([...strong.live.keys()].at(-1)));
            },
            after() {
                strong.verify(false);
                assert.equal(tokens.length, 2);
            },
        };
    },

    'wrong pointers'(create, attempt) {
        const strong = new Strong(create);
        const [pointer] = strong.fill(2, 96);
        const { c, weaken, strengthen } = strong.api;
        const refuses = (fn) =>
            attempt(() => {
                fn();
                assert.fail('nothing was thrown');
            });
        return {
            act() {
                refuses(() => c.free(pointer + 16));
                refuses(() => c.free('16'));
                refuses(() => c.realloc(4, 10));
                refuses(() => c.malloc_usable_size(NaN));
                refuses(() => weaken(pointer, null));
                refuses(() => strengthen(1.5));
                refuses(() => create().api.alloc(16, {}, 3));
                refuses(() => extend(create()).configure({ base: -1 }));
                refuses(() => extend(create()).configure({ memory: strong.api.memory }));
            },
            after: () => strong.verify(),
        };
    },

    'base, limit, reserved bytes, migration'(create, attempt) {
        const memory = new WebAssembly.Memory({ initial: 1, maximum: 64 });
        const strong = new Strong(create, { memory, base: 1000 });
        new Uint8Array(memory.buffer, 0, 1000).fill(7);
        strong.fill(5, 48);
        return {
            act() {
                attempt(() => strong.api.reserve(PAGE - 100, 50));
                attempt(() => strong.api.grow(3));
                attempt(() => strong.api.trim());
            },
            after() {
                strong.verify();
                assert.ok(new Uint8Array(strong.api.buffer, 0, 1000).every((byte) => byte === 7));
            },
        };
    },

    dispose(create, attempt) {
        const strong = new Strong(create);
        const token = {};
        strong.fill(5, 48);
        strong.api.alloc(48, token);
        return {
            act: () => attempt(() => strong.allocator.arena.dispose()),
            after: () => assert.ok(token),
        };
    },
};
