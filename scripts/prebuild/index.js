// Compiles the binaries that a release brings, into prebuilds/, and inspects each of them. `--all` takes every platform
// for which a compiler is installed, `--strict` fails if one is not; names of platforms take just those; without any,
// this machine's own is made. With `--all` or `--strict` each is compiled a second time, from a copy of the project in
// another folder, and has to have the same bytes. Prints a table, with the binaries of prebuildify.js, if made.
'use strict';

const { copyFileSync, existsSync, mkdirSync, rmSync } = require('node:fs');
const { join, relative } = require('node:path');
const { compile, copyOfTree, hash } = require('./compile.js');
const { KINDS } = require('./imports.js');
const { inspect, lackToInspect } = require('./inspect.js');
const { OUT, fileOf } = require('./prebuildify.js');
const { here, lack, root, targets } = require('./targets.js');

const [PREBUILD, PREBUILDIFY] = KINDS;

const words = process.argv.slice(2);
const options = new Set(words.filter((word) => word.startsWith('--')));
const named = words.filter((word) => !word.startsWith('--'));
for (const word of [...named.filter((each) => !(each in targets)), ...options]) {
    if (word !== '--all' && word !== '--strict') throw new Error(`no such platform or option: ${word}`);
}
const own = here === undefined ? [] : [here];
const wanted = options.has('--all') ? Object.keys(targets) : named.length > 0 ? named : own;
if (wanted.length === 0) throw new Error(`no binary is made for ${process.platform}-${process.arch}`);

const repeat = options.has('--all') || options.has('--strict');
const rows = [];
let failed = false;

const row = (target, kind, file, { libraries, glibc, macos, size }, repeated) => ({
    target,
    'made by': kind,
    'bytes': size,
    'SHA-256': hash(file).slice(0, 16),
    repeated,
    'libraries': libraries.map((path) => path.split('/').pop()).join(' ') || 'none',
    'system': glibc !== undefined ? `glibc ${glibc}` : macos !== undefined ? `macOS ${macos}` : '-',
});

const fail = (target, faults) => {
    for (const fault of faults) console.log(`${target}: FAILED, ${fault}`);
    failed ||= faults.length > 0;
};

/** Compiles a target again from a copy of the project; tells whether the bytes are the same. */
function compare(target, file) {
    if (!repeat) return '-';
    return hash(compile(target, copyOfTree())) === hash(file) ? 'equal' : 'other bytes';
}

function make(target) {
    const file = compile(target);
    const found = inspect(target, file, PREBUILD);
    const repeated = compare(target, file);
    if (repeated === 'other bytes') found.faults.push('has other bytes each time');
    fail(target, found.faults);
    if (found.faults.length > 0) return;
    const folder = join(root, 'prebuilds', target);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    copyFileSync(file, fileOf(root, target));
    rows.push(row(target, PREBUILD, file, found, repeated));
}

for (const target of wanted) {
    const missing = lack(target) ?? lackToInspect(target);
    if (missing === undefined) {
        make(target);
    } else {
        console.log(`${target}: LEFT OUT, ${missing}`);
        failed ||= !options.has('--all') || options.has('--strict');
    }
    const other = fileOf(OUT, target);
    if (existsSync(other)) {
        const found = inspect(target, other, PREBUILDIFY);
        fail(`${relative(root, other)}`, found.faults);
        rows.push(row(target, PREBUILDIFY, other, found, '-'));
    }
}

if (rows.length > 0) console.table(rows);
process.exitCode = failed ? 1 : 0;
