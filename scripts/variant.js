// Builds the addon in another way, in a copy below build/variants/: with sanitizers, with counters of lines, with
// requests that can be made to fail. A process loads the copy if it runs with the environment that variant() returns.
//
//     node scripts/variant.js faults | coverage | faults-coverage | leaks | sanitized
//
// `reordered` is for test/reordered, which changes a header.
'use strict';

const { spawnSync } = require('node:child_process');
const { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { addon } = require('./lib/sources.js');

const ROOT = join(__dirname, '..');
const COVERAGE = ['-Dlewd_cflags=-O0 -g --coverage', '-Dlewd_ldflags=--coverage'];

const variants = {
    'reordered': [],
    'faults': ['-Dlewd_faults=1'],
    'coverage': COVERAGE,
    'faults-coverage': [...COVERAGE, '-Dlewd_faults=1'],
    'leaks': ['-Dlewd_sanitize=address,undefined', '-Dlewd_faults=1'],
    'sanitized': ['-Dlewd_sanitize=address,undefined'],
};

/** The calls whose wrappers are written by hand. */
const shimmed = (header) => new Set([...header.matchAll(/^#define (napi_\w+) /gm)].map(([, name]) => name));

/** Defines a macro for each call of Node-API in the sources: it asks the shim first, then makes the call. */
function writeCalls(folder) {
    const own = shimmed(readFileSync(join(ROOT, 'test/faults/wrap.h'), 'utf8'));
    const calls = new Set();
    for (const file of addon) {
        const source = readFileSync(join(ROOT, file), 'utf8');
        for (const [, call] of source.matchAll(/\b((?:napi|node_api)_[a-z0-9_]+)\(/g))
            if (!own.has(call)) calls.add(call);
    }
    const macros = [...calls]
        .sort()
        .map(
            (call) =>
                `#define ${call}(...) (shim_fails(SHIM_CALL, "${call}") ? napi_generic_failure : ${call}(__VA_ARGS__))`,
        );
    writeFileSync(join(folder, 'test/faults/calls.h'), `${macros.join('\n')}\n`);
}

/**
 * Builds a variant, with assertions. Returns { folder, objects, env }. `changes`: file => function that returns its new
 * text.
 */
function variant(name, changes = {}) {
    const folder = join(ROOT, 'build/variants', name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const part of ['src', 'test/faults', 'binding.gyp', 'package.json'])
        cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    for (const [file, change] of Object.entries(changes))
        writeFileSync(join(folder, file), change(readFileSync(join(folder, file), 'utf8')));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeCalls(folder);
    const { status } = spawnSync(
        'npm',
        ['exec', '--', 'node-gyp', 'rebuild', '--debug', '--loglevel=error', '--', ...variants[name]],
        { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    if (status !== 0) throw new Error(`the addon does not build: ${name}`);
    return {
        folder,
        objects: join(folder, 'build/Debug/obj.target/lewd/src'),
        env: { ...process.env, LEWD_BINARY: join(folder, 'build/Debug/lewd.node') },
    };
}

module.exports = { ROOT, variant };

if (require.main === module) console.log(variant(process.argv[2] ?? 'faults').folder);
