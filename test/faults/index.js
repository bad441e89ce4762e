'use strict';

// Makes every request of the addon for memory and every call of Node-API fail once, in every scenario: first the first
// one, then the second, and so on until none is left. Then again with all later ones failing too. Each time there must
// be an error with a code or none, a sound heap, unchanged contents, and no leak once the allocator is gone, or the
// thread.
//
//     node --expose-gc test/faults [SCENARIO]
//
// FOLDER=… uses an addon that was built before by: node scripts/variant.js faults

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

/** Runs a thread to its end. Returns its message, or throws its error. */
function thread(workerData) {
    return new Promise((resolve, reject) => {
        let told;
        const worker = new Worker(`${__dirname}/thread.js`, { workerData: { ...workerData, blocks: mine.blocks + 1 } });
        worker.on('message', (message) => (told = message));
        worker.on('error', reject);
        worker.on('exit', () => (told?.wrong ? reject(new Error(told.wrong)) : resolve(told)));
    });
}

/** Checks that everything that the thread took was freed. */
function nothingLeft(what) {
    assert.deepEqual(shim.outstanding(), mine, `leaked: ${what}`);
}

/** Makes requests fail at the beginning and at the end of a thread, from another thread. */
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
