'use strict';

// Faults to plant, by name: each takes an allocator, and returns one that is sometimes wrong. A run must find it.

/** Returns an object like `target`, except for some members. */
const over = (target, members) =>
    new Proxy(members, {
        get(own, name) {
            const { [name]: value } = Object.hasOwn(own, name) ? own : target;
            return typeof value === 'function' && !Object.hasOwn(own, name) ? value.bind(target) : value;
        },
    });

/** Returns a function that returns true once in so many calls. */
const each = (times) => {
    let calls = 0;
    return () => ++calls % times === 0;
};

const FAULTS = {
    /** Hands out used bytes. */
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

    /** Sometimes skips one of several respawns. */
    respawn(api) {
        const isNow = each(3);
        return over(api, { bind: (spawn, respawn) => api.bind(spawn, () => (isNow() ? undefined : respawn())) });
    },

    /** Changes a byte of moved contents. */
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

    /** Swallows the error of a handler. */
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
