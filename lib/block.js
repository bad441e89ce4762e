'use strict';

const { fail } = require('./binding.js');

/** What keeps a block alive as long as one of its views is. */
const owner = Symbol('block');

/**
 * Scoped use of some bytes. Its token is itself: who forgets to dispose of it leaves that to the collector.
 *
 * The views are made when they are asked for, and anew when the buffer has changed since.
 */
class Block {
    #inner;
    #address;
    #size;
    #views = new Map();

    constructor(inner, size, alignment) {
        if (inner?.api === undefined) fail('block', inner);
        this.#address = inner.api.alloc(size, this, alignment);
        this.#inner = inner;
        this.#size = size >>> 0;
    }

    /** Returns `self`; throws if it is no block. */
    static #of(self) {
        return #inner in Object(self) ? self : fail('block', self);
    }

    /** Returns the functions of the allocator that a block's bytes are of; throws if either was disposed of. */
    static #api(self) {
        const inner = Block.#of(self).#inner;
        if (inner === undefined || inner.disposed) fail('DISPOSED');
        return inner.api;
    }

    static #view(self, View, bytes) {
        const { buffer } = Block.#api(self);
        let view = self.#views.get(View);
        if (view?.buffer === buffer) return view;
        view = new View(buffer, self.#address >>> 0, Math.floor(self.#size / bytes));
        Object.defineProperty(view, owner, { value: self });
        self.#views.set(View, view);
        return view;
    }

    get address() {
        return Block.#api(this) && this.#address;
    }

    get size() {
        return Block.#api(this) && this.#size;
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

    /** Frees the bytes at once. Does nothing once they are freed, by whatever. */
    dispose() {
        const inner = Block.#of(this).#inner;
        // Does nothing if its bytes were freed by hand, or have another owner by now.
        if (inner !== undefined && !inner.disposed) inner.arena.freeOwned(this.#address, this);
        this.#inner = undefined;
        this.#views.clear();
    }
}

if (Symbol.dispose) Block.prototype[Symbol.dispose] = Block.prototype.dispose;

module.exports = { Block };
