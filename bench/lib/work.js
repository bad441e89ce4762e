'use strict';

// The work that all contenders share: sizes, random numbers, clocks.

/** In bytes; each is equally likely. bench/core/churn.c has the same. */
const SIZES = Uint32Array.of(16, 24, 32, 48, 64, 100, 128, 256, 512, 1000, 4096);

/**
 * xorshift32 (Marsaglia, "Xorshift RNGs", 2003). Its state is in an array, so that V8 allocates no heap number for it.
 */
const state = Uint32Array.of(2463534242);

function below(bound) {
    let word = state[0];
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    state[0] = word;
    return ((word >>> 8) * bound) >>> 24;
}

/** Returns a random integer below a bound. Above 2^8 the product exceeds 32 bits; a double holds it. */
const belowMany = (bound) => {
    below(1);
    return Math.floor((state[0] / 2 ** 32) * bound);
};

const turn = () => new Promise(setImmediate);

/**
 * Nanoseconds per operation: of wall time, and of processor time (V8's helper threads too), which is fairer on a busy
 * machine.
 */
function clock() {
    const cpu = process.cpuUsage();
    const begun = process.hrtime.bigint();
    return (count) => {
        const wall = Number(process.hrtime.bigint() - begun) / count;
        const { user, system } = process.cpuUsage(cpu);
        return { wall, cpu: ((user + system) * 1000) / count };
    };
}

module.exports = { SIZES, below, belowMany, clock, turn };
