'use strict';

const { fail } = require('./binding.js');
const { MAX_PAGES } = require('./layout.js');
const primordials = require('./primordials.js');
const { Queue } = require('./queue.js');

const { Memory, Uint8Array, growMemory, isResizable, isStackOverflow, lengthOf, toFixedLengthBuffer } = primordials;

/** Throws what `name` stands for, for an error that a built-in threw; a full stack is no reason. */
const failFor = (error, name, value) => {
    if (isStackOverflow(error)) throw error;
    fail(name, value);
};

/** Returns the buffer of a memory; throws if it is none. */
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

/** Detaches the buffer of a memory. Growing does, by no pages, but not where the buffer is a resizable one. */
const detach = (memory) => {
    toFixedLengthBuffer(memory, 0);
    growMemory(memory, 0);
};

/** Returns a memory as it is now: its buffer, a view over it, its bytes. */
const snapshotOf = (memory) => {
    const buffer = bufferOf(memory);
    const view = new Uint8Array(buffer);
    return { memory, buffer, view, size: lengthOf(view) };
};

/** The memory that an allocator works on at the time. */
class ActiveMemory {
    memory;
    buffer;
    /** Over the buffer. When the memory grows, by whatever, the buffer is detached, and this has no elements. */
    view = new Uint8Array(0);
    /** Bytes of the buffer. */
    size = 0;
    /** Pages that the memory has at most. */
    maximum = MAX_PAGES;
    #followers = new Queue();

    /**
     * The size, or NaN if the view does not tell when the memory grows, so that each call has to look: an empty memory, or
     * one whose buffer is resizable, which Node.js 26 has.
     */
    get seenSize() {
        return this.size === 0 || isResizable(this.buffer) ? NaN : this.size;
    }

    /** Whether the memory has another buffer than before, or one of another size. */
    get isStale() {
        return lengthOf(this.view) !== this.size || bufferOf(this.memory) !== this.buffer;
    }

    /** Returns the memory; makes one of a page if there is none yet. */
    begin() {
        return (this.memory ??= makeMemory(1, this.maximum));
    }

    /** Calls `follower(memory, buffer)` now, and with every change of them: it may be called twice for one. */
    follow(follower) {
        follower(this.begin(), bufferOf(this.memory));
        this.#followers.enqueue(follower);
    }

    /** Tells the followers. */
    tell(memory, buffer) {
        for (let entry = this.#followers.first; entry !== undefined; entry = entry.next) {
            const follower = entry.value;
            follower(memory, buffer);
        }
    }

    /** Returns whether the memory could be grown by so many pages. 0 are none that help. */
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
