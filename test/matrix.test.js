'use strict';

// Every call, in every event, with every call that a handler may make meanwhile: see test/fixtures/matrix.cjs.

const assert = require('node:assert/strict');
const { runFor } = require('./helpers/child.js');

describe('calls, events, and what handlers do meanwhile', () => {
    it('all combinations: contents, figures, results, events and errors are right', async () => {
        const { code, signal, stdout, stderr } = await runFor(58_000, '--expose-gc', 'test/fixtures/matrix.cjs');
        assert.deepEqual([code, signal], [0, null], stdout + stderr);
        const [, count, faults] = /^(\d+) combinations, (\d+) faults$/m.exec(stdout);
        assert.ok(Number(count) > 5000, count);
        assert.equal(faults, '0');
    });
});
