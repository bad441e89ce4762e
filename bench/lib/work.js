'use strict';

// The work that all contenders do: the sizes, the dice, the clock.

/** Bytes; drawn evenly. bench/core/churn.c has the same. */
const SIZES = Uint32Array.of(16, 24, 32, 48, 64, 100, 128, 256, 512, 1000, 4096);

/** xorshift32 (Marsaglia, "Xorshift RNGs", 2003); its state is in an array, where it is no heap number. */
const state = Uint32Array.of(2463534242);

function below(bound) {
    let word = state[0];
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    state[0] = word;
    return ((word >>> 8) * bound) >>> 24;
}

/** For bounds above 2^8 the product must not overflow 2^32: a double holds it. */
const belowMany = (bound) => {
    below(1);
    return Math.floor((state[0] / 2 ** 32) * bound);
};

const turn = () => new Promise(setImmediate);

/** Nanoseconds an operation: on the wall, and of processors (V8's helper threads too), the fairer where others work too. */
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
