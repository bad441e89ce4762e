// Makes a project that uses the package as it is published: staged, packed, and installed from that file without any
// script.
'use strict';

const { execFileSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { stage } = require('../stage.js');

const root = join(__dirname, '../..');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Runs npm quietly; returns its output. */
const run = (cwd, ...args) =>
    execFileSync(npm, args, {
        cwd,
        encoding: 'utf8',
        shell: process.platform === 'win32',
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, npm_config_loglevel: 'error', npm_config_audit: 'false', npm_config_fund: 'false' },
    });

/** Makes a folder that is removed when the process ends. */
const scratch = () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lewd-')));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    return folder;
};

/**
 * Packs the package as it is published, with this machine's binary, into `folder`. Returns { file, files, packed,
 * unpacked }.
 */
const pack = (folder) => {
    execFileSync(process.execPath, [join(root, 'scripts/prebuild')], { stdio: ['ignore', 'ignore', 'inherit'] });
    const staged = stage(join(folder, 'package'));
    const answer = JSON.parse(run(staged, 'pack', '--ignore-scripts', '--json', '--pack-destination', folder));
    const [{ filename, files, size, unpackedSize }] = Object.values(answer);
    // npm 8 prints the name with the scope, and writes the file without it.
    const name = filename.replace('@', '').replace('/', '-');
    return { file: join(folder, name), files: files.map(({ path }) => path), packed: size, unpacked: unpackedSize };
};

/** Makes an empty project in `folder` and installs the package there from `tarball`. */
const project = (folder, tarball) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "name": "project", "version": "1.0.0", "private": true }\n');
    run(folder, 'install', '--ignore-scripts', '--prefer-offline', tarball);
    return folder;
};

module.exports = { npm: run, pack, project, root, scratch };
