'use strict';

/** Indexes of the published figures, and limits, by name. C makes them from src/addon/contract.h. */
module.exports = require('./binding.js').layout;
