'use strict';

const { check, fail, keepAlive } = require('./binding.js');
const internals = require('./internals.js');
const { PINNING } = require('./layout.js');
const primordials = require('./primordials.js');
const { refuseThenable } = require('./thenables.js');

const { Symbol, byteLengthOf, defineProperty, floor } = primordials;
const { BigInt64Array, BigUint64Array, DataView, Float32Array, Float64Array, Int8Array, Int16Array, Int32Array } =
    primordials;
const { Uint8Array, Uint16Array, Uint32Array } = primordials;

/** The property of a view that keeps its block alive. */
const owner = Symbol('block');

/**
 * Bytes for scoped use. A block is its own token: if it is not disposed of, its bytes are freed when it is collected.
 *
 * A view is made when it is first read, and made anew if the buffer has changed since.
 */
class Block {
    /** Undefined after the block was disposed of. */
    #allocator;
    #address;
    #size;
    /** By name of the getter: a view and its buffer. */
    #views = { __proto__: null };

    /** `key` is `internals`, so that programs can't make blocks of their own. */
    constructor(key, allocator, size, alignment) {
        if (key !== internals) fail('block', key);
        this.#address = internals.alloc(allocator, size, this, alignment);
        this.#allocator = allocator;
        this.#size = size >>> 0;
    }

    /** Returns `self`; throws if it is not a block. */
    static #of(self) {
        return typeof self === 'object' && self !== null && #allocator in self ? self : fail('block', self);
    }

    /** Returns the block's allocator; throws if either was disposed of. */
    static #allocatorOf(self) {
        const allocator = Block.#of(self).#allocator;
        if (allocator === undefined || internals.isDisposed(allocator)) fail('BLOCK_DISPOSED');
        return allocator;
    }

    /** Returns a view of a block: the same one as long as the buffer is the same. `bytes` is the size of an element. */
    static #view(self, name, View, bytes) {
        const buffer = internals.bufferOf(Block.#allocatorOf(self));
        Block.#allocatorOf(self); // handlers may have run, and have disposed of it
        const known = self.#views[name];
        if (known?.buffer === buffer) return known.view;
        const start = self.#address >>> 0;
        if (start + self.#size > byteLengthOf(buffer)) fail('BLOCK_DISPOSED'); // freed by hand, and given back by trim()
        const view = new View(buffer, start, floor(self.#size / bytes));
        defineProperty(view, owner, { __proto__: null, value: self });
        self.#views[name] = { buffer, view };
        return view;
    }

    get address() {
        return Block.#allocatorOf(this) && this.#address;
    }

    get size() {
        return Block.#allocatorOf(this) && this.#size;
    }

    get i8() {
        return Block.#view(this, 'i8', Int8Array, 1);
    }

    get u8() {
        return Block.#view(this, 'u8', Uint8Array, 1);
    }

    get i16() {
        return Block.#view(this, 'i16', Int16Array, 2);
    }

    get u16() {
        return Block.#view(this, 'u16', Uint16Array, 2);
    }

    get i32() {
        return Block.#view(this, 'i32', Int32Array, 4);
    }

    get u32() {
        return Block.#view(this, 'u32', Uint32Array, 4);
    }

    get i64() {
        return Block.#view(this, 'i64', BigInt64Array, 8);
    }

    get u64() {
        return Block.#view(this, 'u64', BigUint64Array, 8);
    }

    get f32() {
        return Block.#view(this, 'f32', Float32Array, 4);
    }

    get f64() {
        return Block.#view(this, 'f64', Float64Array, 8);
    }

    get data() {
        return Block.#view(this, 'data', DataView, 1);
    }

    /**
     * Returns fn(address, u8). The block stays alive and in place until fn ends: it can't be disposed of, and trim()
     * throws. If the memory grows, `u8` is detached.
     */
    pin(fn) {
        const u8 = Block.#view(this, 'u8', Uint8Array, 1);
        const address = this.#address;
        check('fn', fn);
        const result = internals.arenaOf(this.#allocator).run(PINNING, () => fn(address, u8), this);
        keepAlive(this);
        refuseThenable(result, 'ASYNC_PIN');
        return result;
    }

    /** Frees the bytes at once. Does nothing if they were freed by hand, or have another owner by now. */
    dispose() {
        const allocator = Block.#of(this).#allocator;
        if (allocator !== undefined && !internals.isDisposed(allocator)) {
            const arena = internals.arenaOf(allocator);
            if (arena.isPinned(this)) fail('PINNED');
            arena.freeOwned(this.#address, this);
        }
        this.#allocator = undefined;
        this.#views = { __proto__: null };
    }
}

if (primordials.dispose)
    defineProperty(Block.prototype, primordials.dispose, {
        __proto__: null,
        value: Block.prototype.dispose,
        writable: true,
        configurable: true,
    });

module.exports = { Block };
