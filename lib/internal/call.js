'use strict';

const { hasStack, isStackOverflow } = require('./primordials.js');

/**
 * A call of the program's code that is made once, however it ends. A call that was ended from outside has begun, and is
 * not made again. A call for which the stack had no room is made again by the next make().
 */
class Call {
    #hasBegun = false;
    #hasThrown = false;
    #thrown;

    /**
     * Calls fn(argument) with `this` undefined, and passes an error to keep(). If the stack is full, throws that error
     * to the caller, and leaves the call to the next make().
     */
    make(fn, argument, keep) {
        if (this.#hasThrown && isStackOverflow(this.#thrown)) this.#hasBegun = this.#hasThrown = false;
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
        if (isStackOverflow(this.#thrown) && !hasStack()) throw this.#thrown;
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
