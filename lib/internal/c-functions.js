'use strict';

const { check, keepAlive } = require('./binding.js');
const internals = require('./internals.js');
const { MAX_ALIGNMENT, MAX_BYTES } = require('./layout.js');
const { Float64Array, Uint8Array, ceil, copyWithin, fill, freeze, min } = require('./primordials.js');

/** Bytes up to which a loop clears sooner than fill(). */
const LOOP_LIMIT = 512;

/** The contents of an allocator's memory. */
class Contents {
    #allocator;
    #buffer;
    #bytes;
    #words;

    constructor(allocator) {
        this.#allocator = allocator;
    }

    /**
     * Makes the views anew if the buffer has changed. Before it, the other methods may write to a buffer that is
     * detached.
     */
    update() {
        const buffer = internals.bufferOf(this.#allocator, true);
        if (this.#buffer === buffer) return;
        this.#buffer = buffer;
        this.#bytes = new Uint8Array(buffer);
        this.#words = new Float64Array(buffer);
    }

    /** Forgets the buffer, so that it can be collected. */
    release() {
        this.#buffer = this.#bytes = this.#words = undefined;
    }

    /** Clears bytes from a multiple of 8 up to one: the rest of a block belongs to its owner, too. */
    zero(from, size) {
        const end = ceil((from + size) / 8);
        if (size > LOOP_LIMIT) fill(this.#words, 0, from / 8, end);
        else for (let i = from / 8; i < end; i++) this.#words[i] = 0;
    }

    copy(to, from, size) {
        copyWithin(this.#bytes, to, from, from + size);
    }
}

/**
 * Returns a size of C, which may be 0: then there is a block all the same, so that its pointer is not that of another.
 */
const atLeastOne = (size) => (size === 0 ? 1 : size);

/** Returns a size_t of C as a number. The checks in C are called only for what they refuse. */
const unsigned = (value) => {
    if (typeof value !== 'number') check('size', value);
    if (value >>> 0 !== value && (value | 0) !== value) check('size', value);
    return value >>> 0;
};

/** Returns whether it is an alignment; throws if it is no number. */
const isAlignment = (value) => {
    const bits = (typeof value === 'number' ? value : check('alignment', value)) >>> 0;
    return bits === value && bits !== 0 && bits <= MAX_ALIGNMENT && (bits & (bits - 1)) === 0;
};

/** Returns a pointer to so many bytes, or 0 where there is no room. */
const allocate = (allocator, size, alignment = 1, isUnowned = false) => {
    try {
        return internals.allocStrong(allocator, atLeastOne(size), alignment, isUnowned);
    } catch (error) {
        if (error?.code === 'ERR_LEWD_OUT_OF_MEMORY') return 0;
        throw error;
    }
};

/** Returns a pointer to bytes that are 0, or 0. */
const allocateCleared = (allocator, contents, count, size) => {
    const product = unsigned(count) * unsigned(size) || 1;
    const pointer = product < MAX_BYTES ? allocate(allocator, product) : 0;
    if (pointer === 0) return 0;
    try {
        contents.update();
        contents.zero(pointer >>> 0, product);
    } catch (error) {
        internals.arenaOf(allocator).free(pointer);
        throw error;
    }
    return pointer;
};

/** Moves an allocation, with its token, to one that was just made. If that fails, all is as before it was made. */
const moveAllocation = (arena, contents, from, to) => {
    try {
        contents.update();
        contents.copy(to >>> 0, from >>> 0, min(arena.size(to), arena.size(from)));
        arena.move(from, to); // gives `from` up, and so comes last
    } catch (error) {
        arena.free(to);
        throw error;
    }
};

/** Returns the pointer to an allocation of another size, with the same contents and token; 0 where there is no room. */
const reallocate = (allocator, contents, pointer, size) => {
    if (pointer === 0) return allocate(allocator, size);
    const arena = internals.currentArenaOf(allocator);
    const token = arena.token(pointer);
    if (arena.resize(pointer, atLeastOne(size))) return pointer | 0;
    const to = allocate(allocator, size, 1, true); // its owner comes with the move
    if (to === 0) return 0;
    moveAllocation(arena, contents, pointer, to);
    keepAlive(token); // allocate() may collect garbage: until here, not the token
    return to;
};

/** Returns C's functions over an allocator. Errors of handlers are thrown from a microtask. */
exports.cFunctions = (allocator, contents) =>
    freeze({
        malloc: (size) => allocate(allocator, size),
        calloc: (count, size) => allocateCleared(allocator, contents, count, size),
        realloc: (pointer, size) => reallocate(allocator, contents, pointer, size),
        aligned_alloc: (alignment, size) => (isAlignment(alignment) ? allocate(allocator, size, alignment) : 0),
        free: (pointer) => {
            if (pointer !== 0) internals.arenaOf(allocator).free(pointer);
        },
        malloc_usable_size: (pointer) => (pointer === 0 ? 0 : internals.arenaOf(allocator).size(pointer)),
    });

exports.Contents = Contents;
