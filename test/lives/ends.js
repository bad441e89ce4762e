'use strict';

// Ends a process, or a worker, in the way that the argument names: see ../lives.test.js. Prints `reached` before the
// end, so that a test can't pass without reaching it.

const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const { setFlagsFromString } = require('node:v8');
const { createContext, runInContext, runInNewContext } = require('node:vm');
const lewd = require('@anireact/lewd');
const { SYMBOLS } = require('../../bench/lifetimes/report.js');
const checkOf = require('../helpers/check.js');
const { create } = require('../helpers/create.js');

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

const MIB = 2 ** 20;
const { alloc, bind, on, trim } = lewd;
const turn = () => new Promise(setImmediate);

function reached() {
    if (isMainThread) console.log('reached');
    else parentPort.postMessage('reached');
}

/**
 * Makes live tokens with handlers, dead ones that were not noticed, external memory that is reported to V8 and some
 * that is not.
 */
function live(count = 20_000) {
    const kept = [];
    for (let i = 0; i < count; i++) {
        const token = i % 3 || !SYMBOLS ? {} : Symbol(String(i));
        alloc(64, token);
        alloc(128, {});
        if (i % 64 === 0) on('resize', token, () => token);
        kept.push(token);
    }
    gc();
    globalThis.kept = kept;
}

function assert(condition, what) {
    if (!condition) throw new Error(what);
}

/** Collects until the condition holds. */
async function until(condition, what) {
    for (let i = 0; i < 50; i++) {
        if (condition()) return;
        await turn();
        gc();
        await turn();
    }
    throw new Error(what);
}

const ends = {
    'natural'() {
        live();
        reached();
    },
    'exit'() {
        live();
        reached();
        process.exit(7);
    },
    'exit in a handler'() {
        on('grow', globalThis, () => {
            live(100);
            reached();
            process.exit(7);
        });
        alloc(MIB, {});
    },
    'exit in a respawn'() {
        bind(
            () => {},
            () => {
                reached();
                process.exit(7);
            },
        );
        live();
        alloc(MIB);
        trim();
    },
    'uncaught'() {
        live();
        reached();
        throw new Error('not caught');
    },
    "uncaught in a finalizer's turn"() {
        live();
        setImmediate(() => {
            reached();
            throw new Error('not caught');
        });
    },
    'allocating'() {
        live(1000);
        reached();
        for (;;) alloc(256, {});
    },
    'growing'() {
        const kept = (globalThis.kept = []);
        on('grow', kept, () => alloc(64, kept));
        reached();
        for (;;) alloc(64, kept.length < 500_000 ? kept[kept.push({}) - 1] : {});
    },
    'trimming'() {
        const kept = [];
        reached();
        for (;;) {
            for (let i = 0; i < 32; i++) alloc(65_536, (kept[i % 8] = {}));
            alloc(MIB);
            trim();
        }
    },
    'stuck in a respawn'() {
        bind(
            () => {},
            () => {
                reached();
                for (;;) alloc(64, {});
            },
        );
        live(1000);
        alloc(MIB);
        trim();
    },
    'stuck in a handler'() {
        on('resize', globalThis, () => {
            reached();
            for (;;) alloc(64, {});
        });
        alloc(MIB, {});
    },
    'million'() {
        globalThis.kept = Array.from({ length: 1_000_000 }, () => ({}));
        for (const token of globalThis.kept) alloc(16, token);
        reached();
    },
    async 'a context dropped'() {
        const make = () => {
            const context = createContext({ alloc, on, symbols: SYMBOLS });
            runInContext(
                `const kept = [];
                for (let i = 0; i < 1000; i++) {
                    const token = [{}, () => {}, symbols ? Symbol() : [], new Proxy({}, {})][i % 4];
                    alloc(64, token);
                    on('resize', token, () => token);
                    kept.push(token);
                }
                alloc(64, globalThis);
                on('resize', globalThis, () => kept);`,
                context,
            );
            return context;
        };
        const contexts = [make(), make(), make()];
        await turn();
        gc();
        assert(lewd.used() === 3 * 1001 * 64, `used() of tokens of living contexts: ${lewd.used()}`);
        contexts.length = 0;
        await until(() => lewd.used() === 0, 'tokens of dropped contexts were not freed');
        live(100);
        reached();
    },
    async 'an allocator dropped before its tokens'() {
        const tokens = Array.from({ length: 1000 }, () => ({}));
        const make = () => {
            const allocator = create();
            const { api } = allocator;
            tokens.forEach((token) => api.alloc(1024, token));
            tokens.forEach((token) => api.on('resize', token, () => api.used()));
            assert(checkOf(allocator)() === undefined && api.used() === 1000 * 1024, 'the allocator is not sound');
            return new WeakRef(api.memory);
        };
        // The same tokens own memory in several allocators; one is kept, and goes on.
        const other = create();
        tokens.forEach((token) => other.api.alloc(64, token));
        const memories = Array.from({ length: 20 }, make);
        await until(() => memories.every((ref) => ref.deref() === undefined), 'memories were not collected');
        assert(checkOf(other)() === undefined && other.api.used() === 1000 * 64, 'another allocator was damaged');
        tokens.length = 0;
        await until(() => other.api.used() === 0, 'the other allocator’s tokens were not freed');
        reached();
    },
    async 'tokens before their allocator'() {
        const allocator = create();
        const { api } = allocator;
        (() => Array.from({ length: 1000 }, () => ({})).forEach((token) => api.alloc(1024, token)))();
        await until(() => api.used() === 0, 'tokens were not freed');
        assert(checkOf(allocator)() === undefined, checkOf(allocator)());
        reached();
    },
    async 'an allocator that is its own token'() {
        const make = () => {
            const { api } = create();
            api.alloc(1024, api);
            api.alloc(1024, api.alloc);
            api.alloc(1024, api.memory);
            api.on('resize', api, () => api);
            return new WeakRef(api);
        };
        const refs = Array.from({ length: 20 }, make);
        await until(() => refs.every((ref) => ref.deref() === undefined), 'allocators were not collected');
        reached();
    },
    'many allocators'() {
        globalThis.kept = Array.from({ length: 100 }, () => {
            const { api } = create();
            const token = { api };
            for (let i = 0; i < 100; i++) api.alloc(1024, i % 2 ? token : {});
            return token;
        });
        reached();
    },
};

module.exports = Object.keys(ends);

if (isMainThread && require.main === module) {
    const [kind, name] = process.argv.slice(2);
    if (kind === 'main')
        Promise.resolve(ends[name]()).catch((error) =>
            setImmediate(() => {
                throw error;
            }),
        );
    else {
        // In `worker` it ends by itself, in `terminate` a moment after it has reached that point.
        const worker = new Worker(__filename, { workerData: name });
        worker.once('message', (message) => {
            console.log(message);
            if (kind === 'terminate') setTimeout(() => worker.terminate(), 20);
        });
        worker.on('error', (error) => console.log(`error ${error.message}`));
        worker.on('exit', (code) => {
            console.log(`worker exit ${code}`);
            // The main thread's own allocator is unchanged.
            alloc(64, worker);
            assert(lewd.used() === 64, 'the main thread sees the worker');
        });
    }
} else if (!isMainThread)
    Promise.resolve(ends[workerData]()).catch((error) =>
        setImmediate(() => {
            throw error;
        }),
    );
