'use strict';

// Child process of the suite `trim`: makes a heap whose last byte is free, so that trim() moves it, again and again.

const { serve } = require('../lib/child.js');
const { turn } = require('../lib/work.js');
const lewd = require('../../lib');

const PAGE = 65536;
const MIB = 2 ** 20;

const keep = {};
let size;
let inUse;

const milliseconds = (work) => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
};

/** Grows the memory by a scratch allocation, which reserves nothing: the end stays free. */
function grow(bytes) {
    const missing = bytes - lewd.total();
    if (missing > 0) lewd.alloc(lewd.tailFree() + missing);
}

serve({
    /** Fills the memory up to `last` with spans of `span` bytes, and keeps and writes every `every`th of them. */
    async prepare({ mib, span, every, last }) {
        size = mib * MIB;
        let drop = {};
        for (let at = 0, i = 0; at < last * MIB; at += span, i++) lewd.alloc(span, i % every === 0 ? keep : drop);
        drop = undefined;
        await turn();
        gc();
        await turn();
        inUse = lewd.used();
        new Uint8Array(lewd.buffer, 0, lewd.usedRun()).fill(1);
        return { inUse, usedRun: lewd.usedRun() };
    },

    round() {
        grow(size);
        if (lewd.tailFree() < PAGE) grow(lewd.total() + PAGE);
        const before = lewd.total();
        const trim = milliseconds(() => lewd.trim());
        const after = lewd.total();
        // Copies the same bytes in one piece, first to untouched memory, then to memory that was written before.
        const from = new Uint8Array(inUse).fill(1);
        const to = new WebAssembly.Memory({ initial: Math.ceil(inUse / PAGE), maximum: 65536 });
        const view = new Uint8Array(to.buffer);
        const copy = milliseconds(() => view.set(from));
        const again = milliseconds(() => view.set(from));
        gc();
        return { trim, copy, again, before, after };
    },
});
