// Fetches runtimes in other versions than this one from the npm registry. Keeps them beside the modules.
'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { npm, root } = require('../lib/consumer.js');

const cache = join(root, 'node_modules/.cache/runtimes');

/** Returns the file `path` of a package of the registry, fetched once; it need not be made for this machine. */
const fetch = (name, version, path) => {
    const folder = join(cache, `${name.replace('/', '+')}@${version}`);
    const file = join(folder, 'node_modules', name, path);
    if (existsSync(file)) return file;
    const partial = `${folder}.${process.pid}`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    writeFileSync(join(partial, 'package.json'), '{ "private": true }\n');
    npm(partial, 'install', '--ignore-scripts', '--prefer-offline', '--force', `${name}@${version}`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
    return file;
};

/** The supported versions of Node.js; the last one is the newest. */
const LINES = [18, 20, 22, 24, 26];

const node = (line, platform = 'linux-x64') =>
    fetch(`node-${platform}`, String(line), platform.startsWith('win') ? 'bin/node.exe' : 'bin/node');

/** Returns the first of the commands that is installed. */
const have = (...commands) =>
    commands.find((command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined);

module.exports = { LINES, cache, fetch, have, node };
