'use strict';

// Child process of the suite `allocators`: measures a busy allocator beside idle ones that share a memory.

const { serve } = require('../lib/child.js');
const { SIZES, below, belowMany, clock, turn } = require('../lib/work.js');
const { Allocator } = require('../..');

const BLOCK = 16;
const PAGE = 65_536;
const LIVE = 10_000;
const TURN_EVERY = 1024;

const busy = new Allocator();
const tokens = new Array(LIVE).fill(undefined);
/** Keeps the idle allocators and their tokens alive. */
const idle = [];

function replace(count) {
    for (let i = 0; i < count; i++) {
        const token = {};
        tokens[belowMany(LIVE)] = token;
        busy.alloc(SIZES[below(SIZES.length)], token);
    }
}

async function replaceWithTurns(count) {
    for (let done = 0; done < count; done += TURN_EVERY) {
        replace(Math.min(TURN_EVERY, count - done));
        await turn();
    }
}

serve({
    /** Makes `allocators` idle allocators with `tokens` tokens each, and replaces everything in the busy one. */
    async prepare({ allocators, tokensEach, count }) {
        const room = Math.max(1, tokensEach) * BLOCK;
        const pages = Math.ceil((allocators * room) / PAGE) + 1;
        const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
        for (let i = 0; i < allocators; i++) {
            const limit = (i + 1) * room;
            const allocator = new Allocator({ memory, maximum: pages, base: i * room, limit, fixed: true });
            const own = Array.from({ length: tokensEach }, () => ({}));
            for (const token of own) allocator.alloc(BLOCK, token);
            idle.push({ allocator, own });
        }
        await replaceWithTurns(count);
    },

    async turns({ count }) {
        const stop = clock();
        await replaceWithTurns(count);
        return stop(count);
    },

    async synchronous({ count }) {
        const stop = clock();
        replace(count);
        return stop(count);
    },
});
