'use strict';

const { fail } = require('./binding.js');

const { keyFor } = Symbol;

/**
 * Returns a token; throws for a registered symbol, which is never collected. C refuses all else that can't be a token.
 */
exports.unregistered = (token) =>
    typeof token === 'symbol' && keyFor(token) !== undefined ? fail('token', token) : token;
