'use strict';

/** Indexes of the published figures, and limits, by name: see src/addon/contract.h, from which C makes them. */
module.exports = require('./binding.js').layout;
