'use strict';

/** C's functions over the default allocator. */
module.exports = require('./default.js').api.c;
