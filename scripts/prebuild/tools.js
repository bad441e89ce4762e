// Finds the tools that compile and inspect binaries, and runs them.
'use strict';

const { execFileSync, spawnSync } = require('node:child_process');
const { isAbsolute } = require('node:path');

/** Returns whether a command is installed. */
const have = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;

/** Returns what a command prints; throws if it fails. */
const run = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });

const found = new Map();

/**
 * Returns the path of a tool of LLVM of the same version as `clang`, which knows it even if it is not on the PATH.
 * Undefined without the tool or without clang.
 */
const llvm = (name) => {
    if (!found.has(name)) {
        const { stdout } = spawnSync('clang', [`-print-prog-name=${name}`], { encoding: 'utf8' });
        const path = stdout?.trim();
        found.set(name, path !== undefined && isAbsolute(path) ? path : undefined);
    }
    return found.get(name);
};

module.exports = { have, llvm, run };
