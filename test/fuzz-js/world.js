'use strict';

const { writeSync } = require('node:fs');
const { setImmediate: turn } = require('node:timers/promises');
const { Draw } = require('./draw.js');
const { Failure, fail } = require('./failure.js');

const PLACES = 6;
const TOKENS = 24;

/** Operations that handlers of one operation may make, and the depth to which they may nest. */
const BUDGET = 12;
const MAX_DEPTH = 5;

/** A token that is held: its value, its spans, and its handlers. */
class TokenRecord {
    spans = new Set();
    /** Handlers: { subject, type, fn, registration }. `fn` may close over the token. */
    handlers = [];
    /** Calls of withOwner() in progress. */
    uses = 0;

    constructor(value) {
        this.value = value;
    }
}

const makeToken = (draw) => {
    const kind = draw.below(8);
    if (kind === 0) return Symbol('token');
    return kind === 1 ? () => {} : {};
};

/** All allocators of a run, the tokens, and their shared state. */
class World {
    /** Allocators; undefined for an empty place. */
    places = new Array(PLACES);
    /** Some that were disposed of. */
    disposed = [];
    /** Functions of the program in progress, of all allocators, innermost last: { subject, guard }. */
    guards = [];
    /** Tokens of exact allocators, and of the others. */
    tokens = { exact: new Array(TOKENS), loose: new Array(TOKENS) };
    /** Tokens of exact allocators that were dropped: they are kept until the next collection. */
    graveyard = [];
    /** Errors that are expected from microtasks. */
    later = new Set();
    /** The last operations. */
    log = [];
    handled = 0;
    depth = 0;
    number = 0;
    failure;
    #budget = 0;
    #marks = 0;
    #names = 0;

    constructor({ seed, table, trace, wrap }) {
        this.seed = seed;
        this.table = table;
        this.trace = trace;
        this.wrap = wrap;
    }

    nextMark() {
        return ++this.#marks;
    }

    nextName(kind) {
        return `${kind}${++this.#names}`;
    }

    get subjects() {
        return this.places.filter((subject) => subject !== undefined);
    }

    note(...words) {
        const entry = [this.number, '  '.repeat(this.depth), ...words];
        this.log.push(entry);
        if (this.log.length > 400) this.log.splice(0, 200);
        if (this.trace) writeSync(2, `${entry.join(' ')}\n`);
    }

    rethrow() {
        if (this.failure !== undefined) throw this.failure;
    }

    /** Makes an operation of the run, chosen only by its number and the seed. */
    async step(number) {
        const draw = new Draw(this.seed, number);
        this.number = number;
        this.#budget = BUDGET;
        const operation = this.table.pick(draw, false);
        if (operation.isAsync) await this.#make(operation, draw);
        else this.#make(operation, draw);
    }

    /** Makes up to `most` operations within another one, of those that don't wait. */
    nest(draw, most = 2) {
        if (this.depth > MAX_DEPTH) return;
        for (let i = draw.below(most + 1); i > 0 && this.#budget > 0; i--) {
            this.#budget--;
            const own = draw.fork();
            this.#make(this.table.pick(own, true), own);
            this.rethrow();
        }
    }

    #make(operation, draw) {
        try {
            return operation.run(this, draw);
        } catch (error) {
            this.failure ??= error;
            throw error;
        }
    }

    /** Returns the tokens that an allocator may use. */
    tokensOf(subject) {
        return subject.isExact ? this.tokens.exact : this.tokens.loose;
    }

    /** Returns the record of a token; makes one if its place is empty. */
    token(subject, draw) {
        const tokens = this.tokensOf(subject);
        const at = draw.below(TOKENS);
        const fresh = draw.fork();
        return (tokens[at] ??= new TokenRecord(makeToken(fresh)));
    }

    /** Drops a token. Only the graveyard has its value then. */
    drop(isExact, at) {
        const tokens = isExact ? this.tokens.exact : this.tokens.loose;
        const record = tokens[at];
        if (record === undefined || record.uses > 0) return;
        tokens[at] = undefined;
        for (const span of record.spans) {
            span.record = undefined;
            span.subject.doom(span);
        }
        const registrations = record.handlers.map(({ registration }) => registration);
        if (isExact) this.graveyard.push({ record, registrations });
        else for (const registration of registrations) registration.isMaybe = true;
    }

    /** Drops all tokens that were kept for the collection. */
    unbury() {
        for (const { registrations } of this.graveyard)
            for (const registration of registrations ?? []) registration.isMaybe = true;
        this.graveyard = [];
        for (const subject of this.subjects) subject.unbury();
    }

    /** Collects garbage until everything dropped is freed. */
    async collect() {
        this.unbury();
        for (let i = 0; i < 100; i++) {
            await this.turn();
            global.gc();
            await this.turn();
            for (const subject of this.subjects) if (subject.look()) subject.measure();
            this.rethrow();
            if (this.subjects.every(({ doomed }) => doomed.size === 0)) return;
        }
        const left = this.subjects.filter(({ doomed }) => doomed.size > 0);
        fail(
            `${left.map(({ name, doomed }) => `${doomed.size} spans of ${name}`)} are not freed after 100 collections`,
        );
    }

    /** Ends the job. Deferred errors must have come then. */
    async turn() {
        await turn();
        this.rethrow();
        if (this.later.size > 0) fail(`${this.later.size} errors of handlers have not come`);
    }

    /** Handles an uncaught error. */
    arrived(error) {
        if (this.later.delete(error)) return;
        this.failure ??= error instanceof Failure ? error : new Failure(`uncaught: ${error?.stack ?? error}`);
    }

    checkAll() {
        for (const subject of this.subjects) {
            subject.checkFigures();
            subject.checkContents();
        }
        this.rethrow();
    }
}

module.exports = { PLACES, TOKENS, World };
