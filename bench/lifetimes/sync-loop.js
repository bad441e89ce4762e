'use strict';

// Measures a busy synchronous loop whose tokens are dropped at once: the event loop does not turn before its end.

const { alloc, total } = require('@anireact/lewd');
const { MIB, argument, residentSize, show, showTimes, start } = require('./report.js');

const COUNT = argument('count', 5_000_000);

const stop = start();
for (let i = 0; i < COUNT; i++) alloc(64, {});
showTimes('time a token', stop(COUNT));
show('total()', total() / MIB, 'MiB', { most: 16 });
show('resident', residentSize(), 'MiB', { most: 256 });
