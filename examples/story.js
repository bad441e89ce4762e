'use strict';

// Prints each step of an example. Lines marked [true] were checked as the program ran. If one is wrong, it says so, and
// the program exits with an error.

const { setImmediate: turn } = require('node:timers/promises');

exports.figure = (number) => number.toLocaleString('en');
exports.heading = (text) => console.log(`\n${text}`);
exports.say = (text) => console.log(`   ${text}`);

exports.claim = (text, truth) => {
    exports.say(`[${truth ? 'true' : 'WRONG'}] ${text}`);
    if (!truth) process.exitCode = 1;
};

exports.end = () => console.log(process.exitCode ? '\nSomething is wrong.' : '\nAll of it is true.');

/** Ends the process if it can't force garbage collections. */
exports.needsCollector = (command) => {
    if (global.gc) return;
    console.error(`This example forces garbage collections. Run it with: ${command}`);
    process.exit(1);
};

/** Collects garbage until `done()`, or gives up after a number of collections. */
exports.collect = async (done) => {
    for (let i = 0; i < 100 && !done(); i++) {
        await turn();
        global.gc();
        await turn();
    }
};
