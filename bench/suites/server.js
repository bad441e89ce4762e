'use strict';

// Measures the server of examples/server under load: requests a second, bytes in use of the module's memory, and the
// memory of the process.

const { join } = require('node:path');
const { start } = require('../lib/child.js');
const { digits, summary } = require('../lib/statistics.js');
const { lines } = require('../lib/svg.js');

const SCRIPT = join(__dirname, '../contenders/server.js');
const SECONDS = { quick: 5, full: 60 };
const MIB = 2 ** 20;

exports.about = 'a server under load, its memory over time';

exports.run = async ({ mode, progress }) => {
    // V8 lets its young generation grow to 48 MiB as the load grows, with any server. A limit of 6 MiB keeps that out
    // of the figures.
    const child = start(SCRIPT, { flags: ['--max-semi-space-size=2'] });
    const seconds = SECONDS[mode];
    progress(`${seconds} s of load`);
    const measured = await child.ask('measure', { seconds }).finally(() => child.stop());
    const { samples, answers, wrong, broken, settled } = measured;
    if (wrong) throw new Error(`${wrong} of ${answers} answers were wrong`);
    const series = (name, of) => ({ name, points: samples.map((sample) => [sample.time, of(sample)]) });
    const words = (number) => number.toLocaleString('en');
    const half = samples.length >> 1;
    const row = (name, own) => [
        name,
        digits(summary(own.map(({ rate }) => rate)).median),
        Math.max(...own.map(({ used }) => used)).toLocaleString('en'),
        Math.max(...own.map(({ total }) => total)).toLocaleString('en'),
        digits(Math.max(...own.map(({ rss }) => rss)) / MIB),
        digits(Math.max(...own.map(({ heap }) => heap)) / MIB),
    ];
    return {
        data: { seconds, ...measured },
        tables: [
            {
                title: `A server under load for ${seconds} s: a hash for each request, dropped with it`,
                columns: ['', 'requests/s, median', 'used bytes, most', 'of bytes', 'RSS, MiB, most', 'heap, MiB'],
                rows: [row('first half', samples.slice(0, half)), row('second half', samples.slice(half))],
                notes: [
                    `${words(answers + broken)} requests, of which ${words(broken)} broke off; all answers were right.`,
                    "V8's young generation was kept at 6 MiB (--max-semi-space-size=2): it grows with any load.",
                    `When the load was over, ${words(settled)} bytes were in use.`,
                ],
            },
        ],
        charts: {
            server: lines({
                title: 'A server under load: a hash for each request, dropped with it',
                x: 'seconds',
                y: `MiB of the process; hundreds of requests a second; KiB in use of the module's memory`,
                marks: false,
                series: [
                    series('process (RSS), MiB', ({ rss }) => rss / MIB),
                    series('JavaScript heap, MiB', ({ heap }) => heap / MIB),
                    series('requests a second, hundreds', ({ rate }) => rate / 100),
                    series("in use of the module's memory, KiB", ({ used }) => used / 1024),
                ],
            }),
        },
    };
};
