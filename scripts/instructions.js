// Counts the instructions of a free and an allocation in the core (valgrind's callgrind), which, unlike time, are the
// same in every run. Fails above the bounds. Another compiler moves them a little, a lost fast path a lot.
'use strict';

const { execFileSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { core } = require('./lib/sources.js');

const root = join(__dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'lewd-'));

/** Live spans, and the maximum instructions of a pair, the loop's included. */
const bounds = [
    [1000, 440],
    [100_000, 410],
];

/** Returns all instructions of a run with so many pairs. */
function instructions(spans, pairs) {
    const out = join(scratch, 'out');
    execFileSync(
        'valgrind',
        ['--tool=callgrind', `--callgrind-out-file=${out}`, join(scratch, 'churn'), spans, 1, pairs, 'lewd'].map(
            String,
        ),
        { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    return Number(/^summary: (\d+)/m.exec(readFileSync(out, 'latin1'))[1]);
}

try {
    execFileSync(process.env.CC ?? 'cc', [
        '-std=c11',
        '-O2',
        '-DNDEBUG',
        '-o',
        join(scratch, 'churn'),
        join(root, 'bench/core/churn.c'),
        ...core.map((file) => join(root, file)),
    ]);
    for (const [spans, bound] of bounds) {
        const pairs = 100_000;
        const each = (instructions(spans, 2 * pairs) - instructions(spans, pairs)) / pairs;
        const fits = each <= bound;
        console.log(
            `${spans} live spans: ${each.toFixed(1)} instructions a free and an allocation, of ${bound}` +
                `${fits ? '' : ': TOO MANY'}`,
        );
        if (!fits) process.exitCode = 1;
    }
} finally {
    rmSync(scratch, { recursive: true });
}
