'use strict';

// Measures trim(), which moves a heap to a smaller memory, against a plain copy of as many bytes to a new memory.

const { join } = require('node:path');
const { start } = require('../lib/child.js');
const { digits, spread, summary } = require('../lib/statistics.js');
const { bars } = require('../lib/svg.js');

const SCRIPT = join(__dirname, '../contenders/trim.js');
const MIB = 2 ** 20;

/** Describes heaps of `mib` MiB: spans of `span` bytes up to `last` MiB, every `every`th in use. */
const dense = (mib, last) => ({ name: `${mib} MiB, the first ${last} in use`, mib, last, span: 4096, every: 1 });
const sparse = (mib, span, every) => ({
    name: `${mib} MiB, one of ${every} spans of ${span.toLocaleString('en')} bytes in use`,
    mib,
    last: mib - 1,
    span,
    every,
});

const SCALES = {
    quick: { rounds: 3, heaps: [dense(64, 4), dense(64, 60), sparse(64, 4096, 16), dense(1024, 64)] },
    targets: { rounds: 7, heaps: [dense(1024, 64), sparse(1024, 4096, 16)] },
    full: {
        rounds: 9,
        heaps: [
            dense(64, 4),
            dense(64, 60),
            sparse(64, 4096, 16),
            sparse(64, 256, 16),
            dense(256, 16),
            sparse(256, 4096, 16),
            dense(1024, 64),
            dense(1024, 960),
            sparse(1024, 4096, 16),
            sparse(1024, 65536, 16),
            dense(2048, 128),
            sparse(2048, 65536, 16),
        ],
    },
};

async function measure(heap, rounds, progress) {
    const child = start(SCRIPT);
    try {
        progress(`${heap.name}: filling`);
        const { inUse, usedRun } = await child.ask('prepare', heap);
        const samples = [];
        for (let round = 1; round <= rounds; round++) {
            progress(`${heap.name}: round ${round} of ${rounds}`);
            samples.push(await child.ask('round'));
        }
        return {
            ...heap,
            inUse,
            usedRun,
            before: samples[0].before,
            after: samples[0].after,
            trim: summary(samples.map(({ trim }) => trim)),
            copy: summary(samples.map(({ copy }) => copy)),
            again: summary(samples.map(({ again }) => again)),
        };
    } finally {
        child.stop();
    }
}

exports.about = 'trim() of sparse and dense heaps, against a plain copy';
exports.hasTargets = true;

exports.run = async ({ mode, progress }) => {
    const { rounds, heaps } = SCALES[mode];
    const rows = [];
    for (const heap of heaps) rows.push(await measure(heap, rounds, progress));
    const large = rows.filter(({ mib, inUse }) => mib === 1024 && Math.round(inUse / MIB) === 64);
    return {
        data: rows,
        tables: [
            {
                title: 'trim(): ms, median (least; quartiles)',
                columns: ['', 'MiB in use', 'pages back', 'trim()', 'plain copy', 'copy again', 'least, to plain copy'],
                rows: rows.map((row) => [
                    row.name,
                    digits(row.inUse / MIB),
                    (row.before - row.after) / 65536,
                    spread(row.trim),
                    spread(row.copy),
                    digits(row.again.least),
                    digits(row.trim.least / row.copy.least),
                ]),
                notes: [
                    'Plain copy: of as many bytes, in one piece, to an untouched memory; again: to the same memory.',
                ],
            },
        ],
        charts: {
            trim: bars({
                title: 'trim(), and a plain copy of the bytes in use to a new memory',
                unit: 'ms, least of all rounds',
                groups: rows.map(({ name, trim, copy }) => ({
                    name,
                    bars: [
                        { name: 'trim()', value: trim.least },
                        { name: 'plain copy', value: copy.least },
                    ],
                })),
            }),
        },
        targets: large.map(({ name, trim, copy }) => ({
            what: `trim(), ${name}`,
            target: '<= 1.5 x plain copy of 64 MiB',
            figure:
                `${digits(trim.least / copy.least)} x: ${digits(trim.least)} ms to ${digits(copy.least)}; ` +
                `medians ${digits(trim.median)} to ${digits(copy.median)}`,
            holds: trim.least <= 1.5 * copy.least,
        })),
    };
};
