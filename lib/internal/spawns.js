'use strict';

// Spawns and respawns that have not ended: their instances would stay on a memory from which trim() moves away.

const { runGuarded } = require('./guarded.js');
const { SPAWNING } = require('./layout.js');
const {
    Set,
    WeakRef,
    deref,
    exec,
    inspect,
    isPromise,
    isStackOverflow,
    setAdd,
    setDelete,
    setForEach,
    setSize,
} = require('./primordials.js');

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
        return exec(/^[^{]*{\s*<pending>/, inspect(deref(reference), OPTIONS)) !== null;
    } catch (error) {
        if (isStackOverflow(error)) throw error;
        return true; // a property of the program's own threw
    }
};

/** A record of spawns. */
class Spawns {
    /** Weakly, what they returned and may be pending. */
    #promises = new Set();

    /** Returns what fn() returns, which note() has to get. */
    run(arena, fn) {
        return runGuarded(arena, SPAWNING, fn);
    }

    /** Notes what a spawn or a respawn returned, and returns it. */
    note(result) {
        if (isPromise(result)) setAdd(this.#promises, new WeakRef(result));
        return result;
    }

    /** Whether a promise that one returned is pending. O(promises that were pending at the last call or came since). */
    get arePending() {
        setForEach(this.#promises, (reference) => isPending(reference) || setDelete(this.#promises, reference));
        return setSize(this.#promises) > 0;
    }
}

module.exports = { Spawns };
