'use strict';

// The contents of allocations: bytes of a table, from an offset of its own for each allocation.

const { fail } = require('./failure.js');
const { random } = require('../helpers/random.js');

const MARKS = 65_521;
const LARGEST = 2 ** 21;

/** Random enough to tell each part from any other. */
const TABLE = Buffer.alloc(MARKS + LARGEST);
const next = random(1);
for (let i = 0; i < TABLE.length; i++) TABLE[i] = next(256);

/** Fills bytes. */
exports.paint = (buffer, start, size, mark) => {
    const from = mark % MARKS;
    TABLE.copy(Buffer.from(buffer, start, size), 0, from, from + size);
};

/** Fails unless bytes have the contents that paint() wrote. */
exports.checkPainted = (buffer, start, size, mark, what) => {
    const from = mark % MARKS;
    const bytes = Buffer.from(buffer, start, size);
    if (TABLE.compare(bytes, 0, size, from, from + size) === 0) return;
    let i = 0;
    while (bytes[i] === TABLE[from + i]) i++;
    fail(`${what}: the byte at ${start} + ${i}, of ${size}, is ${bytes[i]}, and should be ${TABLE[from + i]}`);
};
