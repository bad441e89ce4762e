'use strict';

// A program may replace the built-ins of the language after it has loaded the package, which has the originals.

const assert = require('node:assert/strict');
const { runFor } = require('./helpers/child.js');

describe('replacing built-ins after loading', () => {
    it('has no effect: each method, accessor and constructor alone, by one that throws', async () => {
        const { stdout, ...ended } = await runFor(60_000, 'test/fixtures/replaced-builtins.cjs');
        assert.deepEqual({ stdout, ...ended }, { code: 0, signal: null, stdout: 'true 0\n', stderr: '' });
    });
});
