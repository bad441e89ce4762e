'use strict';

// More and more live tokens: what an allocation costs must not climb with them, or somebody looks at all of them too
// often. A step is dear when a major collection falls into it, so halves are compared, and the steps are there to be
// seen. Beside it the same with an empty finalizer for each token: what Node.js and V8 cost by themselves.

const { alloc, used } = require('@anireact/lewd');
const { add } = require('../floor');
const { MIB, argument, digits, show, start } = require('./report.js');

const FIRST = argument('first', 100_000);
const STEPS = argument('steps', 10);

const sum = (times) => times.reduce((a, b) => a + b, 0);

/** Nanoseconds of processors a token, in each step. Of `every` tokens one is kept, the others are dropped at once. */
function grow(hold, every) {
    const kept = [];
    const times = [];
    for (let step = 0; step < STEPS; step++) {
        const stop = start();
        for (let i = 0; i < FIRST; i++) {
            const token = {};
            hold(token);
            kept.push(token);
            for (let j = 1; j < every; j++) hold({});
        }
        times.push(stop(FIRST * every).cpu);
    }
    if (hold !== add) show('used()', used() / MIB, 'MiB', { least: (kept.length * 64) / MIB });
    return times;
}

for (const every of [1, 4]) {
    const which = every === 1 ? 'all kept' : `one of ${every} kept`;
    const times = grow((token) => alloc(64, token), every);
    const floor = grow(add, every);
    times.forEach((time, step) => show(`${which}: to ${digits((FIRST * (step + 1)) / 1000)} k`, time, 'ns'));
    const climb = (all) => sum(all.slice(STEPS >> 1)) / sum(all.slice(0, STEPS >> 1));
    show(`${which}: second half by first`, climb(times), 'times', { most: 2 });
    show(`${which}: the floor, second half by first`, climb(floor), 'times');
    show(`${which}: by the floor`, sum(times) / sum(floor), 'times');
}
