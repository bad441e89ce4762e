'use strict';

// Calls the addon's functions directly, as no file of the package does: see test/fixtures/direct.cjs.

const assert = require('node:assert/strict');
const { runFor } = require('./helpers/child.js');
const { SEED } = require('./helpers/random.js');

describe('functions of the addon, called directly', () => {
    for (let seed = SEED; seed < SEED + 5; seed++) {
        it(`neither crash nor damage the heap with any values in any order: seed ${seed}`, async () => {
            const { code, signal, stdout, stderr } = await runFor(
                30_000,
                '--expose-gc',
                'test/fixtures/direct.cjs',
                String(seed),
            );
            assert.deepEqual([code, signal, stderr], [0, null, '']);
            const [, returned, threw] = /^(\d+) returned, (\d+) threw$/m.exec(stdout);
            assert.ok(Number(returned) > 1000 && Number(threw) > 1000, stdout);
        });
    }
});
