'use strict';

const { check, fail } = require('./binding.js');
const { Call } = require('./call.js');
const { runGuarded } = require('./guarded.js');
const { ASKING, CURRENT, DELIVERING, RESPAWNING } = require('./layout.js');
const {
    AggregateError,
    Map,
    WeakMap,
    defineProperty,
    freeze,
    isStackOverflow,
    iterator,
    queueMicrotask,
} = require('./primordials.js');
const { mapDelete, mapForEach, mapGet, mapSet, weakMapGet, weakMapSet } = require('./primordials.js');
const { Queue } = require('./queue.js');
const { unregistered } = require('./tokens.js');

/** Throws an error from a microtask, so that it ends no call in progress. */
const throwLater = (error) =>
    queueMicrotask(() => {
        throw error;
    });

/**
 * Takes the first error of a queue, and throws it from a microtask. If it can't be scheduled, it stays in the queue.
 */
const scheduleFirst = (errors) => {
    const entry = errors.take(); // before hooks of async_hooks run, which may call the package
    try {
        throwLater(entry.value);
    } catch (error) {
        errors.putBack(entry);
        throw error;
    }
};

/** Returns one error for several that handlers threw. */
const aggregateOf = (errors) => {
    let entry = errors.first;
    const next = () => {
        const current = entry;
        entry = entry?.next;
        return { __proto__: null, done: current === undefined, value: current?.value };
    };
    const error = new AggregateError(
        { __proto__: null, [iterator]: () => ({ __proto__: null, next }) },
        'several handlers or respawns threw: see `errors`',
    );
    const code = { __proto__: null, value: 'ERR_LEWD_HANDLERS', writable: true, enumerable: true, configurable: true };
    return defineProperty(error, 'code', code);
};

/** The handlers of events, the calls of them that are due, and the errors that they threw. */
class Events {
    /**
     * By type of event: token => function => handler. Only its token keeps a handler alive, so the handler may close
     * over the token, and is collected with it. C keeps a list of all handlers, in order and weakly. (A WeakRef would
     * keep its target alive until the end of the job: in a synchronous loop no token with a handler would ever be
     * collected.)
     */
    #handlers = { __proto__: null };
    #due = new Queue();
    /**
     * Calls of handlers of 'oom'. If they were ended from outside, no more of them are made, but the first one may have
     * thrown.
     */
    #asked = new Queue();
    #errors = new Queue();
    #arena;
    #figures;

    /** `arena`: C's functions over the heap. */
    constructor(arena) {
        this.#arena = arena;
        this.#figures = arena.figures;
    }

    /**
     * Returns the handlers of a type and a token, by function. If there are none, returns a new map, which is not kept
     * yet.
     */
    #handlersOf(type, token) {
        const byToken = (this.#handlers[check('type', type)] ??= new WeakMap());
        return weakMapGet(byToken, check('token', unregistered(token))) ?? new Map();
    }

    /** Adds a handler. Does nothing if there is one of that type, token and function. */
    addHandler(type, token, fn) {
        const own = this.#handlersOf(type, token);
        if (mapGet(own, check('fn', fn)) !== undefined) return;
        try {
            weakMapSet(this.#handlers[type], token, own);
        } catch (error) {
            if (isStackOverflow(error)) throw error;
            fail('token', token); // a symbol, before Node.js 18.20
        }
        const handler = { type, fn: null };
        this.#arena.addHandler(handler);
        mapSet(own, fn, handler);
        handler.fn = fn; // last, and without a call: the handler is added wholly or not at all
    }

    /**
     * Removes a handler; without `fn`, all handlers of that type and token. Calls of them that are due are not made.
     */
    removeHandler(type, token, fn) {
        const own = this.#handlersOf(type, token);
        const removeOne = (handler, key) => {
            mapDelete(own, key);
            handler.fn = null;
        };
        if (fn === undefined) return mapForEach(own, removeOne);
        const handler = mapGet(own, check('fn', fn));
        if (handler !== undefined) removeOne(handler, fn);
    }

    /**
     * Returns calls of all handlers of these types, type by type, for append(). `handlers` is the list of live handlers
     * from C.
     */
    callsOf(info, handlers, types) {
        const calls = new Queue();
        freeze(info);
        for (let i = 0; i < types.length; i++) {
            const type = types[i];
            for (let k = 0; k < handlers.length; k++) {
                const handler = handlers[k];
                if (handler.type === type) calls.enqueue({ handler, event: { type, info }, call: new Call() });
            }
        }
        return calls;
    }

    /** Makes calls due. */
    append(calls) {
        this.#due.append(calls);
    }

    /**
     * Drops the calls that are due, which would keep their handlers alive. A delivery in progress still makes its
     * calls.
     */
    forget() {
        this.#due = new Queue();
    }

    /** Whether calls are due, and may be made now. They may not be made while respawns run. */
    get areDue() {
        return this.#due.first !== undefined && this.#figures[RESPAWNING] === 0;
    }

    /** Whether handlers or respawns are running. */
    get isNested() {
        return this.#figures[DELIVERING] + this.#figures[ASKING] + this.#figures[RESPAWNING] > 0;
    }

    /** Whether there are errors, or ended calls of handlers of 'oom' that may have thrown. */
    get #haveThrown() {
        return this.#errors.first !== undefined || this.#asked.first !== undefined;
    }

    /** Whether there is something to deliver: calls, or errors when no delivery is in progress. */
    get arePending() {
        return this.areDue || (this.#haveThrown && !this.isNested);
    }

    /** Whether nothing is left to deliver, now or later. */
    get areDone() {
        return this.#due.first === undefined && !this.#haveThrown;
    }

    /** Keeps an error until the end of the delivery, or until the next call. */
    keep(error) {
        this.#figures[CURRENT] = 0;
        this.#errors.enqueue(error);
    }

    /**
     * Makes calls in order. A call stays first in the queue until it has ended. A call that is in progress further out
     * is not made again.
     */
    #make(calls) {
        const keep = (error) => this.keep(error);
        for (let entry = calls.first; entry !== undefined; entry = calls.first) {
            const { handler, event, call } = entry.value;
            if (handler.fn !== null) call.make(handler.fn, event, keep);
            if (calls.first === entry) calls.take();
        }
    }

    /**
     * Makes the calls that are due, including those that become due meanwhile. The outermost delivery then throws their
     * errors, from a microtask if `isQuiet`: an exception that unwinds the stack of a module would break the module's
     * state.
     */
    deliver(isQuiet) {
        const { isNested } = this;
        if (this.areDue) runGuarded(this.#arena, DELIVERING, () => this.#make(this.#due));
        if (!isNested) this.raise(isQuiet);
    }

    /** Makes calls of handlers of 'oom' at once, before the calls that are due. Throws as deliver() does. */
    ask(calls, isQuiet) {
        const { isNested } = this;
        this.#asked = calls;
        runGuarded(this.#arena, ASKING, () => this.#make(calls));
        if (!isNested) this.raise(isQuiet);
    }

    /** Throws the errors that were kept, from a microtask if `isQuiet`. Drops none before it is thrown or scheduled. */
    raise(isQuiet) {
        const errors = this.#errors;
        const rest = new Queue();
        if (this.#asked.first !== undefined) {
            this.#asked.first.value.call.abandon((error) => this.keep(error));
            this.#asked = new Queue();
        }
        if (errors.first === undefined) return;
        if (!isQuiet) {
            const error = errors.first.next === undefined ? errors.first.value : aggregateOf(errors);
            this.#errors = rest;
            throw error;
        }
        while (this.#errors.first !== undefined) scheduleFirst(this.#errors); // hooks may have thrown the others
    }
}

module.exports = { Events };
