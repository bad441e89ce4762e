'use strict';

// Child process of the suite `events`: growth with many handlers.

const { serve } = require('../lib/child.js');
const { turn } = require('../lib/work.js');
const lewd = require('../../lib');

let tokens = [];
let calls = 0;
const handler = () => calls++;

/** Of processors: a wall clock shows mostly what else the machine does in so short a time. */
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
        // Those of dead tokens are forgotten by the growth that finds them dead.
        tokens = [];
        await turn();
        gc();
        await turn();
        const dead = grow();
        return { on, off, bare, full, dead, call: (full - bare) / handlers };
    },
});
