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

/** The constructor's argument that only this file has: the allocator is configured later, or by its first use. */
const UNCONFIGURED = {};

/** An allocator: see index.d.ts. The module's functions are the methods of a default one. */
class Allocator {
    /** Written by C, and by ActiveMemory: see contract.h. */
    #figures = new Float64Array(FIGURES);
    #active = new ActiveMemory(this.#figures);
    #events = new Events();
    #spawns = new Spawns();
    #respawns = [];
    /** C's functions over the heap, made by the first use. */
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

    /** Begins to hand out the bytes of a memory, unless another copy of the package does, and claims them. */
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
            this.#end(); // nothing is handed out unless it is claimed
            throw error;
        }
    }

    static #check(self) {
        if (!(#active in Object(self))) fail('this', self);
    }

    /**
     * Returns the active memory, as large as it is now, and starts an allocator that was not used before. Every method begins
     * with this: throws for a wrong receiver, and for one that was disposed of.
     */
    static #current(self) {
        Allocator.#check(self);
        const active = self.#active;
        if (active.view.length !== self.#figures[SEEN_SIZE]) self.#refresh();
        return active;
    }

    /** The memory grew, by us or by others, or this is the first use. */
    #refresh() {
        if (this.#isDisposed) fail('DISPOSED');
        const active = this.#active;
        const { memory, buffer, size, maximum } = active;
        if (this.#arena === undefined)
            return this.#start({ __proto__: null, memory: memory ?? makeMemory(1, maximum), maximum });
        const now = bufferOf(memory);
        if (now === buffer && now.byteLength === size) return;
        const handlers = this.#arena.extend(now.byteLength);
        active.moveTo(memory);
        // A buffer that was replaced at the same size is a resize, and no growth.
        this.#announce(active.size > size ? ['grow', 'resize'] : ['resize'], size, handlers);
        this.#events.deliver();
    }

    /** What `info` has as memory and buffer are the active ones when it is read: a copy could be stale. */
    #announce(types, oldSize, handlers) {
        const active = this.#active;
        const current = () => {
            if (active.isStale) this.#refresh();
            return active;
        };
        const info = {
            oldSize,
            newSize: active.size,
            get memory() {
                return current().memory;
            },
            get buffer() {
                return current().buffer;
            },
        };
        this.#events.post(types, info, handlers);
    }

    #tryAlloc({ size, token, alignment, isStrong }) {
        return isStrong ? this.#arena.allocStrong(size, alignment) : this.#arena.alloc(size, token, alignment);
    }

    /** Returns whether the memory has grown for a request: generously, or else by what is missing. */
    #growFor({ size, alignment, isStrong }) {
        const growBy = (isGenerous) => this.#active.growBy(this.#arena.pagesNeeded(size, alignment, isStrong, isGenerous));
        if (!growBy(true) && !growBy(false)) return false;
        this.#refresh();
        return true;
    }

    /** Returns an address; undefined where there is no room, nor can the memory grow. */
    #allocOrGrow(request) {
        const events = this.#events;
        for (;;) {
            const address = this.#tryAlloc(request);
            if (address !== undefined) return address;
            // Those who wait for the news of an earlier change hear it before the next one.
            if (events.areDue && !events.isPaused) events.deliver();
            else if (!this.#growFor(request)) return undefined;
        }
    }

    /** Returns whether handlers of 'oom' were asked for room: not while they are. */
    #askHandlers({ size }) {
        const events = this.#events;
        if (events.isAsking) return false;
        const info = { requested: size >>> 0, total: this.#figures[TOTAL], maximum: this.#active.maximum * PAGE };
        events.post(['oom'], info, this.#arena.handlers());
        return (events.isAsking = events.areDue);
    }

    /** Returns an address where a first attempt found no room; throws if there is none. */
    #allocSlowly(request) {
        this.#arena.sweep();
        let address = this.#allocOrGrow(request);
        if (address !== undefined) return address;
        this.#arena.collect();
        address = this.#allocOrGrow(request);
        if (address === undefined && this.#askHandlers(request)) {
            address = this.#allocOrGrow(request);
            if (address === undefined) {
                this.#arena.collect(); // what handlers let go of
                address = this.#allocOrGrow(request);
            }
        }
        return address ?? this.#arena.outOfMemory(request.size, request.alignment);
    }

    alloc(size, token, alignment = 1) {
        Allocator.#current(this);
        const figures = this.#figures;
        if (token === undefined && alignment === 1 && typeof size === 'number' && figures[(size % ANSWERS) + ASKED] === size)
            return figures[(size % ANSWERS) + ANSWER];
        return (
            this.#arena.alloc(size, unregistered(token), alignment) ??
            this.#allocSlowly({ size, token, alignment, isStrong: false })
        );
    }

    /** Returns the address of bytes that live until they are freed, or 0. */
    #allocStrong(size, alignment) {
        const events = this.#events;
        events.quietCalls++;
        try {
            Allocator.#current(this);
            return (
                this.#arena.allocStrong(size, alignment) ??
                this.#allocSlowly({ size, token: undefined, alignment, isStrong: true })
            );
        } catch (error) {
            if (error?.code === 'ERR_LEWD_OUT_OF_MEMORY') return 0;
            throw error;
        } finally {
            events.quietCalls--;
        }
    }

    trim() {
        const { memory } = Allocator.#current(this);
        if (isClaimed(memory)) fail('FIXED');
        const { isDelivering, isPaused } = this.#events;
        if (isDelivering || isPaused || this.#spawns.areRunning()) fail('BUSY');
        Allocator.#current(this); // code of the program may have run: a promise was inspected
        this.#arena.sweep();
        const pages = this.#arena.pagesToKeep();
        if (pages > 0) this.#migrate(pages);
    }

    #migrate(pages) {
        const [active, arena, events] = [this.#active, this.#arena, this.#events];
        const { memory: from, size, maximum } = active;
        const to = makeMemory(pages, maximum);
        const handlers = arena.migrate(bufferOf(from), bufferOf(to), to);
        active.moveTo(to);
        this.#claim.moveTo(to);
        this.#announce(['trim', 'resize'], size, handlers);
        events.isPaused = true;
        this.#respawns.forEach((respawn) => events.attempt(() => this.#spawns.run(respawn)));
        events.isPaused = false;
        events.attempt(() => arena.restore(bufferOf(from), bufferOf(to)));
        detach(from);
        events.deliver();
    }

    bind(spawn, respawn) {
        Allocator.#current(this);
        check('spawn', spawn);
        check('respawn', respawn);
        const result = this.#spawns.run(spawn);
        this.#respawns.push(respawn);
        return result;
    }

    on(type, token, fn) {
        Allocator.#current(this);
        this.#events.add(type, token, fn, this.#arena);
    }

    off(type, token, fn) {
        Allocator.#current(this);
        this.#events.remove(type, token, fn);
    }

    total() {
        Allocator.#current(this);
        return this.#figures[TOTAL];
    }

    used() {
        Allocator.#current(this);
        return this.#figures[USED];
    }

    usedRun() {
        Allocator.#current(this);
        return this.#figures[USED_RUN];
    }

    free() {
        Allocator.#current(this);
        return this.#figures[FREE];
    }

    headFree() {
        Allocator.#current(this);
        return this.#figures[HEAD_FREE];
    }

    tailFree() {
        Allocator.#current(this);
        return this.#figures[TAIL_FREE];
    }

    reserved() {
        Allocator.#current(this);
        return this.#figures[RESERVED];
    }

    largestFree() {
        Allocator.#current(this);
        return this.#figures[LARGEST_FREE] || this.#arena.largestFree();
    }

    get memory() {
        return Allocator.#current(this).memory;
    }

    get buffer() {
        return Allocator.#current(this).buffer;
    }

    weaken(pointer, token) {
        Allocator.#current(this);
        this.#arena.weaken(pointer, unregistered(token));
    }

    strengthen(pointer) {
        Allocator.#current(this);
        this.#arena.strengthen(pointer);
    }

    reserve(address, size) {
        Allocator.#current(this);
        this.#arena.reserve(address, size);
    }

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

    block(size, alignment) {
        Allocator.#check(this);
        return new Block(internals, this, size, alignment);
    }

    get c() {
        Allocator.#check(this);
        if (this.#isDisposed) fail('DISPOSED');
        return (this.#c ??= cFunctions(this));
    }

    /** Gives everything back at once. Once more does nothing. */
    dispose() {
        Allocator.#check(this);
        if (!this.#isDisposed) this.#end();
    }

    #end() {
        this.#arena.dispose();
        this.#claim.release();
        this.#isDisposed = true;
        // A call that is in progress keeps those that it began with.
        this.#active = new ActiveMemory(this.#figures);
        this.#events = new Events();
        this.#respawns = [];
    }

    static {
        const quietly = (allocator, fn) => {
            const events = allocator.#events;
            events.quietCalls++;
            try {
                return fn(allocator);
            } finally {
                events.quietCalls--;
            }
        };
        const currentArenaOf = (allocator) => {
            Allocator.#current(allocator);
            return allocator.#arena;
        };
        Object.assign(internals, {
            create: () => new Allocator(UNCONFIGURED),
            configure: (allocator, options) => allocator.#configure(options),
            follow: (allocator, follower) => allocator.#active.follow(follower),
            alloc: uncurry(this.prototype.alloc),
            allocStrong: (allocator, size, alignment) => allocator.#allocStrong(size, alignment),
            arenaOf: (allocator) => allocator.#arena ?? quietly(allocator, currentArenaOf),
            currentArenaOf,
            bufferOf: (allocator) => Allocator.#current(allocator).buffer,
            isDisposed: (allocator) => allocator.#isDisposed,
            quietly,
        });
    }
}

if (Symbol.dispose) Allocator.prototype[Symbol.dispose] = Allocator.prototype.dispose;

module.exports = { Allocator };
