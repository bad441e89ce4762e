'use strict';

const { execFileSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const BINARY = join(__dirname, 'build/Release/floor.node');

/** The addon that other finalizers are compared with: `add(token)` is its only function. Built at the first request. */
if (!existsSync(BINARY)) {
    // Through npm, which finds the headers of Node.js. Writes to stderr only: the caller may print figures to stdout.
    const command = ['exec', '--', 'node-gyp', 'rebuild', '--loglevel=error'];
    execFileSync('npm', command, { cwd: __dirname, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
}

module.exports = require(BINARY);
