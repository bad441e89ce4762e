'use strict';

const { hasStack, isStackOverflow } = require('./primordials.js');

/**
 * A call of the program's code that is made once, whatever ends it. One that was ended from outside has begun, and is not
 * made again. One for which the stack had no room is made again: make() is called again then.
 */
class Call {
    #hasBegun = false;
    #hasThrown = false;
    #thrown;

    /** Calls fn(argument) with `this` undefined. What it throws goes to keep(), or to the next make() if the stack is full. */
    make(fn, argument, keep) {
        if (this.#hasThrown && isStackOverflow(this.#thrown)) this.#hasBegun = this.#hasThrown = false;
        if (!this.#hasBegun) {
            this.#hasBegun = true;
            try {
                fn(argument);
            } catch (error) {
                this.#thrown = error; // and nothing is called: the stack may be full
                this.#hasThrown = true;
            }
        }
        if (!this.#hasThrown) return;
        if (isStackOverflow(this.#thrown) && !hasStack()) throw this.#thrown;
        keep(this.#thrown);
        this.#hasThrown = false;
    }

    /** Makes it no more: keep() gets what it threw and did not get yet. A full stack was thrown to the caller. */
    abandon(keep) {
        if (this.#hasThrown && !isStackOverflow(this.#thrown)) keep(this.#thrown);
        this.#hasThrown = false;
    }
}

module.exports = { Call };
