'use strict';

// The source of possible leaks: threads that use all of the addon and end by themselves or are terminated, one after
// the other, in a process that goes on. See index.js.

const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const binding = require('../../lib/internal/binding.js');
const { create } = require('../helpers/create.js');

const PAGE = 65_536;
const THREADS = Number(process.env.THREADS ?? 40);
const turn = () => new Promise(setImmediate);

/** Lives an allocator's life; its result keeps the living half alive. */
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

/** A thread's globals must refer to nothing at its end: everything is in its allocators, or collected. */
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
    // Node.js does not run this check at the end of the process. Here all threads have ended, and the addon has only
    // the main thread's environment left: an allocator in it would be referred to by V8's heap alone.
    console.log(`${THREADS} threads; the process has leaks: ${binding.leaks()}`);
}

if (isMainThread) main();
else thread();
