'use strict';

const { check, create, fail } = require('./native.js');

const PAGE = 65536;
/** So many that they don't lie in the JavaScript heap, where they could move. */
const FIGURES = 9;
const TAIL_FREE = 5;
const { Memory } = WebAssembly;

/** Node-API can't hold a symbol weakly; an object that only the symbol keeps stands for it. */
const standIns = new WeakMap();

/** What to hold weakly for a token. C refuses what can't be held, registered symbols too. */
const hold = (token) => {
    if (typeof token === 'symbol')
        try {
            if (!standIns.has(token)) standIns.set(token, {});
            return standIns.get(token);
        } catch {}
    return token;
};

/**
 * Makes an allocator. It has no memory before its first use, so that it can be configured until then.
 *
 * `api` is its documented surface. `follow(follower)` calls `follower(memory, buffer)` at once and whenever one of them is
 * replaced, before anybody else learns of it; it is no use. `check()` answers what is wrong with the heap, if anything.
 */
module.exports = () => {
    /** Made by the first use; then the allocator is settled. */
    let arena;
    let memory;
    let buffer;
    /** Its length tells without a call that the memory grew: the old buffer is detached. */
    let view = [];
    let size;
    /** Pages that a memory to migrate to has at least, and declares at most. */
    let least;
    let maximum;
    /** Where C writes the figures: LEWD_FIGURE_TOTAL and so on in src/glue.h. */
    const figures = new Float64Array(FIGURES);

    const followers = [];
    const respawns = [];
    /**
     * Handlers by type of event: token => function => handler. A handler hangs from its token alone, so that it may close
     * over it, and is gone with it; C knows all of them, in order and weakly. (A WeakRef would keep what it names to the
     * end of the job: in a synchronous loop no wrapper with a handler would ever be collected.)
     */
    const handlers = { __proto__: null, resize: new WeakMap(), grow: new WeakMap(), trim: new WeakMap() };
    /** Calls of handlers that are due, from `next` on, and what they threw. */
    let due = [];
    let next = 0;
    let errors = [];
    let delivering;
    let respawning;

    const make = (pages, limit = PAGE) => {
        try {
            return new Memory({ initial: pages, maximum: limit });
        } catch {
            fail('NO_MEMORY');
        }
    };

    const move = (to) => {
        memory = to;
        view = new Uint8Array((buffer = memory.buffer));
        size = view.length;
        followers.forEach((follower) => follower(memory, buffer));
    };

    const start = (over, limit = PAGE) => {
        arena = create(over.buffer, limit, figures);
        maximum = limit;
        move(over);
        least = size / PAGE || 1;
    };

    /** The memory grew, by us or behind our back, or this is the first use. */
    const change = () => {
        if (!arena) return start(memory ?? make(1));
        const oldSize = size;
        const { byteLength } = memory.buffer;
        if (memory.buffer === buffer && byteLength === oldSize) return;
        arena.extend(byteLength);
        move(memory);
        announce('grow', oldSize);
        deliver();
    };

    /** Everything begins with a look at the memory. */
    const look = () => {
        if (!size || view.length !== size) change();
    };

    const attempt = (fn, ...args) => {
        try {
            fn(...args);
        } catch (error) {
            errors.push(error);
        }
    };

    /** Makes calls of all handlers due. What `info` answers is active when it is asked: a copy could be stale. */
    const announce = (type, oldSize) => {
        const info = Object.freeze({
            oldSize,
            newSize: size,
            get memory() {
                return api.memory;
            },
            get buffer() {
                return api.buffer;
            },
        });
        const watched = arena.watched();
        for (type of [type, 'resize']) {
            const event = { type, info };
            for (const handler of watched) if (handler.type === type) due.push([handler, event]);
        }
    };

    /** Runs what is due. What they threw is thrown where the outermost run ends. */
    const deliver = () => {
        if (respawning) return;
        const nested = delivering;
        delivering = true;
        while (next < due.length) {
            const [{ fn }, event] = due[next++];
            if (fn) attempt(fn, event);
        }
        if (nested) return;
        const thrown = errors;
        delivering = false;
        due = [];
        next = 0;
        errors = [];
        if (thrown.length > 1) throw Object.assign(new AggregateError(thrown, 'handlers threw'), { code: 'ERR_LEWD_HANDLERS' });
        if (thrown.length) throw thrown[0];
    };

    const growBy = (pages) => {
        try {
            return size / PAGE + pages <= maximum && memory.grow(pages) >= 0;
        } catch {}
    };

    /** By what is missing or an eighth, whichever is more; else by what is missing. */
    const growFor = (bytes) => {
        const missing = Math.ceil((bytes - figures[TAIL_FREE]) / PAGE);
        // An eighth of the bytes in pages: 2^3 times 2^16.
        return growBy(Math.max(missing, size >>> 19)) || growBy(missing);
    };

    const place = (bytes, token) => (token === undefined ? arena.fit(bytes) : arena.alloc(bytes, token));

    /** The way of an allocation for which there is no room: sweep, grow, collect, give up. */
    const placeByForce = (bytes, token) => {
        arena.sweep();
        for (let collected; ; ) {
            const address = place(bytes, token);
            if (address !== undefined) return address;
            // Those who wait for the news of an earlier change hear it before the next one.
            if (next < due.length && !respawning) deliver();
            else if (growFor(bytes)) change();
            else if (collected) arena.refuse(bytes);
            else collected = arena.collect() >= 0;
        }
    };

    const figure = (index) => () => {
        look();
        return figures[index];
    };

    /** The handlers of a type and a token, as a map that is not in the table yet if there are none. */
    const handlersOf = (type, token) => handlers[check('type', type)].get(check('token', token)) ?? new Map();

    const api = {
        configure(options) {
            if (arena) fail('IN_USE');
            const { maximum: limit = PAGE, memory: given = make(1, check('maximum', limit)) } = check('options', options);
            if (!(given instanceof Memory)) fail('memory', given);
            start(given, limit);
        },

        alloc(bytes, token) {
            look();
            token = hold(token);
            return place(bytes, token) ?? placeByForce(bytes >>> 0, token);
        },

        trim() {
            if (delivering || respawning) fail('BUSY');
            look();
            arena.sweep();
            const pages = Math.max(least, Math.ceil((size - figures[TAIL_FREE]) / PAGE));
            if (pages * PAGE >= size) return;
            const old = memory;
            const oldSize = size;
            const to = make(pages, maximum);
            arena.migrate(view, new Uint8Array(to.buffer));
            move(to);
            announce('trim', oldSize);
            respawning = true;
            respawns.forEach((respawn) => attempt(respawn));
            respawning = false;
            old.grow(0);
            deliver();
        },

        bind(spawn, respawn) {
            check('spawn', spawn);
            check('respawn', respawn);
            const spawned = spawn();
            respawns.push(respawn);
            return spawned;
        },

        on(type, token, fn) {
            look();
            token = hold(token);
            const own = handlersOf(type, token);
            if (own.has(check('fn', fn))) return;
            const handler = { type, fn };
            arena.watch(handler);
            handlers[type].set(token, own.set(fn, handler));
        },

        off(type, token, fn) {
            look();
            const own = handlersOf(type, hold(token));
            for (const key of fn === undefined ? [...own.keys()] : [check('fn', fn)]) {
                (own.get(key) ?? {}).fn = undefined;
                own.delete(key);
            }
        },

        total: figure(0),
        used: figure(1),
        usedRun: figure(2),
        free: figure(3),
        headFree: figure(4),
        tailFree: figure(TAIL_FREE),

        largestFree() {
            look();
            return arena.largest();
        },

        get memory() {
            look();
            return memory;
        },

        get buffer() {
            look();
            return buffer;
        },
    };

    return {
        api,

        follow(follower) {
            memory ??= make(1);
            followers.push(follower);
            follower(memory, memory.buffer);
        },

        check() {
            look();
            return arena.check();
        },
    };
};
