// Compiles a target into a folder of its own.
'use strict';

const { createHash } = require('node:crypto');
const { execFileSync } = require('node:child_process');
const { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { root, steps } = require('./targets.js');

/** The name of the file: linkers write it into the file. */
const NAME = 'lewd.node';

const folders = [];
process.on('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })));

/** Makes a new folder that is removed when the process ends. */
const scratch = () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lewd-')));
    folders.push(folder);
    return folder;
};

let copy;

/** Returns a folder with a copy of the project's files that a binary is made from; the same one at each call. */
const copyOfTree = () => {
    if (copy !== undefined) return copy;
    copy = scratch();
    for (const part of ['src', 'scripts/prebuild', 'binding.gyp', 'package.json']) {
        cpSync(join(root, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
    return copy;
};

/** Compiles a target from the project in the folder `tree`. Returns the file. Throws if a command fails. */
const compile = (target, tree = root) => {
    const folder = scratch();
    const { files, commands } = steps(target, NAME, tree);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    for (const [tool, ...args] of commands) execFileSync(tool, args, { cwd: folder, stdio: 'inherit' });
    return join(folder, NAME);
};

/** Returns the SHA-256 of a file, in hexadecimal digits. */
const hash = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

module.exports = { NAME, compile, copyOfTree, hash, scratch };
