'use strict';

const { check, keepAlive } = require('./binding.js');
const internals = require('./internals.js');
const { MAX_ALIGNMENT, MAX_BYTES } = require('./layout.js');
const { copyWithin, fill } = require('./primordials.js');

/** Bytes that are cleared sooner by a loop than by fill(). */
const FEW = 512;

/** The contents of an allocator's memory. */
class Contents {
    #allocator;
    #buffer;
    #bytes;
    #words;

    constructor(allocator) {
        this.#allocator = allocator;
    }

    /** Makes the views anew if the buffer has changed. Nothing else here can fail. */
    look() {
        const buffer = internals.quietly(this.#allocator, internals.bufferOf);
        if (this.#buffer === buffer) return;
        this.#buffer = buffer;
        this.#bytes = new Uint8Array(buffer);
        this.#words = new Float64Array(buffer);
    }

    /** Clears bytes from an address that is a multiple of 8, up to the next one. All of a block belongs to its owner. */
    clear(from, size) {
        const end = Math.ceil((from + size) / 8);
        if (size > FEW) fill(this.#words, 0, from / 8, end);
        else for (let i = from / 8; i < end; i++) this.#words[i] = 0;
    }

    copy(to, from, size) {
        copyWithin(this.#bytes, to, from, from + size);
    }
}

/** C's sizes may be 0: then they have a block all the same, which no other allocation has. */
const atLeastOne = (size) => (size === 0 ? 1 : size);

/** Returns a size_t of C as a number. The checks in C are called only for what they refuse. */
const unsigned = (value) => {
    if (typeof value !== 'number') check('size', value);
    if (value >>> 0 !== value && (value | 0) !== value) check('size', value);
    return value >>> 0;
};

const isPowerOfTwo = (bits) => bits !== 0 && (bits & (bits - 1)) === 0;

const allocate = (allocator, size, alignment = 1) => internals.allocStrong(allocator, atLeastOne(size), alignment);

const calloc = (allocator, contents, count, size) => {
    const product = unsigned(count) * unsigned(size) || 1;
    const pointer = product < MAX_BYTES ? allocate(allocator, product) : 0;
    if (pointer === 0) return 0;
    contents.look();
    contents.clear(pointer >>> 0, product);
    return pointer;
};

/** Moves an allocation to another address, with its contents and its token; throws if its pointer is wrong. */
const move = (arena, contents, from, to) => {
    let size;
    try {
        contents.look();
        // What can fail comes first: once `from` is given up, the contents must go along.
        size = Math.min(arena.size(to), arena.move(from, to));
    } catch (error) {
        arena.free(to);
        throw error;
    }
    contents.copy(to >>> 0, from >>> 0, size);
    return to;
};

const realloc = (allocator, contents, pointer, size) => {
    if (pointer === 0) return allocate(allocator, size);
    const arena = internals.quietly(allocator, internals.currentArenaOf);
    const token = arena.token(pointer);
    if (arena.resize(pointer, atLeastOne(size))) return pointer | 0;
    const to = allocate(allocator, size);
    if (to === 0) return 0;
    move(arena, contents, pointer, to);
    // An allocation may run the collector: it must not take the token before the move.
    keepAlive(token);
    return to;
};

const alignedAlloc = (allocator, alignment, size) => {
    const bits = (typeof alignment === 'number' ? alignment : check('alignment', alignment)) >>> 0;
    const isRight = bits === alignment && isPowerOfTwo(bits) && bits <= MAX_ALIGNMENT;
    return isRight ? allocate(allocator, size, alignment) : 0;
};

/** Returns C's functions over an allocator. What handlers throw in them is thrown later: see Events.quietCalls. */
exports.cFunctions = (allocator) => {
    const contents = new Contents(allocator);
    return Object.freeze({
        malloc: (size) => allocate(allocator, size),
        calloc: (count, size) => calloc(allocator, contents, count, size),
        realloc: (pointer, size) => realloc(allocator, contents, pointer, size),
        aligned_alloc: (alignment, size) => alignedAlloc(allocator, alignment, size),
        free: (pointer) => {
            if (pointer !== 0) internals.arenaOf(allocator).free(pointer);
        },
        malloc_usable_size: (pointer) => (pointer === 0 ? 0 : internals.arenaOf(allocator).size(pointer)),
    });
};
