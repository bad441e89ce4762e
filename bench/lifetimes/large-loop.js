'use strict';

// Measures small tokens that hold much memory: V8 counts only the few bytes of each, so the addon must report the rest.
// Runs synchronously, then with a turn of the event loop now and then; prints the cost of the collections.

const { alloc, total } = require('@anireact/lewd');
const { MIB, argument, residentSize, show, showTimes, start, turn, watchCollections } = require('./report.js');

const COUNT = argument('count', 20_000);
const TURN_EVERY = 16;

function loop() {
    for (let i = 0; i < COUNT; i++) alloc(MIB, {});
}

async function loopWithTurns() {
    for (let i = 0; i < COUNT; i++) {
        alloc(MIB, {});
        if (i % TURN_EVERY === 0) await turn();
    }
}

(async () => {
    for (const [name, work] of [
        ['synchronous', loop],
        ['with turns', loopWithTurns],
    ]) {
        const stopWatching = watchCollections();
        const stop = start();
        await work();
        const times = stop(COUNT);
        const collections = await stopWatching();
        showTimes(`${name}: time a token`, times, 'us', 1000);
        show(`${name}: total()`, total() / MIB, 'MiB', { most: 256 });
        show(`${name}: minor collections`, collections.minor, '');
        show(`${name}: major collections`, collections.major, '');
        show(`${name}: time in them`, collections.time, 'ms');
    }
    show('resident', residentSize(), 'MiB', { most: 256 });
})();
