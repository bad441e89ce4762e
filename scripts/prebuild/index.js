// Compiles the binaries that a release brings, into prebuilds/, and checks each of them. `--all` takes every platform for
// which a compiler is installed, `--strict` fails if one is not, or if a second run makes other bytes; names of platforms
// take just those; without any, this machine's own is made.
'use strict';

const { execFileSync } = require('node:child_process');
const { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { inspect } = require('./inspect.js');
const { commands, here, lack, root, targets } = require('./targets.js');

const words = process.argv.slice(2);
const options = new Set(words.filter((word) => word.startsWith('--')));
const named = words.filter((word) => !word.startsWith('--'));
for (const word of [...named.filter((each) => !(each in targets)), ...options]) {
    if (word !== '--all' && word !== '--strict') throw new Error(`no such platform or option: ${word}`);
}
const own = here === undefined ? [] : [here];
const wanted = options.has('--all') ? Object.keys(targets) : named.length > 0 ? named : own;
if (wanted.length === 0) throw new Error(`no binary is made for ${process.platform}-${process.arch}`);

const out = 'lewd.node';
const rows = [];
let failed = false;

/** Compiles a platform's file in a folder of its own; answers the folder. */
function compile(name) {
    const scratch = mkdtempSync(join(tmpdir(), 'lewd-'));
    process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
    for (const [tool, ...args] of commands(name, out)) execFileSync(tool, args, { cwd: scratch, stdio: 'inherit' });
    return scratch;
}

for (const name of wanted) {
    const missing = lack(name);
    if (missing !== undefined) {
        console.log(`${name}: LEFT OUT, ${missing}`);
        // Nobody but macOS compiles for macOS: that is left to its runner.
        failed ||= !options.has('--all') || (options.has('--strict') && targets[name].only === undefined);
        continue;
    }
    const file = join(compile(name), out);
    const { faults, glibc, imports, libraries, size, type } = inspect(name, file);
    if (options.has('--strict') && !readFileSync(file).equals(readFileSync(join(compile(name), out)))) {
        faults.push('has other bytes each time');
    }
    for (const fault of faults) console.log(`${name}: FAILED, ${fault}`);
    failed ||= faults.length > 0;
    if (faults.length > 0) continue;
    const folder = join(root, 'prebuilds', name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    copyFileSync(file, join(folder, out));
    rows.push({
        platform: name,
        type,
        bytes: size,
        'Node-API': imports.filter((each) => /^(napi|node_api)_/.test(each)).length,
        libraries: libraries.join(' ') || 'none',
        glibc: glibc ?? '-',
    });
}

if (rows.length > 0) console.table(rows);
process.exitCode = failed ? 1 : 0;
