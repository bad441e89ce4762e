'use strict';

// `node --expose-gc examples/exported-memory`: a package's module that exports its memory. See blake2b.js.

const { claim, collect, end, figure, heading, needsCollector, say } = require('../story.js');

needsCollector('node --expose-gc examples/exported-memory');

const { createHash } = require('node:crypto');
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const Theirs = require('blake2b-wasm');
const { load } = require('./blake2b.js');

const FILES = [__dirname, join(__dirname, '../c-module')].flatMap((folder) =>
    readdirSync(folder).map((name) => readFileSync(join(folder, name))),
);
const DROPPED = Number(process.argv[2] ?? 100_000);

const expected = (bytes) => createHash('blake2b512').update(bytes).digest();

/** Many at a time, in turns, a piece of odd length each: states and inputs share the memory. */
function interleaved(Blake2b, files) {
    const hashes = files.map(() => new Blake2b());
    for (let at = 0, size; files.some(({ length }) => at < length); at += size) {
        size = 1 + ((at * 7) % 997);
        hashes.forEach((hash, i) => hash.update(files[i].subarray(at, at + size)));
    }
    return hashes.every((hash, i) => hash.digest().equals(expected(files[i])));
}

/** Hashes that are begun, and dropped. */
function begin(make, count) {
    for (let i = 0; i < count; i++) make().update(FILES[i % FILES.length].subarray(0, 100));
}

async function main() {
    const { Blake2b, allocator } = await load();
    const { memory } = allocator;

    heading('1. A hash function');
    const abc = new Blake2b().update(Buffer.from('abc')).digest();
    const published = 'ba80a53f981c4d0d6a2797b69f12f6e9'; // and so on
    claim('BLAKE2b of "abc" is what RFC 7693, appendix A, has', abc.toString('hex').startsWith(published));
    claim('and what node:crypto has', abc.equals(expected(Buffer.from('abc'))));
    claim(`${FILES.length} files at a time, in pieces, are what node:crypto has`, interleaved(Blake2b, FILES));

    heading(`2. ${figure(DROPPED)} that never come to digest()`);
    await Theirs.ready();
    const theirs = () => new Theirs(64)._memory.length;
    const [first, total] = [theirs(), allocator.total()];
    begin(() => new Theirs(64), DROPPED);
    say(`The package's own wrapper: its memory grew from ${figure(first)} to ${figure(theirs())} bytes.`);
    begin(() => new Blake2b(), DROPPED);
    // Not at all, as a rule; but when V8 collects is V8's affair.
    const grown = allocator.total() - total;
    claim(`here: from ${figure(total)} to ${figure(allocator.total())} bytes`, grown <= (theirs() - first) / 2);
    await collect(() => allocator.used() === 0);
    claim('in the end all states were given back: used() is 0', allocator.used() === 0);

    heading('3. Growth');
    const before = allocator.buffer.byteLength;
    const large = Buffer.alloc(5_000_000, 'lewd');
    const digest = new Blake2b().update(large).digest();
    claim(`${figure(large.length)} bytes at once are what node:crypto has`, digest.equals(expected(large)));
    const after = memory.buffer.byteLength;
    claim(`the module's memory grew, ${figure(before)} -> ${figure(after)} bytes`, after > before);
    claim('it is the one that is exported', memory === allocator.memory && after === allocator.buffer.byteLength);
    try {
        allocator.trim();
        claim('trim() is refused', false);
    } catch ({ code, message }) {
        claim(`trim() is refused, ${code}: ${message}`, code === 'ERR_LEWD_FIXED_MEMORY');
    }
    claim('and all works as before', interleaved(Blake2b, FILES));

    end();
}

main();
