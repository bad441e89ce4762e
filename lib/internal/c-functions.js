'use strict';

const { check, keepAlive } = require('./binding.js');
const internals = require('./internals.js');
const { ARGUMENT, MAX_ALIGNMENT, MAX_BYTES, RESULT, SECOND_ARGUMENT } = require('./layout.js');
const { Float64Array, fill, freeze } = require('./primordials.js');

/** Sizes in bytes up to which bytes are cleared one by one: a new view takes longer. */
const FEW_BYTES = 48;

/**
 * Clears bytes of a memory, from a multiple of 8 to the next multiple of 8: the rest of a block belongs to the same
 * allocation.
 */
const clear = (allocator, from, size) => {
    if (size > FEW_BYTES) {
        const count = (size + 7 - ((size + 7) % 8)) / 8;
        fill(new Float64Array(internals.bufferOf(allocator, true), from, count), 0, 0, count);
    } else {
        const bytes = internals.viewOf(allocator);
        for (let i = from; i < from + size; i++) bytes[i] = 0;
    }
};

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
const allocateCleared = (allocator, malloc, count, size) => {
    const product = unsigned(count) * unsigned(size) || 1;
    const pointer = product < MAX_BYTES ? malloc(product) : 0;
    if (pointer === 0) return 0;
    try {
        clear(allocator, pointer >>> 0, product);
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
const moveAllocation = (allocator, arena, from, to) => {
    try {
        arena.move(from, to, internals.bufferOf(allocator, true));
    } catch (error) {
        arena.free(to);
        throw error;
    }
};

/**
 * Returns a pointer to an allocation of another size, with the same contents and token; returns 0 if there is no room.
 */
const reallocate = (allocator, pointer, size) => {
    if (pointer === 0) return allocate(allocator, size);
    const arena = internals.currentArenaOf(allocator);
    const token = arena.token(pointer);
    if (arena.resize(pointer, atLeastOne(size))) return pointer | 0;
    const to = allocate(allocator, size, 1, true); // unowned: the move gives it its owner
    if (to === 0) return 0;
    moveAllocation(allocator, arena, pointer, to);
    keepAlive(token); // allocate() may force a collection: the token must live until here
    return to;
};

/** Returns whether `value` is a size or a pointer: a u32, or an i32 of the same bits. */
const isWord = (value) => typeof value === 'number' && (value >>> 0 === value || (value | 0) === value);

/**
 * The direct functions of an allocator's arena. They take arguments from the published figures, and leave the result
 * there: Node-API needs as long to pass one argument and a result as for the rest of such a call. They do the common
 * case alone, and return 0 in all others, where nothing has changed. The result is 0 before each call, since Node-API
 * may refuse the call in an environment that ends.
 */
class Direct {
    #allocator;
    #figures;
    #mallocDirect;
    #freeDirect;
    #sizeDirect;
    #resizeDirect;
    #isCurrent;

    constructor(allocator) {
        this.#allocator = allocator;
        this.#isCurrent = internals.isCurrent; // a load from `internals` takes some nanoseconds
    }

    /** Returns whether the other functions may be called with this argument. The first call starts the allocator. */
    takes(argument) {
        if (!isWord(argument)) return false;
        if (this.#figures === undefined) this.#begin();
        const isCurrent = this.#isCurrent;
        return isCurrent(this.#allocator);
    }

    #begin() {
        const arena = internals.currentArenaOf(this.#allocator);
        this.#mallocDirect = arena.mallocDirect;
        this.#freeDirect = arena.freeDirect;
        this.#sizeDirect = arena.sizeDirect;
        this.#resizeDirect = arena.resizeDirect;
        this.#figures = arena.figures;
    }

    malloc(size) {
        const figures = this.#figures;
        figures[ARGUMENT] = size;
        figures[RESULT] = 0;
        this.#mallocDirect();
        return figures[RESULT] | 0;
    }

    /** Returns 1 if it has freed the pointer. */
    free(pointer) {
        const figures = this.#figures;
        figures[ARGUMENT] = pointer;
        figures[RESULT] = 0;
        this.#freeDirect();
        return figures[RESULT];
    }

    sizeOf(pointer) {
        const figures = this.#figures;
        figures[ARGUMENT] = pointer;
        figures[RESULT] = 0;
        this.#sizeDirect();
        return figures[RESULT];
    }

    /** Returns the pointer if its size could be changed in place. */
    resizeInPlace(pointer, size) {
        const figures = this.#figures;
        figures[ARGUMENT] = pointer;
        figures[SECOND_ARGUMENT] = size;
        figures[RESULT] = 0;
        this.#resizeDirect();
        return figures[RESULT] | 0;
    }
}

/** Returns C's functions over an allocator. Errors of handlers are thrown from a microtask. */
exports.cFunctions = (allocator) => {
    const direct = new Direct(allocator);
    const malloc = (size) => (direct.takes(size) && direct.malloc(size)) || allocate(allocator, size);
    return freeze({
        malloc,
        calloc: (count, size) => allocateCleared(allocator, malloc, count, size),
        realloc: (pointer, size) => {
            const isDirect = pointer !== 0 && isWord(size) && direct.takes(pointer);
            return (isDirect && direct.resizeInPlace(pointer, size)) || reallocate(allocator, pointer, size);
        },
        aligned_alloc: (alignment, size) => (isAlignment(alignment) ? allocate(allocator, size, alignment) : 0),
        free: (pointer) => {
            if (pointer !== 0 && !(direct.takes(pointer) && direct.free(pointer)))
                internals.arenaOf(allocator).free(pointer);
        },
        malloc_usable_size: (pointer) => {
            if (pointer === 0) return 0;
            return (direct.takes(pointer) && direct.sizeOf(pointer)) || internals.arenaOf(allocator).size(pointer);
        },
    });
};
