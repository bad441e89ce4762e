'use strict';

// Measures a memory that can't grow beyond 64 MiB, and a program that keeps 1 MiB and drops the rest: it must never get
// an out of memory error. Before such an error the allocator forces a collection; those are not counted, but their time
// is.

const { alloc, configure, total } = require('@anireact/lewd');
const { MIB, argument, show, showTimes, start } = require('./report.js');

const ROUNDS = argument('rounds', 100_000);
const PAGES = 1024;

configure({ memory: new WebAssembly.Memory({ initial: 1, maximum: PAGES }), maximum: PAGES });

let refused = 0;

function tryTo(size, token) {
    try {
        alloc(size, token);
    } catch (error) {
        if (error.code !== 'ERR_LEWD_OUT_OF_MEMORY') throw error;
        refused++;
    }
}

/** A function of its own: its frame keeps the last token alive no longer than it runs. */
function loop() {
    let kept;
    for (let i = 0; i < ROUNDS; i++) {
        const token = {};
        tryTo(MIB, token);
        kept = token;
    }
    return typeof kept;
}

const stop = start();
loop();
showTimes('time a round', stop(ROUNDS), 'us', 1000);
show('out of memory', refused, 'times', { most: 0 });
show('total()', total() / MIB, 'MiB', { most: 64 });

// Then an allocation of nearly all: there is room for it only once every dead token was found.
refused = 0;
tryTo(62 * MIB, {});
show('nearly all in one: refused', refused, 'times', { most: 0 });
