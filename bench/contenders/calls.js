'use strict';

// Child process of the suite `calls`: measures functions that are too short to be timed one by one, in batches for
// mitata.

const { serve } = require('../lib/child.js');
const { SIZES, below, belowMany, turn } = require('../lib/work.js');
const lewd = require('../../lib');

const BATCH = 1000;
const { alloc, total, used, usedRun, free, headFree, tailFree, largestFree } = lewd;

let tokens = [];
let sum = 0;

const identity = (value) => value;

/** Each makes BATCH calls and keeps their results in a local: a result that leaves a function may have to be boxed. */
const batches = {
    'an empty function'() {
        let local = 0;
        for (let i = 0; i < BATCH; i++) local += identity(i & 1);
        sum = local & 1;
    },
    'total()'() {
        let local = 0;
        for (let i = 0; i < BATCH; i++) local += total();
        sum = local & 1;
    },
    'used()'() {
        let local = 0;
        for (let i = 0; i < BATCH; i++) local += used();
        sum = local & 1;
    },
    'usedRun()'() {
        let local = 0;
        for (let i = 0; i < BATCH; i++) local += usedRun();
        sum = local & 1;
    },
    'free()'() {
        let local = 0;
        for (let i = 0; i < BATCH; i++) local += free();
        sum = local & 1;
    },
    'headFree()'() {
        let local = 0;
        for (let i = 0; i < BATCH; i++) local += headFree();
        sum = local & 1;
    },
    'tailFree()'() {
        let local = 0;
        for (let i = 0; i < BATCH; i++) local += tailFree();
        sum = local & 1;
    },
    'largestFree()'() {
        let local = 0;
        for (let i = 0; i < BATCH; i++) local += largestFree();
        sum = local & 1;
    },
    'buffer.byteLength'() {
        let local = 0;
        for (let i = 0; i < BATCH; i++) local += lewd.buffer.byteLength;
        sum = local & 1;
    },
    'scratch: alloc(64)'() {
        let local = 0;
        for (let i = 0; i < BATCH; i++) local += alloc(64);
        sum = local & 1;
    },
    'scratch of mixed sizes'() {
        let local = 0;
        for (let i = 0; i < BATCH; i++) local += alloc(SIZES[i % 11]);
        sum = local & 1;
    },
    'alloc(64, token), 1,000 a token'() {
        const token = {};
        let local = 0;
        for (let i = 0; i < BATCH; i++) local += alloc(64, token);
        sum = local & 1;
    },
    'the same, each followed by scratch'() {
        const token = {};
        let local = 0;
        for (let i = 0; i < BATCH; i++) local += alloc(64, token) + alloc(64);
        sum = local & 1;
    },
    'the same, each followed by largestFree()'() {
        const token = {};
        let local = 0;
        for (let i = 0; i < BATCH; i++) local += alloc(64, token) + largestFree();
        sum = local & 1;
    },
};

serve({
    /** Makes a heap with holes: everything was replaced twice. */
    async prepare({ live }) {
        tokens = new Array(live).fill(undefined);
        for (let i = 0; i < live * 3; i++) {
            const token = {};
            tokens[i < live ? i : belowMany(live)] = token;
            sum += alloc(SIZES[below(SIZES.length)], token) & 1;
            if (i % 1024 === 0) await turn();
        }
        return { total: total(), free: free() };
    },

    names: () => Object.keys(batches),
    /** Sum of the results; exported, so that V8 can't drop the calls. */
    sum: () => sum,

    async measure({ name, time }) {
        const { measure } = await import('mitata');
        // One of our batches is a sample: mitata's own would be 4,096 of them, too long to run without an interruption.
        const options = { min_cpu_time: time * 1e6, batch_threshold: 0 };
        const { min, p25, p50, p75 } = await measure(batches[name], options);
        await turn();
        return { least: min / BATCH, q1: p25 / BATCH, median: p50 / BATCH, q3: p75 / BATCH };
    },
});
