'use strict';

// Checks a process that goes idle: its tokens are dropped, V8 collects once, and the allocator is not called again, not
// even by this script, until the last figure is read. `--rounds` repeats it, to find rare failures.

const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');
const { alloc, used } = require('@anireact/lewd');
const { MIB, argument, show, turn } = require('./report.js');

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

const COUNT = argument('count', 100_000);
const ROUNDS = argument('rounds', 10);
const TURNS = 8;

(async () => {
    let left = 0;
    let held = 0;
    for (let round = 0; round < ROUNDS; round++) {
        let tokens = Array.from({ length: COUNT }, () => ({}));
        tokens.forEach((token) => alloc(64, token));
        held = used();
        await turn();
        tokens = tokens.fill(undefined).length;
        gc();
        for (let i = 0; i < TURNS; i++) await turn();
        left = Math.max(left, used());
    }
    show('used() before', held / MIB, 'MiB', { least: (COUNT * 64) / MIB });
    show('used() after', left / MIB, 'MiB', { most: held / MIB / 100 });
})();
