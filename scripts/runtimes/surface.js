// Tries the documented surface by plain means in the runtime that runs this, in a folder where the package is
// installed. Prints a line of JSON for each check: its subject, and the differences, if any. The argument `configured`
// tries settings that must precede the first use, the argument `beyond` features that are built on top.
'use strict';

const assert = require('node:assert');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { Worker } = require('node:worker_threads');

const here = createRequire(join(process.cwd(), 'index.js'));
const PAGE = 65536;

/**
 * (module
 *   (memory (import "env" "memory") 1)
 *   (func (export "put") (param i32 i32) (i32.store (local.get 0) (local.get 1))))
 */
const MODULE = Uint8Array.from(
    [
        [0, 97, 115, 109, 1, 0, 0, 0],
        [1, 6, 1, 96, 2, 127, 127, 0],
        [2, 15, 1, 3, 101, 110, 118, 6, 109, 101, 109, 111, 114, 121, 2, 0, 1],
        [3, 2, 1, 0],
        [7, 7, 1, 3, 112, 117, 116, 0, 0],
        [10, 11, 1, 9, 0, 32, 0, 32, 1, 54, 2, 0, 11],
    ].flat(),
);

const collect = globalThis.gc ?? (() => globalThis.Bun.gc(true));
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Collects and lets the event loop turn until `done()`. */
async function until(done, what) {
    for (let round = 0; round < 200; round++) {
        collect();
        await turn();
        if (done()) return;
    }
    throw new Error(`${what}, not after 200 collections`);
}

const throws = (code, kind, fn) => {
    try {
        fn();
    } catch (error) {
        assert.strictEqual(error.code, code);
        assert.ok(error instanceof kind, `${code} is no ${kind.name}`);
        return;
    }
    throw new Error(`${code} was not thrown`);
};

/** Runs `fn` in a frame that leaves nothing on the stack. */
const apart = (fn) => new Promise((resolve) => setTimeout(() => resolve(fn()), 0));

const lewd = here('@anireact/lewd');
const { alloc, bind, configure, largestFree, off, on, total, trim, used, usedRun } = lewd;

const standard = {
    'alloc, statistics': () => {
        const token = {};
        assert.strictEqual(alloc(100, token), 0);
        assert.strictEqual(alloc(1, token), 112);
        assert.strictEqual(alloc(50), 128);
        assert.strictEqual(alloc(50, token), 128);
        assert.deepStrictEqual([used(), usedRun(), total(), largestFree()], [192, 192, PAGE, (PAGE - 192) / 16]);
        assert.ok(token);
    },

    'import: the same allocator, live bindings': async () => {
        const url = here('node:url').pathToFileURL(join(process.cwd(), 'surface.mjs'));
        const face = await import(url);
        assert.strictEqual(face.alloc, alloc);
        const token = {};
        alloc(total(), token);
        assert.strictEqual(face.read().buffer, lewd.buffer);
        assert.strictEqual(face.read().memory, lewd.memory);
        trim();
        assert.ok(token);
    },

    'growth: events in order, views detached': () => {
        const heard = [];
        const { buffer, memory } = lewd;
        for (const type of ['resize', 'grow', 'trim']) on(type, heard, (event) => heard.push(event));
        alloc(total() + 1, heard);
        assert.deepStrictEqual(
            heard.map(({ type }) => type),
            ['grow', 'resize'],
        );
        assert.strictEqual(heard[0].info, heard[1].info);
        assert.ok(Object.isFrozen(heard[0].info));
        assert.strictEqual(heard[0].info.newSize, total());
        assert.strictEqual(buffer.byteLength, 0);
        assert.strictEqual(lewd.memory, memory);
        for (const type of ['resize', 'grow', 'trim']) off(type, heard);
    },

    'growth by others is noticed': () => {
        const before = total();
        lewd.memory.grow(2);
        assert.strictEqual(total(), before + 2 * PAGE);
        assert.strictEqual(lewd.buffer, lewd.memory.buffer);
    },

    'errors have their codes and classes': () => {
        throws('ERR_LEWD_INVALID_ARG_TYPE', TypeError, () => alloc('1', {}));
        throws('ERR_LEWD_INVALID_ARG_TYPE', TypeError, () => alloc(1, null));
        throws('ERR_LEWD_INVALID_ARG_VALUE', TypeError, () => alloc(1, Symbol.for('x')));
        throws('ERR_LEWD_INVALID_ARG_VALUE', TypeError, () => on('shrink', {}, () => {}));
        for (const size of [0, 0.5, NaN, 2 ** 32, -(2 ** 31) - 1]) {
            throws('ERR_LEWD_OUT_OF_RANGE', RangeError, () => alloc(size, {}));
        }
        throws('ERR_LEWD_IN_USE', Error, () => configure({ maximum: 5 }));
    },

    'tokens: objects, functions, symbols': () => {
        const before = used();
        const tokens = [{}, () => {}, Symbol('own')];
        for (const token of tokens) alloc(16, token);
        assert.strictEqual(used(), before + 48);
        assert.strictEqual(tokens.length, 3);
    },

    'freed once the token is collected': async () => {
        await apart(() => Array.from({ length: 1000 }, () => alloc(1000, {})).length);
        await until(() => used() < 500_000, 'the memory of dead tokens is free');
    },

    'a module over the memory; trim() moves it': async () => {
        await until(() => used() < PAGE, 'the memory of dead tokens is free');
        const code = new WebAssembly.Module(MODULE);
        let put;
        let spawned = 0;
        const spawn = () => {
            put = new WebAssembly.Instance(code, { env: { memory: lewd.memory } }).exports.put;
            return ++spawned;
        };
        assert.strictEqual(bind(spawn, spawn), 1);
        const token = {};
        const address = alloc(16, token);
        put(address, 42);
        lewd.memory.grow(20);
        const read = () => new DataView(lewd.buffer).getInt32(address >>> 0, true);
        const { buffer } = lewd;
        const before = total();
        trim();
        assert.ok(total() < before, `${total()} bytes are left`);
        assert.deepStrictEqual([spawned, read(), buffer.byteLength], [2, 42, 0]);
        put(address, 43);
        assert.strictEqual(read(), 43);
    },

    'handlers are gone with their token': async () => {
        let gone = false;
        const watch = new FinalizationRegistry(() => (gone = true));
        let heard = 0;
        await apart(() => {
            const token = {};
            watch.register(token);
            on('grow', token, () => (heard += token ? 1 : 0)); // closes over its token
        });
        await until(() => gone, 'a token with a handler is collected');
        lewd.memory.grow(1);
        total();
        assert.strictEqual(heard, 0);
    },

    'a worker has an allocator of its own, and ends with live tokens': async () => {
        const program = `
            const { parentPort } = require('node:worker_threads');
            const { createRequire } = require('node:module');
            const { alloc, used } = createRequire(${JSON.stringify(join(process.cwd(), 'index.js'))})('@anireact/lewd');
            globalThis.tokens = Array.from({ length: 100 }, () => ({}));
            for (const token of globalThis.tokens) alloc(16, token);
            parentPort.postMessage(used());
            setInterval(() => {}, 1000);
        `;
        const before = used();
        for (let round = 0; round < 3; round++) {
            const worker = new Worker(program, { eval: true });
            const message = await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
            await worker.terminate();
            assert.strictEqual(message, 1600);
        }
        assert.ok(used() <= before);
    },

    'a synchronous loop does not leak (1.3 GB through 256 MiB)': () => {
        let most = 0;
        for (let i = 0; i < 20_000; i++) {
            alloc(PAGE, {});
            if (total() > most) most = total();
        }
        assert.ok(most <= 2 ** 28, `the memory grew to ${Math.ceil(most / 2 ** 20)} MiB`);
    },
};

const configured = {
    'configure: a memory of your own, within its maximum': () => {
        const memory = new WebAssembly.Memory({ initial: 2, maximum: 4 });
        configure({ memory, maximum: 4 });
        assert.strictEqual(lewd.memory, memory);
        assert.strictEqual(total(), 2 * PAGE);
        throws('ERR_LEWD_IN_USE', Error, () => configure({ memory }));
    },

    'out of memory is thrown, and nothing is lost': () => {
        const token = {};
        alloc(3 * PAGE, token);
        throws('ERR_LEWD_OUT_OF_MEMORY', RangeError, () => alloc(2 * PAGE, token));
        assert.strictEqual(used(), 3 * PAGE);
        alloc(PAGE, token);
        assert.strictEqual(total(), 4 * PAGE);
    },

    'before it is thrown, dead tokens are collected, in a synchronous loop': async () => {
        await until(() => used() === 0, 'all memory is free');
        for (let i = 0; i < 50; i++) alloc(3 * PAGE, {});
    },
};

const beyond = {
    'the functions of C': () => {
        const { aligned_alloc, calloc, free, malloc, malloc_usable_size, realloc } = lewd.c;
        const pointers = [malloc(100), calloc(2, PAGE), aligned_alloc(4096, 10)];
        assert.strictEqual(malloc_usable_size(pointers[0]), 112);
        assert.ok(new Uint8Array(lewd.buffer, pointers[1], 2 * PAGE).every((byte) => byte === 0));
        assert.strictEqual(pointers[2] % 4096, 0);
        new Uint8Array(lewd.buffer, pointers[0], 100).fill(7);
        pointers[0] = realloc(pointers[0], 3 * PAGE);
        assert.ok(new Uint8Array(lewd.buffer, pointers[0], 100).every((byte) => byte === 7));
        pointers.forEach(free);
        assert.strictEqual(used(), 0);
    },

    'weaken, strengthen, reserve, grow': () => {
        const pointer = lewd.c.malloc(64);
        lewd.weaken(pointer, lewd);
        lewd.strengthen(pointer);
        lewd.reserve(1024, 64);
        assert.strictEqual(lewd.reserved(), 80); // and the block of the null pointer
        const pages = total() / PAGE;
        assert.strictEqual(lewd.grow(2), pages);
        assert.strictEqual(total(), (pages + 2) * PAGE);
        lewd.c.free(pointer);
    },

    'blocks: views follow the memory': () => {
        const block = lewd.block(100);
        block.u8.fill(9);
        lewd.grow(1);
        trim();
        assert.strictEqual(block.u8.buffer, lewd.buffer);
        assert.ok(block.u8.every((byte) => byte === 9));
        block.dispose();
        throws('ERR_LEWD_DISPOSED', Error, () => block.u8);
    },

    'an allocator of its own, over a part of a memory': () => {
        const memory = new WebAssembly.Memory({ initial: 1, maximum: 9 });
        const base = new WebAssembly.Global({ value: 'i32' }, 1024);
        const own = new lewd.Allocator({ memory, base, limit: 2048, maximum: 9 });
        const other = new lewd.Allocator({ memory, base: 2048, maximum: 9 });
        assert.deepStrictEqual([own.total(), own.alloc(16, own), other.alloc(16, other)], [1024, 1024, 2048]);
        throws('ERR_LEWD_OVERLAP', Error, () => new lewd.Allocator({ memory }));
        throws('ERR_LEWD_OUT_OF_MEMORY', RangeError, () => own.alloc(1024, own));
        throws('ERR_LEWD_FIXED_MEMORY', Error, () => other.trim());
        own.dispose();
        throws('ERR_LEWD_DISPOSED', Error, () => own.used());
    },

    'oom: handlers may make room': () => {
        const own = new lewd.Allocator({ base: 16, maximum: 1 });
        const kept = own.c.malloc(40_000);
        own.on('oom', own, ({ info }) => {
            assert.strictEqual(info.requested, 50_000);
            own.c.free(kept);
        });
        assert.strictEqual(own.alloc(50_000, own), 16);
    },
};

(async () => {
    const checks = { configured, beyond }[process.argv[2]] ?? standard;
    for (const [name, check] of Object.entries(checks)) {
        let message;
        try {
            await check();
        } catch (error) {
            message = String(error?.message ?? error)
                .trim()
                .replace(/\s+/g, ' ')
                .slice(0, 120);
        }
        console.log(JSON.stringify({ name, message }));
    }
    process.exit(0);
})();
