// Node.js for Linux on arm64, run by QEMU on another processor, bounded in memory: where collections are slow, V8 can
// take all that the machine has.
'use strict';

const { existsSync } = require('node:fs');
const { have, node } = require('./fetch.js');

const COMMANDS = ['qemu-aarch64-static', 'qemu-aarch64'];
const LIBRARIES = '/usr/aarch64-linux-gnu';

/** Writable memory that the emulator may have, in bytes: reserved addresses don't count. */
const LIMIT = 6 * 2 ** 30;

/** Why there is none here; undefined if there is. */
const lack = () => {
    if (have(...COMMANDS) === undefined) return 'QEMU is not installed';
    if (have('prlimit') === undefined) return 'prlimit is not installed';
    return existsSync(LIBRARIES) ? undefined : 'the libraries for arm64 are not installed';
};

/** The command, with its first arguments, that runs a line of Node.js. */
const command = (line) => ['prlimit', `--data=${LIMIT}`, have(...COMMANDS), '-L', LIBRARIES, node(line, 'linux-arm64')];

module.exports = { LIMIT, command, lack };
