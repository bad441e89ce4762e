'use strict';

// Shows how JavaScript uses a WebAssembly module that has no allocator.
//
// prng.wat is a random number generator. One generator is 16 bytes of WebAssembly memory. This file gives those bytes
// an owner, a JavaScript object of class Prng: they are allocated with the object, and freed when the garbage collector
// takes it.

const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const lewd = require('@anireact/lewd');

// The functions may be destructured. `memory` and `buffer` change, so read them at each use: lewd.memory, lewd.buffer.
const { alloc, bind, keepAlive, on, trim } = lewd;

// ---- the module ----------------------------------------------------------------------------------------------------

const code = new WebAssembly.Module(readFileSync(join(__dirname, 'prng.wasm')));

// Allocates 1 KiB for the table that all generators read. The second argument is the token: the memory lives as long as
// this object does. The table must live as long as the module, so the module itself is the token.
const table = alloc(1024, code);

/** The exports of the module's instance: init, seed, rand, fill. */
let ars;

function instantiate() {
    ars = new WebAssembly.Instance(code, { env: { mem: lewd.memory, tab: table } }).exports;
}

// A memory that grows is still the same memory, and the instance goes on. But no memory can shrink. To release pages,
// trim() moves everything to a new one. The instance can't follow, since its import is fixed: there has to be a new
// one. So bind() takes two functions:
//
//   spawn    is called now: makes the instance and computes the table;
// respawn  is called after each migration by trim(): makes the instance over the new memory. Addresses and contents are
// unchanged,
//          so the table is there already. (Globals belong to the instance and begin again. This module has none that
// change.)
//
// bind() keeps `respawn` for good; that keeps `code` alive, which keeps the table.
bind(() => {
    instantiate();
    ars.init();
}, instantiate);

// ---- the class -----------------------------------------------------------------------------------------------------

/** A pseudo-random number generator. The same seed gives the same numbers. */
class Prng {
    /** The address of its 16 bytes: an i32, as WebAssembly takes it, so from 2 GiB up it is negative. */
    #address;

    /** JavaScript's view of the 16 bytes: how many numbers were drawn, and the seed. */
    #view;

    /** @param {number | bigint} [seed] an integer; taken modulo 2^64 */
    constructor(seed = 0) {
        const stream = BigInt(seed);

        // The object is the token of its own memory. So there is nothing to free, to close or to dispose of.
        this.#address = alloc(16, this);

        // Memory has its old contents when it is allocated. This writes all of the 16 bytes.
        ars.seed(this.#address, stream);

        // Growth and migration detach views: both are a 'resize'. The handler may refer to `this`: handlers never keep
        // their token alive, and are removed when it is collected.
        this.#look();
        on('resize', this, () => this.#look());
    }

    #look() {
        // In JavaScript, an address is an offset in the buffer and must be unsigned: >>> 0 makes it so.
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
     * @throws {RangeError} if the memory has no room for so many numbers at once; then none is drawn
     */
    fill(array) {
        if (!(array instanceof Uint32Array)) throw new TypeError('fill(array): array must be a Uint32Array');
        if (array.length === 0) return array;

        // Without a token, alloc() finds or makes room, but reserves nothing. The address is valid until the next
        // allocation: long enough to write the numbers there and copy them out.
        const scratch = alloc(array.byteLength);
        ars.fill(this.#address, scratch, array.length);
        keepAlive(this);
        array.set(new Uint32Array(lewd.buffer, scratch >>> 0, array.length));

        // If the memory had to grow for this, trims it again. (A program that does this often should keep its pages,
        // and call trim() at the end.)
        trim();
        return array;
    }

    /**
     * A copy of the number of numbers drawn, and the seed. Assigned to a generator, it makes that one continue from
     * there.
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
