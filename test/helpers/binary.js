'use strict';

// Finds the file of the addon that this process has loaded.

require('../../lib/internal/binding.js');

const { sharedObjects } = process.report.getReport();

exports.ownBinary = sharedObjects.find((file) => /[\\/]lewd\.node$/.test(file));
