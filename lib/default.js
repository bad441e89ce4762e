'use strict';

/** The default allocator, for those who need more of it than its documented surface. */
module.exports = require('./allocator.js').standard;
