'use strict';

// Each collection is handled for all allocators of the thread, whichever of them notices it, and major ones are told
// apart from minor ones even if V8 is marking at that time.

const assert = require('node:assert/strict');
const { join } = require('node:path');
const { setImmediate: turn } = require('node:timers/promises');
const { assertSound } = require('./helpers/allocator.js');
const { runFor } = require('./helpers/child.js');
const { inFrameOfItsOwn } = require('./helpers/collect.js');
const { extended } = require('./helpers/extended.js');
const { SEED } = require('./helpers/random.js');

const SIZE = 1024;
const COUNT = 1000;
/** Number of allocations after which an allocator has noticed earlier collections, whatever it did last. */
const ENOUGH = 64;

const look = ({ api }) => {
    for (let i = 0; i < ENOUGH; i++) api.c.free(api.c.malloc(16));
};

/** Allocators whose memory can't grow, so that only the checks after allocations notice a collection. */
const allocators = (count) => Array.from({ length: count }, () => extended({ base: 16, initial: 20, maximum: 20 }));

/** Makes tokens that are dropped when this returns, after so many minor collections, all noticed by the allocator. */
const leave = (allocator, age = 0) =>
    inFrameOfItsOwn(() => {
        const tokens = Array.from({ length: COUNT }, () => ({}));
        for (const token of tokens) allocator.api.alloc(SIZE, token);
        for (let i = 0; i < age; i++) {
            gc({ type: 'minor' });
            look(allocator);
        }
        assert.equal(allocator.api.used(), COUNT * SIZE);
        // An array that is old already keeps its elements alive through minor collections, whether or not it is
        // reachable.
        tokens.fill(undefined);
    });

/** Fails unless the dead tokens of an allocator that is not called are freed, without a turn of the event loop. */
function assertFreed(collect, notice, idle) {
    collect();
    notice();
    for (const allocator of idle) {
        assert.equal(allocator.api.used(), 0);
        assertSound(allocator);
    }
}

describe('a collection is handled for all allocators, whichever notices it', () => {
    for (const [what, collect, age] of [
        ['a minor one, young tokens', () => gc({ type: 'minor' }), 0],
        ['a major one, young tokens', gc, 0],
        ['a major one, old tokens', gc, 4],
    ])
        it(`${what}: an allocation by another allocator frees dead tokens`, async () => {
            const [idle, busy] = allocators(2);
            look(busy);
            await leave(idle, age);
            assertFreed(collect, () => look(busy), [idle]);
        });

    it('a search for room in another allocator frees dead tokens', async () => {
        const [idle, busy] = allocators(2);
        await leave(idle, 4);
        assertFreed(gc, () => assert.equal(busy.api.c.malloc(2 ** 31), 0), [idle]);
    });

    it('a trim() of another allocator frees dead tokens', async () => {
        const [idle, busy] = allocators(2);
        await leave(idle, 4);
        assertFreed(gc, () => busy.api.trim(), [idle]);
    });

    it('dead tokens of many idle allocators are freed', async () => {
        const [busy, ...idle] = allocators(8);
        for (const allocator of idle) await leave(allocator, 4);
        assertFreed(gc, () => look(busy), idle);
    });

    it('a turn of the event loop frees dead tokens in all allocators without a call', async () => {
        const idle = allocators(3);
        for (const allocator of idle) await leave(allocator, 4);
        gc();
        for (let i = 0; i < 4; i++) await turn();
        for (const { api } of idle) assert.equal(api.used(), 0);
    });

    it('an allocator that was idle for many collections is swept again once it has tokens', async () => {
        const [idle, busy] = allocators(2);
        for (const age of [0, 4]) {
            for (let i = 0; i < 8; i++) {
                gc({ type: i % 2 ? 'minor' : 'major' });
                look(busy);
            }
            await leave(idle, age);
            assertFreed(gc, () => look(busy), [idle]);
        }
    });

    it('an allocator that was disposed of is not swept, and the others are', async () => {
        const all = allocators(3);
        for (const allocator of all) await leave(allocator);
        gc();
        all[1].arena.dispose();
        look(all[0]);
        for (const one of [0, 2]) assert.equal(all[one].api.used(), 0);
    });
});

describe(`an old token is freed at most two collections after the one that took it (SEED=${SEED})`, () => {
    const rounds = 40;
    for (const flags of [[], ['--stress-incremental-marking'], ['--max-semi-space-size=1', '--max-old-space-size=64']])
        it(`while V8 marks, with ${flags.join(' ') || 'no flags'}`, async () => {
            const script = join(__dirname, 'fixtures/old-tokens.cjs');
            const args = ['--expose-gc', ...flags, script, String(rounds), String(SEED)];
            const { stdout, stderr } = await runFor(60_000, ...args);
            assert.deepEqual(JSON.parse(stdout || 'null'), { rounds, broken: [] }, stderr);
        });
});
