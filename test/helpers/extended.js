'use strict';

const assert = require('node:assert/strict');
const { assertSound, assertThrows } = require('./allocator.js');
const { create } = require('./create.js');
const { figuresOf } = require('./model.js');

/** Returns an Allocator with these options: `api` has its methods, and the heap can be checked. */
exports.extended = function (options = {}) {
    const allocator = create();
    allocator.api.configure(options);
    return allocator;
};

/** Returns all figures, after a check of the law that connects them. */
exports.allFigures = function (api) {
    const figures = { ...figuresOf(api), reserved: api.reserved() };
    assert.equal(figures.total, figures.used + figures.free + figures.reserved);
    return figures;
};

/** Fails unless `fn` throws such an error and changes nothing: neither figures nor memory nor any byte. */
exports.assertUnchanged = function (allocator, fn, type, code, message) {
    const { api } = allocator;
    const before = { figures: exports.allFigures(api), buffer: api.buffer, bytes: Buffer.from(api.buffer.slice(0)) };
    assertThrows(fn, type, code, message);
    assert.deepEqual(exports.allFigures(api), before.figures);
    assert.equal(api.buffer, before.buffer);
    assert.ok(Buffer.from(api.buffer).equals(before.bytes), 'a byte has changed');
    assertSound(allocator);
};

/** Fills bytes with a pattern that differs from their neighbours, and from others at another address. */
exports.paint = function (buffer, start, size, seed) {
    const bytes = Buffer.from(buffer, start >>> 0, size);
    for (let i = 0; i < size; i++) bytes[i] = (seed * 31 + i * 7 + (i >> 8)) & 255;
};

/** Fails unless they have the contents that paint() wrote. */
exports.assertPainted = function (buffer, start, size, seed) {
    const expected = new ArrayBuffer(size);
    exports.paint(expected, 0, size, seed);
    const same = Buffer.from(buffer, start >>> 0, size).equals(Buffer.from(expected));
    assert.ok(same, `contents at ${start >>> 0}, ${size} bytes`);
};
