'use strict';

// The random numbers of a run. Each operation draws from a generator of its own, made from the seed and the operation's
// number: the time at which a token is collected, which no seed determines, does not change later operations.

const { random } = require('../helpers/random.js');
const { PAGE } = require('../helpers/model.js');

const mix = (one, other) => random(Math.imul(one, 0x9e3779b1) ^ Math.imul(other, 0x85ebca6b))(2 ** 32);

/** Sizes that may be special cases, and their neighbours. */
const SPECIAL = [PAGE, PAGE - 16, PAGE + 16, 2 ** 31, 2 ** 31 + 5, 2 ** 32 - 1];

class Draw {
    #seed;
    #next;
    #forks = 0;

    /** `numbers`: any count of seeds, each of which changes the sequence. */
    constructor(...numbers) {
        this.#seed = numbers.reduce(mix, 0);
        this.#next = random(this.#seed);
    }

    /** Returns an integer in [0, limit). */
    below(limit) {
        return this.#next(limit);
    }

    /** Returns an integer in [from, to]. */
    between(from, to) {
        return from + this.#next(to - from + 1);
    }

    /** Returns true once in so many times. */
    isOneIn(times) {
        return this.#next(times) === 0;
    }

    pick(list) {
        return list[this.#next(list.length)];
    }

    /** Returns another generator, for code that may draw a different count of numbers from run to run. */
    fork() {
        return new Draw(this.#seed, ++this.#forks);
    }

    /** Returns a size in bytes, usually a small one. */
    size() {
        const kind = this.#next(1000);
        if (kind < 750) return this.between(1, 300);
        if (kind < 975) return this.between(1, 4000);
        return kind < 997 ? this.between(1, 2 * PAGE) : this.pick(SPECIAL);
    }

    /** Returns a valid alignment, usually a small one. */
    alignment() {
        return 2 ** (this.isOneIn(5) ? this.between(0, 16) : this.between(0, 9));
    }
}

module.exports = { Draw, mix };
