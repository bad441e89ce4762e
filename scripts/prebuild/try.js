// Loads a binary in a process of its own, through the package's own JavaScript, and allocates.
'use strict';

const { execFileSync } = require('node:child_process');
const { copyFileSync, mkdirSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');
const { scratch } = require('./compile.js');
const { here, root } = require('./targets.js');
const qemu = require('../runtimes/qemu.js');

/** Prints `112 true`: the bytes used, and whether a file in the named folder is loaded. */
const PROGRAM = `
    const { alloc, used } = require(process.argv[1]);
    const token = {};
    alloc(100, token);
    process.report.excludeNetwork = true;
    const loaded = process.report.getReport().sharedObjects.some((file) => file.includes(process.argv[2]));
    console.log(used(), loaded, typeof token);
`;

/**
 * Returns the versions of Node.js in which a target's binaries can be tried here: the commands, or why there are none.
 */
const command = (target) => {
    if (target === here) return [process.execPath];
    if (target === 'linux-arm64' && here === 'linux-x64') return qemu.lack() ?? qemu.command(22);
    return `it runs on ${target}`;
};

/**
 * Makes the environment in which lib/internal/binding.js loads a file: { folder, env }. The file is a copy, alone in a
 * folder, under the name of the platform that asks for it.
 */
const environment = (file, platform) => {
    const folder = scratch();
    const copy = join(folder, 'prebuilds', platform, 'lewd.node');
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file, copy);
    return { folder, env: { LEWD_BINARY: copy } };
};

/** Tries a file. Returns undefined, or why it can't be run here. Throws if it doesn't work. */
const tryFile = (target, file) => {
    const found = command(target);
    if (typeof found === 'string') return found;
    const [program, ...options] = found;
    const { folder, env } = environment(file, target);
    const args = [...options, '-e', PROGRAM, join(root, 'lib'), basename(folder)];
    const answer = execFileSync(program, args, { encoding: 'utf8', env: { ...process.env, ...env }, timeout: 120_000 });
    if (answer.trim() !== '112 true object') throw new Error(`${file} was loaded, and printed ${answer.trim()}`);
    return undefined;
};

module.exports = { environment, tryFile };
