'use strict';

// Makes every call, in every event, with every call that a handler may make meanwhile: see test/fixtures/matrix.cjs.

const assert = require('node:assert/strict');
const { runFor } = require('./helpers/child.js');

describe('calls in events, and calls of handlers in them', () => {
    it('have right contents, figures, results, events and errors in all combinations', async () => {
        const { code, signal, stdout, stderr } = await runFor(58_000, '--expose-gc', 'test/fixtures/matrix.cjs');
        assert.deepEqual([code, signal], [0, null], stdout + stderr);
        const [, count, faults] = /^(\d+) combinations, (\d+) faults$/m.exec(stdout);
        assert.ok(Number(count) > 5000, count);
        assert.equal(faults, '0');
    });
});
