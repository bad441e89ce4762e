'use strict';

/** The seed of all random numbers in a run: SEED in the environment repeats one. */
exports.SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31) | 0;

/** Returns numbers in [0, limit) from a generator with 32 bits of state (a Weyl sequence, mixed). */
exports.random = function (seed) {
    let state = seed | 0;
    return (limit) => {
        state = (state + 0x9e3779b9) | 0;
        let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
        mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
        return ((mixed ^ (mixed >>> 15)) >>> 0) % limit;
    };
};
