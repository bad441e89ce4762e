'use strict';

const { fail } = require('./binding.js');
const { MAX_PAGES } = require('./layout.js');
const primordials = require('./primordials.js');
const { Queue } = require('./queue.js');

const { Memory, Uint8Array, growMemory, isResizable, isStackOverflow, lengthOf, toFixedLengthBuffer } = primordials;

/**
 * Throws the error that `name` stands for, in place of an error of a built-in. If that error means a full stack, throws
 * it instead.
 */
const failFor = (error, name, value) => {
    if (isStackOverflow(error)) throw error;
    fail(name, value);
};

/** Returns the buffer of a memory; throws if `memory` is not one. */
const bufferOf = (memory) => {
    try {
        return primordials.bufferOf(memory);
    } catch (error) {
        failFor(error, 'memory', memory);
    }
};

/** Returns a new memory; throws if the host has no room for it. */
const makeMemory = (pages, maximum) => {
    try {
        return new Memory({ __proto__: null, initial: pages, maximum });
    } catch (error) {
        failFor(error, 'NO_MEMORY');
    }
};

/** Detaches the buffer of a memory. Growing by 0 pages does that, unless the buffer is a resizable one. */
const detach = (memory) => {
    toFixedLengthBuffer(memory, 0);
    growMemory(memory, 0);
};

/** Returns the present state of a memory: its buffer, a view over the buffer, its size in bytes. */
const snapshotOf = (memory) => {
    const buffer = bufferOf(memory);
    const view = new Uint8Array(buffer);
    return { memory, buffer, view, size: lengthOf(view) };
};

/** The memory that an allocator works on at present. */
class ActiveMemory {
    memory;
    buffer;
    /** A view over the buffer. However the memory grows, the buffer is then detached, and the view has no elements. */
    view = new Uint8Array(0);
    /** Size of the buffer in bytes. */
    size = 0;
    /** The most pages that the memory may have. */
    maximum = MAX_PAGES;
    #followers = new Queue();

    /**
     * Whether the view is detached when the memory grows. If it is not, each call has to look: an empty memory's view,
     * and that of a resizable buffer, which Node.js 26 has.
     */
    get showsGrowth() {
        return this.size !== 0 && !isResizable(this.buffer);
    }

    /** Whether the memory has another buffer than before, or its buffer another size. */
    get isStale() {
        return lengthOf(this.view) !== this.size || bufferOf(this.memory) !== this.buffer;
    }

    /** Returns the memory; makes one of one page if there is none yet. */
    begin() {
        return (this.memory ??= makeMemory(1, this.maximum));
    }

    /** Calls `follower(memory, buffer)` now, and at every change of them. It may be called twice for one change. */
    follow(follower) {
        follower(this.begin(), bufferOf(this.memory));
        this.#followers.enqueue(follower);
    }

    /** Calls the followers. */
    tell(memory, buffer) {
        for (let entry = this.#followers.first; entry !== undefined; entry = entry.next) {
            const follower = entry.value;
            follower(memory, buffer);
        }
    }

    /** Grows the memory, and returns whether that succeeded. `pages` is 0 if no growth would help. */
    growBy(pages) {
        if (pages === 0) return false;
        try {
            growMemory(this.memory, pages);
            return this.isStale; // else the caller would try for ever
        } catch (error) {
            if (isStackOverflow(error)) throw error;
            return false;
        }
    }
}

module.exports = { ActiveMemory, bufferOf, detach, makeMemory, snapshotOf };
