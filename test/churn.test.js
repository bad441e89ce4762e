'use strict';

// Random churn with tokens that are collected at any time. SEED in the environment repeats a run.

const assert = require('node:assert/strict');
const { setImmediate: turn } = require('node:timers/promises');
const { assertSound, fresh } = require('./helpers/allocator.js');
const { collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { BLOCK, Model, PAGE } = require('./helpers/model.js');
const { random, SEED } = require('./helpers/random.js');

const ALLOCATIONS = 200_000;
const LIVE = 1000;
/** In a busy loop up to 128 MiB of dead tokens may wait for a collection: see docs/design/lifetimes.md. */
const MAX_BYTES = 256 * 2 ** 20;

/** An owner, and its allocations. The token is the object itself. */
class Owner {
    constructor(id, address, size) {
        this.id = id;
        this.start = address >>> 0;
        this.size = size;
    }
}

class Churn {
    constructor({ api }, seed) {
        this.api = api;
        this.below = random(seed);
        this.live = [];
        /** By block: the number of the allocation that had it last. */
        this.owners = new Int32Array(MAX_BYTES / BLOCK);
        /** By number: whether the allocation is live. */
        this.alive = new Uint8Array(ALLOCATIONS + 1);
        this.count = 0;
    }

    get used() {
        return this.live.reduce((sum, { size }) => sum + Model.round(size), 0);
    }

    /** Mostly small sizes, sometimes a large one. */
    size() {
        return 1 + this.below([64, 64, 256, 256, 1024, 4096, 20_000][this.below(7)]);
    }

    bytes({ start, size }) {
        return Buffer.from(this.api.buffer, start, size);
    }

    make() {
        const id = ++this.count;
        const size = this.size();
        const token = new Owner(id, 0, size);
        token.start = this.api.alloc(size, token) >>> 0;
        assert.equal(token.start % BLOCK, 0);
        assert.ok(token.start + size <= this.api.total() && this.api.total() <= MAX_BYTES, `allocation ${id}`);
        const end = (token.start + Model.round(size)) / BLOCK;
        for (let block = token.start / BLOCK; block < end; block++) {
            const other = this.owners[block];
            if (this.alive[other] === 1) assert.fail(`allocations ${id} and ${other} overlap at block ${block}`);
            this.owners[block] = id;
        }
        this.alive[id] = 1;
        this.bytes(token).fill(id % 255);
        return token;
    }

    verify(owner) {
        const bytes = this.bytes(owner);
        if (bytes[0] !== owner.id % 255 || (bytes.length > 1 && bytes.compare(bytes, 0, bytes.length - 1, 1) !== 0)) {
            assert.fail(`the contents of allocation ${owner.id} have changed`);
        }
    }

    /** Makes one allocation, which replaces another one. */
    step() {
        if (this.live.length < LIVE) {
            this.live.push(this.make());
            return;
        }
        const i = this.below(LIVE);
        this.verify(this.live[i]);
        this.alive[this.live[i].id] = 0;
        this.live[i] = undefined;
        this.live[i] = this.make();
    }
}

describe(`churn (SEED=${SEED})`, () => {
    it('200,000 allocations, 1,000 live, never overlap, keep their contents, and add up to used()', async () => {
        const allocator = fresh();
        const churn = new Churn(allocator, SEED);
        let trims = 0;
        allocator.api.on('trim', churn, () => trims++);
        while (churn.count < ALLOCATIONS) {
            churn.step();
            if (churn.count % 1024 === 0) await turn();
            if (churn.count % 20_000 === 0) {
                assertSound(allocator);
                assert.ok(allocator.api.used() >= churn.used);
                await inFrameOfItsOwn(() => global.gc());
                allocator.api.trim();
            }
        }
        churn.live.forEach((owner) => churn.verify(owner));
        await collectTo(allocator.api, churn.used);
        assertSound(allocator);
        allocator.api.trim();
        churn.live.forEach((owner) => churn.verify(owner));
        assertSound(allocator);
        assert.ok(trims > 0, 'no page was ever released');
        await inFrameOfItsOwn(() => churn.live.splice(0));
        await collectTo(allocator.api, 0);
        assertSound(allocator);
        allocator.api.trim();
        assert.equal(allocator.api.total(), PAGE);
    });

    it('50,000 allocations in a synchronous loop do the same', async () => {
        const allocator = fresh();
        const churn = new Churn(allocator, SEED + 1);
        while (churn.count < 50_000) churn.step();
        assertSound(allocator);
        churn.live.forEach((owner) => churn.verify(owner));
        await collectTo(allocator.api, churn.used);
        assertSound(allocator);
    });

    it('many tokens with many pointers each do the same', async () => {
        const allocator = fresh();
        const churn = new Churn(allocator, SEED + 2);
        const { api, below } = churn;
        const groups = new Map();
        const add = () => {
            const token = {};
            let bytes = 0;
            for (let i = below(30); i >= 0; i--) {
                const size = churn.size();
                api.alloc(size, token);
                bytes += Model.round(size);
            }
            groups.set(token, bytes);
        };
        for (let round = 0; round < 10; round++) {
            for (let i = 0; i < 100; i++) add();
            await inFrameOfItsOwn(() => {
                for (const token of [...groups.keys()]) if (below(3) > 0) groups.delete(token);
            });
            await collectTo(
                api,
                [...groups.values()].reduce((sum, bytes) => sum + bytes, 0),
            );
            assertSound(allocator);
        }
    });
});
