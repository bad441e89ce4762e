'use strict';

const { execFileSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { cpus, release, totalmem } = require('node:os');
const { join } = require('node:path');

/** Returns the first line of a program's output; undefined if it can't be run. */
function firstLine(program, ...args) {
    try {
        return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0];
    } catch {}
}

const versionOf = (name) => {
    try {
        const file = join(__dirname, '../../node_modules', name, 'package.json');
        return JSON.parse(readFileSync(file, 'utf8')).version;
    } catch {}
};

const FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];

/** Returns the path of a shared library, to preload it; undefined if it is not installed. */
function library(prefix) {
    for (const folder of FOLDERS) {
        const name = existsSync(folder) && readdirSync(folder).find((file) => file.startsWith(`${prefix}.so`));
        if (name) return join(folder, name);
    }
}

exports.preloads = () =>
    process.platform === 'linux'
        ? Object.entries({ jemalloc: library('libjemalloc'), mimalloc: library('libmimalloc') }).filter(
              ([, path]) => path,
          )
        : [];

exports.machine = () => ({
    processor: cpus()[0].model,
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${process.platform} ${release()} ${process.arch}`,
});

exports.versions = () => ({
    'lewd': require('../../package.json').version,
    'node': process.version,
    'v8': process.versions.v8,
    'cc': firstLine(process.env.CC ?? 'cc', '--version'),
    'libc': firstLine('getconf', 'GNU_LIBC_VERSION'),
    '@thi.ng/malloc': versionOf('@thi.ng/malloc'),
    'assemblyscript': versionOf('assemblyscript'),
    'sql.js': versionOf('sql.js'),
    'mitata': versionOf('mitata'),
});
