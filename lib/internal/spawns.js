'use strict';

// Spawns and respawns that have not ended: their instances would stay on a memory from which trim() moves away.

const { inspect, types } = require('node:util');

const { WeakRef, deref } = require('./primordials.js');

/** All options that change what inspect() writes of a promise: a program may change their defaults. */
const OPTIONS = {
    ...{ __proto__: null, breakLength: 80, colors: false, compact: 3, customInspect: false, depth: 0, getters: false },
    ...{ showHidden: false, showProxy: false, sorted: false },
};

/**
 * Returns whether a promise is pending, as it is shown to a person. One that is collected can't settle any more. (A
 * handler of ours would tell, too, but Node.js would then report no rejection that the program itself does not handle.)
 */
const isPending = (reference) => {
    try {
        return /^[^{]*{\s*<pending>/.test(inspect(deref(reference), OPTIONS));
    } catch {
        return true; // a property of the program's own threw
    }
};

/** A record of spawns. */
class Spawns {
    /** Calls in progress. */
    #calls = 0;
    /** Weakly, what they returned and may be pending. */
    #promises = new Set();

    /** Returns what fn() returns. */
    run(fn) {
        this.#calls++;
        try {
            const result = fn();
            if (types.isPromise(result)) this.#promises.add(new WeakRef(result));
            return result;
        } finally {
            this.#calls--;
        }
    }

    /** Returns whether one has not ended. O(promises that were pending at the last call or came since). */
    areRunning() {
        for (const reference of this.#promises) if (!isPending(reference)) this.#promises.delete(reference);
        return this.#calls > 0 || this.#promises.size > 0;
    }
}

module.exports = { Spawns };
