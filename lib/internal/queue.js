'use strict';

/**
 * A list of values, first in, first out. It calls nothing that a program may replace, and changes by assignments
 * without a call between them: a program that is ended from outside leaves it whole.
 */
class Queue {
    first;
    #last;

    /** Adds a value. */
    enqueue(value) {
        this.append(Queue.of(value));
    }

    /** Returns a queue of one value. */
    static of(value) {
        const queue = new Queue();
        queue.first = queue.#last = { value, next: undefined };
        return queue;
    }

    get last() {
        return this.#last;
    }

    /** Adds the values of another queue, which must not be used afterwards. */
    append(queue) {
        if (queue.first === undefined) return;
        if (this.first === undefined) this.first = queue.first;
        else this.#last.next = queue.first;
        this.#last = queue.#last;
    }

    /** Removes the first entry and returns it, with its `value`; returns undefined if there is none. */
    take() {
        const entry = this.first;
        if (entry !== undefined) this.first = entry.next;
        if (this.first === undefined) this.#last = undefined; // otherwise the entry would be kept alive
        return entry;
    }
}

module.exports = { Queue };
