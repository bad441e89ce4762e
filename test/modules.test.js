'use strict';

// CommonJS, ECMAScript modules and TypeScript see the same names, and the same allocator, however it is loaded.

const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const lewd = require('@anireact/lewd');
const { assertSound } = require('./helpers/allocator.js');
const { ROOT, run } = require('./helpers/child.js');
const { collect, inFrameOfItsOwn } = require('./helpers/collect.js');
const { wrap } = require('./helpers/create.js');
const { figuresOf, PAGE } = require('./helpers/model.js');

const allocator = wrap(require('../lib/internal/default.js').allocator);

const NAMES = [
    'Allocator',
    'alloc',
    'bind',
    'block',
    'buffer',
    'c',
    'configure',
    'free',
    'grow',
    'headFree',
    'keepAlive',
    'largestFree',
    'memory',
    'off',
    'on',
    'reserve',
    'reserved',
    'strengthen',
    'tailFree',
    'total',
    'trim',
    'used',
    'usedRun',
    'weaken',
    'withOwner',
];

describe('CommonJS, ECMAScript modules and TypeScript see the same names', () => {
    let face;
    let live;

    before(async () => {
        face = await import('@anireact/lewd');
        live = await import('./fixtures/live.mjs');
    });

    it('in CommonJS', () => {
        assert.deepEqual(Object.keys(lewd).sort(), NAMES);
    });

    it('in ECMAScript modules, without a default export', () => {
        assert.deepEqual(Object.keys(face).sort(), NAMES);
    });

    it('in TypeScript', () => {
        const types = readFileSync(join(ROOT, 'index.d.ts'), 'utf8');
        const values = [...types.matchAll(/^export (?:declare )?(?:function|const|class) (\w+)/gm)].map(
            ([, name]) => name,
        );
        assert.deepEqual([...new Set(values)].sort(), NAMES);
    });

    it('which are all identical functions, except memory and buffer', () => {
        for (const name of NAMES) {
            if (name === 'memory' || name === 'buffer') continue;
            assert.equal(typeof lewd[name], name === 'c' ? 'object' : 'function', name);
            assert.equal(face[name], lewd[name], name);
        }
    });

    it('and can be required by file names only from its own folder', () => {
        assert.equal(require('../lib/index.js'), lewd);
        assert.throws(() => require('@anireact/lewd/lib/internal/allocator.js'), {
            code: 'ERR_PACKAGE_PATH_NOT_EXPORTED',
        });
    });

    describe('require and import share one allocator', () => {
        it('whose statistics count allocations of both', async () => {
            const tokens = [{}, {}];
            const before = lewd.used();
            face.alloc(100, tokens[0]);
            assert.ok(lewd.used() >= 112);
            const first = lewd.used();
            lewd.alloc(100, tokens[1]);
            assert.equal(face.used(), lewd.used());
            assert.ok(first <= before + 112);
            assert.deepEqual(figuresOf(face), figuresOf(lewd));
            assertSound(allocator);
        });

        it('so that the other allocates where one has its scratch', () => {
            const token = {};
            const scratch = face.alloc(5000);
            assert.equal(lewd.alloc(5000), scratch);
            assert.equal(lewd.alloc(5000, token), scratch);
        });

        it('so that one removes handlers of the other', () => {
            const token = {};
            let calls = 0;
            const fn = () => calls++;
            face.on('grow', token, fn);
            lewd.on('grow', token, fn);
            live.grow();
            assert.equal(calls, 1);
            lewd.off('grow', token, fn);
            live.grow();
            assert.equal(calls, 1);
        });
    });
});

describe('memory and buffer are always the active ones', () => {
    let face;
    let live;

    before(async () => {
        face = await import('@anireact/lewd');
        live = await import('./fixtures/live.mjs');
        await collectAll();
    });

    /** Allocations that other suites left behind would prevent the release of pages. */
    async function collectAll() {
        let [used, calm] = [lewd.used(), 0];
        await collect(() => {
            calm = lewd.used() === used ? calm + 1 : 0;
            used = lewd.used();
            return calm === 5;
        }, 'used() does not settle');
    }

    /** Checks that all ways to read them agree. */
    const assertAgree = () => {
        const { memory, buffer } = lewd;
        assert.equal(buffer, memory.buffer);
        assert.equal(face.memory, memory);
        assert.equal(face.buffer, buffer);
        assert.equal(live.read().memory, memory);
        assert.equal(live.read().buffer, buffer);
        assert.equal(live.again.memory, memory);
    };

    it('after growth by others, except for an imported buffer until the next call', () => {
        assertAgree();
        const { buffer } = face;
        lewd.memory.grow(1);
        assert.equal(live.read().buffer, buffer);
        assert.equal(buffer.byteLength, 0);
        assert.throws(() => new Uint8Array(live.read().buffer, 0, 16), TypeError);
        assert.equal(new Uint8Array(live.read().memory.buffer, 0, 16).length, 16);
        assert.equal(lewd.buffer, live.read().memory.buffer);
        assertAgree();
        lewd.memory.grow(1);
        face.used();
        assert.equal(live.read().buffer, live.read().memory.buffer);
        assertAgree();
    });

    it('through live bindings for import, getters for require', () => {
        assertAgree();
        for (const name of ['memory', 'buffer']) {
            assert.equal(typeof Object.getOwnPropertyDescriptor(lewd, name).get, 'function');
            assert.throws(() => {
                lewd[name] = 1;
            }, TypeError);
            assert.throws(() => {
                face[name] = 1;
            }, TypeError);
        }
    });

    it('after growth by calls and by others', () => {
        const { memory, buffer } = lewd;
        live.grow();
        assertAgree();
        assert.equal(face.memory, memory);
        assert.notEqual(face.buffer, buffer);
        lewd.memory.grow(1);
        lewd.used();
        assertAgree();
    });

    it('after trim', () => {
        live.grow();
        const { memory } = lewd;
        lewd.trim();
        assert.notEqual(lewd.memory, memory);
        assertAgree();
        live.grow();
        face.trim();
        assertAgree();
    });

    it('inside handlers and respawns of either side', async () => {
        const calls = [];
        let active = true;
        const look = (name) => () => {
            if (!active) return; // a respawn stays bound
            calls.push(name);
            assertAgree();
        };
        lewd.bind(() => {}, look('respawn of require'));
        face.bind(() => {}, look('respawn of import'));
        for (const type of ['grow', 'trim', 'resize']) {
            lewd.on(type, calls, look(`${type} of require`));
            face.on(type, calls, look(`${type} of import`));
        }
        live.grow();
        const heard = calls.splice(0);
        assert.deepEqual(heard, ['grow of require', 'grow of import', 'resize of require', 'resize of import']);
        lewd.trim();
        active = false;
        assert.deepEqual(calls, [
            'respawn of require',
            'respawn of import',
            'trim of require',
            'trim of import',
            'resize of require',
            'resize of import',
        ]);
        await inFrameOfItsOwn(() => calls.splice(0));
    });

    it('in a module that has read them before', () => {
        live.grow();
        const { memory, buffer } = live.read();
        assert.equal(memory, lewd.memory);
        lewd.trim();
        assert.notEqual(live.read().memory, memory);
        assert.equal(buffer.byteLength, 0);
        assertAgree();
    });
});

describe('functions of the module work', () => {
    it('after const { alloc } = require(…)', () => {
        const { alloc, trim, bind, on, off, total, used, usedRun, free, headFree, tailFree, largestFree } = lewd;
        const token = {};
        const fn = () => {};
        alloc(16, token);
        on('resize', token, fn);
        alloc(tailFree() + PAGE);
        off('resize', token, fn);
        assert.equal(total(), used() + free() + lewd.reserved());
        assert.ok(usedRun() >= used());
        assert.ok(headFree() < total());
        assert.ok(largestFree() * 16 <= free());
        assert.equal(
            bind(
                () => 5,
                () => {},
            ),
            5,
        );
        trim();
        assertSound(allocator);
    });

    it('with any `this`', () => {
        for (const self of [undefined, null, 5, {}, Object.create(lewd), process]) {
            assert.equal(lewd.used.call(self), lewd.used());
            assert.equal(lewd.largestFree.call(self), lewd.largestFree());
            assert.equal(lewd.alloc.call(self, 16), lewd.alloc(16));
            lewd.trim.call(self);
        }
    });

    it('as memory and buffer of an object that inherits from it', () => {
        const heir = Object.create(lewd);
        assert.equal(heir.memory, lewd.memory);
        assert.equal(heir.buffer, lewd.buffer);
    });
});

describe('a process', () => {
    for (const [what, ...args] of [
        ['only imports it', 'test/fixtures/import-only.mjs'],
        ['imports it in a worker, and in the main thread', 'test/fixtures/workers.mjs'],
        ['requires it twice, from an emptied cache', 'test/fixtures/twice.cjs'],
    ]) {
        it(what, async () => {
            const ended = await run('--expose-gc', ...args);
            assert.deepEqual(ended, { code: 0, signal: null, stdout: 'done\n', stderr: '' });
        });
    }

    for (const how of ['return', 'exit', 'throw', 'collected', 'pending', 'terminate']) {
        it(`ends without a crash with live tokens: ${how}`, async () => {
            const { code, signal, stdout } = await run('--expose-gc', 'test/fixtures/end.cjs', how);
            assert.deepEqual([code, signal, stdout], [{ exit: 3, throw: 1 }[how] ?? 0, null, 'ending\n']);
        });
    }
});
