'use strict';

// `node --expose-gc examples/native-neighbour`: an addon in C++ that works on the same blocks. See
// samples.js and neighbour.cc.

const { claim, collect, end, figure, heading, needsCollector, say } = require('../story.js');

needsCollector('node --expose-gc examples/native-neighbour');

const { Loudness, Samples, allocator, sort } = require('./samples.js');

/** Numbers that look random, as floats: a linear congruential generator, with the constants of Numerical Recipes. */
function noise(length, seed) {
    let state = seed;
    const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
    return Float32Array.from({ length }, () => next() / 2 ** 32 - 0.5);
}

const same = (one, other) => one.length === other.length && one.every((number, i) => Object.is(number, other[i]));
const loudnessOf = (numbers) => Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length);
const near = (one, other) => Math.abs(one - other) < 1e-5 * other;

function refused(call) {
    try {
        call();
    } catch (error) {
        return error;
    }
}

const half = new Loudness(0.5);
const deaf = new Loudness(0.5, false);

function work() {
    const crowd = Array.from({ length: 100 }, (_, i) => noise(1 + i * 10, i));
    const samples = crowd.map((numbers) => new Samples(numbers));

    heading('1. In place');
    samples.forEach((one, i) => i % 2 && one.sort());
    claim(
        'every other block was sorted by C++, as JavaScript sorts; those between are as they were',
        samples.every(({ view }, i) => same(view, i % 2 ? crowd[i].slice().sort() : crowd[i])),
    );

    heading('2. Growth');
    const before = allocator.buffer;
    const large = new Samples(noise(100_000, 1));
    claim(`the memory grew: the buffer of before has ${before.byteLength} bytes now`, before.byteLength === 0);
    half.level(large);
    claim('the object that follows "resize" works on the new buffer', near(loudnessOf(large.view), 0.5));
    const error = refused(() => deaf.level(large));
    claim(`the one that doesn't is refused: ${error?.message}`, error instanceof RangeError);
    claim('so is a call with a stale buffer', refused(() => sort(before, 0, 4)) instanceof RangeError);
    const outside = (allocator.buffer.byteLength - 8) | 0;
    claim('so is one that leaves the buffer', refused(() => sort(allocator.buffer, outside, 4)) instanceof RangeError);

    const { view } = samples[99];
    const copy = view.slice();
    say(`used() is ${figure(allocator.used())}, of ${figure(allocator.total())}.`);
    return { copy, kept: samples[99] };
}

async function main() {
    const { copy, kept } = work();
    heading('3. Trim');
    await collect(() => allocator.used() === Math.ceil((kept.length * 4) / 16) * 16);
    claim(`all but one block were collected: used() is ${figure(allocator.used())}`, allocator.used() < 4096);
    const { memory } = allocator;
    const total = allocator.total();
    allocator.trim();
    claim(
        `trim() went to another memory: ${figure(total)} -> ${figure(allocator.total())} bytes`,
        memory !== allocator.memory && allocator.total() < total,
    );
    claim('the block is where it was, as it was', same(kept.view, copy));
    const factor = half.level(kept);
    const right = near(loudnessOf(kept.view), 0.5) && near(factor * loudnessOf(copy), 0.5);
    claim(`C++ scales it by ${factor.toFixed(3)}`, right);
    end();
}

main();
