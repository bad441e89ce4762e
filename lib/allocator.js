'use strict';

const { check, create, fail } = require('./binding.js');

const PAGE = 65536;
const { Memory } = globalThis.WebAssembly ?? fail('NO_WEBASSEMBLY');

/**
 * What WebAssembly gives to every memory, whatever a program has hung over it since. Functions are read, not taken from their
 * descriptors: with --frozen-intrinsics they are accessors.
 */
const { apply } = Reflect;
const { get } = Object.getOwnPropertyDescriptor(Memory.prototype, 'buffer');
const { grow, toFixedLengthBuffer = grow } = Memory.prototype;

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
 * The rest is for what is built on top, in extended.js.
 */
const allocator = () => {
    /** Made by the first use; then the allocator is settled. */
    let arena;
    let memory;
    /** Its length tells without a call that the memory grew: the old buffer is detached. */
    let view = new Uint8Array(1);
    let buffer;
    let size;
    /** Pages that the memory has at most, as it declares. */
    let maximum = PAGE;
    /**
     * Where C writes the figures, in the order in which they are named below; then 7, the size of the largest free span, if
     * anybody has asked; 8 is ours, the length of the view if the memory has not grown; from 9 on sizes of scratch that still
     * fits, by their remainders, and from 76 on their addresses.
     */
    const figures = new Float64Array(143);

    const followers = [];
    const respawns = [];
    /**
     * Handlers by type of event: token => function => handler. A handler hangs from its token alone, so that it may close
     * over it, and is gone with it; C knows all of them, in order and weakly. (A WeakRef would keep what it names to the
     * end of the job: in a synchronous loop no wrapper with a handler would ever be collected.)
     */
    const handlers = {
        resize: new WeakMap(),
        grow: new WeakMap(),
        trim: new WeakMap(),
        oom: new WeakMap(),
    };
    /** Calls of handlers, and what was thrown. */
    const due = new Set();
    const errors = [];
    let delivering;
    let respawning;
    /** Handlers of 'oom' were asked in this run: what they ask for themselves is refused without asking them again. */
    let pleading;

    const make = (pages, limit = maximum) => {
        try {
            return new Memory({ initial: pages, maximum: limit });
        } catch {
            fail('NO_MEMORY');
        }
    };

    const move = (to) => {
        view = new Uint8Array((buffer = bufferOf((memory = to))));
        size = view.length;
        // NaN equals no length: an empty memory is looked at by every call, since its old buffer has length 0, too.
        figures[8] = size || NaN;
        followers.forEach((follower) => follower(memory, buffer));
    };

    const start = (over, limit = maximum, ...settings) => {
        if (arena) fail('IN_USE');
        inner.arena = arena = create(over, bufferOf(over), figures, limit, ...settings);
        maximum = limit;
        move(over);
    };

    /** The memory grew, by us or behind our back, or this is the first use. */
    const change = () => {
        if (!arena) return inner.start(memory ?? make(1));
        const now = bufferOf(memory);
        const oldSize = size;
        if (now === buffer && now.byteLength === size) return;
        const watched = arena.extend(now.byteLength);
        move(memory);
        // A buffer that was replaced at the same size is a resize, and no growth.
        announce(size > oldSize && 'grow', oldSize, watched);
        deliver();
    };

    /** Everything begins with a look at the memory. */
    const look = () => {
        if (view.length !== figures[8]) change();
    };

    /** Called by forEach(), too: hands no arguments on. */
    const attempt = (fn) => {
        try {
            fn();
        } catch (error) {
            errors.push(error);
        }
    };

    /** Makes calls of all handlers of these types due. */
    const post = (info, watched, ...types) => {
        Object.freeze(info);
        for (const type of types) {
            const event = { type, info };
            for (const handler of watched) if (handler.type === type) due.add(() => handler.fn?.(event));
        }
    };

    /** What `info` answers is active when it is asked: a copy could be stale. */
    const announce = (type, oldSize, watched) =>
        post(
            {
                oldSize,
                newSize: size,
                get memory() {
                    return api.memory;
                },
                get buffer() {
                    return api.buffer;
                },
            },
            watched,
            type,
            'resize',
        );

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
        delivering = pleading = false;
        if (errors.length) inner.raise(errors.splice(0));
    };

    const growBy = (pages) => {
        try {
            return pages > 0 && apply(grow, memory, [pages]) >= 0;
        } catch {}
    };

    const figure = (index) => () => {
        look();
        return figures[index];
    };

    /** The handlers of a type and a token, as a map that is not in the table yet if there are none. */
    const handlersOf = (type, token) => handlers[check('type', type)].get(check('token', hold(token))) ?? new Map();

    const api = {
        configure(options) {
            const { maximum: limit = maximum, memory: given = make(1, check('maximum', limit)) } = check('options', options);
            inner.start(given, limit);
        },

        alloc(bytes, token, alignment = 1, strong = false) {
            look();
            if (!strong && token === undefined && alignment === 1 && typeof bytes === 'number' && figures[(bytes % 67) + 9] === bytes)
                return figures[(bytes % 67) + 76];
            hold(token);
            for (let tried = 0; ; ) {
                const address = strong ? arena.allocStrong(bytes, alignment) : arena.alloc(bytes, token, alignment);
                if (address !== undefined) return address;
                // There is no room: sweep, grow, collect, ask the handlers, give up.
                if (!tried) {
                    arena.sweep();
                    tried = 1;
                }
                // Those who wait for the news of an earlier change hear it before the next one.
                else if (due.size && !respawning) deliver();
                else if (
                    growBy(arena.pagesNeeded(bytes, alignment, strong, true)) ||
                    growBy(arena.pagesNeeded(bytes, alignment, strong, false))
                )
                    change();
                else if (tried++ % 2) arena.collect();
                else if (tried > 3 || pleading) arena.outOfMemory(bytes, alignment);
                else {
                    post({ requested: bytes >>> 0, total: figures[0], maximum: maximum * PAGE }, arena.handlers(), 'oom');
                    // What handlers let go of has to be collected.
                    if (!(pleading = due.size)) tried++;
                }
            }
        },

        trim() {
            if (delivering || respawning || inner.areSpawning()) fail('BUSY');
            look();
            arena.sweep();
            const pages = arena.pagesToKeep();
            if (!pages) return;
            const old = memory;
            const oldSize = size;
            const to = make(pages);
            const watched = arena.migrate(bufferOf(old), bufferOf(to), to);
            move(to);
            announce('trim', oldSize, watched);
            respawning = true;
            respawns.forEach(attempt);
            respawning = false;
            attempt(() => arena.restore(bufferOf(old), bufferOf(to)));
            // Growing detaches the old buffer, unless that is a resizable one, which Node.js 26 has.
            apply(toFixedLengthBuffer, old, [0]);
            apply(grow, old, [0]);
            deliver();
        },

        bind(spawn, respawn) {
            look();
            check('spawn', spawn);
            check('respawn', respawn);
            const result = inner.spawn(spawn);
            respawns.push(() => inner.spawn(respawn));
            return result;
        },

        on(type, token, fn) {
            look();
            const own = handlersOf(type, token);
            if (own.has(check('fn', fn))) return;
            try {
                handlers[type].set(token, own);
            } catch {
                fail('token', token); // a symbol, before Node.js 18.20
            }
            own.set(fn, arena.addHandler({ type, fn }));
        },

        off(type, token, fn) {
            look();
            const own = handlersOf(type, token);
            for (const key of fn === undefined ? own.keys() : [check('fn', fn)]) {
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
        reserved: figure(6),

        largestFree() {
            look();
            return figures[7] || arena.largestFree();
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

    const inner = {
        api,

        follow(follower) {
            follower((memory ??= make(1)), bufferOf(memory));
            followers.push(follower);
        },

        /** Throws what handlers threw. */
        raise(thrown) {
            throw thrown.length > 1
                ? Object.assign(new AggregateError(thrown, 'handlers threw'), { code: 'ERR_LEWD_HANDLERS' })
                : thrown[0];
        },

        spawn: (fn) => fn(),
        areSpawning() {},

        bufferOf,
        hold,
        make,
        start,
    };
    return inner;
};

module.exports = allocator;

/** The default one, whichever way the package is loaded. */
allocator.standard = allocator();
