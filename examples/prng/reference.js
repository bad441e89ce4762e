'use strict';

// The generator of prng.wat in plain JavaScript, to compare with. It shares no code with it: AES follows its standard
// (FIPS 197) byte by byte and step by step. That is slow, and easy to check.

const MASK = (1n << 64n) - 1n;

/** Returns the product of two bytes in AES's field GF(2^8). */
function product(a, b) {
    let sum = 0;
    for (let bit = 7; bit >= 0; bit--) {
        sum = (sum << 1) ^ (sum & 0x80 ? 0x11b : 0);
        if ((b >> bit) & 1) sum ^= a;
    }
    return sum;
}

/**
 * Computes AES's S-box by its definition: the multiplicative inverse (found by trying), then an affine map, bit by bit.
 */
const substitute = Uint8Array.from({ length: 256 }, (_, x) => {
    let inverse = 0;
    if (x !== 0) while (product(x, inverse) !== 1) inverse++;

    let s = 0;
    for (let bit = 0; bit < 8; bit++) {
        let sum = (0x63 >> bit) & 1;
        for (const distance of [0, 4, 5, 6, 7]) sum ^= (inverse >> ((bit + distance) % 8)) & 1;
        s |= sum << bit;
    }
    return s;
});

const double = Uint8Array.from({ length: 256 }, (_, x) => product(x, 2));

/**
 * Applies SubBytes, ShiftRows and, except in the last round, MixColumns. Byte i is in row i mod 4 of column i div 4.
 */
function round(block, last) {
    const shifted = new Uint8Array(16);
    for (let i = 0; i < 16; i++) shifted[i] = substitute[block[(i + 4 * (i % 4)) % 16]];
    if (last) return shifted;

    const mixed = new Uint8Array(16);
    for (let i = 0; i < 16; i++) {
        const below = (distance) => shifted[(i & ~3) + ((i + distance) % 4)];
        mixed[i] = double[below(0)] ^ double[below(1)] ^ below(1) ^ below(2) ^ below(3);
    }
    return mixed;
}

/** Returns the 16 bytes of two 64-bit halves, the least significant first. */
function bytes(lo, hi) {
    const view = new DataView(new ArrayBuffer(16));
    view.setBigUint64(0, lo, true);
    view.setBigUint64(8, hi, true);
    return new Uint8Array(view.buffer);
}

/**
 * Enciphers a counter by ARS. Returns the block.
 *
 * @param {[bigint, bigint]} counter low half and high half
 * @param {[bigint, bigint]} key low half and high half
 * @param {number} rounds
 * @returns {number[]} 4 unsigned 32-bit numbers
 */
function ars(counter, key, rounds) {
    let [lo, hi] = key;
    const addKey = (block) => {
        const k = bytes(lo, hi);
        for (let i = 0; i < 16; i++) block[i] ^= k[i];
        return block;
    };

    let block = addKey(bytes(...counter));
    for (let i = 1; i <= rounds; i++) {
        lo = (lo + 0x9e3779b97f4a7c15n) & MASK;
        hi = (hi + 0xbb67ae8584caa73bn) & MASK;
        block = addKey(round(block, i === rounds));
    }

    const view = new DataView(block.buffer);
    return [0, 4, 8, 12].map((offset) => view.getUint32(offset, true));
}

/** Has the methods of `Prng`, with the same results. */
class Reference {
    #drawn = 0n;
    #seed;
    #words = []; // the block of the last number; empty before the first

    constructor(seed = 0) {
        this.#seed = BigInt(seed) & MASK;
    }

    rand() {
        const word = Number(this.#drawn & 3n);
        if (word === 0 || this.#words.length === 0) this.#words = ars([this.#drawn >> 2n, this.#seed], [1n, 0n], 7);
        this.#drawn = (this.#drawn + 1n) & MASK;
        return this.#words[word];
    }

    fill(array) {
        for (let i = 0; i < array.length; i++) array[i] = this.rand();
        return array;
    }

    get state() {
        return BigUint64Array.of(this.#drawn, this.#seed);
    }

    set state([drawn, seed]) {
        this.#drawn = drawn & MASK;
        this.#seed = seed & MASK;
        this.#words = [];
    }
}

module.exports = { Reference, ars };
