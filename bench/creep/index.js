'use strict';

// node bench/creep [--quick]
//
// Steady workloads must not creep. At the core, 50,000,000 operations each: sizes that alternate and are hard on other
// allocators, sizes of a page and less, of mebibytes and a bit, random replacement of all sizes. Through JavaScript, the
// hour of a server. For each the memory must reach no farther in the second half of the run than in the first (by 2 % at
// most, 10 % through JavaScript, where collections come when they come), and not beyond a multiple of what is live.
//
// Figures and charts go to bench/results; --quick makes a hundredth of the operations, and keeps nothing.

const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { output } = require('../lib/child.js');
const { compile } = require('../lib/compile.js');
const { machine, versions } = require('../lib/machine.js');
const { lines } = require('../lib/svg.js');
const { table } = require('../lib/table.js');

const QUICK = process.argv.includes('--quick');
const OPERATIONS = QUICK ? 500_000 : 50_000_000;
const SECONDS = QUICK ? 120 : 3600;
const MIB = 2 ** 20;
const FOLDER = join(__dirname, '../results');

/** An odd number of spans, so that in turns of two sizes each hole is asked for the other one. */
const core = [
    { name: '85,196 and 80,000 in turns', args: [999, 'fifo', 85_196, 80_000], most: 1.1 },
    { name: '85,196 and 80,000 at random', args: [999, 'random', 85_196, 80_000], most: 1.15 },
    { name: '65,520', args: [999, 'random', 65_520], most: 1 },
    { name: '65,520 and 65,536 in turns', args: [999, 'fifo', 65_520, 65_536], most: 1.1 },
    { name: '16 MiB + 16 and 16 MiB at random', args: [63, 'random', 16 * MIB + 16, 16 * MIB], most: 1.35 },
    { name: '16 MiB + 16, 1 MiB, 65,520, 48', args: [400, 'random', 16 * MIB + 16, MIB, 65_520, 48], most: 1.35 },
    { name: '1 to 4,096', args: [100_000, 'random', 'RANGE:1:4096'], most: 1.15 },
    { name: '16 to 1,000,000', args: [3000, 'random', 'RANGE:16:1000000'], most: 1.25 },
];

const maximum = (values) => values.reduce((most, value) => Math.max(most, value), 0);
const rowsOf = (out) =>
    out
        .trim()
        .split('\n')
        .map((line) => line.split(' ').map(Number));

/** What the two halves reached, and whether that is steady. `reached` and `live`: by time. */
function judge({ name, most, creep }, reached, live) {
    const half = reached.length >> 1;
    const [first, second] = [maximum(reached.slice(0, half)), maximum(reached.slice(half))];
    const times = maximum(reached) / maximum(live);
    const holds = second <= first * creep && times <= most;
    return { name, live: maximum(live), first, second, times, bound: most, holds };
}

async function runCore() {
    const program = compile('creep');
    const found = [];
    for (const workload of core) {
        const rows = rowsOf(await output(program, [OPERATIONS, ...workload.args].map(String)));
        const judged = judge(
            { ...workload, creep: QUICK ? 1.1 : 1.02 },
            rows.map((row) => row[2]),
            rows.map((row) => row[1]),
        );
        const live = maximum(rows.map((row) => row[1]));
        found.push({
            ...judged,
            points: rows.map(([operations, , reach]) => [operations, Number((reach / live).toFixed(4))]),
        });
    }
    return found;
}

/** Of an hour, the first tenth is the beginning: sessions fill up, V8 finds its pace. */
async function runServer() {
    const all = rowsOf(await output(process.execPath, [join(__dirname, 'server.js'), String(SECONDS)]));
    const rows = all.slice(all.length / 10);
    const column = (index) => rows.map((row) => row[index]);
    return {
        rows: all,
        judged: [
            judge({ name: 'a server: total()', most: 25, creep: 1.1 }, column(3), column(1)),
            judge({ name: 'a server: resident', most: 25, creep: 1.1 }, column(4), column(1)),
        ],
    };
}

function charts(found, { rows }) {
    const megabytes = (index) => rows.map((row) => [row[0] / 60, row[index] / MIB]);
    return {
        'creep-core': lines({
            title: 'Steady workloads: how far the memory reaches',
            x: 'operations',
            y: 'the farthest used byte over the most live bytes',
            series: found.map(({ name, points }) => ({ name, points: points.filter((_, i) => i % 4 === 3) })),
            marks: false,
        }),
        'creep-server': lines({
            title: 'The hour of a server, 1,000 requests a second',
            x: 'minutes; a trim() after each ten',
            y: 'MiB',
            series: [
                { name: 'total()', points: megabytes(3) },
                { name: 'used(): the dead too, until they are found', points: megabytes(2) },
                { name: 'live sessions', points: megabytes(1) },
                { name: 'resident', points: megabytes(4) },
            ],
            marks: false,
        }),
    };
}

async function main() {
    const found = await runCore();
    const server = await runServer();
    const judged = [...found, ...server.judged];
    const mib = (bytes) => (bytes / MIB).toFixed(1);
    console.log(
        table({
            title: `Reached, MiB: ${OPERATIONS} operations each, ${SECONDS} seconds of a server`,
            columns: ['', 'live', 'first half', 'second half', 'times live', 'at most', ''],
            rows: judged.map(({ name, live, first, second, times, bound, holds }) => [
                name,
                mib(live),
                mib(first),
                mib(second),
                times.toFixed(2),
                String(bound),
                holds ? 'steady' : 'CREEPS',
            ]),
        }),
    );
    if (!QUICK) {
        mkdirSync(FOLDER, { recursive: true });
        const data = judged.map(({ points: _, ...rest }) => rest);
        const saved = {
            suite: 'creep',
            date: new Date().toISOString(),
            machine: machine(),
            versions: versions(),
            operations: OPERATIONS,
            seconds: SECONDS,
            data,
        };
        writeFileSync(join(FOLDER, 'creep.json'), `${JSON.stringify(saved, null, 1)}\n`);
        for (const [name, svg] of Object.entries(charts(found, server)))
            writeFileSync(join(FOLDER, `${name}.svg`), svg);
    }
    const good = judged.filter(({ holds }) => holds).length;
    console.log(`${good} passed, ${judged.length - good} failed`);
    process.exitCode = good === judged.length ? 0 : 1;
}

main();
