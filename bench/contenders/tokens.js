'use strict';

// Child process of the suite `tokens`: measures one contender, named by the argument, that is notified of its tokens'
// deaths.

const { memoryUsage } = require('node:process');
const { serve } = require('../lib/child.js');
const { SIZES, below, belowMany, clock, turn } = require('../lib/work.js');

const TURN_EVERY = 1024;

/** Each returns a function of a size and a token; the caller adds up its results. */
const contenders = {
    /** Measures the cost of the loop, the token and its collection alone. */
    nothing: () => (size) => size,
    lewd: () => require('../../lib').alloc,
    floor() {
        const { add } = require('../floor');
        return (size, token) => {
            add(token);
            return size;
        };
    },
    registry() {
        let gone = 0;
        const registry = new FinalizationRegistry((size) => (gone += size));
        return (size, token) => {
            registry.register(token, size);
            return gone & 1;
        };
    },
};

const take = contenders[process.argv[2]]();
let tokens = [];
let sum = 0;

function replace(count) {
    const live = tokens.length;
    let local = 0;
    for (let i = 0; i < count; i++) {
        const token = {};
        tokens[belowMany(live)] = token;
        local += take(SIZES[below(SIZES.length)], token);
    }
    sum = (sum + local) % 1e9;
}

async function replaceWithTurns(count) {
    for (let done = 0; done < count; done += TURN_EVERY) {
        replace(Math.min(TURN_EVERY, count - done));
        await turn();
    }
}

serve({
    /** Fills, and replaces everything at least once. Returns the bytes by which one live token enlarges the process. */
    async prepare({ live, count }) {
        tokens = new Array(live).fill(undefined);
        await replaceWithTurns(1000);
        gc();
        const before = memoryUsage.rss();
        for (let i = 0; i < live; i++) {
            const token = {};
            tokens[i] = token;
            sum += take(SIZES[below(SIZES.length)], token) & 1;
            if (i % TURN_EVERY === 0) await turn();
        }
        gc();
        await turn();
        const resident = (memoryUsage.rss() - before) / live;
        await replaceWithTurns(count);
        return resident;
    },

    async turns({ count }) {
        const stop = clock();
        await replaceWithTurns(count);
        return stop(count);
    },

    /** Lets contenders that need the event loop process pending deaths after the clock was stopped. */
    async synchronous({ count }) {
        const stop = clock();
        replace(count);
        const times = stop(count);
        gc();
        for (let i = 0; i < 100; i++) await turn();
        return times;
    },
});
