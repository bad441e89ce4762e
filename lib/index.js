'use strict';

const { Allocator } = require('./internal/allocator.js');
const { surface } = require('./internal/default.js');

/** The exports of the package: see index.d.ts. ECMAScript modules get the same from index.mjs. */
module.exports = Object.defineProperty(surface, 'Allocator', { value: Allocator, enumerable: true });
