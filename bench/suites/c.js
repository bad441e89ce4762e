'use strict';

// Replays a recorded program through C's functions, called from JavaScript: malloc, realloc and free. A resize is a
// realloc. The suite `replay` has the core alone and, for a resize, an allocation and a free.

const { join } = require('node:path');
const { start } = require('../lib/child.js');
const { digits, spread, summary } = require('../lib/statistics.js');
const { bars } = require('../lib/svg.js');
const { withTrace } = require('../lib/trace.js');

const SCRIPT = join(__dirname, '../contenders/c.js');
const MIB = 2 ** 20;
const PARTS = 20;
/** Milliseconds that a contender may take for a part of the trace; a slower one is not given further parts. */
const SCALES = {
    quick: { rounds: 3, budget: 200 },
    targets: { rounds: 1, budget: 200 },
    full: { rounds: 7, budget: 1000 },
};
const CONTENDERS = {
    'lewd, c.malloc and kin': 'lewd',
    '@thi.ng/malloc': 'thing',
    "sql.js's malloc (Emscripten)": 'sqljs',
};

/** Gives each contender a part of the trace in turn, so that other work of the machine affects all of them alike. */
async function round(children, count, budget, progress) {
    for (const one of children) {
        await one.child.ask('begin');
        Object.assign(one, { cpu: 0, wall: 0, done: 0, ended: false });
    }
    for (let part = 1; part <= PARTS; part++)
        for (const one of children) {
            if (one.ended) continue;
            progress(`part ${part} of ${PARTS}, ${one.name}`);
            const { cpu, wall, done } = await one.child.ask('some', { count: Math.ceil(count / PARTS), budget });
            one.cpu += cpu * done;
            one.wall += wall * done;
            one.done += done;
            one.ended = one.done < Math.min(count, part * Math.ceil(count / PARTS));
        }
    for (const { samples, cpu, wall, done } of children)
        samples.push({ cpu: cpu / done, wall: wall / done, part: done / count });
}

async function measure(path, { rounds, budget }, progress) {
    const children = Object.entries(CONTENDERS).map(([name, argument]) => ({
        name,
        samples: [],
        child: start(SCRIPT, { args: [argument] }),
    }));
    try {
        let count;
        for (const { child } of children) count = await child.ask('load', { path });
        progress('contents');
        await children[0].child.ask('begin', { initial: 65_536 });
        const verified = await children[0].child.ask('verify');
        for (let number = 1; number <= rounds; number++)
            await round(children, count, budget, (words) => progress(`round ${number} of ${rounds}, ${words}`));
        const rows = children.map(({ name, samples }) => ({
            contender: name,
            cpu: summary(samples.map(({ cpu }) => cpu)),
            wall: summary(samples.map(({ wall }) => wall)),
            part: Math.min(...samples.map(({ part }) => part)),
        }));
        const memory = await children[0].child.ask('memory');
        return { count, verified: { ...verified, memory }, rows };
    } finally {
        children.forEach(({ child }) => child.stop());
    }
}

exports.about = "a recorded program through C's functions, called from JavaScript";
exports.hasTargets = true;

exports.run = ({ mode, trace, progress }) =>
    withTrace(trace, async (name, path) => {
        const { count, verified, rows } = await measure(path, SCALES[mode], progress);
        const { footprint, ideal, checked, moved, memory } = verified;
        const bytes = (number) => number.toLocaleString('en');
        return {
            data: { trace: name, operations: count, ...verified, rows },
            tables: [
                {
                    title:
                        `Replay of ${name} from JavaScript, ${bytes(count)} operations: ` +
                        'ns an operation, median (least; quartiles)',
                    columns: ['', "processors'", 'wall', 'to lewd'],
                    rows: rows.map(({ contender, cpu, wall, part }) => [
                        contender + (part < 1 ? ` (of the first ${digits(part * 100)} %)` : ''),
                        spread(cpu),
                        spread(wall),
                        digits(cpu.median / rows[0].cpu.median),
                    ]),
                    notes: [
                        `lewd's contents, ${bytes(checked)} bytes: all as written. ${bytes(moved)} resizes moved.`,
                        `Its peak footprint is ${bytes(footprint)} bytes, ideal best fit's ${bytes(ideal)}; ` +
                            'the first block is not used.',
                        `Each address is ideal best fit's. A memory that grows ended with ${bytes(memory)} bytes.`,
                        'Of sql.js, a resize is an allocation, a copy and a freeing: its module exports no realloc.',
                    ],
                },
            ],
            charts: {
                c: bars({
                    title: `Replay of ${name} by malloc, realloc and free, called from JavaScript`,
                    unit: `ns an operation, median, processors' time; lewd's footprint: ${digits(footprint / MIB)} MiB`,
                    groups: [{ bars: rows.map(({ contender, cpu }) => ({ name: contender, value: cpu.median })) }],
                }),
            },
            targets: [
                {
                    what: `peak footprint of ${name} through C's functions`,
                    target: "= ideal best fit's",
                    figure: `${bytes(footprint)} to ${bytes(ideal)} bytes`,
                    holds: footprint === ideal,
                },
            ],
        };
    });
