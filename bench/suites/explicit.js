'use strict';

// Measures malloc() and free() under random replacement: called from JavaScript, and from inside a module, with the
// bytes of the allocations touched and not. The core in C is measured without a call. The suite `replay` runs the
// contenders for JavaScript on the same recorded program.

const { join } = require('node:path');
const { output, start } = require('../lib/child.js');
const { compile } = require('../lib/compile.js');
const { missing } = require('../lib/pairs.js');
const { spread, summary } = require('../lib/statistics.js');
const { lines } = require('../lib/svg.js');

const SCRIPT = join(__dirname, '../contenders/explicit.js');
const OWN = 'lewd, the core in C';

/** Contenders for JavaScript, of other authors: also for the suite `replay`. */
exports.CONTENDERS = {
    '@thi.ng/malloc': 'thing',
    "AssemblyScript's heap": 'assemblyscript',
    "sql.js's malloc (Emscripten)": 'sqljs',
};

/** [name, argument of the child, most live spans, whether the bytes are touched]. */
const CONTENDERS = [
    ['lewd, c.malloc and c.free', 'lewd', 1e6, false],
    ['lewd, bytes touched', 'lewd', 1e6, true],
    ['@thi.ng/malloc', 'thing', 1e4, false],
    ["AssemblyScript's heap", 'assemblyscript', 1e5, false],
    ["sql.js's malloc (Emscripten)", 'sqljs', 1e6, false],
    ['from a module: lewd', 'importing', 1e6, false],
    ['from a module: lewd, bytes touched', 'importing', 1e6, true],
    ['from a module: a linked dlmalloc', 'linking', 1e6, false],
    ['from a module: a linked dlmalloc, bytes touched', 'linking', 1e6, true],
];
const NEEDS = { importing: 'imported', linking: 'linked' };

const SCALES = {
    quick: { spans: [1e3, 1e4], rounds: 3, operations: 1e5, budget: 150 },
    full: { spans: [1e3, 1e4, 1e5, 1e6], rounds: 7, operations: 3e5, budget: 500 },
};

/** Returns the contenders that can be measured here, and notes about the others. */
function available() {
    const reasons = new Map(Object.entries(NEEDS).map(([argument, kind]) => [argument, missing(kind)]));
    const notes = [...reasons].filter(([, reason]) => reason !== undefined);
    return {
        contenders: CONTENDERS.filter(([, argument]) => reasons.get(argument) === undefined),
        notes: notes.map(([argument, reason]) => `${NEEDS[argument]} malloc in a module: not measured, ${reason}.`),
    };
}

async function measure(program, contenders, spans, { rounds, operations, budget }, progress) {
    const children = contenders
        .filter(([, , most]) => spans <= most)
        .map(([name, argument, , isTouching]) => ({
            name,
            isTouching,
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
            for (const { child, samples, isTouching } of children) {
                const { cpu } = await child.ask('measure', { operations, budget, isTouching });
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

exports.about = 'malloc() and free(), called from JavaScript and from inside a module';

exports.run = async ({ mode, progress }) => {
    const program = compile('churn');
    const { contenders, notes } = available();
    const rows = [];
    for (const spans of SCALES[mode].spans)
        rows.push(...(await measure(program, contenders, spans, SCALES[mode], progress)));
    const names = [...new Set(rows.map(({ contender }) => contender))];
    return {
        data: rows,
        tables: [
            {
                title: 'A free and an allocation, random replacement: ns, median (least; quartiles)',
                columns: ['', 'spans', "processors'"],
                rows: rows.map((row) => [row.contender, row.spans.toLocaleString('en'), spread(row)]),
                notes: [
                    'The core in C is measured without a call; all others include the calls and the loop. Bytes touched: the',
                    'first bytes of each allocation are written, and read before it is freed. The linked dlmalloc is wasi-libc’s.',
                    ...notes,
                ],
            },
        ],
        charts: {
            explicit: lines({
                title: 'A free and an allocation, called from JavaScript and from inside a module',
                x: 'live spans',
                y: 'ns, median (the core in C: without the call)',
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
