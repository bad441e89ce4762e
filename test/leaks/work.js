'use strict';

// What leaks would come from: threads that use all of the addon and end by themselves or are terminated, one after the
// other, in a process that goes on. See index.js.

const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const binding = require('../../lib/internal/binding.js');
const { create } = require('../helpers/create.js');

const PAGE = 65_536;
const THREADS = Number(process.env.THREADS ?? 40);
const turn = () => new Promise(setImmediate);

/** An allocator's life; what is answered keeps the living half of it. */
function live(seed) {
    const { api } = create();
    const kept = [];
    for (let i = 0; i < 400; i++) {
        const token = {};
        api.alloc(16 + ((i * seed) % 500), token);
        if (i % 2) kept.push(token);
        if (i % 16 === 0) api.on('resize', token, () => token);
        if (i % 32 === 0) api.off('resize', token);
    }
    api.bind(
        () => {},
        () => kept.length,
    );
    for (const wrong of [() => api.alloc('16', {}), () => api.alloc(0), () => api.on('move', {}, live)])
        try {
            wrong();
        } catch (error) {
            kept.push(error);
        }
    api.alloc(3 * PAGE, kept);
    api.alloc(20 * PAGE, {});
    global.gc();
    api.alloc(40 * PAGE);
    api.trim();
    return [api, kept];
}

/** Nothing may be left in what a thread knows when it ends: all is in its allocators, or gone. */
async function thread() {
    const kept = [live(3), live(5)];
    live(7);
    await turn();
    global.gc();
    await turn();
    globalThis.kept = kept;
    parentPort.postMessage('ready');
    if (workerData.terminated) for (;;) live(11);
}

async function main() {
    for (let i = 0; i < THREADS; i++)
        await new Promise((resolve, reject) => {
            const worker = new Worker(__filename, { workerData: { terminated: i % 2 === 1 } });
            worker.on('message', () => i % 2 && setTimeout(() => worker.terminate(), 20));
            worker.on('error', reject);
            worker.on('exit', resolve);
        });
    // At the end of the process Node.js does not ask. This is after all threads, and nothing of the addon is left but
    // what the main thread's environment holds: had it an allocator, V8's heap alone would know of it.
    console.log(`${THREADS} threads; the process has leaks: ${binding.leaks()}`);
}

if (isMainThread) main();
else thread();
