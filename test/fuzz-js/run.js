'use strict';

// Makes one run in this process: run.js SEED OPERATIONS [--fault=NAME] [--only=1-3,7] [--trace]. The last line of its
// output is JSON: { operations, ms } or { operations, failure, log }.

const { createDefault } = require('./create.js');
const { Draw } = require('./draw.js');
const { FAULTS } = require('./faults.js');
const { Table } = require('./operations.js');
const { read } = require('./shrink.js');
const { World } = require('./world.js');

const CHECK_INTERVAL = 1000;
const SHOWN = 20;

/** Makes the operations 1 to `last`, or those of them that are in `only`. */
const run = async (world, last, only) => {
    createDefault(world, new Draw(world.seed, -1));
    for (let number = 1; number <= last; number++) {
        if (only !== undefined && !only.has(number)) continue;
        await world.step(number);
        world.rethrow();
        if (number % CHECK_INTERVAL === 0) world.checkAll();
    }
    await world.collect();
    world.checkAll();
};

const option = (name) => process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);

const main = async () => {
    const [seed, operations] = process.argv.slice(2).map(Number);
    const [fault, only] = [option('fault'), option('only')];
    const wrap = fault === undefined ? (api) => api : FAULTS[fault];
    Error.stackTraceLimit = 0;
    const world = new World({ seed: seed | 0, table: new Table(), trace: process.argv.includes('--trace'), wrap });
    process.on('uncaughtException', (error) => world.arrived(error));
    const begun = Date.now();
    try {
        await run(world, operations, only === undefined ? undefined : new Set(read(only)));
        console.log(JSON.stringify({ operations: world.number, ms: Date.now() - begun }));
    } catch (error) {
        const shown = world.failure ?? error;
        const log = world.log.slice(-SHOWN).map((entry) => entry.join(' '));
        console.log(JSON.stringify({ operations: world.number, failure: shown?.stack ?? String(shown), log }));
        process.exitCode = 1;
    }
};

main();
