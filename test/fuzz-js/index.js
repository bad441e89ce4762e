// npm run fuzz -- [--operations N] [--seed N] [--flags NAME,NAME|all] [--only 1-3,7] [--shrink SECONDS] [--fault NAME]:
// makes random calls of all functions of the package, over several allocators at once, and compares each with a model.
// With --flags once for each set of V8's flags: see flags.js; with `all`, some of them make only a part of the
// operations. With --fault the allocator has a fault, and the run must fail: see faults.js.
//
// Prints the seed; --seed, or SEED in the environment, repeats a run, except for the times at which V8 collects
// garbage. A run that fails is repeated with fewer operations, for a minute or as long as --shrink says; then prints
// the fewest that fail.
'use strict';

const { spawn } = require('node:child_process');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { SEED } = require('../helpers/random.js');
const { SETS, flagsOf } = require('./flags.js');
const { read, shrink, write } = require('./shrink.js');

const SHOWN = 20;
/** Milliseconds after which a run counts as hanging. */
const MS_PER_OPERATION = 50;
const LEAST_MS = 120_000;

const { values: options } = parseArgs({
    options: {
        operations: { type: 'string', default: '20000' },
        seed: { type: 'string', default: String(SEED) },
        flags: { type: 'string', default: 'none' },
        only: { type: 'string' },
        shrink: { type: 'string', default: '60' },
        fault: { type: 'string', default: '' },
    },
});

if (!(Number(options.operations) >= 1)) throw new Error('--operations takes a number, at least 1');

/** Runs a child to its end. Returns { code, signal, out, err }. */
const runChild = (flags, args, timeout) =>
    new Promise((resolve) => {
        const file = join(__dirname, 'run.js');
        const child = spawn(process.execPath, ['--expose-gc', ...flags, file, ...args], {
            stdio: ['ignore', 'pipe', 'pipe'],
            timeout,
        });
        let [out, err] = ['', ''];
        child.stdout.on('data', (data) => (out += data));
        child.stderr.on('data', (data) => (err = (err + data).slice(-20_000)));
        child.on('close', (code, signal) => resolve({ code, signal, out, err }));
    });

/** Makes a run. Returns { operations, ms } and, if it failed, { failure, log }. */
const run = async (flags, operations, { only, isTraced = false } = {}) => {
    const args = [options.seed, String(operations)];
    if (options.fault !== '') args.push(`--fault=${options.fault}`);
    if (only !== undefined) args.push(`--only=${only}`);
    if (isTraced) args.push('--trace');
    const { code, signal, out, err } = await runChild(flags, args, LEAST_MS + operations * MS_PER_OPERATION);
    const last = out.trim().split('\n').pop();
    if (last.startsWith('{')) return JSON.parse(last);
    const log = err.trim().split('\n').slice(-SHOWN);
    const number = isTraced ? parseInt(log.findLast?.((line) => /^\d+ /.test(line)) ?? operations, 10) : operations;
    return { operations: number, failure: `the process ended with ${signal ?? code}`, log, isCrash: true };
};

/** Repeats a run that failed with fewer operations. Returns the fewest that fail, and their failure. */
const reduce = async (flags, result) => {
    const end = Date.now() + Number(options.shrink) * 1000;
    const isEnough = () => Date.now() > end;
    const all = (
        options.only === undefined ? Array.from({ length: result.operations }, (_, i) => i + 1) : read(options.only)
    ).filter((number) => number <= result.operations);
    let shortest = await run(flags, result.operations, { only: write(all) });
    if (shortest.failure === undefined) return undefined;
    const fails = async (numbers) => {
        const again = await run(flags, numbers[numbers.length - 1], { only: write(numbers) });
        if (again.failure === undefined) return false;
        shortest = again;
        return true;
    };
    const left = await shrink(all, fails, isEnough);
    return { numbers: left.filter((number) => number <= shortest.operations), shortest };
};

const report = (name, { operations, failure, log }) => {
    console.log(`FAILED  ${name}, seed ${options.seed}, operation ${operations}\n${failure}\nthe last operations:`);
    for (const line of log) console.log(`    ${line}`);
};

/** Prints how a run failed, and the shortest one that fails. */
const explain = async (name, flags, operations, result) => {
    const traced = result.isCrash ? await run(flags, operations, { only: options.only, isTraced: true }) : result;
    const shown = traced.failure === undefined ? result : traced;
    report(name, shown);
    const words = ['npm run fuzz --', '--seed', options.seed, '--operations', shown.operations, '--flags', name];
    if (options.fault !== '') words.push('--fault', options.fault);
    console.log(`to repeat it: ${words.join(' ')}`);
    if (Number(options.shrink) === 0) return undefined;
    const reduced = await reduce(flags, shown);
    if (reduced === undefined) return console.log('it did not fail again: it depends on when garbage is collected');
    const { numbers, shortest } = reduced;
    console.log(`with ${numbers.length} operations: ${words.join(' ')} --only ${write(numbers)}\n${shortest.failure}`);
    for (const line of shortest.log) console.log(`    ${line}`);
};

const main = async () => {
    const names = options.flags === 'all' ? Object.keys(SETS) : options.flags.split(',');
    let [passed, failed] = [0, 0];
    console.log(`Node.js ${process.version}, seed ${options.seed}`);
    for (const name of names) {
        const flags = flagsOf(name);
        const operations = Math.ceil(Number(options.operations) * (options.flags === 'all' ? SETS[name].share : 1));
        if (flags === undefined) {
            console.log(`left out: ${name}, which this version does not know`);
            continue;
        }
        const result = await run(flags, operations, { only: options.only });
        if (result.failure === undefined) {
            passed++;
            console.log(`ok      ${name}, ${result.operations} operations, ${Math.round(result.ms / 1000)} s`);
            continue;
        }
        failed++;
        await explain(name, flags, operations, result);
    }
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
};

main();
