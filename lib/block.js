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
        this.#address = inner.api.alloc(size, this, alignment);
        this.#inner = inner;
        this.#size = size >>> 0;
    }

    get #api() {
        if (this.#inner === undefined || this.#inner.disposed) fail('DISPOSED');
        return this.#inner.api;
    }

    get address() {
        return this.#api && this.#address;
    }

    get size() {
        return this.#api && this.#size;
    }

    #view(View, bytes) {
        const { buffer } = this.#api;
        let view = this.#views.get(View);
        if (view?.buffer === buffer) return view;
        view = new View(buffer, this.#address >>> 0, Math.floor(this.#size / bytes));
        Object.defineProperty(view, owner, { value: this });
        this.#views.set(View, view);
        return view;
    }

    get i8() {
        return this.#view(Int8Array, 1);
    }

    get u8() {
        return this.#view(Uint8Array, 1);
    }

    get i16() {
        return this.#view(Int16Array, 2);
    }

    get u16() {
        return this.#view(Uint16Array, 2);
    }

    get i32() {
        return this.#view(Int32Array, 4);
    }

    get u32() {
        return this.#view(Uint32Array, 4);
    }

    get i64() {
        return this.#view(BigInt64Array, 8);
    }

    get u64() {
        return this.#view(BigUint64Array, 8);
    }

    get f32() {
        return this.#view(Float32Array, 4);
    }

    get f64() {
        return this.#view(Float64Array, 8);
    }

    get data() {
        return this.#view(DataView, 1);
    }

    /** Frees the bytes at once. Does nothing once they are freed, by whatever. */
    dispose() {
        const inner = this.#inner;
        this.#inner = undefined;
        this.#views.clear();
        if (inner === undefined || inner.disposed) return;
        // Does nothing if its bytes were freed by hand, or have another owner by now.
        inner.arena.release(this.#address, this);
    }
}

if (Symbol.dispose) Block.prototype[Symbol.dispose] = Block.prototype.dispose;

module.exports = { Block };
