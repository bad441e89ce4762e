'use strict';

const { execFileSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const BINARY = join(__dirname, 'build/Release/floor.node');

/** The addon that finalizers are measured by: `add(token)` is all that it does. Built when it is first asked for. */
if (!existsSync(BINARY)) {
    // Through npm, which knows where the headers of Node.js are. stdout may be somebody's figures.
    const command = ['exec', '--', 'node-gyp', 'rebuild', '--loglevel=error'];
    execFileSync('npm', command, { cwd: __dirname, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
}

module.exports = require(BINARY);
