'use strict';

const { fail } = require('./binding.js');
const { MAX_PAGES, SEEN_SIZE } = require('./layout.js');
const primordials = require('./primordials.js');

const { Memory, growMemory, toFixedLengthBuffer } = primordials;

/** Returns the buffer of a memory; throws if it is none. */
const bufferOf = (memory) => {
    try {
        return primordials.bufferOf(memory);
    } catch {
        fail('memory', memory);
    }
};

/** Returns a new memory; throws if the host has no room for it. */
const makeMemory = (pages, maximum) => {
    try {
        return new Memory({ initial: pages, maximum });
    } catch {
        fail('NO_MEMORY');
    }
};

/** Detaches the buffer of a memory. Growing does, by no pages, but not where the buffer is a resizable one. */
const detach = (memory) => {
    toFixedLengthBuffer(memory, 0);
    growMemory(memory, 0);
};

/** The memory that an allocator works on at the time. */
class ActiveMemory {
    memory;
    buffer;
    /** Over the buffer. Growth detaches the buffer, and then its length is 0. */
    view = new Uint8Array(0);
    /** Bytes of the buffer. */
    size = 0;
    /** Pages that the memory has at most. */
    maximum = MAX_PAGES;
    #figures;
    #followers = [];

    /** `figures`: see contract.h. This writes what was seen of the size, and nothing else. */
    constructor(figures) {
        this.#figures = figures;
        figures[SEEN_SIZE] = this.#seenSize;
    }

    /** The length that the view has until the memory grows. An empty memory has none: 0 would not tell that it grew. */
    get #seenSize() {
        return this.size || NaN;
    }

    /** Whether the memory has grown, or may have, since moveTo(). */
    get isStale() {
        return this.view.length !== this.#seenSize;
    }

    /** Makes another memory the active one, or takes note of the present one's new buffer. */
    moveTo(memory) {
        this.memory = memory;
        this.buffer = bufferOf(memory);
        this.view = new Uint8Array(this.buffer);
        this.size = this.view.length;
        this.#figures[SEEN_SIZE] = this.#seenSize;
        this.#followers.forEach((follower) => follower(memory, this.buffer));
    }

    /** Calls `follower(memory, buffer)` now, and with every moveTo(). Makes a memory if there is none yet. */
    follow(follower) {
        this.memory ??= makeMemory(1, this.maximum);
        follower(this.memory, bufferOf(this.memory));
        this.#followers.push(follower);
    }

    /** Returns whether the memory could be grown by so many pages. 0 are none that help. */
    growBy(pages) {
        try {
            return pages > 0 && growMemory(this.memory, pages) >= 0;
        } catch {
            return false;
        }
    }
}

module.exports = { ActiveMemory, bufferOf, detach, makeMemory };
