'use strict';

/** The documented surface: see index.d.ts. ECMAScript modules get the same from index.mjs. */
module.exports = require('./allocator.js').standard.api;
