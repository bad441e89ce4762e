'use strict';

// Much memory behind small tokens: V8 sees some bytes of each, and must learn of the rest. Synchronous; then with a
// turn of the event loop now and then; and what the collections cost that it took.

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
