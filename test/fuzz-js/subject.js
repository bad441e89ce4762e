'use strict';

const { EventModel, TYPES } = require('./events.js');
const { Planned, fail, hasCode, same, show } = require('./failure.js');
const { checkPainted, paint } = require('./pattern.js');
const { BLOCK, PAGE, Spans, up } = require('./spans.js');

/** States of C's stack of guarded calls, as far as they matter: see guard.h. */
const OTHER = { isOther: true };
const PIN = { isPin: true };

/** Bytes below the base that are checked. */
const WATCHED = 4096;

/**
 * An allocator under test, with the model of its state.
 *
 * Spans whose token was dropped are `doomed`: the collector decides when they are freed. An `isExact` allocator has
 * them only within collect(): its tokens are kept until then (`buried`), so that each address can be predicted.
 */
class Subject {
    slots = new Array(40);
    blocks = new Array(8);
    doomed = new Set();
    buried = new Set();
    /** Errors that handlers and respawns threw, and that no call has thrown yet. */
    kept = new Set();
    respawns = [];
    /** While trim() runs: the remaining respawns, in order, and the places that respawned modules write to. */
    #migration;
    promises = [];
    /** Those that were written to: restored at the end of the migration. */
    #scribbled = [];
    /** Doomed spans that were freed, as a later allocation showed. */
    evictions = 0;
    guards = [];
    /** Handlers and respawns of this allocator in progress. */
    handling = 0;
    /** Of these, those of 'oom'. */
    asking = 0;
    isDisposed = false;

    /** `settings` has the values that Spans and trim need: base, limit, least, maximum, growth, fixed, declared. */
    constructor(world, { name, api, check, isExact, memory, settings }) {
        Object.assign(this, { world, name, api, check, isExact, memory });
        this.fixed = settings.fixed;
        this.declared = settings.declared;
        this.spans = new Spans(settings);
        this.events = new EventModel(memory.buffer.byteLength);
        this.witness = { isWitness: true };
        for (const type of TYPES) {
            api.on(type, this.witness, (event) => this.#witness(event));
        }
        this.#see();
    }

    get pages() {
        return this.memory.buffer.byteLength / PAGE;
    }

    #see() {
        this.seenBuffer = this.memory.buffer;
        this.seenSize = this.seenBuffer.byteLength;
    }

    /** Whether the allocator has read the memory since it changed. */
    get isInSync() {
        const { buffer } = this.memory;
        return !this.isDisposed && this.seenBuffer === buffer && this.seenSize === buffer.byteLength;
    }

    /** The bytes below the base belong to the program: they must stay. */
    watchBelow(mark) {
        const size = Math.min(WATCHED, this.spans.base);
        const start = this.spans.base - size;
        if (size === 0 || this.memory.buffer.byteLength < this.spans.base) return;
        this.below = { start, size, mark };
        this.fill(this.below);
    }

    fill(span) {
        paint(this.memory.buffer, span.start, span.size, span.mark);
    }

    checkFilled(span, size = span.size) {
        checkPainted(this.memory.buffer, span.start, size, span.mark, `${this.name}, contents`);
    }

    /** Sees each event before other handlers do, and changes nothing. */
    #witness(event) {
        const { world } = this;
        const { handled } = world;
        this.handle(
            () => this.events.witness(event),
            () => {},
        );
        world.handled = handled;
    }

    /** The memory may have been replaced by a trim(). */
    #follow() {
        const { memory } = this.api;
        if (this.isDisposed || memory === this.memory) return;
        this.memory = memory;
        this.declared = this.spans.maximum;
    }

    /**
     * Runs a handler or a respawn, and keeps its error. `check` tests whether it was its turn, before anything else can
     * happen.
     */
    handle(check, body, type) {
        const { world } = this;
        world.handled++;
        world.depth++;
        this.handling++;
        if (type === 'oom') this.asking++;
        this.guards.push(OTHER);
        world.guards.push({ subject: this, guard: OTHER });
        try {
            if (!this.isDisposed) check();
            if (!this.isDisposed) this.#follow();
            body();
        } catch (error) {
            if (error instanceof Planned) this.kept.add(error);
            else world.failure ??= error;
            throw error;
        } finally {
            this.guards.pop();
            world.guards.pop();
            if (type === 'oom') this.asking--;
            this.handling--;
            world.depth--;
        }
    }

    /** Runs a callback of withOwner(), pin() or bind(). */
    within(guard, body) {
        const { world } = this;
        world.depth++;
        this.guards.push(guard);
        world.guards.push({ subject: this, guard });
        try {
            return body();
        } catch (error) {
            if (!(error instanceof Planned)) world.failure ??= error;
            throw error;
        } finally {
            this.guards.pop();
            world.guards.pop();
            world.depth--;
        }
    }

    /** Returns the token that owns strong pointers that are made now. */
    get owner() {
        const { guards } = this.world;
        const isSeenThrough = ({ subject, guard }) => guard === PIN || (guard !== OTHER && subject !== this);
        return guards.findLast((entry) => !isSeenThrough(entry))?.guard.record;
    }

    /** Returns whether another allocator hands out bytes of the memory. */
    get isShared() {
        return this.world.subjects.some((other) => other !== this && other.memory === this.memory);
    }

    get isTrimRefused() {
        return this.handling > 0 || this.guards.some((guard) => guard.record === undefined) || this.promises.length > 0;
    }

    /**
     * Calls a function of the package. Returns { value, error, hasThrown, isHandlers, isDisturbed }. `isHandlers`: it
     * threw errors of handlers. `isDisturbed`: handlers have run, and may have done anything. `looks`: when the call
     * returns, the allocator has read the memory, and nothing has happened since.
     */
    call(fn, { isQuiet = false, looks = true } = {}) {
        const { world } = this;
        const { handled } = world;
        const outcome = { value: undefined, error: undefined, hasThrown: false, isHandlers: false, isDisturbed: false };
        try {
            outcome.value = fn();
        } catch (error) {
            outcome.error = error;
            outcome.hasThrown = true;
        }
        world.rethrow();
        if (this.handling === 0) this.#settle(outcome, isQuiet);
        outcome.isDisturbed = world.handled !== handled;
        if (looks && !outcome.hasThrown && !this.isDisposed) this.#see();
        return outcome;
    }

    /** Expects errors of handlers from the call in which they ran, or from a microtask. */
    #settle(outcome, isQuiet) {
        const kept = [...this.kept];
        this.kept.clear();
        if (!this.isDisposed) this.events.settle();
        if (isQuiet) return kept.forEach((error) => this.world.later.add(error));
        if (kept.length === 0) return undefined;
        outcome.isHandlers = true;
        const errors = this.#errorsOf(outcome.error);
        same(errors.length, kept.length, `${this.name}, the count of errors that a call threw`);
        return kept.forEach((error, i) => same(errors[i], error, `${this.name}, error ${i} that a call threw`));
    }

    /**
     * Returns the errors of handlers in the error of a call. If they disposed of the allocator, the call may have
     * failed for that, too.
     */
    #errorsOf(error) {
        if (error?.code !== 'ERR_LEWD_HANDLERS') return error === undefined ? [] : [error];
        hasCode(error, ['HANDLERS'], 'a call');
        if (error.errors.length < 2) fail(`${this.name}, an AggregateError of ${error.errors.length} errors`);
        return error.errors.filter(({ code }) => !this.isDisposed || code !== 'ERR_LEWD_DISPOSED');
    }

    /** Fails unless a call returned, or threw errors of handlers. Returns whether it returned. */
    succeeds(outcome, what) {
        if (this.isDisposed || outcome.isHandlers) return false;
        if (outcome.hasThrown) fail(`${this.name}, ${what} threw ${show(outcome.error)}`);
        return true;
    }

    /** Fails unless a call threw such an error, or errors of handlers. */
    refuses(outcome, what, ...codes) {
        if (this.isDisposed || outcome.isHandlers) return;
        if (!outcome.hasThrown)
            fail(`${this.name}, ${what} returned ${show(outcome.value)}, and should throw ${codes}`);
        hasCode(outcome.error, codes, `${this.name}, ${what}`);
    }

    /**
     * Reads figures, if that disturbs nothing, and learns from them. Returns whether all doomed spans are still there.
     */
    measure() {
        if (!this.isInSync) return false;
        this.#learnOfZero();
        if (this.doomed.size === 0) return true;
        const used = this.api.used();
        const all = this.spans.sum((span) => !span.isReserved);
        const live = this.spans.sum((span) => !span.isReserved && !this.doomed.has(span));
        if (used < live || used > all) fail(`${this.name}, used() is ${used}, and should be ${live} to ${all}`);
        if (used === live) for (const span of this.doomed) this.forget(span);
        return used === all;
    }

    /** Reserves block 0 when a strong pointer would be there. */
    #learnOfZero() {
        const reserved = this.api.reserved();
        const known = this.spans.sum((span) => span.isReserved);
        if (reserved === known) return;
        same(reserved, known + BLOCK, `${this.name}, reserved()`);
        this.#evict(0, BLOCK, 'block 0');
        this.spans.add({ start: 0, size: BLOCK, isReserved: true, isZero: true });
    }

    /** Returns whether all addresses can be predicted. */
    get isKnown() {
        return this.doomed.size === 0 || this.measure();
    }

    /** Fails if a live span is there; doomed ones must have been freed. */
    #evict(start, size, what) {
        for (const span of this.spans.overlapping(start, size)) {
            if (!this.doomed.has(span))
                fail(`${this.name}, ${what}, ${start} to ${start + size}, overlaps the span at ${span.start}`);
            this.forget(span);
            this.evictions++;
        }
    }

    /** Removes a span. */
    forget(span) {
        this.spans.remove(span);
        this.doomed.delete(span);
        this.buried.delete(span);
        span.record?.spans.delete(span);
        if (span.slot !== undefined) this.slots[span.slot] = undefined;
        span.isGone = true;
    }

    /** Notes that bytes were handed out there: fails if they may not be. Returns the span. */
    claim(start, size, alignment, what) {
        const { spans } = this;
        if (start % Math.max(BLOCK, alignment) !== 0)
            fail(`${this.name}, ${what} at ${start} is not aligned to ${alignment}`);
        if (start < spans.base || start + size > spans.endOf(this.pages))
            fail(
                `${this.name}, ${what}, ${start} to ${start + size}, ` +
                    `is outside [${spans.base}, ${spans.endOf(this.pages)})`,
            );
        this.#evict(start, size, what);
        return spans.add({ start, size, mark: this.world.nextMark() });
    }

    /**
     * Calls a function that hands out bytes. Returns { span, outcome }: the span, filled, or undefined. `request` is {
     * size, alignment, isStrong }, with the size rounded. With `isScratch` nothing is reserved there.
     */
    obtain(request, what, fn, isScratch = false) {
        const { size, alignment, isStrong } = request;
        const isKnown = this.isKnown;
        const foretold = this.spans.place(this.pages, this.declared, size, alignment, isStrong);
        const { evictions, pages } = this;
        const { ooms } = this.events;
        const outcome = this.call(fn, { isQuiet: isStrong });
        if (this.isDisposed || outcome.isHandlers) return { outcome };
        const start = this.#startOf(outcome, isStrong, what);
        const span = start === undefined ? undefined : this.claim(start, size, alignment, what);
        if (isScratch && span !== undefined) this.spans.remove(span);
        const isIntact = this.measure() && this.evictions === evictions;
        if (isKnown && isIntact && !outcome.isDisturbed) {
            same(start, foretold?.start, `${this.name}, the address of ${what}`);
            same(this.pages, foretold?.pages ?? pages, `${this.name}, pages after ${what}`);
            const isAsked = start === undefined && this.asking === 0;
            same(this.events.ooms, ooms + Number(isAsked), `${this.name}, events of 'oom' in ${what}`);
        }
        return { span, outcome };
    }

    /** Returns the returned address as an unsigned number of bytes; undefined if there was no room. */
    #startOf({ value, error, hasThrown }, isStrong, what) {
        if (hasThrown) {
            hasCode(error, ['OUT_OF_MEMORY'], `${this.name}, ${what}`);
            if (isStrong) fail(`${this.name}, ${what} threw ${show(error)}, and should return 0`);
            return undefined;
        }
        same(value, value | 0, `${this.name}, the pointer of ${what}`);
        return isStrong && value === 0 ? undefined : value >>> 0;
    }

    /** Makes the allocator read the memory. Returns whether it is in sync then. */
    look() {
        for (let i = 0; i < 5 && !this.isInSync; i++) this.call(() => this.api.total());
        return this.isInSync;
    }

    /** Compares all figures, and runs the heap's own checker. */
    checkFigures() {
        const isKnown = this.look() && this.measure();
        if (!this.isInSync) return;
        const expected = this.spans.figures(this.pages);
        const actual = Object.fromEntries(Object.keys(expected).map((name) => [name, this.api[name]()]));
        const what = isKnown ? Object.keys(expected) : ['total', 'reserved'];
        for (const name of what) same(actual[name], expected[name], `${this.name}, ${name}()`);
        same(actual.total, actual.used + actual.free + actual.reserved, `${this.name}, used + free + reserved`);
        same(this.api.memory, this.memory, `${this.name}, the memory`);
        same(this.api.buffer, this.memory.buffer, `${this.name}, the buffer`);
        if (this.handling === 0)
            same(this.events.size, this.memory.buffer.byteLength, `${this.name}, the size that events told`);
        same(this.check(), undefined, `${this.name}, the heap`);
    }

    /** Compares all contents. */
    checkContents() {
        if (this.isDisposed) return;
        const isLeftOut = (span) => span.mark === undefined || this.doomed.has(span) || this.#scribbled.includes(span);
        for (const span of this.spans.list) if (!isLeftOut(span)) this.checkFilled(span);
        if (this.below !== undefined && !isLeftOut(this.below)) this.checkFilled(this.below);
    }

    /** Drops a token: the span is freed at some time. */
    doom(span) {
        if (span.slot !== undefined) this.slots[span.slot] = undefined;
        span.slot = undefined;
        (this.isExact ? this.buried : this.doomed).add(span);
    }

    /** Drops all tokens that were kept. */
    unbury() {
        for (const span of this.buried) this.doomed.add(span);
        this.buried.clear();
    }

    /** Begins a trim(): if the memory is replaced, all respawns are called, in order. */
    expectMigration() {
        const { below, respawns, spans } = this;
        const places = spans.list.filter(({ isReserved, isZero }) => isReserved && !isZero);
        if (below !== undefined) places.push(below);
        this.#migration = { respawns: [...respawns], places };
    }

    /** Ends it. Returns the respawns that were not called. */
    endMigration() {
        const left = this.#migration.respawns;
        this.#migration = undefined;
        this.#scribbled = [];
        return left;
    }

    /** Notes a call of a respawn: it must be its turn. */
    respawned(respawn) {
        same(respawn, this.#migration?.respawns.shift(), `${this.name}, the respawn that is called`);
    }

    /** Writes the data segments of a respawned module: over bytes below the base or reserved ones. */
    scribble() {
        if (this.isDisposed) return;
        this.#scribbled = this.#migration.places;
        for (const span of this.#scribbled) Buffer.from(this.memory.buffer, span.start, span.size).fill(0xdd);
    }

    /** Removes everything of this allocator from the model. */
    end() {
        for (const span of [...this.spans.list]) this.forget(span);
        this.isDisposed = true;
        this.events.forget();
    }
}

module.exports = { OTHER, PIN, PAGE, Subject, up };
