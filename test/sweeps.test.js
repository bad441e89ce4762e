'use strict';

// Sweeps that find many dead tokens at once, among allocations that were freed, made strong and made weak again by hand
// meanwhile. SEED in the environment repeats a run.

const assert = require('node:assert/strict');
const { setImmediate: turn } = require('node:timers/promises');
const { assertSound } = require('./helpers/allocator.js');
const { collectTo } = require('./helpers/collect.js');
const { extended } = require('./helpers/extended.js');
const { Model } = require('./helpers/model.js');
const { random, SEED } = require('./helpers/random.js');

const LIVE = 80_000;
const ROUNDS = 6;

class Crowd {
    /** By number: the token of a weak pointer, true for a strong one, undefined for none. */
    owners = new Array(LIVE).fill(undefined);
    starts = new Uint32Array(LIVE);
    sizes = new Uint32Array(LIVE);

    constructor(api, seed) {
        this.api = api;
        this.below = random(seed);
    }

    get used() {
        return this.owners.reduce((sum, owner, i) => (owner === undefined ? sum : sum + Model.round(this.sizes[i])), 0);
    }

    alloc(i) {
        const token = {};
        this.sizes[i] = 1 + this.below([16, 64, 300][this.below(3)]);
        this.starts[i] = this.api.alloc(this.sizes[i], token) >>> 0;
        this.owners[i] = token;
    }

    /** Allocates every number without an owner; of the rest some lose their owner, are freed, or get another one. */
    step(i) {
        const owner = this.owners[i];
        if (owner === undefined) return this.alloc(i);
        const dice = this.below(16);
        if (dice < 6 && owner !== true) this.owners[i] = undefined;
        else if (dice < 8) this.free(i);
        else if (dice === 8) this.strengthen(i);
        else if (dice < 12) this.weaken(i);
    }

    free(i) {
        this.api.c.free(this.starts[i]);
        this.owners[i] = undefined;
    }

    strengthen(i) {
        this.api.strengthen(this.starts[i]);
        this.owners[i] = true;
    }

    weaken(i) {
        this.api.weaken(this.starts[i], (this.owners[i] = {}));
    }

    /** Checks that live ones do not overlap, in the order of their places. */
    assertApart() {
        const live = [...this.owners.keys()].filter((i) => this.owners[i] !== undefined);
        live.sort((a, b) => this.starts[a] - this.starts[b]);
        live.reduce((end, i) => {
            assert.ok(this.starts[i] >= end, `${i} at ${this.starts[i]} overlaps the one that ends at ${end}`);
            return this.starts[i] + this.sizes[i];
        }, 0);
    }
}

describe(`a sweep of many dead tokens (SEED=${SEED})`, () => {
    for (const [how, pause] of [
        ['without a turn of the event loop', () => {}],
        ['with turns', turn],
    ])
        it(`frees exactly the dead ones among pointers with changed owners, ${how}`, async () => {
            // C's free(0) frees nothing.
            const allocator = extended({ base: 16 });
            const { api } = allocator;
            const crowd = new Crowd(api, SEED);
            for (let round = 0; round < ROUNDS; round++) {
                for (let i = 0; i < LIVE; i++) {
                    crowd.step(i);
                    if (i % 1024 === 0) await pause();
                }
                assertSound(allocator);
                crowd.assertApart();
                // A major collection, or only minor ones: then the young are swept.
                if (round % 2 === 0) await collectTo(api, crowd.used);
                else gc({ type: 'minor' });
            }
            await collectTo(api, crowd.used);
            assertSound(allocator);
            for (let i = 0; i < LIVE; i++) if (crowd.owners[i] === true) crowd.free(i);
            crowd.owners.fill(undefined);
            await collectTo(api, 0);
            assertSound(allocator);
            assert.equal(api.largestFree() * 16, api.free());
        });
});
