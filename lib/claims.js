'use strict';

// Which bytes of a memory are handed out, told to all copies of the package in a thread: each has a table of its own in C,
// and would hand out the same bytes. The layout is fixed, and described in docs/heap.md; another one takes another key.

const KEY = Symbol.for('@anireact/lewd:claims:1');
/** Claims of this copy are left to its table in C, which knows at once which were collected. */
const COPY = Symbol('@anireact/lewd');

/** As they were when this was loaded: claims come from other realms, too. */
const { Set, WeakRef } = globalThis;
const { apply } = Reflect;
const { deref } = WeakRef.prototype;
const { add, delete: remove, forEach } = Set.prototype;
const { get: sizeOf } = Object.getOwnPropertyDescriptor(Set.prototype, 'size');

const claimsOf = (memory) => Object.getOwnPropertyDescriptor(memory, KEY)?.value;

/** Returns whether its allocator is alive; what can't be read counts as alive. */
const isAlive = (claim) => {
    try {
        return apply(deref, claim.owner, []) !== undefined;
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
exports.isMarkable = (memory) => {
    const mark = Object.getOwnPropertyDescriptor(memory, KEY);
    return mark === undefined ? Object.isExtensible(memory) : mark.value !== undefined;
};

/** Returns whether another copy of the package hands out bytes in [base, limit) of a memory. O(claims). */
exports.isClaimed = (memory, base, limit) => {
    const claims = claimsOf(memory);
    let found = false;
    try {
        if (claims !== undefined) apply(forEach, claims, [(claim) => (found ||= overlaps(claim, base, limit))]);
    } catch {
        return true;
    }
    return found;
};

/**
 * Claims the bytes [base, limit) of a memory for as long as `owner` is alive. Returns a function that gives them back.
 * Removes claims of collected owners whenever their number is a power of two. Amortised O(1).
 */
exports.claim = (memory, base, limit, owner) => {
    const claim = Object.freeze({ copy: COPY, base, limit, owner: new WeakRef(owner) });
    if (claimsOf(memory) === undefined) Object.defineProperty(memory, KEY, { __proto__: null, value: new Set() });
    const claims = claimsOf(memory);
    const size = apply(sizeOf, claims, []);
    if ((size & (size - 1)) === 0) apply(forEach, claims, [(each) => isAlive(each) || apply(remove, claims, [each])]);
    apply(add, claims, [claim]);
    return () => apply(remove, claims, [claim]);
};
