'use strict';

const { check, create, fail } = require('./binding.js');
const { Block } = require('./block.js');
const { cFunctions } = require('./c-functions.js');
const { Call } = require('./call.js');
const { Claim, isClaimed, isMarkable } = require('./claims.js');
const { Events } = require('./events.js');
const { runGuarded } = require('./guarded.js');
const internals = require('./internals.js');
const layout = require('./layout.js');
const { ActiveMemory, bufferOf, detach, makeMemory, snapshotOf } = require('./memory.js');
const {
    Uint32Array,
    Object,
    assign,
    defineProperty,
    dispose,
    growMemory,
    isStackOverflow,
    uncurry,
} = require('./primordials.js');
const { Queue } = require('./queue.js');
const { readSettings } = require('./settings.js');
const { Spawns } = require('./spawns.js');
const { refuseThenable } = require('./thenables.js');
const { unregistered } = require('./tokens.js');

const { ANSWER, ANSWERS, ASKED, BLOCK, CURRENT, FIGURES, PAGE } = layout;
const { TOTAL, USED, HEAD_FREE, TAIL_FREE, RESERVED, LARGEST_FREE } = layout;
const { ASKING, DELIVERING, OWNING, PINNING, RESPAWNING, SPAWNING } = layout;

/** An argument of the constructor that only this file has: the allocator is configured later, or at its first use. */
const UNCONFIGURED = {};

/**
 * The index of an element that every view has until its buffer is detached. No program can hide the element, as it can
 * hide `length`. Testing for it with `in` reads nothing, so no unused page of the memory is touched.
 */
const FIRST = 0;

/** The figures of an allocator without a heap: they are not current. */
const NO_FIGURES = new Uint32Array(FIGURES);

/**
 * Hands out addresses in a memory: see index.d.ts. The functions of the module are methods of a default allocator. A
 * request for bytes is `{ size, token, alignment, isStrong }`, as in alloc(); a strong request has no token, but is not
 * one for scratch.
 *
 * Code of the program may throw, may be ended from outside, and may change everything. So a change of the memory comes
 * after everything that can fail, and is made by assignments without a call between them. The same step notes its
 * consequences (events, respawns). #catchUp() works them off, at once or in the next call.
 */
class Allocator {
    /** Made and written by C, and read here without a call: see contract.h. */
    #figures = NO_FIGURES;
    #active = new ActiveMemory();
    #spawns = new Spawns();
    #respawns = new Queue();
    /** A migration with consequences that are not worked off yet; undefined if there is none. */
    #migration;
    /** C's functions over the heap. Undefined before the first use, like the next two members. */
    #arena;
    #events;
    #claim;
    #c;
    #isDisposed = false;
    #isReleased = false;

    constructor(options = { __proto__: null }) {
        if (options !== UNCONFIGURED) this.#configure(options);
    }

    #configure(options) {
        this.#start(readSettings(options));
    }

    /**
     * Makes the heap over a memory, and claims its bytes. Throws if another copy of the package hands out some of them.
     */
    #start({ memory, maximum, base, limit, fixed, growth }) {
        if (this.#arena !== undefined) fail('IN_USE');
        const claim = new Claim(base, limit);
        if (!isMarkable(memory)) fail('FROZEN');
        if (claim.isTaken(memory)) fail('OVERLAP');
        const { buffer, view, size } = snapshotOf(memory);
        const arena = create(memory, buffer, maximum, base, limit, fixed, growth);
        const events = new Events(arena);
        const active = this.#active;
        try {
            claim.moveTo(memory);
            active.tell(memory, buffer);
        } catch (error) {
            arena.dispose(); // no byte is handed out unless it is claimed
            claim.release();
            throw error;
        }
        assign(active, { __proto__: null, memory, buffer, view, size, maximum });
        this.#claim = claim;
        this.#events = events;
        this.#figures = arena.figures;
        this.#figures[CURRENT] = active.showsGrowth ? 1 : 0;
        this.#arena = arena;
    }

    /** Throws if `self` is not an allocator. */
    static #checkReceiver(self) {
        if (!(#active in Object(self))) fail('this', self);
    }

    /**
     * Returns the active memory, after making the heap as large as the memory is now. Every method begins with this. It
     * also starts an allocator that was not used before, and throws if `self` was disposed of: its figures are not
     * current then. If `isQuiet`, errors of handlers are thrown from a microtask.
     */
    static #current(self, isQuiet = false) {
        Allocator.#checkReceiver(self);
        const active = self.#active;
        if (self.#figures[CURRENT] === 0 || !(FIRST in active.view)) self.#catchUp(isQuiet);
        return active;
    }

    /** Does the same, and returns C's functions over the heap. */
    static #currentArena(self) {
        Allocator.#current(self);
        return self.#arena;
    }

    /**
     * Starts the allocator, ends a migration, follows the memory, and delivers events, until nothing is left to do.
     * Then the figures are current, and the next call need not do the same. Within a handler, only events of new
     * changes are delivered: older ones wait until it ends. Handlers may dispose of the allocator; a call in progress
     * goes on then.
     */
    #catchUp(isQuiet) {
        const active = this.#active;
        let isNews = this.#events === undefined || !this.#events.isNested;
        if (this.#isDisposed && !this.#isReleased) this.#release();
        if (this.#isDisposed) fail('DISPOSED');
        while (!this.#isDisposed) {
            if (this.#arena === undefined)
                this.#start({ __proto__: null, memory: active.begin(), maximum: active.maximum });
            else if (this.#migration !== undefined && this.#figures[RESPAWNING] === 0)
                this.#endMigration(this.#migration);
            else if (active.isStale) isNews = this.#followGrowth();
            else if (isNews && this.#events.arePending) this.#events.deliver(isQuiet);
            else break;
        }
        const isDone = this.#migration === undefined && this.#events.areDone && !this.#isDisposed;
        if (isDone) this.#figures[CURRENT] = active.showsGrowth ? 1 : 0;
    }

    /**
     * Returns the info of an event. Its memory and buffer are read when the program asks for them: a copy could be
     * stale.
     */
    #infoOf(oldSize, newSize) {
        const active = this.#active;
        const current = () => (this.#isDisposed ? active : Allocator.#current(this));
        return {
            oldSize,
            newSize,
            get memory() {
                return current().memory;
            },
            get buffer() {
                return current().buffer;
            },
        };
    }

    /**
     * Makes the heap as large as the memory, notes the events, and returns true. A new buffer of the same size is no
     * growth.
     */
    #followGrowth() {
        const active = this.#active;
        const { memory, size: oldSize } = active;
        const { buffer, view, size } = snapshotOf(memory);
        const handlers = this.#arena.extend(size);
        const types = size > oldSize ? ['grow', 'resize'] : ['resize'];
        const calls = this.#events.callsOf(this.#infoOf(oldSize, size), handlers, types);
        active.tell(memory, buffer);
        this.#figures[CURRENT] = 0; // if this is ended from outside, the next call does the rest
        this.#events.append(calls);
        // No calls from here on: nothing can end this in between.
        active.buffer = buffer;
        active.view = view;
        active.size = size;
        this.#figures[CURRENT] = 0;
        return true;
    }

    /** Grows the memory, generously if possible, else by the pages that are missing. Returns whether it grew. */
    #growFor({ size, alignment, isStrong }) {
        const pages = (isGenerous) => this.#arena.pagesNeeded(size, alignment, isStrong, isGenerous);
        return this.#active.growBy(pages(true)) || this.#active.growBy(pages(false));
    }

    /** Returns an address, or undefined if there is no room. */
    #tryAlloc({ size, token, alignment, isStrong, isUnowned }) {
        return isStrong
            ? this.#arena.allocStrong(size, alignment, isUnowned)
            : this.#arena.alloc(size, token, alignment);
    }

    /**
     * Returns an address. If there is no room, makes calls that are due, or grows the memory, and tries again. Returns
     * undefined if neither helps. Handlers learn of each change before the next one.
     */
    #allocOrGrow(request) {
        for (;;) {
            const address = this.#tryAlloc(request);
            if (address !== undefined) return address;
            if (this.#events.areDue) this.#events.deliver(request.isStrong);
            else if (!this.#growFor(request)) return undefined;
            this.#catchUp(request.isStrong);
        }
    }

    /** Calls the handlers of 'oom', and returns whether there are any. They are not called again while they run. */
    #askHandlers({ size, isStrong }) {
        const events = this.#events;
        if (this.#figures[ASKING] > 0) return false;
        const info = {
            requested: size >>> 0,
            total: this.#figures[TOTAL] * BLOCK,
            maximum: this.#active.maximum * PAGE,
        };
        const calls = events.callsOf(info, this.#arena.handlers(), ['oom']);
        if (calls.first === undefined) return false;
        events.ask(calls, isStrong);
        return true;
    }

    /** Returns an address after the first attempt found no room. Throws if there is none. */
    #allocSlowly(request) {
        this.#arena.sweep();
        let address = this.#allocOrGrow(request);
        if (address !== undefined) return address;
        this.#arena.collect();
        address = this.#allocOrGrow(request);
        if (address === undefined && this.#askHandlers(request)) {
            address = this.#allocOrGrow(request);
            if (address === undefined) {
                this.#arena.collect(); // handlers may have dropped tokens
                address = this.#allocOrGrow(request);
            }
        }
        return address ?? this.#arena.outOfMemory(request.size, request.alignment);
    }

    /**
     * Returns the address of `size` bytes. Without a token it reserves none, and may find the address among the
     * published answers.
     */
    alloc(size, token, alignment = 1) {
        Allocator.#current(this);
        if (token === undefined && alignment === 1 && typeof size === 'number' && size > 0) {
            const remainder = size % ANSWERS;
            if (this.#figures[ASKED + remainder] === size) return this.#figures[ANSWER + remainder] | 0;
        }
        const address = this.#arena.alloc(size, unregistered(token), alignment);
        return address ?? this.#allocSlowly({ size, token, alignment, isStrong: false });
    }

    /**
     * Returns the address of bytes that live until they are freed. Within withOwner() they live as long as its token,
     * unless `isUnowned`. Throws if there is no room. Errors of handlers are thrown from a microtask.
     */
    #allocStrong(size, alignment, isUnowned) {
        Allocator.#current(this, true);
        const address = this.#arena.allocStrong(size, alignment, isUnowned);
        return address ?? this.#allocSlowly({ size, token: undefined, alignment, isStrong: true, isUnowned });
    }

    /** Moves to a smaller memory if the used run fits into one. */
    trim() {
        const { memory } = Allocator.#current(this);
        const figures = this.#figures;
        if (this.#isDisposed) fail('DISPOSED'); // a handler may have disposed of it
        if (isClaimed(memory)) fail('JOINT');
        if (figures[ASKING] + figures[DELIVERING] > 0) fail('IN_HANDLER');
        if (figures[RESPAWNING] + figures[SPAWNING] > 0) fail('IN_SPAWN');
        if (figures[PINNING] > 0) fail('IN_PIN');
        if (this.#spawns.arePending) fail('PENDING');
        const arena = Allocator.#currentArena(this); // once more: inspecting promises may run code of the program
        arena.sweep();
        const pages = arena.pagesToKeep();
        if (pages === 0) return;
        this.#migrate(pages);
        this.#catchUp(false);
    }

    /** Moves the contents to a new memory of `pages` pages, and notes the consequences. */
    #migrate(pages) {
        const active = this.#active;
        const { memory: from, size: oldSize, maximum } = active;
        const { memory, buffer, view, size } = snapshotOf(makeMemory(pages, maximum));
        const fromBuffer = bufferOf(from);
        const { first: next, last } = this.#respawns;
        const migration = {
            from,
            oldSize,
            handlers: undefined,
            isAnnounced: false,
            next,
            last,
            call: undefined,
            result: undefined,
        };
        const handlers = this.#arena.migrate(fromBuffer, buffer, memory);
        // No calls from here on: nothing can end this in between.
        migration.handlers = handlers;
        active.memory = memory;
        active.buffer = buffer;
        active.view = view;
        active.size = size;
        this.#figures[CURRENT] = 0;
        this.#migration = migration;
    }

    /** Announces a migration, respawns, and detaches the old memory. After an interruption, continues where it was. */
    #endMigration(migration) {
        const { memory, buffer, size } = this.#active;
        const events = this.#events;
        if (!migration.isAnnounced) {
            const calls = events.callsOf(this.#infoOf(migration.oldSize, size), migration.handlers, ['trim', 'resize']);
            this.#active.tell(memory, buffer);
            this.#claim.moveTo(memory);
            events.append(calls);
            migration.isAnnounced = true;
        }
        if (migration.next !== undefined) runGuarded(this.#arena, RESPAWNING, () => this.#respawn(migration));
        this.#restore(bufferOf(migration.from), bufferOf(memory)); // a respawn may have grown the old one
        detach(migration.from);
        this.#migration = undefined;
        if (this.#isDisposed) events.raise(false); // a respawn disposed of it: there is nothing to deliver
    }

    /** Copies reserved bytes once more: respawned instances have overwritten them with their data segments. */
    #restore(from, to) {
        try {
            this.#arena.restore(from, to);
        } catch (error) {
            if (isStackOverflow(error)) throw error;
            this.#events.keep(error);
        }
    }

    /** Runs the respawns of a migration, each once. If the stack has no room for one, leaves it to the next call. */
    #respawn(migration) {
        const run = (respawn) => {
            migration.result = this.#spawns.run(this.#arena, respawn);
        };
        const keep = (error) => this.#events.keep(error);
        for (let entry = migration.next; entry !== undefined; entry = migration.next) {
            migration.call ??= new Call(true);
            migration.call.make(run, entry.value, keep);
            this.#spawns.note(migration.result);
            migration.call = migration.result = undefined;
            migration.next = entry === migration.last ? undefined : entry.next;
        }
    }

    /** Returns spawn(). Every migration calls respawn(). */
    bind(spawn, respawn) {
        const arena = Allocator.#currentArena(this);
        check('spawn', spawn);
        check('respawn', respawn);
        const entry = Queue.of(respawn);
        const result = this.#spawns.run(arena, spawn);
        this.#respawns.append(entry);
        return this.#spawns.note(result);
    }

    /** Adds a handler. */
    on(type, token, fn) {
        Allocator.#current(this);
        this.#events.addHandler(type, token, fn);
    }

    /** Removes a handler; without `fn`, all handlers of that type and token. */
    off(type, token, fn) {
        Allocator.#current(this);
        this.#events.removeHandler(type, token, fn);
    }

    /** Returns the published figures, which are in blocks. */
    static #currentFigures(self) {
        Allocator.#current(self);
        return self.#figures;
    }

    /** Returns a number of bytes, like the next six methods. */
    total() {
        return Allocator.#currentFigures(this)[TOTAL] * BLOCK;
    }

    used() {
        return Allocator.#currentFigures(this)[USED] * BLOCK;
    }

    usedRun() {
        const figures = Allocator.#currentFigures(this);
        if (figures[USED] + figures[RESERVED] === 0) return 0;
        return (figures[TOTAL] - figures[HEAD_FREE] - figures[TAIL_FREE]) * BLOCK;
    }

    free() {
        const figures = Allocator.#currentFigures(this);
        return (figures[TOTAL] - figures[USED] - figures[RESERVED]) * BLOCK;
    }

    headFree() {
        return Allocator.#currentFigures(this)[HEAD_FREE] * BLOCK;
    }

    tailFree() {
        return Allocator.#currentFigures(this)[TAIL_FREE] * BLOCK;
    }

    reserved() {
        return Allocator.#currentFigures(this)[RESERVED] * BLOCK;
    }

    /** Returns the size of the largest free span, in blocks. The figure is 0 until it is computed. */
    largestFree() {
        return Allocator.#currentFigures(this)[LARGEST_FREE] || this.#arena.largestFree();
    }

    get memory() {
        return Allocator.#current(this).memory;
    }

    get buffer() {
        return Allocator.#current(this).buffer;
    }

    /** Frees the allocation at `pointer` when the token is collected. */
    weaken(pointer, token) {
        Allocator.#currentArena(this).weaken(pointer, unregistered(token));
    }

    /** Keeps the allocation at `pointer` until it is freed by a call. */
    strengthen(pointer) {
        Allocator.#currentArena(this).strengthen(pointer);
    }

    /** Reserves bytes: no allocation takes them. */
    reserve(address, size) {
        Allocator.#currentArena(this).reserve(address, size);
    }

    /** Grows the memory, and returns how many pages it had before. */
    grow(pages) {
        const { memory, size, maximum } = Allocator.#current(this);
        const before = size / PAGE;
        if (check('pages', pages) === 0) return before;
        if (before + pages > maximum) fail('NO_PAGES');
        try {
            growMemory(memory, pages);
        } catch (error) {
            if (isStackOverflow(error)) throw error;
            fail('NO_GROWTH');
        }
        Allocator.#current(this);
        return before;
    }

    /** Returns fn(token). Strong pointers that are made during the call are freed when the token is collected. */
    withOwner(token, fn) {
        const arena = Allocator.#currentArena(this);
        check('token', unregistered(token));
        check('fn', fn);
        const result = arena.run(OWNING, fn, token);
        refuseThenable(result, 'ASYNC_OWNER');
        return result;
    }

    /** Returns a block of `size` bytes, for scoped use. */
    block(size, alignment) {
        return new Block(internals, this, size, alignment);
    }

    /** C's functions. Reading them does not start the allocator. */
    get c() {
        Allocator.#checkReceiver(this);
        if (this.#isDisposed) fail('DISPOSED');
        return (this.#c ??= cFunctions(this));
    }

    /** Frees everything at once. A second call does nothing. */
    dispose() {
        Allocator.#checkReceiver(this);
        if (this.#isReleased) return;
        this.#isDisposed = true;
        this.#figures[CURRENT] = 0; // the next call looks, and finds the allocator disposed of
        this.#release();
    }

    /** Gives all up. If the stack overflows meanwhile, the next call does it again. */
    #release() {
        this.#active = new ActiveMemory();
        this.#respawns = new Queue();
        this.#migration = undefined;
        this.#events.forget();
        this.#claim.release();
        this.#arena.dispose();
        this.#isReleased = true; // without a call between: a second dispose() of the arena would throw
    }

    static {
        assign(internals, {
            __proto__: null,
            create: () => new Allocator(UNCONFIGURED),
            configure: (allocator, options) => allocator.#configure(options),
            follow: (allocator, follower) => allocator.#active.follow(follower),
            alloc: uncurry(this.prototype.alloc),
            allocStrong: (allocator, size, alignment, isUnowned) => allocator.#allocStrong(size, alignment, isUnowned),
            arenaOf: (allocator) => allocator.#arena ?? internals.currentArenaOf(allocator),
            isCurrent: (allocator) => allocator.#figures[CURRENT] !== 0 && FIRST in allocator.#active.view,
            currentArenaOf: (allocator) => {
                Allocator.#current(allocator, true);
                return allocator.#arena;
            },
            memoryOf: (allocator) => Allocator.#current(allocator).memory,
            viewOf: (allocator) => Allocator.#current(allocator, true).view,
            bufferOf: (allocator, isQuiet = false) => Allocator.#current(allocator, isQuiet).buffer,
            isDisposed: (allocator) => allocator.#isDisposed,
        });
    }
}

if (dispose)
    defineProperty(Allocator.prototype, dispose, {
        __proto__: null,
        value: Allocator.prototype.dispose,
        writable: true,
        configurable: true,
    });

module.exports = { Allocator };
