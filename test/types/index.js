// Compiles the calls of this folder in every way in which the types are found. Wrong calls are marked @ts-expect-error,
// which the compiler refuses if there is no error: each of them must fail for a run to pass. Then compares the declared
// names with the exported ones.
'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
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

function count(good, title) {
    if (good) passed++;
    else failed++;
    console.log(`${good ? 'ok' : 'FAILED'}: types, ${title}`);
}

function compiles(project) {
    const { status } = spawnSync(process.execPath, [compiler, '--pretty', 'false', '-p', join(__dirname, project)], {
        stdio: 'inherit',
    });
    return status === 0;
}

function sameNames(module) {
    const types = readFileSync(join(__dirname, '../../index.d.ts'), 'utf8');
    const declared = new Set(
        Array.from(types.matchAll(/^export (?:const|function|class) (\w+)/gm), ([, name]) => name),
    );
    try {
        assert.deepEqual(Object.keys(module).sort(), [...declared].sort());
        return true;
    } catch (error) {
        console.log(error.message);
        return false;
    }
}

(async () => {
    for (const [project, title] of Object.entries(projects)) count(compiles(project), title);
    count(sameNames(require('@anireact/lewd')), 'the declared names are those of require()');
    count(sameNames(await import('@anireact/lewd')), 'the declared names are those of import');
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
})();
