'use strict';

const allocator = require('./allocator.js');
const { Block } = require('./block.js');
const { check, fail } = require('./binding.js');
const { claim, isClaimed, isMarkable } = require('./claims.js');
const recordSpawns = require('./spawns.js');
const { isGlobal32, isMemory32 } = require('./imports.js');

const BLOCK = 16;
const PAGE = 65536;
const MOST = 2 ** 32;
/** Bytes that are cleared sooner by a loop than by fill(). */
const FEW = 512;

/** As they were when this was loaded. */
const { apply } = Reflect;
const { Global, Memory } = WebAssembly;
const { get: valueOf } = Object.getOwnPropertyDescriptor(Global.prototype, 'value');
const { grow } = Memory.prototype;
const { fill, copyWithin } = Uint8Array.prototype;

/** C's sizes may be 0: the block of the smallest one can be told from any other. */
const atLeastOne = (size) => (size === 0 ? 1 : size);

/**
 * Returns the value of a WebAssembly.Global, of whatever realm, and anything else as it is. An i32 of 2 GiB or more is
 * negative there; a negative number of another type stays one, for the check of the setting to refuse.
 */
const place = (given) => {
    let value;
    try {
        value = apply(valueOf, given, []);
    } catch {
        return given;
    }
    return typeof value === 'number' && value < 0 && isGlobal32(given) ? value + MOST : value;
};

/** A size_t of C, asking the checks that are written in C only where there is something to refuse. */
const unsigned = (name, value) => {
    if (typeof value !== 'number') check(name, value);
    if (value >>> 0 !== value && (value | 0) !== value) check(name, value);
    return value >>> 0;
};

const later = (error) =>
    queueMicrotask(() => {
        throw error;
    });

/**
 * Adds to the documented surface of an allocator what is built on the same heap, and C's functions as `c`.
 *
 * Where C's functions let handlers run, what these throw is thrown later, by itself: an exception that unwinds the stack of
 * a module would leave it in a state of which it knows nothing.
 */
const extend = (inner) => {
    const { api, bufferOf, hold, make, raise, start } = inner;
    const { trim } = api;
    let maximum = PAGE;
    let quiet = 0;
    /** Over the memory as it was last seen. */
    let seen;
    let bytes;
    let words;

    /** Starts the allocator, if no other copy of the package hands out the same bytes, and claims them in every memory. */
    inner.start = (over, limit, base, end, ...settings) => {
        const span = [Math.ceil((base ?? 0) / BLOCK) * BLOCK, Math.floor((end ?? MOST) / BLOCK) * BLOCK];
        if (inner.arena === undefined && !isMarkable(over)) fail('UNSUPPORTED');
        if (inner.arena === undefined && isClaimed(over, ...span)) fail('OVERLAP');
        start(over, limit, base, end, ...settings);
        maximum = limit ?? PAGE;
        const owner = {};
        let claimed;
        inner.release = () => {};
        try {
            inner.follow((memory) => {
                if (memory === claimed) return;
                inner.release();
                inner.release = claim((claimed = memory), ...span, owner);
            });
        } catch (error) {
            inner.dispose(); // nothing is handed out unless it is claimed
            throw error;
        }
    };

    const spawns = recordSpawns();
    inner.spawn = spawns.run;
    inner.areSpawning = spawns.areRunning;

    inner.dispose = () => {
        inner.arena.dispose();
        inner.release();
        inner.disposed = true;
    };

    inner.raise = (thrown) => (quiet ? thrown.forEach(later) : raise(thrown));

    const quietly = (fn, ...args) => {
        quiet++;
        try {
            return fn(...args);
        } finally {
            quiet--;
        }
    };

    /** The arena, as large as the memory is now. */
    const look = () => api.memory && inner.arena;

    const see = () => {
        const { buffer } = api;
        if (seen === buffer) return;
        seen = buffer;
        bytes = new Uint8Array(buffer);
        words = new Float64Array(buffer);
    };

    /** Whole blocks: what is beyond the size is nobody else's. */
    const clear = (from, size) => {
        const end = Math.ceil((from + size) / 8);
        if (size > FEW) apply(fill, words, [0, from / 8, end]);
        else for (let i = from / 8; i < end; i++) words[i] = 0;
    };

    const strongly = (size, alignment) => {
        try {
            return api.alloc(size, undefined, alignment, true);
        } catch (error) {
            if (error?.code === 'ERR_LEWD_OUT_OF_MEMORY') return 0;
            throw error;
        }
    };

    const take = (size, alignment) => quietly(strongly, atLeastOne(size), alignment);

    const c = Object.freeze({
        malloc: (size) => take(size),

        calloc(count, size) {
            const product = unsigned('size', count) * unsigned('size', size) || 1;
            const pointer = product < MOST ? take(product) : 0;
            if (pointer === 0) return 0;
            quietly(see);
            clear(pointer >>> 0, product);
            return pointer;
        },

        realloc(pointer, size) {
            if (pointer === 0) return take(size);
            const arena = quietly(look);
            // As long as it is known here, it is not collected: the way of an allocation may lead through the collector.
            const token = arena.token(pointer);
            if (arena.resize(pointer, atLeastOne(size))) return pointer | 0;
            const to = take(size);
            if (to === 0) return 0;
            const from = pointer >>> 0;
            let length;
            try {
                quietly(see);
                // What can fail comes first: once `pointer` is given up, the contents must go along.
                length = Math.min(arena.size(to), arena.move(pointer, to, token));
            } catch (error) {
                arena.free(to);
                throw error;
            }
            apply(copyWithin, bytes, [to >>> 0, from, from + length]);
            return to;
        },

        aligned_alloc(alignment, size) {
            const bits = (typeof alignment === 'number' ? alignment : check('alignment', alignment)) >>> 0;
            const is = bits === alignment && bits !== 0 && bits <= PAGE && (bits & (bits - 1)) === 0;
            return is ? take(size, alignment) : 0;
        },

        free(pointer) {
            if (pointer !== 0) (inner.arena ?? quietly(look)).free(pointer);
        },

        malloc_usable_size: (pointer) => (pointer === 0 ? 0 : (inner.arena ?? quietly(look)).size(pointer)),
    });

    /** Returns a place as a number; undefined stays as it is. */
    const setting = (name, given) => given === undefined ? given : check(name, place(given));

    /** Returns a memory that was passed in; throws if it can't be served. */
    const served = (memory) => (bufferOf(memory) && isMemory32(memory) ? memory : fail('UNSUPPORTED'));

    return Object.assign(api, {
        configure(options) {
            const { memory, initial = 1, maximum: limit = PAGE, base, limit: end, fixed, growth } = check('options', options);
            check('maximum', limit);
            if (check('initial', initial) > limit && memory === undefined) fail('initial', initial);
            const over = memory === undefined ? make(initial, limit) : served(memory);
            const bounds = [setting('base', base), setting('limit', end)];
            inner.start(over, limit, ...bounds, fixed, growth);
        },

        trim() {
            if (isClaimed(api.memory, 0, MOST)) fail('FIXED');
            trim();
        },

        weaken(pointer, token) {
            look().weaken(pointer, hold(token));
        },

        strengthen(pointer) {
            look().strengthen(pointer);
        },

        reserve(address, size) {
            look().reserve(address, size);
        },

        grow(pages) {
            const before = api.buffer.byteLength / PAGE;
            if (check('pages', pages) === 0) return before;
            if (before + pages > maximum) fail('NO_PAGES');
            try {
                apply(grow, api.memory, [pages]);
            } catch {
                fail('NO_GROWTH');
            }
            look();
            return before;
        },

        block: (size, alignment) => new Block(inner, size, alignment),

        c,
    });
};

/** An allocator of its own: the documented functions, and what is built on the same heap, as methods. */
class Allocator {
    #inner = allocator();

    constructor(options = {}) {
        extend(this.#inner).configure(options);
    }

    static #innerOf(self) {
        return #inner in Object(self) ? self.#inner : fail('this', self);
    }

    static #api(self) {
        return (Allocator.#innerOf(self) ?? fail('DISPOSED')).api;
    }

    get memory() {
        return Allocator.#api(this).memory;
    }

    get buffer() {
        return Allocator.#api(this).buffer;
    }

    get c() {
        return Allocator.#api(this).c;
    }

    alloc(size, token, alignment) {
        return Allocator.#api(this).alloc(size, token, alignment);
    }

    trim() {
        Allocator.#api(this).trim();
    }

    bind(spawn, respawn) {
        return Allocator.#api(this).bind(spawn, respawn);
    }

    on(type, token, fn) {
        Allocator.#api(this).on(type, token, fn);
    }

    off(type, token, fn) {
        Allocator.#api(this).off(type, token, fn);
    }

    total() {
        return Allocator.#api(this).total();
    }

    used() {
        return Allocator.#api(this).used();
    }

    usedRun() {
        return Allocator.#api(this).usedRun();
    }

    free() {
        return Allocator.#api(this).free();
    }

    headFree() {
        return Allocator.#api(this).headFree();
    }

    tailFree() {
        return Allocator.#api(this).tailFree();
    }

    reserved() {
        return Allocator.#api(this).reserved();
    }

    largestFree() {
        return Allocator.#api(this).largestFree();
    }

    weaken(pointer, token) {
        Allocator.#api(this).weaken(pointer, token);
    }

    strengthen(pointer) {
        Allocator.#api(this).strengthen(pointer);
    }

    reserve(address, size) {
        Allocator.#api(this).reserve(address, size);
    }

    grow(pages) {
        return Allocator.#api(this).grow(pages);
    }

    block(size, alignment) {
        return Allocator.#api(this).block(size, alignment);
    }

    /** Gives everything back at once. Once more does nothing. */
    dispose() {
        if (Allocator.#innerOf(this) === undefined) return;
        this.#inner.dispose();
        this.#inner = undefined;
    }
}

if (Symbol.dispose) Allocator.prototype[Symbol.dispose] = Allocator.prototype.dispose;

module.exports = { Allocator, extend };
