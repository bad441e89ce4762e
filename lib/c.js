'use strict';

/** C's functions over the default allocator. */
module.exports = require('./internal/default.js').surface.c;
