// Draws the pictures of the documentation: how the package is built, a heap after some allocations, as the allocator
// itself reports it, and the modules of src/. `npm run generate` runs it: it writes them to docs/pictures/. --check fails
// if the files there differ.
'use strict';

const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const lewd = require('../lib/index.js');
const { LINES } = require('./runtimes/fetch.js');
const { draw } = require('./structure/draw.js');
const { read } = require('./structure/graph.js');

const folder = join(__dirname, '../docs/pictures');
const FONT = 'font-family="system-ui, sans-serif"';

/** Both pictures keep to colours that can be read on white and on black. */
const INK = '#8a8f98';
const [USED, FREE] = ['#3b82c4', '#c9ccd1'];

const svg = (width, height, title, parts) =>
    [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
        `<title>${title}</title>`,
        ...parts,
        '</svg>',
        '',
    ].join('\n');

const text = (x, y, words, more = '') =>
    `<text x="${x}" y="${y}" ${FONT} font-size="13" fill="${INK}" ${more}>${words}</text>`;
const bold = (x, y, words) => text(x, y, words, 'font-weight="bold"');
const box = (x, y, width, height, fill = 'none') =>
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="3" fill="${fill}" stroke="${INK}"/>`;
const arrow = (x, from, to, words) => [
    `<path d="M${x} ${from}V${to}m-4 -7l4 7l4 -7" fill="none" stroke="${INK}"/>`,
    text(x + 10, (from + to) / 2 + 4, words),
];

function architecture() {
    const layers = [
        ['your module and its wrappers', 'JavaScript with WebAssembly: tokens, addresses, views'],
        ['lib/', 'the memory, its growth and migration, events, errors'],
        ['src/addon/', 'Node-API: weak references to tokens, sweeps, arguments'],
        ['src/core/', 'the heap: spans, index by size, statistics'],
    ];
    const between = [
        'alloc(size, token)',
        'calls; C calls back in one place only',
        'places and sizes; no Node.js header',
    ];
    const parts = layers.flatMap(([name, what], index) => {
        const y = 10 + index * 92;
        const below = between[index] === undefined ? [] : arrow(60, y + 52, y + 92, between[index]);
        return [box(10, y, 420, 52), bold(24, y + 22, name), text(24, y + 41, what), ...below];
    });
    parts.push(
        box(500, 102, 210, 328),
        bold(514, 124, 'WebAssembly.Memory'),
        text(514, 143, 'your data and nothing else:'),
        text(514, 161, 'no header, no record'),
        ...[200, 236, 300, 350].map((y, index) => box(514, y, 182, [30, 20, 40, 22][index], USED)),
        `<path d="M430 128H500m-7 -4l7 4l-7 4" fill="none" stroke="${INK}"/>`,
        box(10, 378, 420, 52),
        bold(24, 400, 'records of spans'),
        text(24, 419, '24 bytes a span, out of reach of what runs inside'),
        ...arrow(60, 338, 378, 'reads and writes'),
    );
    return svg(
        720,
        440,
        'JavaScript calls the addon, the addon calls the core; the records lie outside of the memory',
        parts,
    );
}

/** Allocations, some of whose tokens are given up; `collect` makes them be found. Answers spans in order of address. */
async function heap() {
    const { alloc, used } = lewd;
    const sizes = [3000, 1200, 6000, 800, 4000, 2400, 1000, 5200, 1600];
    const given = new Set([1, 4, 6]);
    const spans = [];
    const kept = (() => {
        const tokens = sizes.map(() => ({}));
        sizes.forEach((size, index) => {
            const start = alloc(size, tokens[index]);
            spans.push({ start, size: Math.ceil(size / 16) * 16, used: !given.has(index) });
        });
        return tokens.filter((token, index) => !given.has(index));
    })();
    const wanted = spans.filter((span) => span.used).reduce((sum, { size }) => sum + size, 0);
    for (let round = 0; used() !== wanted && round < 100; round++) {
        gc();
        await new Promise(setImmediate);
    }
    if (used() !== wanted) throw new Error(`${used()} bytes are used, not ${wanted}`);
    const facts = {
        end: 32768,
        spans,
        usedRun: lewd.usedRun(),
        used: lewd.used(),
        next: [900, 3500].map((size) => ({ size, at: alloc(size) })),
    };
    if (kept.length !== sizes.length - given.size) throw new Error('the tokens are to be kept to here');
    return facts;
}

function drawn({ end, next, spans, used, usedRun }) {
    const scale = (bytes) => 10 + (bytes * 700) / end;
    const parts = [box(10, 50, 700, 50, FREE)];
    for (const span of spans) {
        if (span.used) parts.push(box(scale(span.start).toFixed(1), 50, (scale(span.size) - 10).toFixed(1), 50, USED));
    }
    const measure = (from, to, y, words) => [
        `<path d="M${scale(from).toFixed(1)} ${y - 5}v10m0 -5H${scale(to).toFixed(1)}m0 -5v10" fill="none" stroke="${INK}"/>`,
        text(((scale(from) + scale(to)) / 2).toFixed(1), y + 18, words, 'text-anchor="middle"'),
    ];
    parts.push(
        ...measure(0, usedRun, 120, `usedRun() ${usedRun} bytes; used() ${used} of them`),
        ...measure(usedRun, end, 120, 'tailFree(), on to total()'),
    );
    next.forEach(({ at, size }, index) => {
        const x = scale(at).toFixed(1);
        parts.push(
            `<path d="M${x} 26V48m-4 -7l4 7l4 -7" fill="none" stroke="${INK}"/>`,
            text(x, 18, `alloc(${size})`, index === 1 ? 'text-anchor="end"' : ''),
        );
    });
    parts.push(
        box(10, 158, 14, 14, USED),
        text(32, 170, 'used: its token is alive'),
        box(210, 158, 14, 14, FREE),
        text(232, 170, 'free. A request goes to the smallest span that holds it, from its low end'),
    );
    return svg(720, 184, 'A heap: used and free spans, and where two requests would go', parts);
}

/** A badge in the usual form: what, and how it is. */
function badge(what, how) {
    const [left, right] = [what, how].map((words) => 16 + Math.ceil(words.length * 6.4));
    const word = (x, words) =>
        `<text x="${x}" y="14" ${FONT} font-size="11" fill="#fff" text-anchor="middle">${words}</text>`;
    return svg(left + right, 20, `${what}: ${how}`, [
        `<rect width="${left + right}" height="20" rx="3" fill="#555a63"/>`,
        `<path d="M${left} 0h${right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1 -3 3h-${right - 3}z" fill="${USED}"/>`,
        word(left / 2, what),
        word(left + right / 2, how),
    ]);
}

/** What badges say is looked up: in package.json, and in the table of what was tried. */
function badges() {
    const { dependencies = {}, engines, license } = require('../package.json');
    const tried = readFileSync(join(__dirname, '../docs/platforms.md'), 'utf8')
        .split('\n')
        .filter((line) => /all \d+ checks passed|\d+ of \d+ checks passed/.test(line))
        .filter((line) => !line.includes('by a loader')) // not on the system itself
        .map((line) =>
            line
                .split('|')[1]
                .trim()
                .replace(/, in .*/, ''),
        );
    const lines = LINES.filter((line) => line >= Number(/\d+/.exec(engines.node)[0]));
    return {
        'badge-node.svg': badge('Node.js', lines.join(' ')),
        'badge-platforms.svg': badge('tried on', [...new Set(tried)].join('; ')),
        'badge-dependencies.svg': badge('dependencies', String(Object.keys(dependencies).length || 'none')),
        'badge-licence.svg': badge('licence', license),
    };
}

/** The modules of src/, by what they include. */
const modules = () => draw(read(join(__dirname, '..')).includes, 'Modules of src/, by what they include');

(async () => {
    const pictures = {
        ...badges(),
        'architecture.svg': architecture(),
        'heap.svg': drawn(await heap()),
        'modules.svg': modules(),
    };
    for (const [name, picture] of Object.entries(pictures)) {
        const file = join(folder, name);
        if (!process.argv.includes('--check')) writeFileSync(file, picture);
        else if (readFileSync(file, 'utf8') !== picture)
            throw new Error(`${name} is not what scripts/pictures.js draws`);
    }
})();
