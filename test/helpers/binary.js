'use strict';

// The file of the addon that this process has loaded.

require('../../lib/binding.js');

const { sharedObjects } = process.report.getReport();

exports.ownBinary = sharedObjects.find((file) => /[\\/]lewd\.node$/.test(file));
