'use strict';

// Measures registering, removing and calling handlers, and growth with many of them.

const { join } = require('node:path');
const { start } = require('../lib/child.js');
const { spread, summary } = require('../lib/statistics.js');
const { lines } = require('../lib/svg.js');

const SCRIPT = join(__dirname, '../contenders/events.js');
const SCALES = {
    quick: { handlers: [1e3, 1e4, 1e5], rounds: 5 },
    full: { handlers: [1e2, 1e3, 1e4, 1e5], rounds: 15 },
};

const FIGURES = {
    on: ['on()', 'ns'],
    off: ['off()', 'ns'],
    call: ['a handler called', 'ns'],
    bare: ['growth without handlers', 'us', 1000],
    full: ['growth with all handlers', 'us', 1000],
    dead: ['growth after all tokens died', 'us', 1000],
};

async function measure(handlers, rounds, progress) {
    const child = start(SCRIPT);
    try {
        const samples = [];
        for (let round = 1; round <= rounds; round++) {
            progress(`${handlers.toLocaleString('en')} handlers: round ${round} of ${rounds}`);
            samples.push(await child.ask('round', { handlers }));
        }
        const figures = Object.entries(FIGURES).map(([key, [, , unit = 1]]) => [
            key,
            summary(samples.map((sample) => sample[key] / unit)),
        ]);
        return { handlers, ...Object.fromEntries(figures) };
    } finally {
        child.stop();
    }
}

exports.about = 'handlers: on, off, growth with many';

exports.run = async ({ mode, progress }) => {
    const { handlers, rounds } = SCALES[mode];
    const rows = [];
    for (const count of handlers) rows.push(await measure(count, rounds, progress));
    return {
        data: rows,
        tables: [
            {
                title: 'Events: median (least; quartiles)',
                columns: ['', ...rows.map((row) => `${row.handlers.toLocaleString('en')} handlers`)],
                rows: Object.entries(FIGURES).map(([key, [words, unit]]) => [
                    `${words}, ${unit}`,
                    ...rows.map((row) => spread(row[key])),
                ]),
                notes: ['One handler a token, for "grow". Growth is of the memory too, by one page or an eighth.'],
            },
        ],
        charts: {
            events: lines({
                title: 'Growth of the memory, with handlers',
                x: 'handlers, each of a token of its own',
                y: 'us, least of all rounds',
                xLog: true,
                yLog: true,
                series: ['full', 'bare', 'dead'].map((key) => ({
                    name: FIGURES[key][0],
                    points: rows.map((row) => [row.handlers, row[key].least]),
                })),
            }),
        },
    };
};
