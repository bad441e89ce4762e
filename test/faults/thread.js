'use strict';

// Runs one thread of index.js: repeats a scenario, each time with another request failing, until none is left.

const assert = require('node:assert/strict');
const { parentPort, workerData } = require('node:worker_threads');
const extended = require('./extended.js');
const { live, scenarios: documented } = require('./scenarios.js');

const scenarios = { ...documented, ...extended.scenarios };

const { name, kind, lasting, refuse, blocks } = workerData;
const KINDS = ['memory', 'call'];
const turn = () => new Promise(setImmediate);
const gc = (type) => (type === 'minor' ? global.gc({ type }) : global.gc());

/** The library with the addon that can fail, and the controls. */
const load = () => {
    const { create } = require('../helpers/create.js');
    return { create, shim: require('../../lib/internal/binding.js') };
};

/** Checks the code of an error: one of the package, or the shim's if a call fails because an exception is pending. */
function judge(error) {
    const codes = (error.code === 'ERR_LEWD_HANDLERS' ? error.errors : [error]).map(({ code }) => code);
    for (const code of codes)
        if (!/^ERR_(LEWD_[A-Z_]+|SHIM)$/.test(code)) throw new Error(`${code}: ${error.stack}`, { cause: error });
}

function giveUp({ stack }) {
    parentPort.postMessage({ wrong: stack });
    process.exit(1);
}

/** Errors of handlers inside C's functions are thrown later, from a microtask. */
process.on('uncaughtException', (error) => {
    try {
        judge(error);
    } catch (wrong) {
        giveUp(wrong);
    }
});

/** Runs the scenario with the n-th request failing. Returns the name of that request, if there was one. */
async function run({ create, shim }, n) {
    let errors = 0;
    const attempt = (step) => {
        try {
            step();
        } catch (error) {
            judge(error);
            errors++;
        }
    };
    const prepared = scenarios[name](create, attempt, gc);
    if (prepared.kinds && !prepared.kinds.includes(KINDS[kind])) return { left: true };
    shim.arm(kind, n, lasting);
    let done;
    try {
        await prepared.act();
    } finally {
        done = shim.disarm();
    }
    try {
        await prepared.after(!lasting);
    } catch (cause) {
        throw new Error(`request ${n} (${done.failed}): ${cause.stack}`, { cause });
    }
    return { ...done, errors };
}

/**
 * Checks that everything is freed with the allocators: all blocks but those of the environments, all references but
 * five.
 */
async function settle(shim, n, what) {
    let left;
    for (let i = 0; i < 100; i++) {
        gc();
        await turn();
        left = shim.outstanding();
        if (left.blocks === blocks && left.references <= 5 && left.scopes === 0) return;
    }
    throw new Error(`request ${n} (${what}) leaked: ${JSON.stringify(left)}`);
}

async function repeat() {
    const loaded = load();
    assert.equal(loaded.shim.outstanding().blocks, blocks);
    const names = {};
    let last = 0;
    let errors = 0;
    for (let n = 1; ; n++) {
        const done = await run(loaded, n);
        if (done.left) return parentPort.postMessage({ left: true });
        await settle(loaded.shim, n, done.failed);
        if (done.failed === undefined) break;
        last = n;
        errors += done.errors ?? 0;
        names[done.failed] = (names[done.failed] ?? 0) + 1;
    }
    parentPort.postMessage({ last, errors, names });
}

/** Loads and ends; the main thread has armed the shim. */
function start() {
    try {
        load().create().api.total();
    } catch (error) {
        judge(error);
        parentPort.postMessage({ refused: true });
    }
}

/** Ends while requests fail. */
async function end() {
    const { create, shim } = load();
    globalThis.kept = live(create);
    await turn();
    shim.arm(kind, refuse, lasting);
}

({ load: start, end })[name]?.() ?? (scenarios[name] && repeat().catch(giveUp));
