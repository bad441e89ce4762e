'use strict';

// Replays a recorded program's allocations: the time, the peak footprint, and the unused bytes between the used spans.

const { join } = require('node:path');
const { output, start } = require('../lib/child.js');
const { compile } = require('../lib/compile.js');
const { preloads } = require('../lib/machine.js');
const { digits } = require('../lib/statistics.js');
const { bars, lines } = require('../lib/svg.js');
const { withTrace } = require('../lib/trace.js');
const { CONTENDERS } = require('./explicit.js');

const SCRIPT = join(__dirname, '../contenders/explicit.js');
const MIB = 2 ** 20;
const SCALES = {
    quick: { rounds: 5, budget: 5e3 },
    targets: { rounds: 3, budget: 5e3 },
    full: { rounds: 15, budget: 60e3 },
};

async function replayInJavaScript(argument, path, budget) {
    const child = start(SCRIPT, { args: [argument] });
    try {
        await child.ask('make');
        return await child.ask('replay', { path, budget });
    } finally {
        child.stop();
    }
}

async function measure(path, { rounds, budget }, progress) {
    const program = compile('replay');
    progress('the core in C');
    const core = JSON.parse(await output(program, [path, String(rounds)]));
    const rows = [
        {
            contender: 'lewd, the core in C',
            least: core.lewd.least,
            median: core.lewd.median,
            footprint: core.footprint,
        },
        { contender: 'system malloc, in C', ...core.system, footprint: core.systemPeak || undefined },
    ];
    for (const [name, preload] of preloads()) {
        progress(name);
        const { system } = JSON.parse(await output(program, [path, String(rounds), 'system'], { preload }));
        rows.push({ contender: `${name}, in C`, ...system });
    }
    for (const [name, argument] of Object.entries(CONTENDERS)) {
        progress(name);
        const { cpu, done, count, footprint } = await replayInJavaScript(argument, path, budget);
        rows.push({ contender: `${name}, from JavaScript`, median: cpu, footprint, done: done / count });
    }
    return { core, rows };
}

/** Draws the used run and the live bytes in it, and the share of the used run that is not live. */
function chartsOf(name, { core, rows }) {
    const { series } = core;
    const idle = series.filter(([, , run]) => run).map(([at, live, run]) => [at, (1 - live / run) * 100]);
    return {
        'replay-footprint': lines({
            title: `Replay of ${name}: live bytes, and the run of memory that holds them`,
            x: 'operations',
            y: 'MiB',
            marks: false,
            series: [
                { name: 'used run', points: series.map(([at, , run]) => [at, run / MIB]) },
                { name: 'live, as requested', points: series.map(([at, live]) => [at, live / MIB]) },
            ],
        }),
        'replay-fragmentation': lines({
            title: `Replay of ${name}: external fragmentation`,
            x: 'operations',
            y: '% of the used run that is not live',
            marks: false,
            series: [{ name: 'lewd', points: idle }],
        }),
        'replay-peak': bars({
            title: `Replay of ${name}: peak footprint`,
            unit: `MiB; at most ${digits(core.peakLive / MIB)} were live`,
            groups: [
                {
                    bars: rows
                        .filter(({ footprint, done = 1 }) => footprint && done === 1)
                        .map(({ contender, footprint }) => ({ name: contender, value: footprint / MIB })),
                },
            ],
        }),
    };
}

exports.about = 'a recorded program: time, peak footprint, fragmentation';
exports.hasTargets = true;

exports.run = ({ mode, trace, progress }) =>
    withTrace(trace, async (name, path) => {
        const measured = await measure(path, SCALES[mode], progress);
        const { core, rows } = measured;
        const others = rows.slice(1).filter(({ footprint, done = 1 }) => footprint && done === 1);
        const next = others.reduce((one, other) => (one.footprint < other.footprint ? one : other));
        return {
            data: { trace: name, ...core, rows },
            tables: [
                {
                    title: `Replay of ${name}, ${core.operations.toLocaleString('en')} operations`,
                    columns: ['', 'ns an operation, least', 'median', 'peak footprint, bytes', 'to live'],
                    rows: rows.map(({ contender, least, median, footprint, done = 1 }) => [
                        contender,
                        least === undefined ? '' : digits(least),
                        digits(median) + (done < 1 ? ` (of the first ${digits(done * 100)} %)` : ''),
                        done === 1 && footprint ? footprint.toLocaleString('en') : '',
                        done === 1 && footprint ? digits(footprint / core.peakLive) : '',
                    ]),
                    notes: [
                        `Live at most ${core.peakLive.toLocaleString('en')} bytes; ideal best fit in blocks of ` +
                            `16 bytes ${core.ideal.toLocaleString('en')}.`,
                        `A memory that grows by an eighth ended with ${core.memory.toLocaleString('en')} bytes.`,
                        'From JavaScript: one run, calls and loop included. ' +
                            "System malloc: as glibc's mallinfo2() reports.",
                    ],
                },
            ],
            charts: chartsOf(name, measured),
            targets: [
                {
                    what: `peak footprint of ${name}`,
                    target: "= ideal best fit's",
                    figure: `${core.footprint.toLocaleString('en')} to ${core.ideal.toLocaleString('en')} bytes`,
                    holds: core.footprint === core.ideal,
                },
                {
                    what: `the same, against allocators with headers (next: ${next.contender})`,
                    target: 'below all of them',
                    figure: `${core.footprint.toLocaleString('en')} to ${next.footprint.toLocaleString('en')} bytes`,
                    holds: core.footprint < next.footprint,
                },
            ],
        };
    });
