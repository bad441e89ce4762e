// Makes a project that uses this package, as it is published, beside other native addons in the versions of the lock
// file.
'use strict';

const { cpSync, mkdirSync } = require('node:fs');
const { join } = require('node:path');
const { npm, pack } = require('../../scripts/lib/consumer.js');

/** Makes it in `base`. Returns its folder. Runs no script of a neighbour: each brings its binary. */
exports.project = (base) => {
    const folder = join(base, 'neighbours');
    mkdirSync(folder);
    for (const name of ['package.json', 'package-lock.json']) cpSync(join(__dirname, name), join(folder, name));
    npm(folder, 'ci', '--ignore-scripts', '--prefer-offline', '--force');
    npm(folder, 'install', '--ignore-scripts', '--prefer-offline', '--no-save', '--force', pack(base).file);
    return folder;
};
