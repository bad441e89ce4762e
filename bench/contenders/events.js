'use strict';

// Child process of the suite `events`: measures growth with many handlers.

const { serve } = require('../lib/child.js');
const { turn } = require('../lib/work.js');
const lewd = require('../../lib');

let tokens = [];
let calls = 0;
const handler = () => calls++;

/** Processor time: over so short a time, a wall clock shows mostly other work of the machine. */
const nanoseconds = (work) => {
    const begun = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(begun);
    return (user + system) * 1000;
};

const grow = () => nanoseconds(() => lewd.alloc(lewd.tailFree() + 1));

serve({
    async round({ handlers }) {
        lewd.trim();
        grow();
        const bare = grow();
        tokens = Array.from({ length: handlers }, () => ({}));
        calls = 0;
        const on = nanoseconds(() => tokens.forEach((token) => lewd.on('grow', token, handler))) / handlers;
        const full = grow();
        if (calls !== handlers) throw new Error(`${calls} handlers were called, not ${handlers}`);
        const off = nanoseconds(() => tokens.forEach((token) => lewd.off('grow', token, handler))) / handlers;
        tokens.forEach((token) => lewd.on('grow', token, handler));
        // The growth that finds tokens dead removes their handlers.
        tokens = [];
        await turn();
        gc();
        await turn();
        const dead = grow();
        return { on, off, bare, full, dead, call: (full - bare) / handlers };
    },
});
