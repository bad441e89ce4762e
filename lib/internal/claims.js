'use strict';

// Which bytes of a memory are handed out, told to all copies of the package in a thread: each has a table of its own in C,
// and would hand out the same bytes. The layout is fixed, and described in docs/design/heap.md; another one takes another key.

const { BLOCK, MAX_BYTES } = require('./layout.js');
const {
    Set,
    Symbol,
    WeakRef,
    ceil,
    defineProperty,
    deref,
    floor,
    freeze,
    getOwnPropertyDescriptor,
} = require('./primordials.js');
const {
    isExtensible,
    isStackOverflow,
    setAdd,
    setDelete,
    setForEach,
    setSize,
    symbolFor,
} = require('./primordials.js');

const KEY = symbolFor('@anireact/lewd:claims:1');
/** Claims of this copy are left to its table in C, which knows at once which were collected. */
const COPY = Symbol('@anireact/lewd');

const claimsOf = (memory) => getOwnPropertyDescriptor(memory, KEY)?.value;

/** Returns true for an error; throws it if it only says that the stack is full. */
const assume = (error) => {
    if (isStackOverflow(error)) throw error;
    return true;
};

/** Returns whether its allocator is alive; what can't be read counts as alive. */
const isAlive = (claim) => {
    try {
        return deref(claim.owner) !== undefined;
    } catch (error) {
        return assume(error);
    }
};

/** Returns whether another copy claims some of the bytes [base, limit); claims that can't be read are of all bytes. */
const overlaps = (claim, base, limit) => {
    try {
        return claim.copy !== COPY && !(claim.limit <= base || claim.base >= limit) && isAlive(claim);
    } catch (error) {
        return assume(error);
    }
};

/** Returns whether a memory is marked, or can be. */
const isMarkable = (memory) => {
    const mark = getOwnPropertyDescriptor(memory, KEY);
    return mark === undefined ? isExtensible(memory) : mark.value !== undefined;
};

/** Returns whether another copy of the package hands out bytes in [base, limit) of a memory. O(claims). */
const isClaimed = (memory, base = 0, limit = MAX_BYTES) => {
    const claims = claimsOf(memory);
    let found = false;
    try {
        if (claims !== undefined) setForEach(claims, (claim) => (found ||= overlaps(claim, base, limit)));
    } catch (error) {
        return assume(error);
    }
    return found;
};

/** What one allocator claims: whole blocks, of one memory at a time, for as long as it keeps this. */
class Claim {
    #base;
    #limit;
    /** Other copies hold it weakly, and take it for the allocator. */
    #owner = {};
    #claims;
    #entry;

    /** Both in bytes, or undefined for no bound. */
    constructor(base = 0, limit = MAX_BYTES) {
        this.#base = ceil(base / BLOCK) * BLOCK;
        this.#limit = floor(limit / BLOCK) * BLOCK;
    }

    /** Returns whether another copy of the package hands out some of the bytes. */
    isTaken(memory) {
        return isClaimed(memory, this.#base, this.#limit);
    }

    /**
     * Claims the bytes of a memory, and gives those of the memory before back. Removes claims of collected owners whenever
     * their number is a power of two. Amortised O(1).
     */
    moveTo(memory) {
        this.release();
        const entry = freeze({ copy: COPY, base: this.#base, limit: this.#limit, owner: new WeakRef(this.#owner) });
        if (claimsOf(memory) === undefined) defineProperty(memory, KEY, { __proto__: null, value: new Set() });
        const claims = claimsOf(memory);
        const size = setSize(claims);
        if ((size & (size - 1)) === 0) setForEach(claims, (each) => isAlive(each) || setDelete(claims, each));
        setAdd(claims, entry);
        this.#claims = claims;
        this.#entry = entry;
    }

    /** Gives the bytes back. Does nothing if none are claimed. */
    release() {
        if (this.#claims !== undefined) setDelete(this.#claims, this.#entry);
    }
}

module.exports = { Claim, isClaimed, isMarkable };
