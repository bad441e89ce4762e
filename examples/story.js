'use strict';

// How the examples tell what happens. What a line marked [true] says was checked as the program ran. If it were
// wrong, the line would say so, and the program would exit with an error.

const { setImmediate: turn } = require('node:timers/promises');

exports.figure = (number) => number.toLocaleString('en');
exports.heading = (text) => console.log(`\n${text}`);
exports.say = (text) => console.log(`   ${text}`);

exports.claim = (text, truth) => {
    exports.say(`[${truth ? 'true' : 'WRONG'}] ${text}`);
    if (!truth) process.exitCode = 1;
};

exports.end = () => console.log(process.exitCode ? '\nSomething is wrong.' : '\nAll of it is true.');

/** Ends the process where it can't ask for garbage collections. */
exports.needsCollector = (command) => {
    if (global.gc) return;
    console.error(`This example asks for garbage collections. Run it with: ${command}`);
    process.exit(1);
};

/** Collects garbage until `done` says so, or it is clear that it never will. */
exports.collect = async (done) => {
    for (let i = 0; i < 100 && !done(); i++) {
        await turn();
        global.gc();
        await turn();
    }
};
