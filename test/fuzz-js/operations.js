'use strict';

// The operations of a run. Each is { weight, run(world, draw) }: it draws, calls the package, and updates the model.
// Those with `isOuter` are made only while nothing is in progress.

const bad = require('./bad.js');
const blocks = require('./blocks.js');
const lives = require('./lives.js');
const memory = require('./memory.js');
const pointers = require('./pointers.js');

const OPERATIONS = { ...pointers, ...blocks, ...memory, ...lives, ...bad };

class Table {
    #all = [];
    #inner = [];

    constructor() {
        for (const [name, operation] of Object.entries(OPERATIONS)) {
            const named = { name, ...operation };
            for (let i = 0; i < operation.weight; i++) {
                this.#all.push(named);
                if (!operation.isOuter && !operation.isAsync) this.#inner.push(named);
            }
        }
    }

    /** Draws an operation; `isInner`: within another one. */
    pick(draw, isInner) {
        return draw.pick(isInner ? this.#inner : this.#all);
    }
}

module.exports = { Table };
