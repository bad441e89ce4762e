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

/** Returns a new memory; throws if there is no room for it. */
const makeMemory = (pages, maximum) => {
    try {
        return new Memory({ initial: pages, maximum });
    } catch {
        fail('NO_MEMORY');
    }
};

/** Detaches the buffer of a memory. Growing by no pages does, unless it is a resizable one, which Node.js 26 has. */
const detach = (memory) => {
    toFixedLengthBuffer(memory, 0);
    growMemory(memory, 0);
};

/** The memory that an allocator works on. It is replaced by trim(), and its buffer by every growth. */
class ActiveMemory {
    memory;
    buffer;
    /** Over the buffer. When the memory grows, by whatever, the buffer is detached, and this has the length 0. */
    view = new Uint8Array(0);
    /** Bytes of the buffer. */
    size = 0;
    /** Pages that the memory has at most, as it declares. */
    maximum = MAX_PAGES;
    #figures;
    #followers = [];

    /** `figures`: see contract.h. Of these it only writes the size that was seen. */
    constructor(figures) {
        this.#figures = figures;
        figures[SEEN_SIZE] = this.#seenSize;
    }

    /**
     * The length of the view until the memory grows. NaN for an empty memory, whose view has the length 0 at all times.
     */
    get #seenSize() {
        return this.size || NaN;
    }

    /** Whether the memory has grown since moveTo(), or may have. */
    get isStale() {
        return this.view.length !== this.#seenSize;
    }

    /** Makes a memory the active one, or takes note of the new buffer of the active one. */
    moveTo(memory) {
        this.memory = memory;
        this.buffer = bufferOf(memory);
        this.view = new Uint8Array(this.buffer);
        this.size = this.view.length;
        this.#figures[SEEN_SIZE] = this.#seenSize;
        this.#followers.forEach((follower) => follower(memory, this.buffer));
    }

    /** Calls follower(memory, buffer) now, and in every moveTo(). Makes a memory if there is none yet. */
    follow(follower) {
        this.memory ??= makeMemory(1, this.maximum);
        follower(this.memory, bufferOf(this.memory));
        this.#followers.push(follower);
    }

    /** Grows the memory, and returns whether it could. 0 pages are no growth. */
    growBy(pages) {
        try {
            return pages > 0 && growMemory(this.memory, pages) >= 0;
        } catch {
            return false;
        }
    }
}

module.exports = { ActiveMemory, bufferOf, detach, makeMemory };
