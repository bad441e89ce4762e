'use strict';

// Measures short calls: scratch, each statistic, alloc itself.

const { join } = require('node:path');
const { start } = require('../lib/child.js');
const { digits, median } = require('../lib/statistics.js');
const { bars } = require('../lib/svg.js');

const SCRIPT = join(__dirname, '../contenders/calls.js');
const SCALES = {
    quick: { lives: [1e3], rounds: 3, time: 20 },
    targets: { lives: [1e3, 1e5], rounds: 5, time: 40 },
    full: { lives: [1e3, 1e5, 1e6], rounds: 7, time: 60 },
};

const STATISTICS = ['total()', 'used()', 'usedRun()', 'free()', 'headFree()', 'tailFree()'];
const EMPTY = 'an empty function';

/** Runs rounds of rounds: the minimum of all, and the medians of the quartiles. */
const merge = (samples) => ({
    least: Math.min(...samples.map(({ least }) => least)),
    q1: median(samples.map(({ q1 }) => q1)),
    median: median(samples.map((sample) => sample.median)),
    q3: median(samples.map(({ q3 }) => q3)),
});

async function measure(live, { rounds, time }, progress) {
    const child = start(SCRIPT);
    try {
        await child.ask('prepare', { live });
        const names = await child.ask('names');
        const samples = Object.fromEntries(names.map((name) => [name, []]));
        for (let round = 1; round <= rounds; round++)
            for (const name of names) {
                progress(`${live.toLocaleString('en')} live: round ${round} of ${rounds}, ${name}`);
                samples[name].push(await child.ask('measure', { name, time }));
            }
        return names.map((name) => ({ live, name, ...merge(samples[name]) }));
    } finally {
        child.stop();
    }
}

function targetsOf(rows) {
    const targets = [];
    const empty = Math.min(...rows.filter(({ name }) => name === EMPTY).map(({ least }) => least));
    /** Subtracts the time of an empty function, which is the cost of the loop. */
    const bound = (what, names, most) => {
        const found = rows.filter(({ name }) => names.includes(name));
        const worst = found.reduce((one, other) => (one.least > other.least ? one : other));
        targets.push({
            what: `${what} (the slowest: ${worst.name}, ${worst.live.toLocaleString('en')} live)`,
            target: `<= ${most} ns`,
            figure:
                `${digits(worst.least - empty)} ns, median ${digits(worst.median - empty)}; ` +
                `an empty function's ${digits(empty)} taken off`,
            holds: worst.least - empty <= most,
        });
    };
    bound('scratch', ['scratch: alloc(64)', 'scratch of mixed sizes'], 25);
    bound('statistics', STATISTICS, 3);
    bound('largestFree', ['largestFree()'], 25);
    return targets;
}

exports.about = 'scratch, each statistic, alloc by itself';

exports.run = async ({ mode, progress }) => {
    const rows = [];
    for (const live of SCALES[mode].lives) rows.push(...(await measure(live, SCALES[mode], progress)));
    const own = rows.filter(({ live }) => live === Math.max(...rows.map((row) => row.live)));
    return {
        data: rows,
        tables: [
            {
                title: 'Short calls: ns, the loop included',
                columns: ['', 'live', 'least', 'q1', 'median', 'q3', 'least, less the empty one'],
                rows: rows.map((row) => [
                    row.name,
                    row.live.toLocaleString('en'),
                    ...[row.least, row.q1, row.median, row.q3].map(digits),
                    digits(row.least - rows.find(({ live, name }) => live === row.live && name === EMPTY).least),
                ]),
                notes: [
                    'alloc(64, token), 1,000 a token: includes freeing earlier batches, whose tokens were collected.',
                    'Scratch and largestFree() need no call into C until something changes; the last two rows have one.',
                ],
            },
        ],
        charts: {
            calls: bars({
                title: 'Short calls',
                unit: `ns, the least of all rounds, loop included; ${own[0].live.toLocaleString('en')} live tokens`,
                groups: [{ bars: own.map(({ name, least }) => ({ name, value: least })) }],
            }),
        },
        targets: targetsOf(rows),
    };
};
exports.hasTargets = true;
