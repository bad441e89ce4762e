'use strict';

// Child process of the suites `explicit` and `replay`: measures one allocator with malloc() and free() for JavaScript.

const { execFileSync } = require('node:child_process');
const { existsSync, mkdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { serve } = require('../lib/child.js');
const { columns } = require('../lib/trace.js');
const { SIZES, below, belowMany, clock } = require('../lib/work.js');

const GIB = 2 ** 30;
/** Milliseconds until a contender is stopped: the time of some contenders' calls is proportional to the live spans. */
const CHUNK = 64;

/** Each returns { malloc(size), free(address) }; 0 means failure. */
const contenders = {
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
let live = [];

function replace(count) {
    let sum = 0;
    for (let i = 0; i < count; i++) {
        const at = belowMany(live.length);
        free(live[at]);
        sum += live[at] = malloc(SIZES[below(SIZES.length)]);
    }
    return sum;
}

/** Returns the number of operations done, and the time per operation. */
function replaceFor(milliseconds, most) {
    const stop = clock();
    const end = performance.now() + milliseconds;
    let done = 0;
    while (done < most && performance.now() < end) {
        replace(CHUNK);
        done += CHUNK;
    }
    return { ...stop(done), done };
}

serve({
    async make() {
        ({ malloc, free } = await contenders[process.argv[2]]());
    },

    prepare({ spans, budget }) {
        live = new Array(spans).fill(0);
        for (let i = 0; i < spans; i++)
            if (!(live[i] = malloc(SIZES[below(SIZES.length)]))) throw new Error(`no room after ${i} spans`);
        replaceFor(budget, 2 * spans);
    },

    measure: ({ budget, operations }) => replaceFor(budget, operations),

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
