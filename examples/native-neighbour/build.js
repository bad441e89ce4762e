'use strict';

// Builds neighbour.cc, when it is first asked for and when it has changed. Needs a C++ compiler, node-gyp and
// node-addon-api.

const { execFileSync } = require('node:child_process');
const { existsSync, statSync } = require('node:fs');
const { join } = require('node:path');

const BINARY = join(__dirname, 'build/Release/neighbour.node');
const SOURCES = ['neighbour.cc', 'binding.gyp'].map((name) => join(__dirname, name));
const changed = (file) => statSync(file).mtimeMs;

exports.build = () => {
    if (!existsSync(BINARY) || SOURCES.some((source) => changed(source) > changed(BINARY))) {
        // Through npm, which knows where the headers of Node.js are.
        const command = ['exec', '--', 'node-gyp', 'rebuild', '--loglevel=error'];
        execFileSync('npm', command, { cwd: __dirname, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
    }
    return BINARY;
};

if (require.main === module) exports.build();
