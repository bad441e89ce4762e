'use strict';

const { writeSync } = require('node:fs');
const { setImmediate: turn } = require('node:timers/promises');
const { Draw } = require('./draw.js');
const { Failure, fail } = require('./failure.js');

const PLACES = 6;
const TOKENS = 24;

/** Operations that handlers of one operation may make, and how deep they may be within each other. */
const BUDGET = 12;
const MAX_DEPTH = 5;

/** A token that is held: its value, what it owns, and its handlers. */
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

/** All allocators of a run, the tokens, and what is common to them. */
class World {
    /** Allocators; undefined where there is none. */
    places = new Array(PLACES);
    /** Some that were disposed of. */
    disposed = [];
    /** Tokens of exact allocators, and of the others. */
    tokens = { exact: new Array(TOKENS), loose: new Array(TOKENS) };
    /** Tokens of exact allocators that were let go: they are kept until the next collection. */
    graveyard = [];
    /** Errors that are to come from microtasks. */
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

    /** Makes an operation of the run. Only this decides which one, by its number and the seed. */
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

    /** The tokens that an allocator's may be. */
    tokensOf(subject) {
        return subject.isExact ? this.tokens.exact : this.tokens.loose;
    }

    /** Returns the record of a token, which is made if there is none in its place. */
    token(subject, draw) {
        const tokens = this.tokensOf(subject);
        const at = draw.below(TOKENS);
        const fresh = draw.fork();
        return (tokens[at] ??= new TokenRecord(makeToken(fresh)));
    }

    /** Lets a token go. Its value is nowhere in the model then, but for the graveyard. */
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

    /** Lets all go that was kept for the collection. */
    unbury() {
        for (const { registrations } of this.graveyard)
            for (const registration of registrations ?? []) registration.isMaybe = true;
        this.graveyard = [];
        for (const subject of this.subjects) subject.unbury();
    }

    /** Collects garbage until all that was let go is freed. */
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

    /** Ends the job. Errors that were put off must have come then. */
    async turn() {
        await turn();
        this.rethrow();
        if (this.later.size > 0) fail(`${this.later.size} errors of handlers have not come`);
    }

    /** An error came that nothing caught. */
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
