'use strict';

const assert = require('node:assert/strict');
const { setImmediate: turn } = require('node:timers/promises');

/**
 * Collects garbage until `done()`; fails if that stays false. The event loop turns before, since a WeakRef that was
 * read keeps its target alive to the end of the job, and after, since the allocator notices a collection there.
 */
exports.collect = async function (done, what) {
    for (let i = 0; i < 200; i++) {
        if (done()) return;
        await turn();
        global.gc();
        await turn();
    }
    assert.fail(`garbage collection: ${typeof what === 'function' ? what() : what}`);
};

/** Collects garbage until `api.used()` is `bytes`. */
exports.collectTo = (api, bytes) =>
    exports.collect(
        () => api.used() === bytes,
        () => `used() is ${api.used()}, and should be ${bytes}`,
    );

/** Calls `fn` in a frame of its own, left before anything else happens, so that no register keeps its objects alive. */
exports.inFrameOfItsOwn = async function (fn) {
    await turn();
    fn();
    await turn();
};
