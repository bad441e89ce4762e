// Measures which lines the tests reach: of the core and of the addon's pure parts (C tests), of the addon (gcov, under
// the whole suite and test/faults) and of the JavaScript (c8, under the same). Fails below the bounds; prints which
// lines are left out, and why.
'use strict';

const { execFileSync, spawnSync } = require('node:child_process');
const { readFileSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { addon } = require('./lib/sources.js');
const { ROOT, variant } = require('./variant.js');

const BOUNDS = { 'core': 100, 'pure parts': 100, 'addon': 95, 'JavaScript': 100 };

let failed = false;

/** Runs a command; prints its output if it fails. */
function run(command, args, options = {}) {
    const { status, stdout } = spawnSync(command, args, {
        cwd: ROOT,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
        ...options,
    });
    if (status !== 0) {
        console.log(stdout);
        console.log(`${command} ${args.join(' ')}: ended with ${status}`);
        failed = true;
    }
    return stdout;
}

function tell(what, reached, all) {
    const percent = (100 * reached) / all;
    const enough = percent >= BOUNDS[what];
    console.log(
        `${what.padEnd(10)} ${reached} of ${all} lines, ${percent.toFixed(1)} %, of ${BOUNDS[what]} %` +
            `${enough ? '' : ': TOO FEW'}`,
    );
    failed ||= !enough;
}

/** Measures C tests; their script knows the lines that are left out, and requires all branches too. */
function testsInC(what, folder) {
    const out = run('make', ['--no-print-directory', '-C', folder, 'coverage']);
    const files = [...out.matchAll(/^\S+ +lines (\d+) of (\d+), branches (\d+) of (\d+)$/gm)].map((line) =>
        line.map(Number),
    );
    const sum = (column) => files.reduce((total, line) => total + line[column], 0);
    for (const [line] of out.matchAll(/^.*(?:left out|never).*$/gm)) console.log(line);
    tell(what, sum(1), sum(2));
    console.log(`           ${sum(3)} of ${sum(4)} branches`);
}

/** Returns how often each line of the addon ran, in one build: file => line => count. */
function addonCounts({ objects }, counts) {
    for (const name of readdirSync(objects).filter((file) => file.endsWith('.gcno'))) {
        const out = execFileSync('gcov', ['--json-format', '--stdout', join(objects, name)], { encoding: 'utf8' });
        for (const { file, lines } of JSON.parse(out).files) {
            const own = addon.find((source) => file.endsWith(source));
            if (own === undefined) continue;
            counts[own] ??= {};
            for (const { line_number: line, count } of lines) counts[own][line] = (counts[own][line] ?? 0) + count;
        }
    }
}

/**
 * Keeps of each file, and of each process that loaded it several times, the copy that ran most. c8 would take the last
 * one, which may not have run at all.
 */
function keepFullest(folder) {
    const callsOf = ({ functions }) => functions.reduce((sum, { ranges: [whole] }) => sum + whole.count, 0);
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
        const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
        const fullest = new Map();
        for (const script of report.result) {
            // Some tests run a copy of lib/ elsewhere: its counts are added to the original.
            script.url = script.url.replace(
                /^file:.*\/lib\/(?=(internal\/)?[\w-]+\.m?js$)/,
                `${pathToFileURL(ROOT)}/lib/`,
            );
            const known = fullest.get(script.url);
            if (known === undefined || callsOf(known) < callsOf(script)) fullest.set(script.url, script);
        }
        writeFileSync(join(folder, name), JSON.stringify({ ...report, result: [...fullest.values()] }));
    }
}

/** Runs the suite, then the failing requests, each over an addon that counts; c8 measures the JavaScript of both. */
function addonAndJavaScript() {
    const watched = join(ROOT, 'build/coverage');
    const counts = {};
    rmSync(watched, { recursive: true, force: true });
    // V8 keeps a context alive while it counts there, so the test that drops contexts can't pass.
    const suite = ['--reporter', 'dot', '--timeout', '300000', '--grep', 'a context dropped', '--invert'];
    const parts = [
        ['coverage', ['node_modules/mocha/bin/mocha.js', ...suite]],
        ['faults-coverage', ['--expose-gc', 'test/faults']],
    ];
    for (const [name, args] of parts) {
        const built = variant(name);
        run(process.execPath, args, {
            env: { ...built.env, FOLDER: name === 'coverage' ? '' : built.folder, NODE_V8_COVERAGE: watched },
        });
        addonCounts(built, counts);
    }
    let [reached, all] = [0, 0];
    for (const [file, lines] of Object.entries(counts)) {
        const source = readFileSync(join(ROOT, file), 'utf8').split('\n');
        for (const [line, count] of Object.entries(lines)) {
            all++;
            if (count > 0) reached++;
            else console.log(`${file}:${line}: never reached: ${source[line - 1].trim()}`);
        }
    }
    tell('addon', reached, all);

    keepFullest(watched);
    const reports = ['--temp-directory', watched, '--reports-dir', join(watched, 'report'), '--reporter', 'text'];
    const c8 = ['node_modules/c8/bin/c8.js', 'report', '--all', '--include', 'lib/**', ...reports];
    console.log(run(process.execPath, [...c8, '--reporter', 'json-summary']));
    const { lines } = JSON.parse(readFileSync(join(watched, 'report/coverage-summary.json'), 'utf8')).total;
    tell('JavaScript', lines.covered, lines.total);
}

testsInC('core', 'test/core');
testsInC('pure parts', 'test/addon');
addonAndJavaScript();
process.exitCode = failed ? 1 : 0;
