'use strict';

// Runs the suite over an addon that finds wrong accesses and undefined behaviour, and has its assertions on. Needs gcc.
//
//     node test/sanitized [WORD…]      gives the words to mocha
//
// Leaves out the tests of sources, documentation and tools, which do not call the addon, or not in a new way.

const { execFileSync, spawnSync } = require('node:child_process');
const { ROOT, variant } = require('../../scripts/variant.js');

process.env.CC = 'gcc';
const { env } = variant('sanitized');
const library = execFileSync('gcc', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim();
const sanitized = {
    ...env,
    LD_PRELOAD: library,
    ASAN_OPTIONS: 'detect_leaks=0:allocator_may_return_null=1',
};
const run = (...args) => spawnSync(process.execPath, args, { cwd: ROOT, env: sanitized, stdio: 'inherit' }).status ?? 1;

const isLoaded = `
    require('@anireact/lewd');
    const { sharedObjects } = process.report.getReport();
    process.exitCode = sharedObjects.includes(process.env.LEWD_BINARY) ? 0 : 1;`;
if (run('-e', isLoaded) !== 0) throw new Error('the addon with sanitizers is not loaded');

const LEFT_OUT = [
    'api',
    'checks',
    'contract',
    'links',
    'macho',
    'outside',
    'prebuild',
    'release',
    'sources',
    'structure',
];
const ignored = LEFT_OUT.map((name) => `--ignore=test/${name}.test.js`);
const mocha = ['node_modules/mocha/bin/mocha.js', '--reporter', 'dot', '--timeout', '300000'];
process.exitCode = run(...mocha, ...ignored, ...process.argv.slice(2));
