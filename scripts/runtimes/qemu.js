// Runs Node.js for Linux on arm64 in QEMU on another processor, with bounded memory: where collections are slow, V8 can
// take all memory of the machine.
'use strict';

const { existsSync } = require('node:fs');
const { have, node } = require('./fetch.js');

const COMMANDS = ['qemu-aarch64-static', 'qemu-aarch64'];
const LIBRARIES = '/usr/aarch64-linux-gnu';

/** Writable memory that the emulator may have, in bytes; reserved addresses don't count. */
const LIMIT = 6 * 2 ** 30;

/** Returns why there is none here; undefined if there is. */
const lack = () => {
    if (have(...COMMANDS) === undefined) return 'QEMU is not installed';
    if (have('prlimit') === undefined) return 'prlimit is not installed';
    return existsSync(LIBRARIES) ? undefined : 'the libraries for arm64 are not installed';
};

/** Returns the command, with its first arguments, that runs a version of Node.js. */
const command = (line) => ['prlimit', `--data=${LIMIT}`, have(...COMMANDS), '-L', LIBRARIES, node(line, 'linux-arm64')];

module.exports = { LIMIT, command, lack };
