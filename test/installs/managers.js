// Package managers: where each is fetched from, its setting for the registry, and its commands for the actions of
// users.
'use strict';

const { fetch, node } = require('../../scripts/runtimes/fetch.js');

const LEWD = '@anireact/lewd';
const own = () => process.execPath;
const newest = () => node(24);

/** Settings in the file of npm's format, which pnpm, Yarn 1 and Bun read, too. */
const npmrc = (origin) => ({ '.npmrc': `registry=${origin}/\n` });

const npm = (version, runtime) => ({
    name: `npm ${version}`,
    command: () => [runtime(), fetch('npm', version, 'bin/npm-cli.js')],
    runtime,
    files: npmrc,
    lock: 'package-lock.json',
    scenarios: {
        'install': ['install', LEWD],
        'install from the lock file': ['install'],
        'ci': ['ci'],
        'ci --omit=dev': ['ci', '--omit=dev'],
        'rebuild': ['rebuild'],
        'install another package': ['install', 'other'],
    },
});

/** From version 10 on, pnpm runs scripts of the listed packages only; from 11 on by another setting. */
const trust = `onlyBuiltDependencies: ['${LEWD}']\nallowBuilds: { '${LEWD}': true }\n`;

const pnpm = (version, runtime, program = 'bin/pnpm.cjs') => ({
    name: `pnpm ${version}`,
    command: () => [runtime(), fetch('pnpm', version, program)],
    runtime,
    files: (origin) => ({ ...npmrc(origin), ...(version === '9' ? {} : { 'pnpm-workspace.yaml': trust }) }),
    lock: 'pnpm-lock.yaml',
    scenarios: {
        'install': ['add', LEWD],
        'install from the lock file': ['install', '--no-frozen-lockfile'],
        'ci': ['install', '--frozen-lockfile'],
        'ci --omit=dev': ['install', '--frozen-lockfile', '--prod'],
        'rebuild': ['rebuild'],
        'install another package': ['add', 'other'],
    },
});

const yarn4 = (linker, settings) => ({
    name: `Yarn 4, ${linker}`,
    command: () => [own(), fetch('@yarnpkg/cli-dist', '4', 'bin/yarn.js')],
    runtime: own,
    files: (origin) => ({
        '.yarnrc.yml':
            `npmRegistryServer: ${origin}\nunsafeHttpWhitelist: [127.0.0.1]\nnodeLinker: ${linker}\n` +
            `enableTelemetry: false\n${settings}`,
    }),
    lock: 'yarn.lock',
    scenarios: {
        'install': ['add', LEWD],
        'install from the lock file': ['install'],
        'ci': ['install', '--immutable'],
        'ci --omit=dev': ['workspaces', 'focus', '--production'],
        'rebuild': ['rebuild'],
        'install another package': ['add', 'other'],
    },
});

exports.managers = [
    npm('8', own),
    npm('9', own),
    npm('10', own),
    npm('11', own),
    npm('latest', newest),
    {
        name: 'Yarn 1',
        command: () => [own(), fetch('yarn', '1', 'bin/yarn.js')],
        runtime: own,
        files: npmrc,
        lock: 'yarn.lock',
        scenarios: {
            'install': ['add', LEWD],
            'install from the lock file': ['install'],
            'ci': ['install', '--frozen-lockfile'],
            'ci --omit=dev': ['install', '--frozen-lockfile', '--production'],
            'rebuild': ['install', '--force'],
            'install another package': ['add', 'other'],
        },
    },
    yarn4('node-modules', 'enableScripts: true\n'),
    yarn4('pnp', ''),
    pnpm('9', own),
    pnpm('10', own),
    pnpm('11', newest, 'bin/pnpm.mjs'),
    pnpm('latest', newest, 'bin/pnpm.mjs'),
    {
        name: 'Bun',
        command: () => [fetch('@oven/bun-linux-x64', 'latest', 'bin/bun')],
        runtime: own,
        files: npmrc,
        lock: 'bun.lock',
        scenarios: {
            'install': ['add', LEWD],
            'install from the lock file': ['install'],
            'ci': ['install', '--frozen-lockfile'],
            'ci --omit=dev': ['install', '--frozen-lockfile', '--production'],
            'install another package': ['add', 'other'],
        },
    },
];
