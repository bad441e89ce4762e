'use strict';

const { check, keepAlive } = require('./binding.js');
const internals = require('./internals.js');
const { MAX_ALIGNMENT, MAX_BYTES } = require('./layout.js');
const { Float64Array, Uint8Array, ceil, copyWithin, fill, freeze, min } = require('./primordials.js');

/** Sizes in bytes up to which a loop clears faster than fill(). */
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
     * Makes new views if the buffer has changed. Has to be called before the other methods, which may otherwise write
     * to a detached buffer.
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

    /**
     * Clears bytes from a multiple of 8 to the next multiple of 8: the rest of a block belongs to the same allocation.
     */
    zero(from, size) {
        const end = ceil((from + size) / 8);
        if (size > LOOP_LIMIT) fill(this.#words, 0, from / 8, end);
        else for (let i = from / 8; i < end; i++) this.#words[i] = 0;
    }

    /** Copies bytes, which may overlap. */
    copy(to, from, size) {
        copyWithin(this.#bytes, to, from, from + size);
    }
}

/** Returns a size of C, at least 1: an allocation of 0 bytes gets a block too, so that no other one has its pointer. */
const atLeastOne = (size) => (size === 0 ? 1 : size);

/** Returns a size_t of C as a number. Calls the check in C only for values that it refuses. */
const unsigned = (value) => {
    if (typeof value !== 'number') check('size', value);
    if (value >>> 0 !== value && (value | 0) !== value) check('size', value);
    return value >>> 0;
};

/** Returns whether `value` is an alignment; throws if it is not a number. */
const isAlignment = (value) => {
    const bits = (typeof value === 'number' ? value : check('alignment', value)) >>> 0;
    return bits === value && bits !== 0 && bits <= MAX_ALIGNMENT && (bits & (bits - 1)) === 0;
};

/** Returns a pointer to `size` bytes, or 0 if there is no room. */
const allocate = (allocator, size, alignment = 1, isUnowned = false) => {
    try {
        return internals.allocStrong(allocator, atLeastOne(size), alignment, isUnowned);
    } catch (error) {
        if (error?.code === 'ERR_LEWD_OUT_OF_MEMORY') return 0;
        throw error;
    }
};

/** Returns a pointer to `count * size` bytes that are all 0; returns 0 if there is no room. */
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

/**
 * Moves an allocation, with its token, to one that was just made. If that fails, frees the new one and leaves the old
 * one unchanged.
 */
const moveAllocation = (arena, contents, from, to) => {
    try {
        contents.update();
        contents.copy(to >>> 0, from >>> 0, min(arena.size(to), arena.size(from)));
        arena.move(from, to); // frees `from`, and so comes last
    } catch (error) {
        arena.free(to);
        throw error;
    }
};

/**
 * Returns a pointer to an allocation of another size, with the same contents and token; returns 0 if there is no room.
 */
const reallocate = (allocator, contents, pointer, size) => {
    if (pointer === 0) return allocate(allocator, size);
    const arena = internals.currentArenaOf(allocator);
    const token = arena.token(pointer);
    if (arena.resize(pointer, atLeastOne(size))) return pointer | 0;
    const to = allocate(allocator, size, 1, true); // unowned: the move gives it its owner
    if (to === 0) return 0;
    moveAllocation(arena, contents, pointer, to);
    keepAlive(token); // allocate() may force a collection: the token must live until here
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
