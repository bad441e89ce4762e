'use strict';

// Calls and callbacks that are terminated from outside, or for which the stack has no room: their effects are complete.

const assert = require('node:assert/strict');
const { runFor } = require('./helpers/child.js');
const { OPTIMISED } = require('./helpers/flags.js');
const sanitized = require('./helpers/sanitized.js');

const INTERPRETED = ['--no-opt', '--no-sparkplug'];

/** [kind of handlers, description, how V8 runs the program, flags]. */
const MODES = [
    ['plain', 'that return', 'as usual', []],
    ['deep', 'that need stack space', 'in the interpreter', INTERPRETED],
    ['deep', 'that need stack space', 'optimised', OPTIMISED],
    ['throwing', 'that throw', 'as usual', []],
    ['throwing', 'that throw', 'in the interpreter', INTERPRETED],
    ['throwing', 'that throw', 'optimised', OPTIMISED],
];

/** Frames up to which calls are tried; fewer where each call takes long. */
const FRAMES = sanitized ? 40 : 90;

/** A short stack fills sooner; functions that are compiled once stay compiled. */
const SHALLOW = ['--stack-size=200', '--no-flush-bytecode'];

async function assertRight(...args) {
    const { code, signal, stdout, stderr } = await runFor(200_000, '--expose-gc', ...args);
    assert.deepEqual([code, signal], [0, null], stdout + stderr);
    assert.match(stdout, /(^|\n)right\n$/);
    return stdout;
}

describe('termination leaves a consistent state', () => {
    it('when the timeout of a vm terminates a program', () => assertRight('test/fixtures/ended.cjs', '2'));

    it('when terminate() ends a worker', () => assertRight('test/fixtures/ended-worker.cjs'));
});

describe('a stack overflow in any call, at any depth, leaves a consistent state', () => {
    for (const [kind, what, mode, flags] of MODES) {
        if (sanitized && flags.length > 0) continue; // V8 differs there, and not the addon

        it(`with handlers ${what}, ${mode}`, async function () {
            this.timeout(240_000); // a busy machine needs a while
            const output = await assertRight(...SHALLOW, ...flags, 'test/fixtures/depths.cjs', kind, String(FRAMES));
            // The deepest calls were terminated, those furthest from the end of the stack were not.
            const calls = [...output.matchAll(/^(.+): (\d+), the last at (\d+)$/gm)];
            assert.ok(calls.length >= 35);
            // If V8 compiles each new function at once, it needs more stack for that.
            const isFar = (last) => last < FRAMES || flags === OPTIMISED || sanitized;
            for (const [line, , count, last] of calls) assert.ok(count > 0 && isFar(last), line);
        });
    }
});

describe('a call where little of the stack is left', () => {
    it('dispose() is completed by the next one; a respawn that needs more is made again', () =>
        assertRight('test/fixtures/shallow.cjs'));
});
