'use strict';

// A program may replace the built-ins of the language after the package was loaded: the package has its own.

const assert = require('node:assert/strict');
const { runFor } = require('./helpers/child.js');

describe('built-ins that are replaced after loading', () => {
    it('no method, accessor or constructor that throws is noticed, each replaced alone', async () => {
        const { stdout, ...ended } = await runFor(60_000, 'test/fixtures/replaced-builtins.cjs');
        assert.deepEqual({ stdout, ...ended }, { code: 0, signal: null, stdout: 'true 0\n', stderr: '' });
    });
});
