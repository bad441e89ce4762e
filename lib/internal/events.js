'use strict';

const { check, fail } = require('./binding.js');
const { queueMicrotask } = require('./primordials.js');
const { unregistered } = require('./tokens.js');

/** Throws an error from a microtask of its own. */
const throwLater = (error) =>
    queueMicrotask(() => {
        throw error;
    });

/** Handlers of events, calls of them that are due, and what they threw. */
class Events {
    /**
     * By type of event: token => function => handler. A handler hangs from its token alone, so that it may close over
     * it, and goes with it; C keeps a list of all handlers, in order and weakly. (A WeakRef would keep its target to
     * the end of the job: in a synchronous loop no token with a handler would ever be collected.)
     */
    #handlers = { __proto__: null };
    /** Calls of handlers, in order. */
    #due = new Set();
    #errors = [];
    isDelivering = false;
    /** While respawns run: calls that become due wait until all respawns have run. */
    isPaused = false;
    /** From the time that handlers of 'oom' are asked until they have run: their own requests don't ask them again. */
    isAsking = false;
    /**
     * The number of calls of C's functions in progress. As long as there are some, errors are thrown later: an
     * exception that unwinds the stack of a WebAssembly module would break its state.
     */
    deferring = 0;

    /** Returns the handlers of a type and a token, by function. The map is not in the table yet if there are none. */
    #handlersOf(type, token) {
        const byToken = (this.#handlers[check('type', type)] ??= new WeakMap());
        return byToken.get(check('token', unregistered(token))) ?? new Map();
    }

    /** Adds a handler, unless it is there. `arena`: C's functions, which keep the list. */
    add(type, token, fn, arena) {
        const own = this.#handlersOf(type, token);
        if (own.has(check('fn', fn))) return;
        try {
            this.#handlers[type].set(token, own);
        } catch {
            fail('token', token); // a symbol, before Node.js 18.20
        }
        own.set(fn, arena.addHandler({ type, fn }));
    }

    /** Removes a handler; without `fn`, all of that type and token. Calls of it that are due do nothing. */
    remove(type, token, fn) {
        const own = this.#handlersOf(type, token);
        for (const key of fn === undefined ? own.keys() : [check('fn', fn)]) {
            const handler = own.get(key);
            if (handler !== undefined) handler.fn = null;
            own.delete(key);
        }
    }

    /** Makes calls due, type by type, of all handlers of these types. `handlers`: C's list of all there are. */
    post(types, info, handlers) {
        Object.freeze(info);
        for (const type of types) {
            const event = { type, info };
            for (const handler of handlers) if (handler.type === type) this.#due.add(() => handler.fn?.(event));
        }
    }

    /** Whether calls are due. */
    get areDue() {
        return this.#due.size > 0;
    }

    /** Calls fn(). What it throws is thrown by the outermost deliver(). */
    attempt(fn) {
        try {
            fn();
        } catch (error) {
            this.#errors.push(error);
        }
    }

    /**
     * Makes all calls that are due, also those that become due meanwhile. Throws what they threw, unless it is nested.
     */
    deliver() {
        if (this.isPaused) return;
        const isNested = this.isDelivering;
        this.isDelivering = true;
        for (const call of this.#due) {
            this.#due.delete(call);
            this.attempt(call);
        }
        if (isNested) return;
        this.isDelivering = this.isAsking = false;
        if (this.#errors.length > 0) this.#raise(this.#errors.splice(0));
    }

    #raise(errors) {
        const [first] = errors;
        if (this.deferring > 0) errors.forEach(throwLater);
        else if (errors.length === 1) throw first;
        else throw Object.assign(new AggregateError(errors, 'handlers threw'), { code: 'ERR_LEWD_HANDLERS' });
    }
}

module.exports = { Events };
