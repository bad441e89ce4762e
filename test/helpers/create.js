'use strict';

const { surfaceOf } = require('../../lib/internal/default.js');
const internals = require('../../lib/internal/internals.js');

/**
 * Returns an allocator as the tests use it: `api` has the module's exports of it, `arena` C's functions over its heap.
 */
exports.wrap = (allocator) => ({
    api: surfaceOf(allocator),
    get arena() {
        return internals.arenaOf(allocator);
    },
});

/** Returns a new one that is not configured. */
exports.create = () => exports.wrap(internals.create());
