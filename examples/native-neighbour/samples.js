'use strict';

// Allocates blocks in JavaScript that a native addon works on in place.

const { Allocator } = require('@anireact/lewd');
const { Leveller, sort } = require(require('./build.js').build());

/** One allocator for all samples; a WebAssembly module could work on the same memory. */
const allocator = new Allocator();

/**
 * The addon's object keeps the buffer. Growth and migration replace it, so a handler of 'resize' passes the new one.
 * Until then calls are refused, since the old buffer is detached: it has no bytes.
 */
class Loudness {
    #leveller;

    constructor(loudness, follow = true) {
        this.#leveller = new Leveller(allocator.buffer, loudness);
        if (follow) allocator.on('resize', this, ({ info }) => this.#leveller.attach(info.buffer));
    }

    /** Scales samples to this loudness, a root mean square, and returns the factor. */
    level(samples) {
        return samples.with((address, length) => this.#leveller.level(address, length));
    }
}

/** Some floats. Their memory is freed once this object and all views of it are collected. */
class Samples {
    #block;

    constructor(numbers) {
        this.length = numbers.length;
        this.#block = allocator.block(numbers.length * 4 || 1);
        this.view.set(numbers);
    }

    /** Calls `use(address, length)`. The block stays alive and in place until it returns. */
    with(use) {
        return this.#block.pin((address) => use(address, this.length));
    }

    /** A view that is valid when it is read. Don't keep it across an allocation. */
    get view() {
        return this.#block.f32.subarray(0, this.length);
    }

    /** Sorts in place. Passes the buffer with each call, so it can't be stale. */
    sort() {
        this.with((address, length) => sort(allocator.buffer, address, length));
        return this;
    }
}

module.exports = { Loudness, Samples, allocator, sort };
