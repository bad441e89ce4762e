'use strict';

// Faults to plant, by name: each takes an allocator, and returns one that does wrong at times. A run must find it.

/** Returns an object that is as `target`, but for some members. */
const over = (target, members) =>
    new Proxy(members, {
        get(own, name) {
            const { [name]: value } = Object.hasOwn(own, name) ? own : target;
            return typeof value === 'function' && !Object.hasOwn(own, name) ? value.bind(target) : value;
        },
    });

/** Returns a function that is true each so many calls. */
const each = (times) => {
    let calls = 0;
    return () => ++calls % times === 0;
};

const FAULTS = {
    /** Hands out what is in use. */
    overlap(api) {
        const isNow = each(20);
        let last;
        const alloc = (size, token, alignment) => {
            if (token !== undefined && last !== undefined && isNow()) return last;
            const pointer = api.alloc(size, token, alignment);
            if (token !== undefined && alignment === undefined) last = pointer;
            return pointer;
        };
        return over(api, { alloc });
    },

    /** Of several respawns, forgets one now and then. */
    respawn(api) {
        const isNow = each(3);
        return over(api, { bind: (spawn, respawn) => api.bind(spawn, () => (isNow() ? undefined : respawn())) });
    },

    /** Loses a byte of what was moved. */
    realloc(api) {
        const isNow = each(10);
        const realloc = (pointer, size) => {
            const to = api.c.realloc(pointer, size);
            if (to !== 0 && isNow()) new Uint8Array(api.memory.buffer)[to >>> 0] ^= 1;
            return to;
        };
        const c = over(api.c, { realloc });
        return over(api, { c });
    },

    /** Frees nothing. */
    leak(api) {
        const isNow = each(10);
        const c = over(api.c, { free: (pointer) => (isNow() ? undefined : api.c.free(pointer)) });
        return over(api, { c });
    },

    /** Keeps a token alive. */
    token(api) {
        const kept = [];
        const alloc = (size, token, alignment) => {
            kept.push(token);
            return api.alloc(size, token, alignment);
        };
        return over(api, { alloc });
    },

    /** Leaves a handler out. */
    handler(api) {
        const isNow = each(5);
        const on = (type, token, fn) => {
            if (token.isWitness || type !== 'resize') return api.on(type, token, fn);
            return api.on(type, token, (event) => (isNow() ? undefined : fn.call(undefined, event)));
        };
        return over(api, { on });
    },

    /** Swallows what a handler threw. */
    swallow(api) {
        const trim = () => {
            try {
                api.trim();
            } catch (error) {
                if (error.code !== undefined) throw error;
            }
        };
        return over(api, { trim });
    },

    /** Loses the code of an error. */
    code(api) {
        const strengthen = (pointer) => {
            try {
                api.strengthen(pointer);
            } catch (error) {
                delete error.code;
                throw error;
            }
        };
        return over(api, { strengthen });
    },

    /** Ends the process. */
    crash(api) {
        const isNow = each(20);
        return over(api, { trim: () => (isNow() ? process.kill(process.pid, 'SIGKILL') : api.trim()) });
    },
};

module.exports = { FAULTS };
