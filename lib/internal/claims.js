'use strict';

// Tells all copies of the package in a thread which bytes of a memory are handed out. Each copy has a table of its own
// in C, and would otherwise hand out the same bytes. The layout is fixed, and described in docs/design/heap.md; another
// layout takes another key.

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
/** Marks claims of this copy. They are left to its table in C, which knows at once which of them were collected. */
const COPY = Symbol('@anireact/lewd');

const claimsOf = (memory) => getOwnPropertyDescriptor(memory, KEY)?.value;

/** Returns true for an error; throws it if it only means that the stack is full. */
const assume = (error) => {
    if (isStackOverflow(error)) throw error;
    return true;
};

/** Returns whether the allocator of a claim is alive; true if that can't be read. */
const isAlive = (claim) => {
    try {
        return deref(claim.owner) !== undefined;
    } catch (error) {
        return assume(error);
    }
};

/**
 * Returns whether a claim is of another copy, and has some of the bytes [base, limit). A claim that can't be read has
 * all bytes.
 */
const overlaps = (claim, base, limit) => {
    try {
        return claim.copy !== COPY && !(claim.limit <= base || claim.base >= limit) && isAlive(claim);
    } catch (error) {
        return assume(error);
    }
};

/** Returns whether a memory has claims, or can get them. */
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

/** The claim of one allocator: whole blocks, of one memory at a time, as long as the allocator keeps this object. */
class Claim {
    #base;
    #limit;
    /** Lives as long as the allocator. Other copies hold it weakly, to see that the allocator is alive. */
    #owner = {};
    #claims;
    #entry;

    /** Both are in bytes; undefined means no bound. */
    constructor(base = 0, limit = MAX_BYTES) {
        this.#base = ceil(base / BLOCK) * BLOCK;
        this.#limit = floor(limit / BLOCK) * BLOCK;
    }

    /** Returns whether another copy of the package hands out some of the bytes. */
    isTaken(memory) {
        return isClaimed(memory, this.#base, this.#limit);
    }

    /**
     * Claims the bytes of a memory, and releases those of the previous one. Whenever the number of claims is a power of
     * two, removes those of collected owners. Amortised O(1).
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

    /** Releases the bytes. Does nothing if none are claimed. */
    release() {
        if (this.#claims !== undefined) setDelete(this.#claims, this.#entry);
    }
}

module.exports = { Claim, isClaimed, isMarkable };
