'use strict';

// Memory is freed in every kind of program and at every end. Tests that need a process of their own run short versions
// of bench/lifetimes/, whose bounds decide their exit codes, and the ends of test/lives/ends.js.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const { join } = require('node:path');
const { promisify } = require('node:util');
const ends = require('./lives/ends.js');

/** Runs `node script args`. Returns its exit code and output. */
function run(script, ...args) {
    const command = [join(__dirname, script), ...args.map(String)];
    return promisify(execFile)(process.execPath, command).then(
        ({ stdout, stderr }) => ({ code: 0, signal: null, stdout, stderr }),
        ({ code, signal, stdout, stderr }) => ({ code, signal, stdout, stderr }),
    );
}

/** Runs a short version of a script of bench/lifetimes/; its bounds must hold. */
async function holds(script, ...args) {
    const { code, signal, stdout, stderr } = await run(`../bench/lifetimes/${script}.js`, ...args);
    assert.equal(signal ?? code, 0, `${stdout}${stderr}`);
}

/** Ends in that way, and compares the exit code and the output of the process. */
async function endsWith(kind, name, code, printed) {
    const ended = await run('lives/ends.js', kind, name);
    assert.equal(ended.signal ?? ended.code, code, `${ended.stdout}${ended.stderr}`);
    // An error of a worker may come before its messages.
    const lines = (text) => text.split('\n').sort();
    assert.deepEqual(lines(ended.stdout), lines(printed), ended.stderr);
}

describe('memory is freed', () => {
    it('in a synchronous loop of 1,000,000 small tokens', () => holds('sync-loop', '--count', 1_000_000));
    it('in a loop of microtasks', () => holds('await-loop', '--count', 300_000));
    it('in a loop of 2,000 tokens of 1 MiB', () => holds('large-loop', '--count', 2000));
    it('before an out of memory error', () => holds('bounded', '--rounds', 2000));
    it('in an idle process', () => holds('idle', '--count', 20_000, '--rounds', 3));
    it('whatever handlers close over', () => holds('held', '--count', 200, '--wrappers', 100_000));
    it('from workers terminated at random', () => holds('workers', '--workers', 24));
});

describe('a process or worker ends without a crash', () => {
    const stuck = ['allocating', 'growing', 'trimming', 'stuck in a respawn', 'stuck in a handler'];
    const exits = ['exit', 'exit in a handler', 'exit in a respawn'];
    const throws = ['uncaught', "uncaught in a finalizer's turn"];

    for (const name of ends) {
        const [code, workerEnd] = exits.includes(name)
            ? [7, 'worker exit 7\n']
            : throws.includes(name)
              ? [1, 'error not caught\nworker exit 1\n']
              : [0, 'worker exit 0\n'];
        if (!stuck.includes(name)) {
            it(`${name}, main thread`, () => endsWith('main', name, code, 'reached\n'));
            it(`${name}, worker`, () => endsWith('worker', name, 0, `reached\n${workerEnd}`));
        } else it(`${name}, worker terminated`, () => endsWith('terminate', name, 0, 'reached\nworker exit 1\n'));
    }

    it('a million live tokens, worker terminated', async () => {
        // Terminated or already at its own end: either is good.
        const { code, stdout, stderr } = await run('lives/ends.js', 'terminate', 'million');
        assert.equal(code, 0, stderr);
        assert.match(stdout, /^reached\nworker exit [01]\n$/);
    });
});
