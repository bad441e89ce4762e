'use strict';

// How to drive a WebAssembly module that has no allocator from JavaScript.
//
// prng.wat is a random number generator. One generator is 16 bytes of WebAssembly memory. This file gives those bytes
// an owner, a JavaScript object of class Prng: they are taken when the object is made, and they come back when the
// garbage collector takes the object.

const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const lewd = require('@anireact/lewd');

// The functions may be taken out. `memory` and `buffer` change, so ask for them each time: lewd.memory, lewd.buffer.
const { alloc, bind, keepAlive, on, trim } = lewd;

// ---- the module ----------------------------------------------------------------------------------------------------

const code = new WebAssembly.Module(readFileSync(join(__dirname, 'prng.wasm')));

// 1 KiB for the table that all generators read. The second argument is the token: the memory lives as long as this
// object does. Here it has to live as long as the module, so the module itself is the token.
const table = alloc(1024, code);

/** What the module's instance exports: init, seed, rand, fill. */
let ars;

function instantiate() {
    ars = new WebAssembly.Instance(code, { env: { mem: lewd.memory, tab: table } }).exports;
}

// When a memory grows, it is still the same memory, and the instance goes on. But no memory can shrink. To give pages
// back, trim() moves everything to a new one. There the instance cannot follow, since its import is fixed: it has to be
// made anew. So bind() takes two functions:
//
//   spawn    is called now: make the instance, and compute the table;
//   respawn  is called whenever trim() moves: make the instance over the new memory. Addresses and contents are what
//            they were, so the table is there already. (Globals are the instance's, and start again. This module has
//            none that change.)
//
// bind() keeps `respawn` for good; that keeps `code`, which keeps the table.
bind(() => {
    instantiate();
    ars.init();
}, instantiate);

// ---- the class -----------------------------------------------------------------------------------------------------

/** A pseudo-random number generator. The same seed gives the same numbers. */
class Prng {
    /** Where its 16 bytes are: an i32, as WebAssembly takes it, so from 2 GiB up it is negative. */
    #address;

    /** JavaScript's view of the 16 bytes: how many numbers were drawn, and the seed. */
    #view;

    /** @param {number | bigint} [seed] an integer; taken modulo 2^64 */
    constructor(seed = 0) {
        const stream = BigInt(seed);

        // The object is the token of its own memory. So there is nothing to free, to close or to dispose of.
        this.#address = alloc(16, this);

        // Memory comes as whoever had it before left it. This writes all of the 16 bytes.
        ars.seed(this.#address, stream);

        // A view is useless once the memory has grown or has moved: both are a 'resize'. The handler refers to `this`,
        // and so may it: handlers never keep their token alive, they are gone when it is.
        this.#look();
        on('resize', this, () => this.#look());
    }

    #look() {
        // In JavaScript, an address is an offset in the buffer, and must be unsigned: that is what >>> 0 does.
        this.#view = new BigUint64Array(lewd.buffer, this.#address >>> 0, 2);
    }

    /** @returns {number} the next number: an integer, from 0 to 2^32 - 1 */
    rand() {
        const number = ars.rand(this.#address) >>> 0; // WebAssembly returns an i32
        keepAlive(this); // the token of the 16 bytes: V8 may not collect it before this line
        return number;
    }

    /**
     * Fills an array with the next numbers.
     *
     * @param {Uint32Array} array
     * @returns {Uint32Array} the same array
     * @throws {TypeError} if it is no Uint32Array
     * @throws {RangeError} if the memory has no room for as many numbers at once; then none was drawn
     */
    fill(array) {
        if (!(array instanceof Uint32Array)) throw new TypeError('fill(array): array must be a Uint32Array');
        if (array.length === 0) return array;

        // Without a token, alloc() finds room or makes it, but reserves nothing. The address is good until the next
        // allocation, long enough for two lines: the numbers are written there, and copied out.
        const scratch = alloc(array.byteLength);
        ars.fill(this.#address, scratch, array.length);
        keepAlive(this);
        array.set(new Uint32Array(lewd.buffer, scratch >>> 0, array.length));

        // If the memory had to grow for this, make it small again. (A program that does this all the time had better
        // keep its pages, and call trim() when it is done.)
        trim();
        return array;
    }

    /**
     * How many numbers were drawn, and the seed; a copy. Assigned to a generator, it makes that one go on from there.
     *
     * @type {BigUint64Array}
     */
    get state() {
        return this.#view.slice();
    }

    set state([drawn, seed]) {
        this.#view.set([drawn, seed]);
    }
}

module.exports = { Prng };
