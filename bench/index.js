'use strict';

// npm run bench -- [SUITE...] [--quick | --targets] [--node PATH...] [--trace FILE] [--json]
//
//     SUITE      runs only these; all by default (--help lists them)
//     --quick    takes about a minute: fewer sizes and rounds
//     --targets  runs only what the project's targets need, and prints each target beside its figure
//     --node     runs the suite `tokens` on these versions of Node.js too
//     --trace    gives a recorded program to `replay` and `c` ("a ID SIZE", "r ID SIZE", "f ID" a line; .gz too);
//                the environment variable TRACE does the same
//     --json     prints the results as JSON instead of tables
//
// Writes results and charts to bench/results, those of --quick to bench/results/quick.

const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { machine, versions } = require('./lib/machine.js');
const { table } = require('./lib/table.js');

const SUITES = [
    'tokens',
    'allocators',
    'calls',
    'core',
    'explicit',
    'replay',
    'c',
    'trim',
    'events',
    'loops',
    'server',
];

const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        quick: { type: 'boolean' },
        targets: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
        node: { type: 'string', multiple: true, default: [] },
        trace: { type: 'string' },
    },
});

const suites = positionals.length ? positionals : SUITES;
const mode = options.targets ? 'targets' : options.quick ? 'quick' : 'full';
const folder = join(__dirname, 'results', mode === 'full' ? '' : mode);

/** Prints progress: one line of the terminal, overwritten each time; without a terminal, a line for each suite. */
function progress(words) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${words.slice(0, (process.stderr.columns ?? 80) - 1)}`);
}

function print(words) {
    progress('');
    if (!options.json) console.log(words);
}

const targetTable = (targets) => ({
    title: 'Targets',
    columns: ['', 'target', 'figure', 'reached'],
    rows: targets.map(({ what, target, figure, holds }) => [what, target, figure, holds ? 'yes' : 'NO']),
});

function save(name, result) {
    mkdirSync(folder, { recursive: true });
    const { data, charts = {}, targets = [] } = result;
    const date = new Date().toISOString();
    const saved = { suite: name, mode, date, machine: machine(), versions: versions(), data, targets };
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(saved, null, 1)}\n`);
    for (const [file, svg] of Object.entries(charts)) writeFileSync(join(folder, `${file}.svg`), svg);
    return saved;
}

async function main() {
    if (options.help) {
        for (const name of SUITES) console.log(`${name.padEnd(10)}${require(`./suites/${name}.js`).about}`);
        return;
    }
    const unknown = suites.find((name) => !SUITES.includes(name));
    if (unknown) throw new Error(`unknown suite ${unknown}; suites: ${SUITES.join(', ')}`);
    const nodes = [process.execPath, ...options.node];
    const results = [];
    const targets = [];
    const { processor, cores, system } = machine();
    print(`${processor}, ${cores} cores, ${system}, Node.js ${process.version}`);
    for (const name of suites) {
        const suite = require(`./suites/${name}.js`);
        if (mode === 'targets' && !suite.hasTargets) continue;
        if (!process.stderr.isTTY) process.stderr.write(`${name}: ${suite.about}\n`);
        const result = await suite.run({
            mode,
            nodes,
            trace: options.trace ?? process.env.TRACE,
            progress: (words) => progress(`${name}: ${words}`),
        });
        results.push(save(name, result));
        targets.push(...(result.targets ?? []));
        if (mode !== 'targets') result.tables.forEach((one) => print(table(one)));
    }
    if (targets.length) print(table(targetTable(targets)));
    print(`\nResults and charts: ${folder}`);
    if (options.json) console.log(JSON.stringify(results, null, 1));
}

main().catch((error) => {
    progress('');
    console.error(error);
    process.exitCode = 1;
});
