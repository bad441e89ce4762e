'use strict';

// Measures the life of a token allocation: made, collected, freed.

const { execFileSync } = require('node:child_process');
const { join } = require('node:path');
const { start } = require('../lib/child.js');
const { preloads } = require('../lib/machine.js');
const { digits, spread, summary } = require('../lib/statistics.js');
const { bars, lines } = require('../lib/svg.js');

const SCRIPT = join(__dirname, '../contenders/tokens.js');

const CONTENDERS = [
    { name: 'lewd', script: 'lewd' },
    { name: 'floor: a bare finalizer', script: 'floor' },
    { name: 'FinalizationRegistry', script: 'registry' },
    { name: 'no finalizer at all', script: 'nothing' },
    ...preloads()
        .filter(([name]) => name === 'jemalloc')
        .flatMap(([name, preload]) => [
            { name: `lewd, ${name} preloaded`, script: 'lewd', preload },
            { name: `floor, ${name} preloaded`, script: 'floor', preload },
        ]),
];

/**
 * A round with turns is long enough for several collections, which are part of the cost: hence the median, not the
 * minimum. For contenders that report no external memory, a major collection comes once in several replacements of
 * everything.
 */
const REPLACEMENTS = 5;
const SCALES = {
    quick: { lives: [1e3, 1e5], rounds: 3, count: 3e5 },
    targets: { lives: [1e3, 1e5, 1e6], rounds: 5, count: 1e6 },
    full: { lives: [1e3, 1e4, 1e5, 1e6], rounds: 5, count: 1e6 },
};

const MODES = { turns: 'an event loop turn every 1,024', synchronous: 'in a synchronous loop' };

const longest = (live, count) => Math.max(count, REPLACEMENTS * live);

async function measure(node, live, { rounds, count }, progress) {
    const children = CONTENDERS.map(({ name, script, preload }) => ({
        name,
        child: start(SCRIPT, { args: [script], node, preload }),
        turns: [],
        synchronous: [],
    }));
    try {
        for (const one of children) {
            progress(`${live.toLocaleString('en')} live: filling ${one.name}`);
            one.resident = await one.child.ask('prepare', { live, count: longest(live, count) });
        }
        for (const mode of Object.keys(MODES))
            for (let round = 1; round <= rounds; round++)
                for (const one of children) {
                    progress(`${live.toLocaleString('en')} live, ${MODES[mode]}: round ${round} of ${rounds}`);
                    one[mode].push(
                        await one.child.ask(mode, { count: mode === 'turns' ? longest(live, count) : count }),
                    );
                }
        return children;
    } finally {
        children.forEach(({ child }) => child.stop());
    }
}

const rowOf = (mode, node, live, { name, resident, ...samples }) => ({
    node,
    mode,
    live,
    contender: name,
    cpu: summary(samples[mode].map(({ cpu }) => cpu)),
    wall: summary(samples[mode].map(({ wall }) => wall)),
    resident,
});

function tablesOf(rows) {
    const nodes = [...new Set(rows.map(({ node }) => node))];
    return nodes.flatMap((node) =>
        Object.entries(MODES).map(([mode, words]) => ({
            title: `Life of a token allocation, ${words}, Node.js ${node}: ns, median (least; quartiles)`,
            columns: ['', 'live', "processors'", 'wall', 'to the floor', 'bytes of process a live token'],
            rows: rows
                .filter((row) => row.node === node && row.mode === mode)
                .map((row) => [
                    row.contender,
                    row.live.toLocaleString('en'),
                    spread(row.cpu),
                    spread(row.wall),
                    digits(row.cpu.median / find(rows, row, 'floor').cpu.median),
                    row.live < 1e5 ? '' : digits(row.resident),
                ]),
            notes:
                mode === 'turns'
                    ? [
                          "processors': time of all threads, V8's helpers too. " +
                              'Sizes: 16 to 4,096 bytes, random replacement.',
                      ]
                    : ['Only lewd frees anything meanwhile; the others learn of deaths after the measured time.'],
        })),
    );
}

const find = (rows, { node, mode, live }, name) =>
    rows.find((row) => row.node === node && row.mode === mode && row.live === live && row.contender.startsWith(name));

function chartsOf(rows) {
    const own = rows.filter(({ node }) => node === rows[0].node);
    const most = Math.max(...own.map(({ live }) => live));
    const memory = own.filter(({ live, mode }) => live === most && mode === 'turns');
    const chart = (mode) =>
        lines({
            title: `Life of a token allocation, ${MODES[mode]}`,
            x: 'live tokens',
            y: 'ns, median, of all threads',
            xLog: true,
            series: CONTENDERS.map(({ name }) => ({
                name,
                points: own
                    .filter((row) => row.mode === mode && row.contender === name)
                    .map(({ live, cpu }) => [live, cpu.median]),
            })).filter(({ name }) => !name.startsWith('floor, ')),
        });
    return {
        'tokens-turns': chart('turns'),
        'tokens-synchronous': chart('synchronous'),
        'tokens-memory': bars({
            title: 'Memory of the process for a live token',
            unit: `bytes, at ${most.toLocaleString('en')} live; the token itself and its place in an array included`,
            groups: [{ bars: memory.map(({ contender, resident }) => ({ name: contender, value: resident })) }],
        }),
    };
}

function targetsOf(rows) {
    const targets = [];
    const times = (row) => `${digits(row.cpu.median)} ns (wall ${digits(row.wall.median)})`;
    for (const row of rows.filter(({ contender }) => contender === 'lewd')) {
        const where = `${row.live.toLocaleString('en')} live, Node.js ${row.node}`;
        if (row.mode === 'turns') {
            const floor = find(rows, row, 'floor');
            const registry = find(rows, row, 'FinalizationRegistry');
            const ratio = row.cpu.median / floor.cpu.median;
            targets.push({
                what: `life of a token allocation, ${where}`,
                target: '<= 1.15 x floor',
                figure:
                    `${digits(ratio)} x (wall ${digits(row.wall.median / floor.wall.median)} x): ` +
                    `${times(row)} to ${times(floor)}; registry ${times(registry)}`,
                holds: ratio <= 1.15,
            });
        } else {
            targets.push({
                what: `the same in a synchronous loop, ${where}`,
                target: '<= 350 ns',
                figure: times(row),
                holds: row.cpu.median <= 350,
            });
        }
    }
    return targets;
}

exports.about = 'life of a token allocation, against finalizers; memory of the process';

exports.run = async ({ mode, nodes, progress }) => {
    require('../floor');
    const scale = SCALES[mode];
    const rows = [];
    for (const node of nodes) {
        const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
        for (const live of scale.lives) {
            const measured = await measure(node, live, scale, (words) => progress(`Node.js ${version}, ${words}`));
            for (const kind of Object.keys(MODES)) rows.push(...measured.map((one) => rowOf(kind, version, live, one)));
        }
    }
    return { data: rows, tables: tablesOf(rows), charts: chartsOf(rows), targets: targetsOf(rows) };
};
exports.hasTargets = true;
