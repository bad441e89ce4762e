'use strict';

const binding = require('./binding.js');
const { keyFor } = require('./primordials.js');

const { check, fail } = binding;

/**
 * Returns a token; throws for a registered symbol, which is never collected. C refuses all other values that can't be
 * tokens.
 */
const unregistered = (token) =>
    typeof token === 'symbol' && keyFor(token) !== undefined ? fail('registered', token) : token;

/** Keeps a token alive until this call. Throws for a value that can't be a token: passing it is a mistake. */
const keepAlive = (token) => {
    const isObject = typeof token === 'function' || (typeof token === 'object' && token !== null);
    if (!isObject) check('token', unregistered(token));
    binding.keepAlive(token); // V8 can't see that it does nothing
};

module.exports = { unregistered, keepAlive };
