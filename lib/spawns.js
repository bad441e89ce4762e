'use strict';

// Spawns and respawns that have not ended: their instances would stay on a memory from which trim() moves away.

const { inspect, types } = require('node:util');

/** Captured at load, safe from what a program replaces later. */
const { WeakRef } = globalThis;
const { apply } = Reflect;
const { deref } = WeakRef.prototype;

/** All options that change what inspect() writes of a promise: a program may change their defaults. */
const OPTIONS = {
    ...{ __proto__: null, breakLength: 80, colors: false, compact: 3, customInspect: false, depth: 0, getters: false },
    ...{ showHidden: false, showProxy: false, sorted: false },
};

/**
 * Returns whether a promise is pending, as it is shown to a person. One that is collected can't settle any more. (A handler
 * of ours would tell, too, but Node.js would then report no rejection that the program itself does not handle.)
 */
const isPending = (reference) => {
    try {
        return /^[^{]*{\s*<pending>/.test(inspect(apply(deref, reference, []), OPTIONS));
    } catch {
        return true; // a property of the program's own threw
    }
};

/** Makes a record of spawns: `run(fn)` returns what fn() returns; `areRunning()`: whether one has not ended. */
module.exports = () => {
    let running = 0;
    const promises = new Set();
    return {
        run(fn) {
            running++;
            try {
                const result = fn();
                if (types.isPromise(result)) promises.add(new WeakRef(result));
                return result;
            } finally {
                running--;
            }
        },

        areRunning() {
            for (const reference of promises) if (!isPending(reference)) promises.delete(reference);
            return running > 0 || promises.size > 0;
        },
    };
};
