// npm run proof -- [WORD] [--quick]: all that stands for the allocator, one after the other, and a summary of what each
// part said. Takes an hour and a half; --quick fuzzes some minutes, plants no faults and shortens the steady workloads. WORD:
// only the parts whose name contains it. Fails if a part does. What it proves: docs/design/proof.md.
'use strict';

const { spawn } = require('node:child_process');
const { createWriteStream, mkdirSync } = require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '..');
const LOGS = join(ROOT, 'build/proof');
const QUICK = process.argv.includes('--quick');
const WORD = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? '';

const core = (...words) => ['make', '--no-print-directory', '-C', 'test/core', ...words];
const pureParts = (...words) => ['make', '--no-print-directory', '-C', 'test/addon', ...words];
const COUNTS = /^ *\d+ (?:passed, \d+ failed|passing.*)$/gm;

/** Name, command, what of its output tells the result; a part that says nothing of the kind has failed. */
const parts = [
    ['the law, in C', core(), COUNTS],
    ['core: address, undefined behaviour', core('SANITIZE=address,undefined', 'BUILD=build/sanitized'), COUNTS],
    ['core: memcheck', core('memcheck'), COUNTS],
    ['core: 32 bits', core('M32=1', 'BUILD=build/m32'), COUNTS],
    ['core: big-endian', core('big-endian'), COUNTS],
    ['pure parts of the addon, in C', pureParts(), COUNTS],
    [
        'pure parts: address, undefined behaviour',
        pureParts('SANITIZE=address,undefined', 'BUILD=build/sanitized'),
        COUNTS,
    ],
    ['suite, with properties and hostile input', ['npm', 'run', 'test:js'], /^ *\d+ (?:passing.*|cases)$/gm],
    ['types', ['npm', 'run', 'test:types'], null],
    ['requests that fail', ['npm', 'run', 'test:faults'], COUNTS],
    ['leaks', ['npm', 'run', 'test:leaks'], COUNTS],
    ['coverage', ['npm', 'run', 'coverage'], /^.*\d+ of \d+ (?:lines|branches).*$/gm],
    ['static analysis', ['npm', 'run', 'analyze'], /^(?:[a-z-]+: .*|\d+ passed, .*)$/gm],
    ['steady workloads', ['npm', 'run', 'creep', '--', ...(QUICK ? ['--quick'] : [])], COUNTS],
    [
        'fuzzing',
        ['make', '--no-print-directory', '-C', 'test/fuzz', 'run', `SECONDS=${QUICK ? 60 : 3600}`],
        /^.*(?: cov: |executed_units).*$/gm,
    ],
    [
        'fuzzing of the package',
        ['npm', 'run', 'fuzz:js', '--', '--flags', 'all', '--operations', QUICK ? '50000' : '1000000'],
        /^ok .* operations.*$/gm,
    ],
    ...(QUICK
        ? []
        : [
              ['planted faults', core('mutate'), /^\d+ faults planted.*$/gm],
              ['planted faults in the pure parts', pureParts('mutate'), /^\d+ faults planted.*$/gm],
          ]),
];

function run([command, ...args], log) {
    return new Promise((resolve) => {
        const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
        const file = createWriteStream(log);
        let out = '';
        for (const stream of [child.stdout, child.stderr])
            stream.on('data', (data) => {
                out += data;
                file.write(data);
            });
        child.on('error', (error) => resolve({ status: error.code, out }));
        child.on('close', (status) => resolve({ status, out }));
    });
}

async function main() {
    mkdirSync(LOGS, { recursive: true });
    let [good, bad] = [0, 0];
    for (const [name, command, told] of parts.filter(([title]) => title.includes(WORD))) {
        const log = join(LOGS, `${name.replace(/\W+/g, '-')}.txt`);
        const begun = Date.now();
        const { status, out } = await run(command, log);
        const lines = told === null ? [] : [...out.matchAll(told)].map(([line]) => line.trim());
        const holds = status === 0 && (told === null || lines.length > 0);
        if (holds) good++;
        else bad++;
        console.log(
            `${holds ? 'ok    ' : 'FAILED'}  ${name}, ${Math.round((Date.now() - begun) / 1000)} s${holds ? '' : `: see ${log}`}`,
        );
        for (const line of lines) console.log(`            ${line}`);
    }
    console.log(`${good} passed, ${bad} failed`);
    process.exitCode = good > 0 && bad === 0 ? 0 : 1;
}

main();
