'use strict';

// Measures the end of a process or a worker with a million live tokens: until the process is gone (main thread), until
// the 'exit' event (worker). Compares with objects alone, and with objects that have an empty finalizer each.
// process.exit() cleans up nothing, so it costs nothing.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { writeSync } = require('node:fs');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const { argument, now, show } = require('./report.js');

const COUNT = argument('count', 1_000_000);
const REPEAT = argument('repeat', 3);
const OWNERS = ['objects', 'floor', 'lewd'];
const ENDS = ['natural', 'process.exit()', 'worker', 'terminate()'];

const hold = {
    objects: () => () => {},
    floor: () => require('../floor').add,
    lewd() {
        const { alloc } = require('@anireact/lewd');
        return (token) => alloc(16, token);
    },
};

/** Keeps the tokens alive to the very end. */
function fill(owner) {
    const own = hold[owner]();
    globalThis.tokens = Array.from({ length: COUNT }, () => ({}));
    globalThis.tokens.forEach(own);
}

/** Returns the milliseconds from a child's last output to its end. */
async function processEnd(owner, end) {
    const child = spawn(process.execPath, [__filename, '--count', COUNT, '--child', owner, end], {
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (data) => (said += data));
    const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal, at: now() }));
    await once(child.stdout, 'close');
    const { code, signal, at } = await exited;
    if (code !== 0) throw new Error(`${owner}, ${end}: the child ended with ${signal ?? code}`);
    return Number(at - BigInt(said)) / 1e6;
}

async function workerEnd(owner, end) {
    const worker = new Worker(__filename, { argv: ['--count', COUNT], workerData: { owner, end } });
    const [begun] = await once(worker, 'message');
    const ended = once(worker, 'exit');
    if (end === 'terminate()') worker.terminate();
    else worker.postMessage('end');
    await ended;
    return Number(now() - begun) / 1e6;
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

async function main() {
    require('../floor'); // built before the measurements
    for (const end of ENDS) {
        const measure = end === 'worker' || end === 'terminate()' ? workerEnd : processEnd;
        const times = { objects: [], floor: [], lewd: [] };
        for (let i = 0; i < REPEAT; i++) for (const owner of OWNERS) times[owner].push(await measure(owner, end));
        for (const owner of OWNERS) show(`${end}: ${owner}`, median(times[owner]), 'ms');
    }
}

const child = process.argv.indexOf('--child');
if (!isMainThread) {
    fill(workerData.owner);
    parentPort.once('message', () => {});
    parentPort.postMessage(now());
} else if (child > 0) {
    const [owner, end] = process.argv.slice(child + 1);
    fill(owner);
    process.on('exit', () => writeSync(1, String(now())));
    if (end === 'process.exit()') process.exit();
} else main();
