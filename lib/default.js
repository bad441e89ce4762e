'use strict';

const { standard } = require('./allocator.js');
const { extend } = require('./extended.js');

extend(standard);

/** The default allocator, for those who need more of it than its surface. */
module.exports = standard;
