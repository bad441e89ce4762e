'use strict';

// `npm start`: prints the life of some generators in figures. Lines marked [true] were checked as the program ran. If
// one is wrong, it says so, and the program exits with an error.

if (!global.gc) {
    console.error('This example forces garbage collections. Run it with: node --expose-gc examples/prng');
    process.exit(1);
}

const { statSync } = require('node:fs');
const { join } = require('node:path');
const { setImmediate: turn } = require('node:timers/promises');
const lewd = require('@anireact/lewd');
const { Prng } = require('./prng.js'); // from here on the memory has the generator's table
const { Reference } = require('./reference.js');

const { bind, on, total, trim, used } = lewd;

const CROWD = 10_000;
const FEW = 1024 + 2 * 16; // the table and two generators

const figure = (number) => number.toLocaleString('en');
const heading = (text) => console.log(`\n${text}`);
const say = (text) => console.log(`   ${text}`);

function claim(text, truth) {
    say(`[${truth ? 'true' : 'WRONG'}] ${text}`);
    if (!truth) process.exitCode = 1;
}

// Changes of the memory. The array is also the token of its handlers: they exist as long as it does.
const changes = [];
for (const type of ['grow', 'trim']) {
    on(type, changes, ({ info: { oldSize, newSize } }) => {
        changes.push(`'${type}': ${figure(oldSize)} -> ${figure(newSize)} bytes`);
    });
}

function sayChanges() {
    for (const change of changes.splice(0)) say(`event ${change}`);
}

// Another module would respawn here.
let respawns = 0;
bind(
    () => {},
    () => respawns++,
);

const seeds = [1, 2];
const generators = seeds.map((seed) => new Prng(seed));
const references = seeds.map((seed) => new Reference(seed));

/** Draws from the two generators, and compares with their references. */
function goOn(count) {
    return generators.every((generator, i) => {
        for (let n = 0; n < count; n++) if (generator.rand() !== references[i].rand()) return false;
        return true;
    });
}

// Separate functions use the crowd, so that nothing refers to its members once they have returned.
let crowd = [];

function gather() {
    for (let seed = 0; seed < CROWD; seed++) crowd.push(new Prng(seed));
}

function crowdIsRight() {
    return crowd.every((generator, seed) => generator.rand() === new Reference(seed).rand());
}

/** Collects garbage until `done()`, or gives up after a number of collections. */
async function collect(done) {
    for (let i = 0; i < 100 && !done(); i++) {
        global.gc();
        await turn();
    }
}

async function main() {
    const { memory } = lewd;
    const wasm = statSync(join(__dirname, 'prng.wasm')).size;
    console.log(`ARS-7, a random number generator: ${figure(wasm)} bytes of WebAssembly, without an allocator.`);
    console.log('JavaScript gets the memory from lewd; the garbage collector frees it.');

    heading('1. Numbers');
    say(`The memory has ${figure(total())} bytes. The table takes 1,024 of them, each of two generators 16.`);
    claim(`used() is ${figure(used())}`, used() === FEW);
    generators.forEach((generator, i) => {
        const first = generator.fill(new Uint32Array(4));
        const model = references[i].fill(new Uint32Array(4));
        claim(`seed ${seeds[i]} begins ${first.join(', ')}`, first.join() === model.join());
    });
    claim('the next 100,000 of each are those of reference.js, too', goOn(100_000));

    heading('2. Growth');
    say(`${figure(CROWD)} more generators take ${figure(CROWD * 16)} bytes. Fewer are free: the memory grows.`);
    gather();
    claim('it grew, and is the same WebAssembly.Memory', changes.length > 0 && lewd.memory === memory);
    sayChanges();
    claim(`all ${figure(CROWD)} work, and the first two go on`, crowdIsRight() && goOn(1000));

    heading('3. Collection');
    const most = used();
    say(`used() is ${figure(most)}. Now nothing refers to the ${figure(CROWD)} any more. There is no free() to call.`);
    crowd = [];
    await collect(() => used() === FEW);
    claim(`used() is ${figure(used())}: ${figure(most - used())} bytes were freed`, used() === FEW);

    heading('4. Trim');
    say('trim() releases pages: it moves everything to a new, smaller memory, and respawns the module over it.');
    trim();
    claim('it is another WebAssembly.Memory', lewd.memory !== memory);
    claim(`respawns: ${respawns}`, respawns === 1);
    sayChanges();
    claim('the two go on unchanged', goOn(1000));

    heading('5. Scratch');
    say('fill() of 100,000 numbers needs 400,000 bytes for a moment: it grows the memory, then trims it.');
    const { state } = generators[0];
    const numbers = generators[0].fill(new Uint32Array(100_000));
    const model = references[0].fill(new Uint32Array(100_000));
    sayChanges();
    claim(
        'the numbers are those of reference.js',
        numbers.every((number, i) => number === model[i]),
    );
    claim(`used() is ${figure(used())} again, of ${figure(total())}`, used() === FEW && total() === 65_536);
    generators[0].state = state;
    claim('with its state restored, the generator repeats its numbers', generators[0].rand() === numbers[0]);

    console.log(process.exitCode ? '\nSomething is wrong.' : '\nAll of it is true.');
}

main();
