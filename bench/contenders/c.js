'use strict';

// Child process of the suite `c`: replays a recorded program through one allocator's malloc, realloc and free, called
// from JavaScript.

const { readFileSync } = require('node:fs');
const { serve } = require('../lib/child.js');
const { columns } = require('../lib/trace.js');
const { clock } = require('../lib/work.js');

const [FREE, RESIZE] = ['f', 'r'].map((letter) => letter.charCodeAt(0));
const BLOCK = 16;
/** Operations between two checks of the clock: the time of some contenders' calls is proportional to the live spans. */
const CHUNK = 64;

/** Each makes an allocator that has handed out nothing yet: { malloc, realloc, free, buffer }; 0 means failure. */
const contenders = {
    lewd(initial) {
        const { Allocator } = require('../../lib');
        const allocator = new Allocator({ initial });
        return { ...allocator.c, allocator, buffer: () => allocator.buffer };
    },

    async thing() {
        const { MemPool } = await import('@thi.ng/malloc');
        const buf = new ArrayBuffer(2 ** 28); // its memory doesn't grow
        const pool = new MemPool({ buf, align: BLOCK });
        return {
            malloc: (size) => pool.malloc(size),
            realloc: (address, size) => pool.realloc(address, size),
            free: (address) => pool.free(address),
            buffer: () => buf,
        };
    },

    /** The module exports no realloc. */
    async sqljs() {
        const file = require.resolve('sql.js/dist/sql-wasm.wasm');
        let memory;
        delete require.cache[require.resolve('sql.js/dist/sql-wasm.js')]; // the module caches its only instance
        const { _malloc, _free } = await require('sql.js/dist/sql-wasm.js')({
            instantiateWasm(imports, done) {
                const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), imports);
                memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
                done(instance);
                return instance.exports;
            },
        });
        const sizes = new Map();
        return {
            malloc(size) {
                return _malloc(size);
            },
            realloc(address, size) {
                const to = _malloc(size);
                if (to === 0) return 0;
                const length = Math.min(size, sizes.get(address));
                new Uint8Array(memory.buffer).copyWithin(to, address, address + length);
                _free(address);
                return to;
            },
            free: _free,
            buffer: () => memory.buffer,
            sizes,
        };
    },
};

let trace;
let heap;
let addresses;
let at;

function* steps(count) {
    for (const end = Math.min(at + count, trace.count); at < end; at++)
        yield [trace.kinds[at], trace.ids[at], trace.sizes[at] || 1];
}

/** The value that is written to word `at` of allocation `id`. */
const word = (id, i) => Math.imul(id, 2654435761) + i;

const words = (address, size) => new Int32Array(heap.buffer(), address >>> 0, Math.ceil(size / 4));

function write(address, id, size) {
    const view = words(address, size);
    for (let i = 0; i < view.length; i++) view[i] = word(id, i);
}

function check(address, id, size) {
    const view = words(address, Math.floor(size / 4) * 4);
    for (let i = 0; i < view.length; i++)
        if (view[i] !== (word(id, i) | 0)) throw new Error(`allocation ${id}: word ${i} was overwritten`);
}

/**
 * Exact best fit in blocks of 16 bytes, written as simply as possible: free spans in the order of their addresses,
 * searched from the first to the last. A resize stays in place if the free space to its right suffices. The first block
 * stays free, since its address is 0.
 */
class Ideal {
    #holes = [{ start: 1, size: 2 ** 28 - 1 }];
    #used = new Map();
    peak = 0;

    #at(start) {
        let [low, high] = [0, this.#holes.length];
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.#holes[middle].start < start) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    #take(i, size) {
        const hole = this.#holes[i];
        const { start } = hole;
        hole.start += size;
        hole.size -= size;
        if (hole.size === 0) this.#holes.splice(i, 1);
        return start;
    }

    #give(start, size) {
        const i = this.#at(start);
        const [left, right] = [this.#holes[i - 1], this.#holes[i]];
        const meetsLeft = left !== undefined && left.start + left.size === start;
        const meetsRight = right !== undefined && start + size === right.start;
        if (meetsLeft) left.size += size + (meetsRight ? right.size : 0);
        if (meetsLeft && meetsRight) this.#holes.splice(i, 1);
        else if (meetsRight) [right.start, right.size] = [start, size + right.size];
        else if (!meetsLeft) this.#holes.splice(i, 0, { start, size });
    }

    #keep(id, start, size) {
        this.#used.set(id, { start, size });
        this.peak = Math.max(this.peak, start + size);
        return start * BLOCK;
    }

    malloc(id, bytes) {
        const size = Math.ceil(bytes / BLOCK);
        let best = -1;
        for (let i = 0; i < this.#holes.length; i++)
            if (this.#holes[i].size >= size && (best < 0 || this.#holes[i].size < this.#holes[best].size)) best = i;
        return this.#keep(id, this.#take(best, size), size);
    }

    realloc(id, bytes) {
        const { start, size: old } = this.#used.get(id);
        const size = Math.ceil(bytes / BLOCK);
        const i = this.#at(start);
        const right = this.#holes[i];
        const room = right !== undefined && right.start === start + old ? right.size : 0;
        if (size > old + room) {
            const address = this.malloc(id, bytes);
            this.#give(start, old);
            return address;
        }
        if (size > old) this.#take(i, size - old);
        if (size < old) this.#give(start + size, old - size);
        return this.#keep(id, start, size);
    }

    free(id) {
        const { start, size } = this.#used.get(id);
        this.#used.delete(id);
        this.#give(start, size);
    }
}

serve({
    load({ path }) {
        trace = columns(path);
        return trace.count;
    },

    async begin({ initial } = {}) {
        heap = await contenders[process.argv[2]](initial);
        addresses = new Int32Array(trace.most);
        at = 0;
    },

    /** Replays the next operations until the time is up. Returns the time per operation, and their number. */
    some({ count, budget }) {
        const { malloc, realloc, free, sizes } = heap;
        const { kinds, ids } = trace;
        const from = at;
        const end = Math.min(at + count, trace.count);
        const stop = clock();
        const last = performance.now() + budget;
        for (; at < end; at++) {
            if (at % CHUNK === 0 && performance.now() > last) break;
            const id = ids[at];
            if (kinds[at] === FREE) {
                free(addresses[id]);
                continue;
            }
            const size = trace.sizes[at] || 1;
            const address = kinds[at] === RESIZE ? realloc(addresses[id], size) : malloc(size);
            if (address === 0) throw new Error(`no room for ${size} bytes`);
            addresses[id] = address;
            sizes?.set(address, size);
        }
        return { ...stop(Math.max(1, at - from)), done: at - from };
    },

    memory: () => heap.buffer().byteLength,

    /**
     * Replays everything once more, for contents, addresses and the footprint, both measured and ideal: from 0 to the
     * highest end. Uses a memory of full size, as the ideal does: one that grows has a last free span that may be the
     * best fit.
     */
    verify() {
        const { malloc, realloc, free } = heap;
        const ideal = new Ideal();
        const live = new Uint32Array(trace.most);
        let [highest, checked, moved] = [0, 0, 0];
        for (const [kind, id, size] of steps(trace.count)) {
            const old = addresses[id];
            if (kind === FREE) {
                check(old, id, live[id]);
                checked += live[id];
                free(old);
                ideal.free(id);
                live[id] = 0;
                continue;
            }
            const address = kind === RESIZE ? realloc(old, size) : malloc(size);
            if (address === 0) throw new Error(`no room for ${size} bytes`);
            const expected = kind === RESIZE ? ideal.realloc(id, size) : ideal.malloc(id, size);
            if (address >>> 0 !== expected)
                throw new Error(`operation ${at}: ${address >>> 0}, best fit has ${expected}`);
            if (kind === RESIZE) {
                check(address, id, Math.min(size, live[id]));
                moved += address !== old;
            }
            addresses[id] = address;
            live[id] = size;
            write(address, id, size);
            highest = Math.max(highest, (address >>> 0) + size);
        }
        for (let id = 0; id < trace.most; id++)
            if (live[id] > 0) {
                check(addresses[id], id, live[id]);
                checked += live[id];
                free(addresses[id]);
            }
        if (heap.allocator.used() !== 0) throw new Error(`${heap.allocator.used()} bytes were not freed`);
        const footprint = Math.ceil(highest / BLOCK) * BLOCK;
        return { footprint, ideal: ideal.peak * BLOCK, checked, moved };
    },
});
