'use strict';

const { fail } = require('./binding.js');
const internals = require('./internals.js');

/** What keeps a block alive as long as one of its views is. */
const owner = Symbol('block');

/**
 * Scoped use of some bytes. Its token is itself: one that is not disposed of is left to the collector.
 *
 * The views are made when they are asked for, and anew when the buffer has changed since.
 */
class Block {
    /** Undefined once it is disposed of. */
    #allocator;
    #address;
    #size;
    #views = new Map();

    /** `key` is `internals`: a program can't make blocks of its own. */
    constructor(key, allocator, size, alignment) {
        if (key !== internals) fail('block', key);
        this.#address = internals.alloc(allocator, size, this, alignment);
        this.#allocator = allocator;
        this.#size = size >>> 0;
    }

    /** Returns `self`; throws if it is no block. */
    static #of(self) {
        return #allocator in Object(self) ? self : fail('block', self);
    }

    /** Returns the block's allocator; throws if either was disposed of. */
    static #allocatorOf(self) {
        const allocator = Block.#of(self).#allocator;
        if (allocator === undefined || internals.isDisposed(allocator)) fail('DISPOSED');
        return allocator;
    }

    /** Returns a view of the class `View` over the bytes; `bytes`: of one element. */
    static #view(self, View, bytes) {
        const buffer = internals.bufferOf(Block.#allocatorOf(self));
        let view = self.#views.get(View);
        if (view?.buffer === buffer) return view;
        view = new View(buffer, self.#address >>> 0, Math.floor(self.#size / bytes));
        Object.defineProperty(view, owner, { value: self });
        self.#views.set(View, view);
        return view;
    }

    get address() {
        return Block.#allocatorOf(this) && this.#address;
    }

    get size() {
        return Block.#allocatorOf(this) && this.#size;
    }

    get i8() {
        return Block.#view(this, Int8Array, 1);
    }

    get u8() {
        return Block.#view(this, Uint8Array, 1);
    }

    get i16() {
        return Block.#view(this, Int16Array, 2);
    }

    get u16() {
        return Block.#view(this, Uint16Array, 2);
    }

    get i32() {
        return Block.#view(this, Int32Array, 4);
    }

    get u32() {
        return Block.#view(this, Uint32Array, 4);
    }

    get i64() {
        return Block.#view(this, BigInt64Array, 8);
    }

    get u64() {
        return Block.#view(this, BigUint64Array, 8);
    }

    get f32() {
        return Block.#view(this, Float32Array, 4);
    }

    get f64() {
        return Block.#view(this, Float64Array, 8);
    }

    get data() {
        return Block.#view(this, DataView, 1);
    }

    /** Frees the bytes at once. Does nothing if they were freed by hand, or have another owner by now. */
    dispose() {
        const allocator = Block.#of(this).#allocator;
        if (allocator !== undefined && !internals.isDisposed(allocator))
            internals.arenaOf(allocator).freeOwned(this.#address, this);
        this.#allocator = undefined;
        this.#views.clear();
    }
}

if (Symbol.dispose) Block.prototype[Symbol.dispose] = Block.prototype.dispose;

module.exports = { Block };
