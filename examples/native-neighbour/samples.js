'use strict';

// Blocks that JavaScript allocates, and that a native addon works on in place.

const { Allocator } = require('@anireact/lewd');
const { Leveller, sort } = require(require('./build.js').build());

/** One for all samples; a WebAssembly module could work on the same memory. */
const allocator = new Allocator();

/**
 * The addon's object is told the buffer once. When the memory grows or is replaced, the buffer is another one: so it
 * is told again, in a handler of 'resize'. Until then its calls are refused, since the old buffer is detached: it has
 * no bytes.
 */
class Loudness {
    #leveller;

    constructor(loudness, follow = true) {
        this.#leveller = new Leveller(allocator.buffer, loudness);
        if (follow) allocator.on('resize', this, ({ info }) => this.#leveller.attach(info.buffer));
    }

    /** Scales samples to this loudness, a root mean square, and answers the factor. */
    level(samples) {
        return samples.with((address, length) => this.#leveller.level(address, length));
    }
}

/** Some floats. Their memory is free again when this object, and all views of it, are gone. */
class Samples {
    #block;

    constructor(numbers) {
        this.length = numbers.length;
        this.#block = allocator.block(numbers.length * 4 || 1);
        this.view.set(numbers);
    }

    /** Calls `use(address, length)`. Until it has returned the block is alive, and where it is. */
    with(use) {
        return this.#block.pin((address) => use(address, this.length));
    }

    /** Always valid when it is asked for. Don't keep it across an allocation. */
    get view() {
        return this.#block.f32.subarray(0, this.length);
    }

    /** Sorts in place. The buffer goes with each call, so there is nothing that could be stale. */
    sort() {
        this.with((address, length) => sort(allocator.buffer, address, length));
        return this;
    }
}

module.exports = { Loudness, Samples, allocator, sort };
