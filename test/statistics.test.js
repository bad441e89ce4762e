'use strict';

// Every figure against helpers/model.js, and the relations between them.

const assert = require('node:assert/strict');
const { assertSound, fresh, layOut } = require('./helpers/allocator.js');
const { collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { figuresOf, Model, PAGE } = require('./helpers/model.js');
const { random, SEED } = require('./helpers/random.js');

const NAMES = ['total', 'used', 'usedRun', 'free', 'headFree', 'tailFree'];

describe('total() used() usedRun() free() headFree() tailFree()', () => {
    it('are headFree = tailFree = free = total, usedRun = 0 in an empty heap', () => {
        for (const pages of [undefined, 1, 7, 65_536]) {
            const { api } = fresh(pages);
            const total = (pages ?? 1) * PAGE;
            const [usedRun, largestFree] = [0, total / 16];
            const figures = { total, used: 0, usedRun, free: total, headFree: total, tailFree: total, largestFree };
            assert.deepEqual(figuresOf(api), figures);
        }
    });

    it('are all 0 in a memory without pages', () => {
        const { api } = fresh(0);
        assert.deepEqual(new Set(Object.values(figuresOf(api))), new Set([0]));
    });

    it('are right in a heap without a free block', () => {
        const { api } = fresh(2, 2);
        const token = {};
        api.alloc(2 * PAGE, token);
        const [total, used, usedRun] = [2 * PAGE, 2 * PAGE, 2 * PAGE];
        assert.deepEqual(figuresOf(api), { total, used, usedRun, free: 0, headFree: 0, tailFree: 0, largestFree: 0 });
        assert.ok(token);
    });

    it('are right with gaps before, between and after the used spans', async () => {
        const { api } = fresh();
        const owners = await layOut({ api }, [-160, 16, -32, 32, -48, 17, -64]);
        const figures = { total: PAGE, used: 80, usedRun: 160, free: PAGE - 80, headFree: 160, tailFree: PAGE - 320 };
        assert.deepEqual(figuresOf(api), { ...figures, largestFree: (PAGE - 320) / 16 });
        assert.ok(owners);
    });

    it('include gaps in the used run, from the first used block to the end of the last one', async () => {
        const { api } = fresh();
        const owners = await layOut({ api }, [-16, 16, -1600, 16]);
        assert.equal(api.usedRun(), 1632);
        await inFrameOfItsOwn(() => delete owners[3]);
        await collectTo(api, 16);
        assert.equal(api.usedRun(), 16);
        await inFrameOfItsOwn(() => delete owners[1]);
        await collectTo(api, 0);
        assert.equal(api.usedRun(), 0);
        assert.equal(api.headFree(), PAGE);
    });

    it('have the size of the memory as total', () => {
        const { api } = fresh();
        const token = {};
        for (const size of [16, PAGE, 5 * PAGE, 16]) {
            api.alloc(size, token);
            assert.equal(api.total(), api.buffer.byteLength);
        }
    });

    it('are bytes as doubles, since 4 GiB does not fit an i32', () => {
        const { api } = fresh(65_536);
        const token = {};
        assert.equal(api.total(), 2 ** 32);
        assert.equal(api.tailFree(), 2 ** 32);
        api.alloc(-16, token);
        const used = 2 ** 32 - 16;
        const figures = { total: 2 ** 32, used, usedRun: used, free: 16, headFree: 0, tailFree: 16, largestFree: 1 };
        assert.deepEqual(figuresOf(api), figures);
    });

    it('change nothing, and take no arguments', () => {
        const { api } = fresh();
        const before = figuresOf(api);
        for (const name of [...NAMES, 'largestFree']) {
            assert.equal(api[name].length, 0, name);
            assert.equal(
                api[name](1, {}, () => {}),
                before[name],
                name,
            );
        }
        assert.deepEqual(figuresOf(api), before);
    });
});

describe('largestFree()', () => {
    it('returns the bytes of the largest free span', async () => {
        const { api } = fresh(1, 1);
        const owners = await layOut({ api }, [-160, 16, -320, 16, -240, PAGE - 160 - 320 - 240 - 32]);
        for (const blocks of [20, 15, 10, 0]) {
            assert.equal(api.largestFree(), blocks);
            if (blocks > 0) api.alloc(blocks * 16, owners);
        }
    });

    it('returns the largest size that fits', async () => {
        const { api } = fresh(3);
        const owners = await layOut({ api }, [-PAGE, 16, -2000, 160]);
        const [largest, total] = [api.largestFree() * 16, api.total()];
        api.alloc(largest);
        assert.equal(api.total(), total);
        api.alloc(largest + 1);
        assert.ok(api.total() > total);
        assert.ok(owners);
    });
});

describe('the figures of random heaps', () => {
    it(`are those of the model, and agree with each other (SEED=${SEED})`, async () => {
        const below = random(SEED);
        const allocator = fresh();
        const { api } = allocator;
        const model = new Model();
        const tokens = new Map();
        const compare = () => {
            const figures = figuresOf(api);
            assert.deepEqual(figures, model.figures);
            assert.equal(figures.total, figures.used + figures.free);
            assert.ok(figures.usedRun >= figures.used);
            if (figures.used > 0) assert.equal(figures.total, figures.headFree + figures.usedRun + figures.tailFree);
            assert.ok(figures.largestFree * 16 <= figures.free);
            assert.ok(figures.largestFree * 16 >= Math.max(figures.headFree, figures.tailFree));
        };
        // Not in the test's own frame, which would keep the last token alive.
        const add = () => {
            const size = 1 + below(below(5) === 0 ? 20_000 : 500);
            if (model.fit(size) === undefined) model.total = model.grown(size);
            const token = {};
            api.alloc(size, token);
            tokens.set(model.alloc(size), token);
            compare();
        };
        for (let round = 0; round < 25; round++) {
            for (let i = 0; i < 40; i++) add();
            await inFrameOfItsOwn(() => {
                for (const span of [...tokens.keys()]) {
                    if (below(2) === 0) continue;
                    tokens.delete(span);
                    model.free(span);
                }
            });
            await collectTo(api, model.used);
            compare();
            if (below(2) === 0) {
                model.total = model.trimmed;
                api.trim();
                compare();
            }
            assertSound(allocator);
        }
    });
});
