'use strict';

// Terminates workers at random moments, several at a time: during allocations, growth and its handlers, a trim whose
// respawn never ends, the forced collection before out of memory. The process must neither crash nor grow without
// bound. --plain prints the same without the addon: V8 and libc keep memory of ended threads, too.
//
//     node bench/lifetimes/workers.js [--workers 200] [--seed N] [--together 4] [--plain]

const { once } = require('node:events');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const { MIB, argument, residentSize, show } = require('./report.js');

const WORKERS = argument('workers', 200);
const TOGETHER = argument('together', 4);
const SEED = argument('seed', Math.floor(Math.random() * 2 ** 31));
const LONGEST = 150; // ms until terminate()
const PATIENCE = argument('patience', 30_000);

/** Returns random integers from 0 to `below` - 1: a linear congruential generator, high bits first. */
function generator(seed) {
    let state = BigInt(seed) * 2n + 1n;
    return (below) => {
        state = (state * 6364136223846793005n + 1442695040888963407n) & (2n ** 64n - 1n);
        return Math.floor((Number(state >> 32n) / 2 ** 32) * below);
    };
}

/** The jobs of a worker until it is terminated. Only the last ends by itself. */
const jobs = {
    drop({ alloc }, random) {
        for (;;) alloc(1 + random(4096), {});
    },
    replace({ alloc }, random) {
        const kept = [];
        for (;;) alloc(1 + random(1024), (kept[random(20_000)] = {}));
    },
    grow({ alloc, on }) {
        const kept = [];
        const token = {};
        on('grow', token, () => alloc(64, token));
        while (kept.length < 300_000) alloc(64, kept[kept.push({}) - 1]);
        for (;;) alloc(64, {});
    },
    large({ alloc }) {
        for (;;) alloc(MIB, {});
    },
    trim({ alloc, on, trim }, random) {
        const kept = [];
        on('trim', kept, () => kept.length);
        for (;;) {
            for (let i = 0; i < 64; i++) alloc(65_536, (kept[random(16)] = {}));
            trim();
        }
    },
    stuck({ alloc, bind, trim }) {
        const token = {};
        bind(
            () => {},
            () => {
                for (;;) alloc(64, token && {});
            },
        );
        alloc(64, token);
        alloc(4 * MIB);
        trim();
    },
    tight({ alloc, configure }) {
        configure({ memory: new WebAssembly.Memory({ initial: 1, maximum: 64 }), maximum: 64 });
        const kept = [];
        for (let i = 0; i < 3; i++) alloc(MIB / 2, kept[kept.push({}) - 1]);
        for (;;) alloc(MIB, {});
    },
    turns({ alloc, on }, random) {
        const spin = () => {
            const token = {};
            on('resize', token, () => token);
            for (let i = 0; i < 100; i++) alloc(1 + random(65_536), token);
            setImmediate(spin);
        };
        spin();
    },
    end({ alloc }) {
        globalThis.kept = Array.from({ length: 50_000 }, () => ({}));
        globalThis.kept.forEach((token) => alloc(64, token));
    },
};

/** The same load without the addon. */
function plain() {
    for (let kept = []; ; kept = kept.length < 300_000 ? kept : []) kept.push({});
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Terminates a worker; prints its job if it does not end in time, rather than wait for it. */
async function ended(worker, job) {
    const watchdog = setTimeout(() => {
        console.error(`${job}: still running ${PATIENCE / 1000} s after terminate(), seed ${SEED}`);
        process.exit(1);
    }, PATIENCE);
    await worker.terminate();
    clearTimeout(watchdog);
}

async function terminateAll(without) {
    const random = generator(SEED);
    const names = Object.keys(jobs);
    const sizes = [];
    let started = 0;
    const lane = async () => {
        while (started < WORKERS) {
            const job = names[started++ % names.length];
            const load = { job: without ? 'plain' : job, seed: SEED + started };
            const worker = new Worker(__filename, { workerData: load });
            // Some are terminated before they start.
            if (random(10) > 0) await once(worker, 'message');
            await new Promise((done) => setTimeout(done, random(LONGEST)));
            await ended(worker, job);
            sizes.push(residentSize());
        }
    };
    await Promise.all(Array.from({ length: TOGETHER }, lane));
    const quarter = (n) => median(sizes.slice((n * WORKERS) / 4, ((n + 1) * WORKERS) / 4));
    return [0, 1, 2, 3].map(quarter);
}

async function main() {
    show('seed', SEED, '');
    const resident = await terminateAll(process.argv.includes('--plain'));
    resident.forEach((size, n) => show(`resident, quarter ${n + 1} of ${WORKERS} workers`, size, 'MiB'));
    // No plateau shows with few workers, nor with an addon that is built with a sanitizer.
    const most = WORKERS < 100 ? Infinity : 32 + resident[1] / 8;
    show('growth in the second half', resident[3] - resident[1], 'MiB', { most });
    show('mapped at the end', mapped(), 'MiB');
}

/** Returns the mapped address space: a WebAssembly.Memory reserves 10 GiB of it, so a leaked one shows. */
function mapped() {
    try {
        const status = require('node:fs').readFileSync('/proc/self/status', 'utf8');
        return Number(/VmSize:\s*(\d+)/.exec(status)[1]) / 1024;
    } catch {
        return NaN;
    }
}

if (isMainThread) {
    // loads the addon in the main thread, as most programs do
    if (!process.argv.includes('--plain')) require('@anireact/lewd');
    main();
} else {
    parentPort.postMessage('begun');
    if (workerData.job === 'plain') plain();
    else jobs[workerData.job](require('@anireact/lewd'), generator(workerData.seed));
}
