'use strict';

// Changes of a program to the built-ins of the language, and to the prototypes of all objects, before or after it loads
// the package: see test/fixtures/poisoned.cjs. replaced-builtins.test.js does more work after loading.

const assert = require('node:assert/strict');
const { runFor } = require('./helpers/child.js');
const sanitized = require('./helpers/sanitized.js');

const KINDS = {
    throws: 'each function throws',
    undefined: 'each function returns undefined',
    argument: 'each function returns its argument',
    receiver: 'each function returns its receiver',
    properties: 'prototypes have additional properties, setters and getters',
    frozen: 'all are frozen',
};

describe('poisoning built-ins', () => {
    for (const [when, what] of [
        ['after', 'has no effect'],
        ['before', 'causes an error, or right results'],
    ]) {
        for (const [kind, how] of Object.entries(KINDS)) {
            if (sanitized && ['argument', 'receiver'].includes(kind)) continue; // as `undefined`, for the addon

            it(`${when} loading ${what}: ${how}`, async () => {
                const args = ['--expose-gc', 'test/fixtures/poisoned.cjs', when, kind];
                const { code, signal, stdout, stderr } = await runFor(55_000, ...args);
                assert.deepEqual([code, signal, stderr], [0, null, ''], stdout);
                assert.match(stdout, /\nright\n$/);
            });
        }
    }

    it('has no effect with node --frozen-intrinsics', async () => {
        const { code, stdout } = await runFor(
            20_000,
            '--frozen-intrinsics',
            '--expose-gc',
            'test/fixtures/poisoned.cjs',
            'before',
            'frozen',
        );
        assert.deepEqual([code, stdout.split('\n').at(-2)], [0, 'right'], stdout);
    });
});
