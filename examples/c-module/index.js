'use strict';

// `node examples/c-module`: a C program without a C library, its memory handed out by lewd. What a line marked [true]
// says was checked as the program ran; if one is wrong, the program exits with an error.

const { readFileSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { claim, end, figure, heading, say } = require('../story.js');
const { INITIAL } = require('./build.js');
const { Words } = require('./words.js');

const PAGE = 65_536;
const ALLOCATIONS = Number(process.argv[2] ?? 1_000_000);
const TEXTS = ['README.md', 'words.c', 'words.js', 'build.js'].map((name) =>
    readFileSync(join(__dirname, name), 'latin1'),
);

/** The same in JavaScript: how often each word occurs. */
function countHere(texts) {
    const counts = new Map();
    for (const [word] of texts
        .join('\n')
        .toLowerCase()
        .matchAll(/[a-z]+/g))
        counts.set(word.slice(0, 64), (counts.get(word.slice(0, 64)) ?? 0) + 1);
    return counts;
}

const words = new Words();
const { allocator, exports: first } = words;
const { base } = words;
const expected = countHere(TEXTS);
const total = [...expected.values()].reduce((sum, count) => sum + count, 0);
const agrees = () =>
    words.exports.words() === expected.size &&
    words.exports.total() === total &&
    [...expected].every(([word, count]) => words.of(word) === count);

heading('1. The module');
const imports = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(join(__dirname, 'words.wasm'))));
say(`${figure(statSync(join(__dirname, 'words.wasm')).size)} bytes of WebAssembly, compiled from C by clang.`);
say(`It imports ${imports.map(({ name }) => name).join(', ')}.`);
say(`Its stack and its static data end at ${figure(base)}: nothing below is ever handed out.`);
const asBuilt = words.data;
claim(`the allocator has the rest: ${figure(allocator.total())} bytes`, allocator.total() === INITIAL * PAGE - base);

heading('2. Words');
for (const text of TEXTS) words.count(text);
claim(`${figure(total)} words, ${figure(expected.size)} different ones, as JavaScript counts them`, agrees());
const [longest] = [...expected.keys()].sort((one, other) => other.length - one.length);
claim(`the longest has ${longest.length} letters: ${words.longest}`, words.longest.length === longest.length);
claim(`they take ${figure(allocator.used())} bytes`, allocator.used() > 16 * expected.size);

heading(`3. ${figure(ALLOCATIONS)} allocations from inside WebAssembly`);
const [before, { memory }] = [allocator.buffer.byteLength, allocator];
const begun = process.hrtime.bigint();
const made = words.exports.storm(ALLOCATIONS);
const time = Number(process.hrtime.bigint() - begun) / 1e9;
claim(`${figure(made)} by malloc, calloc, realloc and aligned_alloc: all contents as written`, made === ALLOCATIONS);
say(`${time.toFixed(2)} s, of which the module took its share to write and to check every byte.`);
const after = allocator.buffer.byteLength;
claim(`meanwhile the memory grew: ${figure(before)} -> ${figure(after)} bytes`, after > before);
claim('it is the same WebAssembly.Memory, the same instance', memory === allocator.memory && first === words.exports);
const pages = words.exports.grow(100);
claim('a memory.grow of the module itself, 100 pages, is noticed', allocator.total() === (pages + 100) * PAGE - base);

heading('4. Trim, between two calls');
const data = words.data;
const changed = data.filter((byte, i) => byte !== asBuilt[i]).length;
claim(`${figure(changed)} bytes of stack and static data are not as they were built`, changed > 0);
const most = allocator.buffer.byteLength;
const used = allocator.used();
allocator.trim();
const least = allocator.buffer.byteLength;
claim(`the memory shrank: ${figure(most)} -> ${figure(least)} bytes`, least < most);
claim('it is another WebAssembly.Memory and another instance', memory !== allocator.memory && first !== words.exports);
claim('stack and static data are as before, not as built', data.equals(words.data));
claim(`used() is ${figure(used)}, as before`, allocator.used() === used);
claim('the words are those of before', agrees());
const more = Math.ceil(ALLOCATIONS / 10);
claim(`${figure(more)} more allocations find the contents of those before`, words.exports.storm(more) === more);

heading('5. The end');
claim('the last contents are right, too', words.exports.calm() === 0);
words.exports.forget();
claim('the module has freed all of it: used() is 0', allocator.used() === 0);
allocator.trim();
claim(`trim() leaves the ${INITIAL} pages that it began with`, allocator.buffer.byteLength === INITIAL * PAGE);
for (const text of TEXTS) words.count(text);
claim('and it counts again', agrees());

end();
