'use strict';

// Builds neighbour.cc at first use and after each change. Needs a C++ compiler, node-gyp and node-addon-api.

const { execFileSync } = require('node:child_process');
const { existsSync, statSync } = require('node:fs');
const { join } = require('node:path');

const BINARY = join(__dirname, 'build/Release/neighbour.node');
const SOURCES = ['neighbour.cc', 'binding.gyp'].map((name) => join(__dirname, name));
const changed = (file) => statSync(file).mtimeMs;

exports.build = () => {
    if (!existsSync(BINARY) || SOURCES.some((source) => changed(source) > changed(BINARY))) {
        // Through npm, which finds the headers of Node.js.
        const command = ['exec', '--', 'node-gyp', 'rebuild', '--loglevel=error'];
        execFileSync('npm', command, { cwd: __dirname, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
    }
    return BINARY;
};

if (require.main === module) exports.build();
