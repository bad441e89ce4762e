// Compiles the calls of this folder in every way in which the types are found. The wrong calls are marked
// @ts-expect-error, which the compiler refuses where nothing is wrong: each of them must fail for a run to pass.
'use strict';

const { spawnSync } = require('node:child_process');
const { dirname, join } = require('node:path');

const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
const projects = {
    'tsconfig.json': 'nodenext: CommonJS and ECMAScript modules, without the DOM',
    'tsconfig.node16.json': 'node16: the same',
    'tsconfig.bundler.json': 'bundler: ECMAScript modules, with the DOM',
    'tsconfig.commonjs.json': 'bundler: CommonJS, with the DOM',
};

let passed = 0;
let failed = 0;
for (const [project, title] of Object.entries(projects)) {
    const { status } = spawnSync(process.execPath, [compiler, '--pretty', 'false', '-p', join(__dirname, project)], {
        stdio: 'inherit',
    });
    if (status === 0) passed++;
    else failed++;
    console.log(`${status === 0 ? 'ok' : 'FAILED'}: types, ${title}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
