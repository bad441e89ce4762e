'use strict';

// Hooks for a suite over a binary for macOS: it must not run over another one.

const assert = require('node:assert/strict');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

require('@anireact/lewd').used();
const loaded = globalThis[Symbol.for('lewd.macho')] ?? [];

/** Replaces the helper that finds the binary, which looks at shared objects of Linux; these files are not. */
const helper = join(__dirname, '../helpers/binary.js');
if (existsSync(helper)) [require(helper).ownBinary] = loaded;

/** Tests that run Node.js with --permission, which keeps it from reading preload.js. */
const REFUSED = /\bpermi(ts|ssion)\b/;

exports.mochaHooks = {
    beforeAll() {
        assert.equal(loaded.length, 1, 'the binary was not loaded by the loader of bundles for macOS');
        console.log(`  over ${loaded[0]}, made for macOS\n`);
    },

    beforeEach() {
        if (REFUSED.test(this.currentTest.fullTitle())) this.skip();
    },
};
