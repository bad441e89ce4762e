'use strict';

// What a program does to the built-ins of the language, and to the prototypes of all objects, before or after it loads the package:
// see test/fixtures/poisoned.cjs. replaced-builtins.test.js does more of the work after loading.

const assert = require('node:assert/strict');
const { runFor } = require('./helpers/child.js');

const KINDS = {
    throws: 'each function throws',
    undefined: 'each function returns undefined',
    argument: 'each function returns its argument',
    receiver: 'each function returns its receiver',
    properties: 'prototypes have properties, setters and getters more',
    frozen: 'all are frozen',
};

describe('poisoned built-ins', () => {
    for (const [when, what] of [
        ['after', 'nothing is noticed'],
        ['before', 'an error, or what is right'],
    ]) {
        for (const [kind, how] of Object.entries(KINDS)) {
            it(`${when} loading: ${how}; ${what}`, async () => {
                const args = ['--expose-gc', 'test/fixtures/poisoned.cjs', when, kind];
                const { code, signal, stdout, stderr } = await runFor(55_000, ...args);
                assert.deepEqual([code, signal, stderr], [0, null, ''], stdout);
                assert.match(stdout, /\nright\n$/);
            });
        }
    }

    it('node --frozen-intrinsics', async () => {
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
