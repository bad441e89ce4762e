'use strict';

// Child process of the suites `explicit` and `replay`: measures one allocator with malloc() and free(), called from
// JavaScript or from inside a module.

const { execFileSync } = require('node:child_process');
const { existsSync, mkdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { serve } = require('../lib/child.js');
const { compilePairs } = require('../lib/pairs.js');
const { columns } = require('../lib/trace.js');
const { SIZES, below, belowMany, clock } = require('../lib/work.js');

const GIB = 2 ** 30;
/** Milliseconds until a contender is stopped: the time of some contenders' calls is proportional to the live spans. */
const CHUNK = 64;

/** The package to measure: this one, or that in the folder LEWD. */
const lewd = () => require(process.env.LEWD ?? '../..');

/** Each returns { malloc(size), free(address) }, where 0 means failure, or { fill(spans), replace(count, touch) }. */
const contenders = {
    lewd() {
        const allocator = new (lewd().Allocator)();
        const { malloc, free } = allocator.c;
        return { malloc, free, view: () => new Uint32Array(allocator.buffer) };
    },

    /** A module that imports malloc and free. */
    importing() {
        const module = compilePairs('imported');
        const memory = new WebAssembly.Memory({ initial: 2 });
        const instantiate = (c) => new WebAssembly.Instance(module, { env: { memory, ...c } }).exports;
        const { __heap_base: base } = instantiate({ malloc: () => 0, free: () => {} });
        const allocator = new (lewd().Allocator)({ memory, base });
        return instantiate(allocator.c);
    },

    /** A module that a dlmalloc is linked into. */
    linking() {
        const module = compilePairs('linked');
        const imports = {};
        for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => 0;
        return new WebAssembly.Instance(module, imports).exports;
    },

    async thing() {
        const { MemPool } = await import('@thi.ng/malloc');
        const pool = new MemPool({ buf: new ArrayBuffer(GIB), align: 16 });
        return { malloc: (size) => pool.malloc(size), free: (address) => pool.free(address) };
    },

    async assemblyscript() {
        const build = join(__dirname, 'build');
        const file = join(build, 'heap.wasm');
        if (!existsSync(file)) {
            mkdirSync(build, { recursive: true });
            const asc = require.resolve('assemblyscript/bin/asc.js');
            const source = join(__dirname, 'heap.ts');
            const flags = ['--runtime', 'minimal', '-O3', '--noAssert', '--outFile', file];
            execFileSync(process.execPath, [asc, source, ...flags], { stdio: ['ignore', 2, 2] });
        }
        const env = { abort: () => {} };
        const { instance } = await WebAssembly.instantiate(readFileSync(file), { env });
        return instance.exports;
    },

    async sqljs() {
        const { _malloc, _free } = await require('sql.js')();
        return { malloc: _malloc, free: _free };
    },
};

let malloc;
let free;
let view;
let words;
let live = [];

/** The work of pairs.c, in JavaScript. */
const inJavaScript = {
    fill(spans) {
        live = new Array(spans).fill(0);
        for (let i = 0; i < spans; i++) if (!(live[i] = malloc(SIZES[below(SIZES.length)]))) return i;
        return spans;
    },

    replace(count) {
        let sum = 0;
        for (let i = 0; i < count; i++) {
            const at = belowMany(live.length);
            free(live[at]);
            sum += live[at] = malloc(SIZES[below(SIZES.length)]);
        }
        return sum;
    },

    /** The same, with the first bytes of each allocation written and read. The memory does not grow any more. */
    touch(count) {
        if (words === undefined || words.length === 0) words = view();
        let sum = 0;
        for (let i = 0; i < count; i++) {
            const at = belowMany(live.length);
            sum += words[live[at] >>> 2];
            free(live[at]);
            live[at] = malloc(SIZES[below(SIZES.length)]);
            words[live[at] >>> 2] = i;
        }
        return sum;
    },
};

let work;

/** Returns the number of operations done, and the time per operation. */
function replaceFor(milliseconds, most, isTouching) {
    const stop = clock();
    const end = performance.now() + milliseconds;
    const replace = isTouching && work === inJavaScript ? work.touch : work.replace;
    let done = 0;
    while (done < most && performance.now() < end) {
        replace(CHUNK, isTouching ? 1 : 0);
        done += CHUNK;
    }
    return { ...stop(done), done };
}

serve({
    async make() {
        const made = await contenders[process.argv[2]]();
        ({ malloc, free, view } = made);
        work = made.replace === undefined ? inJavaScript : made;
    },

    prepare({ spans, budget }) {
        const filled = work.fill(spans);
        if (filled < spans) throw new Error(`no room after ${filled} spans`);
        replaceFor(budget, 2 * spans);
    },

    measure: ({ budget, operations, isTouching = false }) => replaceFor(budget, operations, isTouching),

    /** Measures the peak footprint: from the lowest address to the highest end, headers between them included. */
    replay({ path, budget }) {
        const { kinds, ids, sizes, count, most } = columns(path);
        const addresses = new Uint32Array(most);
        let lowest = Infinity;
        let highest = 0;
        const stop = clock();
        const end = performance.now() + budget;
        let done = 0;
        for (; done < count; done++) {
            if (done % CHUNK === 0 && performance.now() > end) break;
            const id = ids[done];
            const old = addresses[id];
            if (kinds[done] !== 102) {
                const size = sizes[done] || 1;
                const address = malloc(size) >>> 0;
                if (address === 0) throw new Error(`no room for ${size} bytes`);
                addresses[id] = address;
                if (address < lowest) lowest = address;
                if (address + size > highest) highest = address + size;
            }
            if (kinds[done] !== 97) free(old);
        }
        return { ...stop(done), done, count, footprint: highest - lowest };
    },
});
