'use strict';

// Measures allocations while the number of live tokens grows: their cost must not grow with it, as it would if
// something visited all tokens too often. A step with a major collection is slow, so halves are compared; the steps are
// printed for information. Also measures an empty finalizer for each token: the cost of Node.js and V8 alone.

const { alloc, used } = require('@anireact/lewd');
const { add } = require('../floor');
const { MIB, argument, digits, show, start } = require('./report.js');

const FIRST = argument('first', 100_000);
const STEPS = argument('steps', 10);

const sum = (times) => times.reduce((a, b) => a + b, 0);

/**
 * Returns the nanoseconds of processor time per token in each step. Keeps one of `every` tokens; drops the others at
 * once.
 */
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
