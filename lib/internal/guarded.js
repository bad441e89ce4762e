'use strict';

const { isStackOverflow } = require('./primordials.js');

/**
 * Returns fn(). C calls it in a state that ends with the call, however the call ends: see guard.h. If Node-API refuses,
 * as in an environment that is ending, JavaScript sets the state.
 */
exports.runGuarded = (arena, state, fn) => {
    let hasBegun = false;
    try {
        const result = arena.run(state, () => {
            hasBegun = true;
            return fn();
        });
        if (hasBegun) return result;
    } catch (error) {
        if (hasBegun || isStackOverflow(error) || error?.code === 'ERR_LEWD_DISPOSED') throw error;
    }
    const { figures } = arena;
    figures[state]++;
    try {
        return fn();
    } finally {
        figures[state]--;
    }
};
