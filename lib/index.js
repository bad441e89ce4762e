'use strict';

const { api } = require('./default.js');
const { Allocator } = require('./extended.js');

/** The surface of the default allocator: see index.d.ts. ECMAScript modules get the same from index.mjs. */
module.exports = Object.defineProperty(api, 'Allocator', { value: Allocator, enumerable: true });
