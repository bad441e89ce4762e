'use strict';

const { fail } = require('./binding.js');

/** Throws if a function returned a promise, or another thenable: it would go on after the call that ran it. */
exports.refuseThenable = (result, state) => {
    const isObject = result !== null && (typeof result === 'object' || typeof result === 'function');
    if (isObject && typeof result.then === 'function') fail(state);
};
