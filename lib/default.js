'use strict';

/** The one default allocator, whichever way the package is loaded. */
module.exports = require('./allocator.js')();
