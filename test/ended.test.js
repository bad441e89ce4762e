'use strict';

// Calls and functions of the program that are ended from outside, or for which the stack has no room: what they did is whole.

const assert = require('node:assert/strict');
const { runFor } = require('./helpers/child.js');
const { OPTIMISED } = require('./helpers/flags.js');

const INTERPRETED = ['--no-opt', '--no-sparkplug'];

/** [kind of handlers, what they do, how V8 runs the program, flags]. */
const MODES = [
    ['plain', 'that return', 'as ever', []],
    ['deep', 'that need some stack themselves', 'in the interpreter', INTERPRETED],
    ['deep', 'that need some stack themselves', 'optimised', OPTIMISED],
    ['throwing', 'that throw', 'as ever', []],
    ['throwing', 'that throw', 'in the interpreter', INTERPRETED],
    ['throwing', 'that throw', 'optimised', OPTIMISED],
];

/** A short stack is filled sooner; functions that are compiled once stay so. */
const SHALLOW = ['--stack-size=200', '--no-flush-bytecode'];

async function assertRight(...args) {
    const { code, signal, stdout, stderr } = await runFor(200_000, '--expose-gc', ...args);
    assert.deepEqual([code, signal], [0, null], stdout + stderr);
    assert.match(stdout, /(^|\n)right\n$/);
    return stdout;
}

describe('ended from outside', () => {
    it('by the timeout of a vm', () => assertRight('test/fixtures/ended.cjs', '2'));

    it('by terminate() of a worker', () => assertRight('test/fixtures/ended-worker.cjs'));
});

describe('stack overflow in any call, at any depth', () => {
    for (const [kind, what, mode, flags] of MODES) {
        it(`with handlers ${what}, ${mode}`, async function () {
            this.timeout(240_000); // a busy machine needs a while
            const output = await assertRight(...SHALLOW, ...flags, 'test/fixtures/depths.cjs', kind, '90');
            // The deepest calls were ended, those furthest from the end of the stack were not.
            const calls = [...output.matchAll(/^(.+): (\d+), the last at (\d+)$/gm)];
            assert.ok(calls.length >= 35);
            // Where V8 compiles each new function at once, it needs more stack for that.
            const isFar = (last) => last < 90 || flags === OPTIMISED;
            for (const [line, , count, last] of calls) assert.ok(count > 0 && isFar(last), line);
        });
    }
});

describe('a call where little of the stack is left', () => {
    it('dispose() is completed by the next one; a respawn that needs more is made again', () =>
        assertRight('test/fixtures/shallow.cjs'));
});
