'use strict';

/** The addon: the prebuilt binary that fits, or the one built in this checkout. */
module.exports = require('node-gyp-build')(`${__dirname}/..`);
