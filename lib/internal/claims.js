'use strict';

// Which bytes of a memory are handed out, told to all copies of the package in a thread: each has a table of its own in
// C, and would hand out the same bytes. The layout is fixed, and described in docs/heap.md; another one takes another
// key.

const { BLOCK, MAX_BYTES } = require('./layout.js');
const primordials = require('./primordials.js');

const { Set, WeakRef, deref, getOwnPropertyDescriptor, setAdd, setDelete, setForEach, setSize } = primordials;

const KEY = Symbol.for('@anireact/lewd:claims:1');
/** Claims of this copy are left to its table in C, which knows at once which were collected. */
const COPY = Symbol('@anireact/lewd');

const claimsOf = (memory) => getOwnPropertyDescriptor(memory, KEY)?.value;

/** Returns whether its allocator is alive; what can't be read counts as alive. */
const isAlive = (claim) => {
    try {
        return deref(claim.owner) !== undefined;
    } catch {
        return true;
    }
};

/** Returns whether another copy claims some of the bytes [base, limit); claims that can't be read are of all bytes. */
const overlaps = (claim, base, limit) => {
    try {
        return claim.copy !== COPY && !(claim.limit <= base || claim.base >= limit) && isAlive(claim);
    } catch {
        return true;
    }
};

/** Returns whether a memory is marked, or can be. */
const isMarkable = (memory) => {
    const mark = getOwnPropertyDescriptor(memory, KEY);
    return mark === undefined ? Object.isExtensible(memory) : mark.value !== undefined;
};

/** Returns whether another copy of the package hands out bytes in [base, limit) of a memory. O(claims). */
const isClaimed = (memory, base = 0, limit = MAX_BYTES) => {
    const claims = claimsOf(memory);
    let found = false;
    try {
        if (claims !== undefined) setForEach(claims, (claim) => (found ||= overlaps(claim, base, limit)));
    } catch {
        return true;
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
        this.#base = Math.ceil(base / BLOCK) * BLOCK;
        this.#limit = Math.floor(limit / BLOCK) * BLOCK;
    }

    /** Returns whether another copy of the package hands out some of the bytes. */
    isTaken(memory) {
        return isClaimed(memory, this.#base, this.#limit);
    }

    /**
     * Claims the bytes of a memory, and gives those of the memory before back. Removes claims of collected owners
     * whenever their number is a power of two. Amortised O(1).
     */
    moveTo(memory) {
        this.release();
        const owner = new WeakRef(this.#owner);
        const entry = Object.freeze({ copy: COPY, base: this.#base, limit: this.#limit, owner });
        if (claimsOf(memory) === undefined) Object.defineProperty(memory, KEY, { __proto__: null, value: new Set() });
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
