// Runs the suite of the project on every supported line of Node.js, or on those that are named:
// `node scripts/runtimes/lines.js 18 26`. The binary is the one that lies there: it is not compiled anew, since one serves them all.
'use strict';

const { spawn } = require('node:child_process');
const { join } = require('node:path');
const { root } = require('../lib/consumer.js');
const { LINES, node } = require('./fetch.js');

const mocha = join(root, 'node_modules/mocha/bin/mocha.js');

/** Runs the suite on one line; prints it if it fails. */
const suite = (program) =>
    new Promise((resolve, reject) => {
        const child = spawn(program, [mocha, '--reporter', 'dot', '--no-color'], { cwd: root });
        let output = '';
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
        child.on('error', reject).on('close', (code) => {
            const count = (what) => Number(new RegExp(`^ *(\\d+) ${what}`, 'm').exec(output)?.[1] ?? 0);
            if (code !== 0) console.log(output);
            resolve({ code, passing: count('passing'), failing: count('failing'), skipped: count('pending') });
        });
    });

(async () => {
    const named = process.argv.slice(2).map(Number);
    let passed = 0;
    let failed = 0;
    for (const line of named.length > 0 ? named : LINES) {
        const begun = Date.now();
        const { code, failing, passing, skipped } = await suite(node(line));
        const bad = code === 0 && passing > 0 ? 0 : Math.max(1, failing);
        passed += passing;
        failed += bad;
        const seconds = Math.round((Date.now() - begun) / 1000);
        console.log(`Node.js ${line}: ${passing} tests passed, ${bad} failed, ${skipped} skipped; ${seconds} s`);
    }
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
})();
