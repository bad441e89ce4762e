'use strict';

const { check, fail } = require('./binding.js');
const { queueMicrotask } = require('./primordials.js');
const { unregistered } = require('./tokens.js');

/** Throws an error from a microtask: no call that is in progress ends with it. */
const throwLater = (error) =>
    queueMicrotask(() => {
        throw error;
    });

/** Handlers of events, calls of them that are due, and what they threw. */
class Events {
    /**
     * By type of event: token => function => handler. A handler hangs from its token alone, so that it may close over it, and
     * goes with it; C keeps a list of all handlers, in order and weakly. (A WeakRef would keep its target to the end of the
     * job: in a synchronous loop no token with a handler would ever be collected.)
     */
    #handlers = { __proto__: null };
    #due = new Set();
    #errors = [];
    isDelivering = false;
    /** While respawns run: what becomes due meanwhile waits for their end. */
    isPaused = false;
    /** From the time that handlers of 'oom' are asked until all is delivered: what they ask for does not ask them again. */
    isAsking = false;
    /** Calls of C's functions in progress: an exception that unwinds the stack of a module would break its state. */
    quietCalls = 0;

    /** Returns the handlers of a type and a token, by function. The map is not kept yet if there are none. */
    #handlersOf(type, token) {
        const byToken = (this.#handlers[check('type', type)] ??= new WeakMap());
        return byToken.get(check('token', unregistered(token))) ?? new Map();
    }

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

    /** Without `fn`: all of that type and token. Calls that are due already are not made. */
    remove(type, token, fn) {
        const own = this.#handlersOf(type, token);
        for (const key of fn === undefined ? own.keys() : [check('fn', fn)]) {
            const handler = own.get(key);
            if (handler !== undefined) handler.fn = null;
            own.delete(key);
        }
    }

    /** Makes calls of all handlers of these types due, type by type. `handlers` comes from C. */
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

    /** Calls `fn`, and keeps what it throws for the end of the delivery. */
    attempt(fn) {
        try {
            fn();
        } catch (error) {
            this.#errors.push(error);
        }
    }

    /** Makes the calls that are due, also those that become due meanwhile. The outermost delivery throws what was thrown. */
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
        this.#raise(this.#errors.splice(0));
    }

    #raise(errors) {
        if (this.quietCalls > 0) errors.forEach(throwLater);
        else if (errors.length > 1)
            throw Object.assign(new AggregateError(errors, 'handlers threw'), { code: 'ERR_LEWD_HANDLERS' });
        else if (errors.length > 0) throw errors[0];
    }
}

module.exports = { Events };
