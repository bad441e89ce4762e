'use strict';

// Measures allocators with malloc() and free() for JavaScript, under random replacement. lewd has no free() in
// JavaScript: its core in C stands for it. The suite `replay` runs all of them on the same recorded program.

const { join } = require('node:path');
const { output, start } = require('../lib/child.js');
const { compile } = require('../lib/compile.js');
const { spread, summary } = require('../lib/statistics.js');
const { lines } = require('../lib/svg.js');

const SCRIPT = join(__dirname, '../contenders/explicit.js');
const OWN = 'lewd, the core in C';

exports.CONTENDERS = {
    '@thi.ng/malloc': 'thing',
    "AssemblyScript's heap": 'assemblyscript',
    "sql.js's malloc (Emscripten)": 'sqljs',
};

const SCALES = {
    quick: { spans: [1e3, 1e4], rounds: 3, operations: 1e5, budget: 150 },
    full: { spans: [1e3, 1e4, 1e5], rounds: 7, operations: 3e5, budget: 500 },
};

async function measure(program, spans, { rounds, operations, budget }, progress) {
    const children = Object.entries(exports.CONTENDERS).map(([name, argument]) => ({
        name,
        samples: [],
        child: start(SCRIPT, { args: [argument] }),
    }));
    const own = [];
    try {
        for (const { name, child } of children) {
            progress(`${spans.toLocaleString('en')} spans: filling ${name}`);
            await child.ask('make');
            await child.ask('prepare', { spans, budget: budget * 4 });
        }
        for (let round = 1; round <= rounds; round++) {
            progress(`${spans.toLocaleString('en')} spans: round ${round} of ${rounds}`);
            for (const { child, samples } of children) {
                const { cpu } = await child.ask('measure', { operations, budget });
                samples.push(cpu);
            }
            own.push(JSON.parse(await output(program, [spans, 3, operations, 'lewd'].map(String))).lewd.median);
        }
    } finally {
        children.forEach(({ child }) => child.stop());
    }
    return [{ name: OWN, samples: own }, ...children].map(({ name, samples }) => ({
        contender: name,
        spans,
        ...summary(samples),
    }));
}

exports.about = 'allocators with a free() that JavaScript can call';

exports.run = async ({ mode, progress }) => {
    const program = compile('churn');
    const rows = [];
    for (const spans of SCALES[mode].spans) rows.push(...(await measure(program, spans, SCALES[mode], progress)));
    const names = [...new Set(rows.map(({ contender }) => contender))];
    return {
        data: rows,
        tables: [
            {
                title: 'A free and an allocation, random replacement: ns, median (least; quartiles)',
                columns: ['', 'spans', "processors'"],
                rows: rows.map((row) => [row.contender, row.spans.toLocaleString('en'), spread(row)]),
                notes: [
                    'lewd has no free() for JavaScript: its row is the core in C, without a call from JavaScript; the',
                    'others include the call and the loop. For the cost of a call, see the suite `calls`.',
                ],
            },
        ],
        charts: {
            explicit: lines({
                title: 'A free and an allocation, called from JavaScript',
                x: 'live spans',
                y: 'ns, median (lewd: its core in C, without the call)',
                xLog: true,
                yLog: true,
                series: names.map((name) => ({
                    name,
                    points: rows.filter(({ contender }) => contender === name).map((row) => [row.spans, row.median]),
                })),
            }),
        },
    };
};
