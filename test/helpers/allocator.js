'use strict';

const assert = require('node:assert/strict');
const checkOf = require('./check.js');
const { collectTo, inFrameOfItsOwn } = require('./collect.js');
const { create } = require('./create.js');
const { figuresOf, Model } = require('./model.js');

/** Returns a new allocator over a memory of so many pages: see create.js. */
exports.fresh = function (pages, maximum = 65_536) {
    const allocator = create();
    if (pages !== undefined) {
        allocator.api.configure({ memory: new WebAssembly.Memory({ initial: pages, maximum }), maximum });
    }
    return allocator;
};

exports.assertSound = (allocator) => assert.equal(checkOf(allocator)(), undefined);

/** Fails unless `fn` throws an error of that class and code (and message), and leaves the allocator unchanged. */
exports.assertRefuses = function (allocator, fn, type, code, message) {
    const { api } = allocator;
    const before = { figures: figuresOf(api), memory: api.memory, buffer: api.buffer };
    exports.assertThrows(fn, type, code, message);
    assert.deepEqual(figuresOf(api), before.figures);
    assert.equal(api.memory, before.memory);
    assert.equal(api.buffer, before.buffer);
    exports.assertSound(allocator);
};

/** Fails unless `fn` throws an error of exactly that class, with that code. */
exports.assertThrows = function (fn, type, code, message = /^/) {
    assert.throws(fn, (error) => {
        assert.ok(error instanceof type, `${error?.name}: ${error?.message}`);
        assert.equal(error.constructor, type);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
    });
};

/**
 * Makes holes: allocates the sizes, one after the other, and drops those that are negative. Returns the owners by
 * place, undefined for dropped ones.
 */
exports.layOut = async function ({ api }, sizes) {
    const owners = [];
    const used = api.used();
    await inFrameOfItsOwn(() => {
        for (const size of sizes) {
            const owner = {};
            api.alloc(Math.abs(size), owner);
            owners.push(size > 0 ? owner : undefined);
        }
    });
    const kept = sizes.filter((size) => size > 0).reduce((sum, size) => sum + Model.round(size), 0);
    await collectTo(api, used + kept);
    return owners;
};
