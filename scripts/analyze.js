// Runs static analysis of the C sources: gcc's analyzer, clang's, clang-tidy (.clang-tidy), cppcheck
// (scripts/cppcheck.txt). Fails at the first finding that is not suppressed; prints which of the four is not installed.
// With ANALYZERS=all a missing one is a failure.
'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { homedir } = require('node:os');
const { join } = require('node:path');
const { addon, core } = require('./lib/sources.js');

const ROOT = join(__dirname, '..');

/** Returns the folder of node_api.h: beside this Node.js, or in node-gyp's cache. */
const headers = [
    join(process.execPath, '../../include/node'),
    join(process.env.npm_config_nodedir ?? '', 'include/node'),
    join(homedir(), '.cache/node-gyp', process.versions.node, 'include/node'),
].find((folder) => existsSync(join(folder, 'node_api.h')));
if (headers === undefined) throw new Error('node_api.h was not found: build the addon first');

/** Each source alone, and src/lewd.c, which includes them all, not again. */
const sources = [...core, ...addon];
const language = ['-std=c11', '-DNAPI_VERSION=8', '-isystem', headers];

const analyzers = {
    'gcc': (file) => [
        '-fanalyzer',
        '-fdiagnostics-plain-output',
        '-Wall',
        '-Wextra',
        '-Werror',
        '-O1',
        ...language,
        '-c',
        '-o',
        '/dev/null',
        file,
    ],
    'clang': (file) => ['--analyze', '-Xclang', '-analyzer-output=text', '-Werror', ...language, file],
    'clang-tidy': (file) => ['--quiet', file, '--', ...language],
    'cppcheck': (file) => [
        '--quiet',
        '--error-exitcode=1',
        '--enable=warning,style,performance,portability',
        '--inconclusive',
        '--std=c11',
        '--suppress=missingIncludeSystem',
        '--suppressions-list=scripts/cppcheck.txt',
        '-DNAPI_VERSION=8',
        file,
    ],
};

let [passed, failed] = [0, 0];
for (const [tool, args] of Object.entries(analyzers)) {
    if (spawnSync(tool, ['--version']).error !== undefined) {
        console.log(`${tool}: LEFT OUT, it is not installed`);
        if (process.env.ANALYZERS === 'all') failed++;
        continue;
    }
    let findings = 0;
    for (const file of sources) {
        const { status, stdout, stderr } = spawnSync(tool, args(file), { cwd: ROOT, encoding: 'utf8' });
        if (status === 0) continue;
        console.log(`${stdout}${stderr}`);
        findings++;
    }
    console.log(`${tool}: ${findings === 0 ? 'clean' : `${findings} files with findings`}, of ${sources.length}`);
    if (findings === 0) passed++;
    else failed++;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
