'use strict';

// `node examples/assemblyscript`: modules compiled by AssemblyScript, without objects and with them. See modules.js.

const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { claim, end, figure, heading, say } = require('../story.js');
const { loadFft, loadWords } = require('./modules.js');

const TEXTS = ['README.md', 'fft.ts', 'words.ts', 'runtime.ts', 'modules.js'].map((name) =>
    readFileSync(join(__dirname, name), 'utf8'),
);

/** The definition: each number of the result is a sum over all. */
function slowly(numbers) {
    const n = numbers.length / 2;
    return numbers.map((_, i) => {
        const k = i >> 1;
        let sum = 0;
        for (let j = 0; j < n; j++) {
            const angle = (-2 * Math.PI * ((j * k) % n)) / n;
            const [re, im] = [numbers[2 * j], numbers[2 * j + 1]];
            sum += i % 2 ? re * Math.sin(angle) + im * Math.cos(angle) : re * Math.cos(angle) - im * Math.sin(angle);
        }
        return sum;
    });
}

const wave = (size) => Float64Array.from({ length: 2 * size }, (_, i) => (i % 2 ? Math.sin(i * 5) : Math.cos(i / 3)));
const near = (one, other) =>
    one.length === other.length && one.every((number, i) => Math.abs(number - other[i]) < 1e-8);

function withoutObjects() {
    const { allocator, base, fft, transforms } = loadFft();
    const data = () => Buffer.from(allocator.buffer.slice(0, base));
    const asBuilt = data();
    heading('1. Without objects: fft.ts');
    say(`The module has no runtime. Its static data, most of it a table, end at ${figure(base)}.`);
    for (const size of [1, 2, 64, 1024]) {
        const numbers = wave(size);
        claim(`${size} numbers are transformed as the definition says`, near(fft(numbers), slowly(numbers)));
    }

    const large = allocator.block(1_000_000);
    const [grown, { memory }] = [allocator.buffer.byteLength, allocator];
    claim(`with a large block the memory grows to ${figure(grown)} bytes`, grown > large.size);
    large.dispose();

    const before = data();
    allocator.trim();
    const after = allocator.buffer.byteLength;
    claim(`without it, trim() leaves ${figure(after)}`, after < grown);
    claim('in another memory, under another instance', memory !== allocator.memory);
    claim('its static data is as it was before, not as it was built', before.equals(data()) && !before.equals(asBuilt));
    claim('so it knows of 4 transforms', transforms() === 4);
    claim('and does the next one', near(fft(wave(1024)), slowly(wave(1024))) && transforms() === 5);
}

function withObjects() {
    const { allocator, base, ...words } = loadWords();
    heading('2. With objects: words.ts');
    say(`A runtime, in which lewd stands for the allocator. Static data end at ${figure(base)}.`);
    const idle = allocator.used();
    claim(`what it made at its start takes ${figure(idle)} bytes of the heap`, idle > 0);

    const expected = new Map();
    for (const text of TEXTS)
        for (const [word] of text.toLowerCase().matchAll(/[a-z]+/g)) expected.set(word, (expected.get(word) ?? 0) + 1);
    const before = allocator.buffer.byteLength;
    for (const text of TEXTS) words.count(text);
    const agrees = () =>
        words.words() === expected.size && [...expected].every(([word, count]) => words.of(word) === count);
    claim(`${figure(expected.size)} words, each counted as JavaScript counts it`, agrees());
    claim(
        `the memory grew meanwhile, from inside: ${figure(before)} -> ${figure(allocator.buffer.byteLength)} bytes`,
        allocator.buffer.byteLength > before,
    );

    const most = allocator.used();
    words.collect();
    const kept = allocator.used();
    claim(`its collector frees what is not needed: used() ${figure(most)} -> ${figure(kept)}`, kept < most);
    claim('and nothing that is', agrees());
    const blocks = Array.from({ length: 100 }, (_, i) => allocator.block(1 + i * 10));
    blocks.forEach((block, i) => block.u8.fill(i));
    for (const text of TEXTS) words.count(text);
    words.collect();
    claim(
        'blocks of JavaScript lie among its objects: neither touches the other',
        blocks.every((block, i) => block.u8.every((byte) => byte === i)) &&
            [...expected].every(([word, count]) => words.of(word) === 2 * count),
    );
    blocks.forEach((block) => block.dispose());
    words.forget();
    words.collect();
    claim(`in the end used() is ${figure(allocator.used())}, as at the start`, allocator.used() === idle);
}

withoutObjects();
withObjects();
end();
