'use strict';

// Measures synchronous loops that drop their tokens at once: the scripts of bench/lifetimes that have a target.

const { join } = require('node:path');
const { output } = require('../lib/child.js');
const { digits, spread, summary } = require('../lib/statistics.js');

const SCALES = { quick: 1, targets: 3, full: 3 };
const LOOPS = [
    { script: 'sync-loop', what: 'a synchronous loop of 5,000,000 tokens of 64 bytes', most: 16 },
    { script: 'large-loop', what: 'a synchronous loop of 20,000 tokens of 1 MiB', most: 256 },
];

exports.about = 'how large the memory gets in synchronous loops';
exports.hasTargets = true;

exports.run = async ({ mode, progress }) => {
    const rows = [];
    for (const { script, what, most } of LOOPS) {
        const runs = [];
        for (let run = 1; run <= SCALES[mode]; run++) {
            progress(`${what}: ${run} of ${SCALES[mode]}`);
            const out = await output(process.execPath, [join(__dirname, '../lifetimes', `${script}.js`), '--json']);
            runs.push(JSON.parse(out.trim().split('\n').pop()));
        }
        const figures = runs[0].map(({ name, unit }) => ({
            name,
            unit,
            ...summary(runs.map((run) => run.find((figure) => figure.name === name).value)),
            most: Math.max(...runs.map((run) => run.find((figure) => figure.name === name).value)),
        }));
        rows.push({ script, what, most, figures });
    }
    return {
        data: rows,
        tables: rows.map(({ what, figures }) => ({
            title: `${what[0].toUpperCase()}${what.slice(1)}: median (least; quartiles)`,
            columns: ['', ''],
            rows: figures.map((figure) => [`${figure.name}, ${figure.unit}`, spread(figure)]),
        })),
        targets: rows.map(({ what, most, figures }) => {
            const total = Math.max(
                ...figures.filter(({ name }) => name.endsWith('total()')).map((figure) => figure.most),
            );
            return { what, target: `< ${most} MiB of memory`, figure: `${digits(total)} MiB`, holds: total < most };
        }),
    };
};
