'use strict';

const { check, create, fail } = require('./binding.js');

const PAGE = 65536;
const { Memory } = WebAssembly;

/** What WebAssembly gives to every memory, whatever a program has hung over it since. */
const { apply } = Reflect;
const {
    buffer: { get },
    grow: { value: grow },
} = Object.getOwnPropertyDescriptors(Memory.prototype);

/** The buffer of a memory, and of nothing else. */
const bufferOf = (memory) => {
    try {
        return apply(get, memory, []);
    } catch {
        fail('memory', memory);
    }
};

/** C refuses what can't be held weakly, but for registered symbols: it can't tell them. */
const hold = (token) =>
    typeof token === 'symbol' && Symbol.keyFor(token) !== undefined ? fail('token', token) : token;

/**
 * Makes an allocator. It has no memory before its first use, so that it can be configured until then.
 *
 * `api` is its documented surface. `follow(follower)` calls `follower(memory, buffer)` at once and whenever one of them is
 * replaced, before anybody else learns of it; it is no use. `check()` answers what is wrong with the heap, if anything.
 */
const allocator = () => {
    /** Made by the first use; then the allocator is settled. */
    let arena;
    let memory;
    let buffer;
    /** Its length tells without a call that the memory grew: the old buffer is detached. */
    let view = [];
    let size;
    /** Pages that a memory to migrate to has at least, and declares at most. */
    let least = 1;
    let maximum;
    /**
     * Where C writes the figures, in the order in which they are named below: the last one, 5, is what is free at the end.
     * There is room for more of them, since a short array would lie in the JavaScript heap, where it could move.
     */
    const figures = new Float64Array(9);

    const followers = [];
    const respawns = [];
    /**
     * Handlers by type of event: token => function => handler. A handler hangs from its token alone, so that it may close
     * over it, and is gone with it; C knows all of them, in order and weakly. (A WeakRef would keep what it names to the
     * end of the job: in a synchronous loop no wrapper with a handler would ever be collected.)
     */
    const handlers = { __proto__: null, resize: new WeakMap(), grow: new WeakMap(), trim: new WeakMap() };
    /** Calls of handlers, and what was thrown. */
    const due = new Set();
    const errors = [];
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
        view = new Uint8Array((buffer = bufferOf(to)));
        size = view.length;
        followers.forEach((follower) => follower(memory, buffer));
    };

    const start = (over, limit = PAGE) => {
        if (arena) fail('IN_USE');
        arena = create(bufferOf(over), limit, figures);
        maximum = limit;
        move(over);
    };

    /** The memory grew, by us or behind our back, or this is the first use. */
    const change = () => {
        if (!arena) return start(memory ?? make(1));
        const now = bufferOf(memory);
        const oldSize = size;
        if (now === buffer && now.byteLength === size) return;
        arena.extend(now.byteLength);
        move(memory);
        announce('grow', oldSize);
        deliver();
    };

    /** Everything begins with a look at the memory. */
    const look = () => {
        if (!size || view.length !== size) change();
    };

    /** Called by forEach(), too: hands no arguments on. */
    const attempt = (fn) => {
        try {
            fn();
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
            for (const handler of watched) if (handler.type === type) due.add(() => handler.fn?.(event));
        }
    };

    /** Runs what is due, also what comes in meanwhile. What was thrown is thrown where the outermost run ends. */
    const deliver = () => {
        if (respawning) return;
        const nested = delivering;
        delivering = true;
        for (const call of due) {
            due.delete(call);
            attempt(call);
        }
        if (nested) return;
        delivering = false;
        const thrown = errors.splice(0);
        if (thrown.length > 1) throw Object.assign(new AggregateError(thrown, 'handlers threw'), { code: 'ERR_LEWD_HANDLERS' });
        if (thrown.length) throw thrown[0];
    };

    const growBy = (pages) => {
        try {
            return size / PAGE + pages <= maximum && apply(grow, memory, [pages]) >= 0;
        } catch {}
    };

    const place = (bytes, token) => (token === undefined ? arena.fit(bytes) : arena.alloc(bytes, token));

    /** The way of an allocation for which there is no room: sweep, grow, collect, give up. */
    const placeByForce = (bytes, token) => {
        arena.sweep();
        for (let collected; ; ) {
            const address = place(bytes, token);
            if (address !== undefined) return address;
            const missing = Math.ceil((bytes - figures[5]) / PAGE);
            // Those who wait for the news of an earlier change hear it before the next one.
            if (due.size && !respawning) deliver();
            // By what is missing or an eighth (the bytes over 2^3 times 2^16), whichever is more; else by what is missing.
            else if (growBy(Math.max(missing, size >>> 19)) || growBy(missing)) change();
            else if (collected) arena.refuse(bytes);
            else collected = arena.collect();
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
            const { maximum: limit = PAGE, memory: given = make(1, check('maximum', limit)) } = check('options', options);
            start(given, limit);
            least = size / PAGE || 1;
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
            const pages = Math.max(least, Math.ceil((size - figures[5]) / PAGE));
            if (pages * PAGE >= size) return;
            const old = memory;
            const oldSize = size;
            const to = make(pages, maximum);
            arena.migrate(view, new Uint8Array(bufferOf(to)));
            move(to);
            announce('trim', oldSize);
            respawning = true;
            respawns.forEach(attempt);
            respawning = false;
            apply(grow, old, [0]);
            deliver();
        },

        bind(spawn, respawn) {
            look();
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
            if (!own.has(check('fn', fn))) handlers[type].set(token, own.set(fn, arena.watch({ type, fn })));
        },

        off(type, token, fn) {
            look();
            const own = handlersOf(type, hold(token));
            for (const key of fn === undefined ? [...own.keys()] : [check('fn', fn)]) {
                (own.get(key) ?? {}).fn = null;
                own.delete(key);
            }
        },

        total: figure(0),
        used: figure(1),
        usedRun: figure(2),
        free: figure(3),
        headFree: figure(4),
        tailFree: figure(5),

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
            follower((memory ??= make(1)), bufferOf(memory));
            followers.push(follower);
        },

        check() {
            look();
            return arena.check();
        },
    };
};

module.exports = allocator;

/** The default one, whichever way the package is loaded. */
allocator.standard = allocator();
