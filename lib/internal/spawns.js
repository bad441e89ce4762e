'use strict';

// Spawns and respawns that have not ended: their instances would stay on the memory that trim() leaves.

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

/** All options that affect how inspect() shows a promise: a program may change their defaults. */
const OPTIONS = {
    ...{ __proto__: null, breakLength: 80, colors: false, compact: 3, customInspect: false, depth: 0, getters: false },
    ...{ showHidden: false, showProxy: false, sorted: false },
};

/**
 * Returns whether a promise is pending, as inspect() shows it. A promise that was collected can't settle any more. (A
 * handler would report it, too, but with one Node.js would report no rejection that the program itself does not
 * handle.)
 */
const isPending = (reference) => {
    try {
        return exec(/^[^{]*{\s*<pending>/, inspect(deref(reference), OPTIONS)) !== null;
    } catch (error) {
        if (isStackOverflow(error)) throw error;
        return true; // a property of the program's own threw
    }
};

/** The spawns and respawns of an allocator. */
class Spawns {
    /** Weak references to promises that they returned, and that may be pending. */
    #promises = new Set();

    /** Returns fn(). The result must be passed to note(). */
    run(arena, fn) {
        return runGuarded(arena, SPAWNING, fn);
    }

    /** Notes the result of a spawn or a respawn, and returns it. */
    note(result) {
        if (isPromise(result)) setAdd(this.#promises, new WeakRef(result));
        return result;
    }

    /**
     * Whether a promise that a spawn or a respawn returned is pending. O(promises that were pending at the last call,
     * or that came since).
     */
    get arePending() {
        setForEach(this.#promises, (reference) => isPending(reference) || setDelete(this.#promises, reference));
        return setSize(this.#promises) > 0;
    }
}

module.exports = { Spawns };
