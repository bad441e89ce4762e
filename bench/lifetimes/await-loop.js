'use strict';

// Measures a loop of microtasks: the event loop can't turn in it, as in a synchronous one.

const { alloc, total } = require('@anireact/lewd');
const { MIB, argument, residentSize, show, showTimes, start } = require('./report.js');

const COUNT = argument('count', 5_000_000);

(async () => {
    let turned = 0;
    setImmediate(() => turned++);
    const stop = start();
    for (let i = 0; i < COUNT; i++) {
        alloc(64, {});
        await null;
    }
    showTimes('time a token', stop(COUNT));
    show('total()', total() / MIB, 'MiB', { most: 16 });
    show('resident', residentSize(), 'MiB', { most: 256 });
    show('turns of the event loop', turned, '', { most: 0 });
})();
