'use strict';

// Every request of the addon for memory fails once, and every call of Node-API, in every scenario: the first one is
// made to fail, then the second, and so on until none is left. Then again with all later ones failing too. Each time
// there must be an error with a code or none at all, a heap that is sound, contents that are whole, and nothing left over
// when the allocator is gone; when the thread is gone, nothing at all.
//
//     node --expose-gc test/faults [SCENARIO]      FOLDER=… an addon built before: node scripts/variant.js faults

const assert = require('node:assert/strict');
const { Worker } = require('node:worker_threads');
const { resolve: absolute } = require('node:path');
const { variant } = require('../../scripts/variant.js');
const extended = require('./extended.js');
const { scenarios: documented } = require('./scenarios.js');

const scenarios = { ...documented, ...extended.scenarios };

const folder = process.env.FOLDER ? absolute(process.env.FOLDER) : variant('faults').folder;
process.env.LEWD_BINARY = folder;
const shim = require('../../lib/internal/binding.js');

const KINDS = ['memory', 'call'];
const WORDS = ['requests for memory', 'calls of Node-API'];
const mine = shim.outstanding();

/** Runs a thread to its end; answers what it told. Throws what it threw. */
function thread(workerData) {
    return new Promise((resolve, reject) => {
        let told;
        const worker = new Worker(`${__dirname}/thread.js`, { workerData: { ...workerData, blocks: mine.blocks + 1 } });
        worker.on('message', (message) => (told = message));
        worker.on('error', reject);
        worker.on('exit', () => (told?.wrong ? reject(new Error(told.wrong)) : resolve(told)));
    });
}

/** All that the thread took must have come back. */
function nothingLeft(what) {
    assert.deepEqual(shim.outstanding(), mine, `left over: ${what}`);
}

/** The beginning and the end of a thread, seen from without. */
async function fromWithout(name, kind, lasting) {
    const names = {};
    let [last, errors] = [0, 0];
    for (let refuse = 1; ; refuse++) {
        if (name === 'load') shim.arm(kind, refuse, lasting);
        const told = await thread({ name, kind, lasting, refuse });
        const { failed } = shim.disarm();
        nothingLeft(`${name}, ${failed}, number ${refuse}`);
        if (failed === undefined) return { last, errors, names };
        last = refuse;
        errors += told?.refused ? 1 : 0;
        names[failed] = (names[failed] ?? 0) + 1;
    }
}

async function main() {
    const word = process.argv[2] ?? '';
    let [passed, failed] = [0, 0];
    for (const name of ['load', ...Object.keys(scenarios), 'end'].filter((one) => one.includes(word)))
        for (const kind of KINDS.keys())
            for (const lasting of [false, true]) {
                const title = `${name}: ${WORDS[kind]}${lasting ? ', from the n-th on' : ''}`;
                try {
                    const told = await (scenarios[name]
                        ? thread({ name, kind, lasting })
                        : fromWithout(name, kind, lasting));
                    nothingLeft(title);
                    if (told.left) continue;
                    console.log(
                        `    ok      ${title}: the last to fail was number ${told.last}; errors ${told.errors}`,
                    );
                    passed++;
                } catch (error) {
                    shim.disarm();
                    console.log(`    not ok  ${title}\n${error.stack}`);
                    failed++;
                }
            }
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = passed === 0 || failed > 0 ? 1 : 0;
}

main();
