// Runs all checks that show the allocator to be right, one after the other, and prints their results: the group `proof`
// of scripts/checks.js. Takes an hour and a half. Fails if a check does. See docs/design/proof.md.
//
//     npm run proof -- [WORD] [--quick]
//
// WORD: only the checks whose name contains it. --quick: the group `proof-quick`, which fuzzes some minutes, plants no
// faults and shortens the steady workloads.
'use strict';

const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { Runner, choose, resultsOf } = require('./check.js');
const { checks, tools } = require('./checks.js');

const LOGS = join(__dirname, '../build/proof');
const GROUP = process.argv.includes('--quick') ? 'proof-quick' : 'proof';
const WORD = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? '';

async function main() {
    mkdirSync(LOGS, { recursive: true });
    const runner = new Runner(tools);
    process.on('exit', () => runner.close());
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
    let [good, bad] = [0, 0];
    for (const check of choose(checks, { group: GROUP }).filter(({ name }) => name.includes(WORD))) {
        const log = join(LOGS, `${check.name}.txt`);
        const { failed, output, seconds } = await runner.run(check);
        writeFileSync(log, output);
        if (failed === 0) good++;
        else bad++;
        const end = failed === 0 ? '' : `: see ${log}`;
        console.log(`${failed === 0 ? 'ok    ' : 'FAILED'}  ${check.title}, ${seconds} s${end}`);
        for (const line of resultsOf(check, output)) console.log(`            ${line}`);
    }
    console.log(`${good} passed, ${bad} failed`);
    process.exitCode = good > 0 && bad === 0 ? 0 : 1;
}

main();
