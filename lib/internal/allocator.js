'use strict';

const { check, create, fail } = require('./binding.js');
const { Block } = require('./block.js');
const { cFunctions } = require('./c-functions.js');
const { Claim, isClaimed, isMarkable } = require('./claims.js');
const { Events } = require('./events.js');
const internals = require('./internals.js');
const layout = require('./layout.js');
const { ActiveMemory, bufferOf, detach, makeMemory } = require('./memory.js');
const { growMemory, uncurry } = require('./primordials.js');
const { readSettings } = require('./settings.js');
const { Spawns } = require('./spawns.js');
const { unregistered } = require('./tokens.js');

const { ANSWER, ANSWERS, ASKED, FIGURES, PAGE, SEEN_SIZE } = layout;
const { TOTAL, USED, USED_RUN, FREE, HEAD_FREE, TAIL_FREE, RESERVED, LARGEST_FREE } = layout;

/** An argument of the constructor that only this file has: the allocator is configured later, or by its first use. */
const UNCONFIGURED = {};

/**
 * Hands out addresses in a memory: see index.d.ts. The functions of the module are methods of a default allocator. A
 * request for bytes is `{ size, token, alignment, isStrong }`, as alloc() takes them; one that is strong has no token,
 * and no scratch.
 */
class Allocator {
    /** Written by C, and read here without a call: see contract.h. */
    #figures = new Float64Array(FIGURES);
    #active = new ActiveMemory(this.#figures);
    #events = new Events();
    #spawns = new Spawns();
    #respawns = [];
    /** C's functions over the heap. Undefined before the first use. */
    #arena;
    #claim;
    #c;
    #isDisposed = false;

    constructor(options = {}) {
        if (options !== UNCONFIGURED) this.#configure(options);
    }

    #configure(options) {
        this.#start(readSettings(options));
    }

    /** Makes the heap over a memory, whose bytes no other copy of the package may hand out, and claims them. */
    #start({ memory, maximum, base, limit, fixed, growth }) {
        if (this.#arena !== undefined) fail('IN_USE');
        const claim = new Claim(base, limit);
        if (!isMarkable(memory)) fail('UNSUPPORTED');
        if (claim.isTaken(memory)) fail('OVERLAP');
        this.#arena = create(memory, bufferOf(memory), this.#figures, maximum, base, limit, fixed, growth);
        this.#claim = claim;
        this.#active.maximum = maximum;
        this.#active.moveTo(memory);
        try {
            claim.moveTo(memory);
        } catch (error) {
            this.#close(); // nothing is handed out unless it is claimed
            throw error;
        }
    }

    /** Throws if `self` is no allocator. */
    static #checkReceiver(self) {
        if (!(#active in Object(self))) fail('this', self);
    }

    /**
     * Returns the active memory, once the heap is as large as the memory is now. Methods begin with this. It also
     * starts an allocator that was not used before, and throws if `self` was disposed of: then the seen size is NaN,
     * equal to no length.
     */
    static #current(self) {
        Allocator.#checkReceiver(self);
        const active = self.#active;
        if (active.view.length !== self.#figures[SEEN_SIZE]) self.#update();
        return active;
    }

    /** Returns C's functions over the heap, after the same. */
    static #currentArena(self) {
        Allocator.#current(self);
        return self.#arena;
    }

    /** Returns one of the published figures, after the same. */
    static #figure(self, index) {
        Allocator.#current(self);
        return self.#figures[index];
    }

    /**
     * Makes the heap as large as the memory, which may have grown; starts the allocator before its first use. Handlers
     * run.
     */
    #update() {
        if (this.#isDisposed) fail('DISPOSED');
        const { memory, buffer, size, maximum } = this.#active;
        if (this.#arena === undefined)
            return this.#start({ __proto__: null, memory: memory ?? makeMemory(1, maximum), maximum });
        const present = bufferOf(memory);
        if (present === buffer && present.byteLength === size) return;
        const handlers = this.#arena.extend(present.byteLength);
        this.#active.moveTo(memory);
        // A buffer that was replaced at the same size is a resize, and no growth.
        this.#announce(this.#active.size > size ? ['grow', 'resize'] : ['resize'], size, handlers);
        this.#events.deliver();
    }

    /** Makes calls of handlers due for a change of the memory. */
    #announce(types, oldSize, handlers) {
        const active = this.#active;
        const current = () => {
            if (active.isStale) this.#update();
            return active;
        };
        const info = {
            oldSize,
            newSize: active.size,
            // Read when they are asked for: by then the memory may have grown again.
            get memory() {
                return current().memory;
            },
            get buffer() {
                return current().buffer;
            },
        };
        this.#events.post(types, info, handlers);
    }

    /**
     * Returns the address of `size` bytes. Without a token none are taken, and the answers among the figures may have
     * it.
     */
    alloc(size, token, alignment = 1) {
        Allocator.#current(this);
        if (token === undefined && alignment === 1 && typeof size === 'number') {
            const remainder = size % ANSWERS;
            if (this.#figures[ASKED + remainder] === size) return this.#figures[ANSWER + remainder];
        }
        const address = this.#arena.alloc(size, unregistered(token), alignment);
        return address ?? this.#allocSlowly({ size, token, alignment, isStrong: false });
    }

    /** Returns the address of bytes that live until they are freed; throws if there is no room. */
    static #allocStrong(self, size, alignment) {
        const address = Allocator.#currentArena(self).allocStrong(size, alignment);
        return address ?? self.#allocSlowly({ size, token: undefined, alignment, isStrong: true });
    }

    /** Returns an address where the first attempt found no room; throws if there is none. */
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
     * Returns an address; where there is no room, makes calls that are due, or grows the memory. Undefined: neither
     * helps.
     */
    #allocOrGrow(request) {
        const events = this.#events;
        for (;;) {
            const address = this.#tryAlloc(request);
            if (address !== undefined) return address;
            // Handlers learn of a change before the next one.
            if (events.areDue && !events.isPaused) events.deliver();
            else if (!this.#growFor(request)) return undefined;
        }
    }

    /** Returns an address, or undefined where there is no room. */
    #tryAlloc({ size, token, alignment, isStrong }) {
        return isStrong ? this.#arena.allocStrong(size, alignment) : this.#arena.alloc(size, token, alignment);
    }

    /** Grows the memory, generously if it can, else by what is missing, and returns whether it could. Handlers run. */
    #growFor({ size, alignment, isStrong }) {
        const pages = (isGenerous) => this.#arena.pagesNeeded(size, alignment, isStrong, isGenerous);
        if (!this.#active.growBy(pages(true)) && !this.#active.growBy(pages(false))) return false;
        this.#update();
        return true;
    }

    /**
     * Makes calls of handlers of 'oom' due, and returns whether there are any. While they run, they are not asked
     * again.
     */
    #askHandlers({ size }) {
        const events = this.#events;
        if (events.isAsking) return false;
        const info = { requested: size >>> 0, total: this.#figures[TOTAL], maximum: this.#active.maximum * PAGE };
        events.post(['oom'], info, this.#arena.handlers());
        events.isAsking = events.areDue;
        return events.isAsking;
    }

    /** Moves to a smaller memory, if the used run fits into one. */
    trim() {
        const { memory } = Allocator.#current(this);
        if (isClaimed(memory)) fail('FIXED');
        const { isDelivering, isPaused } = this.#events;
        if (isDelivering || isPaused || this.#spawns.areRunning()) fail('BUSY');
        const arena = Allocator.#currentArena(this); // again: inspecting promises may run a program's code
        arena.sweep();
        const pages = arena.pagesToKeep();
        if (pages > 0) this.#migrate(pages);
    }

    /** Moves to a new memory of so many pages: contents, respawns, handlers, in this order. */
    #migrate(pages) {
        const arena = this.#arena;
        const events = this.#events;
        const { memory, size, maximum } = this.#active;
        const to = makeMemory(pages, maximum);
        const handlers = arena.migrate(bufferOf(memory), bufferOf(to), to);
        this.#active.moveTo(to);
        this.#claim.moveTo(to);
        this.#announce(['trim', 'resize'], size, handlers);
        events.isPaused = true;
        this.#respawns.forEach((respawn) => events.attempt(() => this.#spawns.run(respawn)));
        events.isPaused = false;
        events.attempt(() => arena.restore(bufferOf(memory), bufferOf(to)));
        detach(memory);
        events.deliver();
    }

    /** Returns spawn(). Every migration calls respawn(). */
    bind(spawn, respawn) {
        Allocator.#current(this);
        check('spawn', spawn);
        check('respawn', respawn);
        const result = this.#spawns.run(spawn);
        this.#respawns.push(respawn);
        return result;
    }

    /** Adds a handler. */
    on(type, token, fn) {
        const arena = Allocator.#currentArena(this);
        this.#events.add(type, token, fn, arena);
    }

    /** Removes a handler; without `fn`, all of that type and token. */
    off(type, token, fn) {
        Allocator.#current(this);
        this.#events.remove(type, token, fn);
    }

    /** Returns bytes, as the next six do. */
    total() {
        return Allocator.#figure(this, TOTAL);
    }

    used() {
        return Allocator.#figure(this, USED);
    }

    usedRun() {
        return Allocator.#figure(this, USED_RUN);
    }

    free() {
        return Allocator.#figure(this, FREE);
    }

    headFree() {
        return Allocator.#figure(this, HEAD_FREE);
    }

    tailFree() {
        return Allocator.#figure(this, TAIL_FREE);
    }

    reserved() {
        return Allocator.#figure(this, RESERVED);
    }

    /** Returns the blocks of the largest free span. The figure is 0 until it is asked for. */
    largestFree() {
        return Allocator.#figure(this, LARGEST_FREE) || this.#arena.largestFree();
    }

    get memory() {
        return Allocator.#current(this).memory;
    }

    get buffer() {
        return Allocator.#current(this).buffer;
    }

    /** From now on, frees what a pointer points to when the token is collected. */
    weaken(pointer, token) {
        Allocator.#currentArena(this).weaken(pointer, unregistered(token));
    }

    /** From now on, keeps what a pointer points to until it is freed. */
    strengthen(pointer) {
        Allocator.#currentArena(this).strengthen(pointer);
    }

    /** Takes bytes out of the heap. */
    reserve(address, size) {
        Allocator.#currentArena(this).reserve(address, size);
    }

    /** Grows the memory, and returns how many pages it had. */
    grow(pages) {
        const { memory, buffer, maximum } = Allocator.#current(this);
        const before = buffer.byteLength / PAGE;
        if (check('pages', pages) === 0) return before;
        if (before + pages > maximum) fail('NO_PAGES');
        try {
            growMemory(memory, pages);
        } catch {
            fail('NO_GROWTH');
        }
        Allocator.#current(this);
        return before;
    }

    /** Returns an object for scoped use of so many bytes. */
    block(size, alignment) {
        return new Block(internals, this, size, alignment);
    }

    /** C's functions. Reading them does not start the allocator. */
    get c() {
        Allocator.#checkReceiver(this);
        if (this.#isDisposed) fail('DISPOSED');
        return (this.#c ??= cFunctions(this));
    }

    /** Gives everything back at once. Once more does nothing. */
    dispose() {
        Allocator.#checkReceiver(this);
        if (!this.#isDisposed) this.#close();
    }

    #close() {
        this.#arena.dispose();
        this.#claim.release();
        this.#isDisposed = true;
        // The old ones can be collected, once calls that are in progress have ended.
        this.#active = new ActiveMemory(this.#figures);
        this.#events = new Events();
        this.#respawns = [];
    }

    /** Calls fn(self, ...args): see internals.js. */
    static #deferErrors(self, fn, ...args) {
        const events = self.#events;
        events.deferring++;
        try {
            return fn(self, ...args);
        } finally {
            events.deferring--;
        }
    }

    static {
        Object.assign(internals, {
            create: () => new Allocator(UNCONFIGURED),
            configure: (allocator, options) => allocator.#configure(options),
            follow: (allocator, follower) => allocator.#active.follow(follower),
            alloc: uncurry(this.prototype.alloc),
            allocStrong: Allocator.#allocStrong,
            arenaOf: (allocator) => allocator.#arena ?? Allocator.#deferErrors(allocator, Allocator.#currentArena),
            currentArenaOf: Allocator.#currentArena,
            bufferOf: (allocator) => Allocator.#current(allocator).buffer,
            isDisposed: (allocator) => allocator.#isDisposed,
            deferErrors: Allocator.#deferErrors,
        });
    }
}

if (Symbol.dispose) Allocator.prototype[Symbol.dispose] = Allocator.prototype.dispose;

module.exports = { Allocator };
