'use strict';

// Several copies of the package in one thread, as nested node_modules, emptied caches and test runners make them, never
// hand out the same bytes of a memory. They see each other by a mark on the memory, whose layout docs/design/heap.md
// describes.

const assert = require('node:assert/strict');
const { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } = require('node:fs');
const { createRequire } = require('node:module');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');
const vm = require('node:vm');
const { assertThrows } = require('./helpers/allocator.js');
const { ownBinary } = require('./helpers/binary.js');
const { ROOT } = require('./helpers/child.js');
const { collect, inFrameOfItsOwn } = require('./helpers/collect.js');
const { PAGE } = require('./helpers/model.js');

const { Memory } = WebAssembly;
const KEY = Symbol.for('@anireact/lewd:claims:1');
const noop = () => {};
const OVERLAP = [Error, 'ERR_LEWD_OVERLAP'];
const FIXED = [Error, 'ERR_LEWD_FIXED_MEMORY'];
const UNSUPPORTED = [TypeError, 'ERR_LEWD_UNSUPPORTED_MEMORY'];

const claimsOf = (memory) => [...(memory[KEY] ?? [])];

/** Calls `load` while the cache of `require()` has no file of the package, and restores the cache. */
const withoutCache = (load) => {
    const mine = Object.keys(require.cache).filter(
        (file) => file.startsWith(join(ROOT, 'lib')) || file.endsWith('.node'),
    );
    const kept = mine.map((file) => [file, require.cache[file]]);
    for (const file of mine) delete require.cache[file];
    try {
        return load();
    } finally {
        for (const file of Object.keys(require.cache).filter((name) => name.startsWith(join(ROOT, 'lib'))))
            delete require.cache[file];
        for (const [file, module] of kept) require.cache[file] = module;
    }
};

/** Loads the package as a test runner does: its JavaScript compiled in another realm. */
const inRealm = () =>
    withoutCache(() => {
        const realm = vm.createContext({ process, queueMicrotask });
        const modules = new Map();
        const load = (file) => {
            if (modules.has(file)) return modules.get(file).exports;
            const module = { exports: {} };
            modules.set(file, module);
            const text = readFileSync(file, 'utf8');
            const wrapper = `(function (exports, require, module, __filename, __dirname) {${text}\n})`;
            const own = createRequire(file);
            const find = Object.assign((name) => (name.startsWith('./') ? load(own.resolve(name)) : own(name)), own);
            vm.runInContext(wrapper, realm, { filename: file })(module.exports, find, module, file, dirname(file));
            return module.exports;
        };
        return load(join(ROOT, 'lib/index.js'));
    });

/** Loads a copy in the node_modules of another package, binary included. */
const nested = (folder) => {
    const copy = join(folder, 'node_modules/other/node_modules/@anireact/lewd');
    mkdirSync(copy, { recursive: true });
    for (const part of ['lib', 'package.json']) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    cpSync(ownBinary, join(copy, 'lib/lewd.node'));
    return createRequire(join(folder, 'node_modules/other/index.js'))('@anireact/lewd');
};

let folder;

const COPIES = {
    'from an emptied cache': () => withoutCache(() => require('../lib/index.js')),
    'in another realm': inRealm,
    'in a nested node_modules': () => nested(folder),
};

describe('two copies of the package in a thread', () => {
    const first = require('../lib/index.js');

    before(() => {
        folder = realpathSync(mkdtempSync(join(tmpdir(), 'lewd-')));
    });

    after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

    for (const [what, load] of Object.entries(COPIES)) {
        describe(`the other ${what}`, () => {
            let other;

            before(() => {
                other = load();
                assert.notEqual(other.Allocator, first.Allocator);
            });

            const bothWays = () => [
                [first.Allocator, other.Allocator],
                [other.Allocator, first.Allocator],
            ];

            /** The error of the other realm has that realm's class. */
            const refuses = (fn, [, code]) => assert.throws(fn, (error) => error.code === code);

            it('hands out no byte twice, even after the program has removed WeakRef', () => {
                const { WeakRef: own } = globalThis;
                globalThis.WeakRef = undefined;
                try {
                    for (const [One, Other] of bothWays()) {
                        const memory = new Memory({ initial: 1 });
                        const one = new One({ memory });
                        refuses(() => new Other({ memory }), OVERLAP);
                        assert.equal(one.alloc(16, one), 0);
                    }
                } finally {
                    globalThis.WeakRef = own;
                }
            });

            it('throws ERR_LEWD_OVERLAP rather than hand out a byte twice, and changes nothing', () => {
                for (const [One, Other] of bothWays()) {
                    const memory = new Memory({ initial: 1 });
                    const one = new One({ memory, base: 1024, limit: 2048 });
                    for (const bounds of [{}, { base: 2032 }, { limit: 1040 }, { base: 1500, limit: 1600 }])
                        refuses(() => new Other({ memory, ...bounds }), OVERLAP);
                    assert.equal(one.alloc(16, one), 1024);
                    assert.equal(claimsOf(memory).length, 1);
                }
            });

            it('lets any number of allocators hand out bytes that do not overlap', () => {
                for (const [One, Other] of bothWays()) {
                    const memory = new Memory({ initial: 1 });
                    const spans = [
                        new One({ memory, limit: 1024 }),
                        new Other({ memory, base: 1024, limit: 2048 }),
                        new One({ memory, base: 2041, limit: 3000 }),
                        new Other({ memory, base: 2993 }),
                    ];
                    assert.deepEqual(
                        spans.map((own) => own.alloc(16, own)),
                        [0, 1024, 2048, 3008],
                    );
                    refuses(() => new One({ memory, base: 60_000 }), OVERLAP);
                }
            });

            it('respects the claim of a default allocator', () => {
                first.alloc(16);
                refuses(() => new other.Allocator({ memory: first.memory }), OVERLAP);
                other.alloc(16);
                refuses(() => new first.Allocator({ memory: other.memory }), OVERLAP);
            });

            it('may use the bytes of a disposed allocator at once', () => {
                for (const [One, Other] of bothWays()) {
                    const memory = new Memory({ initial: 1 });
                    for (let i = 0; i < 3; i++) {
                        new One({ memory }).dispose();
                        new Other({ memory }).dispose();
                    }
                    assert.deepEqual(claimsOf(memory), []);
                }
            });

            it('may use the bytes of a collected allocator: the mark keeps neither it nor its heap alive', async () => {
                for (const [One, Other] of bothWays()) {
                    const memory = new Memory({ initial: 1 });
                    await inFrameOfItsOwn(() => new One({ memory }).alloc(16));
                    await collect(() => {
                        try {
                            return new Other({ memory }).total() === PAGE;
                        } catch ({ code }) {
                            assert.equal(code, 'ERR_LEWD_OVERLAP');
                            return false;
                        }
                    }, 'an allocator of the other copy was not collected');
                }
            });

            it('throws ERR_LEWD_FIXED_MEMORY from trim() of a shared memory', () => {
                for (const [One, Other] of bothWays()) {
                    const memory = new Memory({ initial: 1 });
                    const one = new One({ memory, limit: 1024 });
                    const two = new Other({ memory, base: 1024 });
                    two.grow(3);
                    for (const own of [one, two]) refuses(() => own.trim(), FIXED);
                    assert.equal(two.memory, memory);
                    one.dispose();
                    two.trim();
                    assert.notEqual(two.memory, memory);
                }
            });

            it('sees that trim() moves the claim to the new memory, even inside respawns', () => {
                for (const [One, Other] of bothWays()) {
                    const one = new One({ base: 64 });
                    const { memory } = one;
                    let respawned = 0;
                    one.bind(noop, () => {
                        respawned++;
                        refuses(() => new Other({ memory: one.memory }), OVERLAP);
                    });
                    one.grow(3);
                    refuses(() => new Other({ memory }), OVERLAP);
                    one.trim();
                    assert.equal(respawned, 1);
                    refuses(() => new Other({ memory: one.memory }), OVERLAP);
                    assert.deepEqual(claimsOf(memory), []);
                    assert.equal(new Other({ memory }).alloc(16), 0);
                    assert.equal(new Other({ memory: one.memory, limit: 64 }).alloc(16), 0);
                }
            });
        });
    }
});

describe('the mark of a memory', () => {
    const { Allocator } = require('../lib/index.js');

    it('has the documented layout, and is not enumerable', () => {
        const memory = new Memory({ initial: 1 });
        const own = new Allocator({ memory, base: 1000, limit: 3000 });
        const { value, ...attributes } = Object.getOwnPropertyDescriptor(memory, KEY);
        assert.deepEqual(attributes, { configurable: false, enumerable: false, writable: false });
        assert.deepEqual(Object.keys(memory), []);
        assert.ok(value instanceof Set);
        const [claim, ...more] = value;
        assert.deepEqual(more, []);
        assert.ok(Object.isFrozen(claim));
        assert.deepEqual(Object.keys(claim), ['copy', 'base', 'limit', 'owner']);
        assert.equal(typeof claim.copy, 'symbol');
        assert.deepEqual([claim.base, claim.limit], [1008, 2992]);
        assert.ok(claim.owner instanceof WeakRef);
        own.dispose();
    });

    it('is 4 GiB long for an allocator without base and limit, however small the memory is', () => {
        const own = new Allocator();
        const [{ base, limit }] = claimsOf(own.memory);
        assert.deepEqual([base, limit], [0, 2 ** 32]);
    });

    it('does not accumulate claims of 10,000 collected allocators', async () => {
        const memory = new Memory({ initial: 3 });
        let base = 0;
        for (let i = 0; i < 100; i++) {
            await inFrameOfItsOwn(() => {
                for (let j = 0; j < 100; j++, base += 16) new Allocator({ memory, base, limit: base + 16 });
            });
            global.gc();
        }
        assert.ok(claimsOf(memory).length < 1000, `${claimsOf(memory).length} claims`);
    });

    it('causes no crash when a program changes it; an unreadable one claims everything', () => {
        const trap = () => assert.fail('a trap was called');
        const throwing = { get copy() { throw new Error('planted'); } }; // prettier-ignore
        for (const claim of [
            undefined,
            null,
            16,
            {},
            throwing,
            { base: 0, limit: PAGE },
            { base: 0, limit: PAGE, owner: {} },
        ]) {
            const memory = new Memory({ initial: 1 });
            Object.defineProperty(memory, KEY, { value: new Set([claim]) });
            assertThrows(() => new Allocator({ memory }), ...OVERLAP);
        }
        for (const value of [null, 16, 'claims', [], {}, new Map(), new Proxy(new Set(), { get: trap })]) {
            const memory = new Memory({ initial: 1 });
            Object.defineProperty(memory, KEY, { value });
            assertThrows(() => new Allocator({ memory }), ...OVERLAP);
        }
        for (const descriptor of [{ get: trap }, { value: undefined }]) {
            const memory = new Memory({ initial: 1 });
            Object.defineProperty(memory, KEY, descriptor);
            assertThrows(() => new Allocator({ memory }), ...UNSUPPORTED);
        }
    });

    it('may be emptied or filled while the allocator runs, which goes on, and trims or refuses to', () => {
        const own = new Allocator({ base: 16 });
        const { memory } = own;
        own.grow(2);
        const claims = memory[KEY];
        claims.clear();
        assert.equal(own.alloc(16, own), 16);
        claims.add({ copy: Symbol('other'), base: 0, limit: 16, owner: new WeakRef(own) });
        assertThrows(() => own.trim(), ...FIXED);
        claims.clear();
        own.trim();
        assert.equal(own.total(), PAGE - 16);
        own.dispose();
    });

    it('causes ERR_LEWD_UNSUPPORTED_MEMORY if the memory is frozen', () => {
        for (const freeze of [Object.freeze, Object.seal, Object.preventExtensions]) {
            const memory = freeze(new Memory({ initial: 1 }));
            assertThrows(() => new Allocator({ memory }), ...UNSUPPORTED);
        }
        const memory = new Memory({ initial: 1 });
        const own = new Allocator({ memory, limit: 1024 });
        Object.freeze(memory);
        assert.equal(own.alloc(16, own), 0);
        assert.equal(new Allocator({ memory, base: 1024 }).alloc(16), 1024);
    });

    it('is not made on a memory that is refused', () => {
        const memory = new Memory({ initial: 3 });
        assert.throws(() => new Allocator({ memory, maximum: 2 }), { code: 'ERR_LEWD_OUT_OF_RANGE' });
        assert.throws(() => new Allocator({ memory, base: '16' }), { code: 'ERR_LEWD_INVALID_ARG_TYPE' });
        assert.deepEqual(Reflect.ownKeys(memory), []);
    });
});
