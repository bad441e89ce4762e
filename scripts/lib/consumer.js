// A project that uses the package as it is published: packed, and installed from that file without any script.
'use strict';

const { execFileSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const root = join(__dirname, '../..');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Runs npm quietly; answers what it printed. */
const run = (cwd, ...args) =>
    execFileSync(npm, args, {
        cwd,
        encoding: 'utf8',
        shell: process.platform === 'win32',
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, npm_config_loglevel: 'error', npm_config_audit: 'false', npm_config_fund: 'false' },
    });

/** A folder for the time that the process lives. */
const scratch = () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lewd-')));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    return folder;
};

/** Packs the package, with this machine's binary, into `folder`: { file, files, packed, unpacked }, sizes in bytes. */
const pack = (folder) => {
    execFileSync(process.execPath, [join(root, 'scripts/prebuild')], { stdio: ['ignore', 'ignore', 'inherit'] });
    run(root, 'pack', '--ignore-scripts', '--pack-destination', folder);
    const [file] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    const [{ files, size, unpackedSize }] = [JSON.parse(run(root, 'pack', '--ignore-scripts', '--dry-run', '--json'))]
        .map((answer) => (Array.isArray(answer) ? answer : Object.values(answer)))
        .flat();
    return { file: join(folder, file), files: files.map(({ path }) => path), packed: size, unpacked: unpackedSize };
};

/** Makes an empty project in `folder` and installs the package there from `tarball`. */
const project = (folder, tarball) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "name": "project", "version": "1.0.0", "private": true }\n');
    run(folder, 'install', '--ignore-scripts', '--prefer-offline', tarball);
    return folder;
};

module.exports = { npm: run, pack, project, root, scratch };
