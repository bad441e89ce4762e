'use strict';

const { hasStack, isStackOverflow } = require('./primordials.js');

/**
 * A call of the program's code that is made once, however it ends. A call that was ended from outside has begun, and is
 * not made again. A call for which the stack had no room is made again by the next make().
 *
 * A call that overflows the stack where there is room for a short call of the package may do so by itself, at any
 * depth, or need more room than that. It is not made again unless it is `isVital`: then it is made a second time.
 */
class Call {
    #hasBegun = false;
    #hasThrown = false;
    #thrown;
    #isVital;

    constructor(isVital = false) {
        this.#isVital = isVital;
    }

    /**
     * Calls fn(argument) with `this` undefined, and passes an error to keep(). If the stack is full, throws that error
     * to the caller, and leaves the call to the next make().
     */
    make(fn, argument, keep) {
        const isRepeated = this.#hasThrown && isStackOverflow(this.#thrown);
        if (isRepeated) this.#hasBegun = this.#hasThrown = false;
        if (!this.#hasBegun) {
            this.#hasBegun = true;
            try {
                fn(argument);
            } catch (error) {
                this.#thrown = error; // without a call: the stack may be full
                this.#hasThrown = true;
            }
        }
        if (!this.#hasThrown) return;
        if (isStackOverflow(this.#thrown) && ((this.#isVital && !isRepeated) || !hasStack())) throw this.#thrown;
        keep(this.#thrown);
        this.#hasThrown = false;
    }

    /**
     * Gives the call up. Passes an error that keep() did not get yet to it, unless the stack was full: that error was
     * thrown to the caller.
     */
    abandon(keep) {
        if (this.#hasThrown && !isStackOverflow(this.#thrown)) keep(this.#thrown);
        this.#hasThrown = false;
    }
}

module.exports = { Call };
