'use strict';

// Values that may own an allocation, and values that may not.

const assert = require('node:assert/strict');
const vm = require('node:vm');
const { assertRefuses, assertSound, fresh } = require('./helpers/allocator.js');
const { collect, collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { PAGE } = require('./helpers/model.js');
const sanitized = require('./helpers/sanitized.js');

/** Symbols can be held weakly from Node.js 20 on. */
const SYMBOLS = (() => {
    try {
        return new WeakSet().add(Symbol('s')) instanceof WeakSet;
    } catch {
        return false;
    }
})();

const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
};

const hostile = new Proxy(
    {},
    {
        get(_target, trap) {
            assert.fail(`the trap ${String(trap)} was called`);
        },
    },
);

/** Values that can be collected, by how they are made. */
const mortal = {
    'an object': () => ({}),
    'an object without a prototype': () => Object.create(null),
    'a frozen object': () => Object.freeze({ a: 1 }),
    'a sealed object': () => Object.seal({ a: 1 }),
    'a class’s instance': () => new (class {})(),
    'an array': () => [1, 2],
    'a function': () => (() => () => {})(),
    'an async generator function': () => (() => async function* () {})(),
    'a class': () => class {},
    'a bound function': () => function () {}.bind({}),
    'a proxy': () => new Proxy({}, {}),
    'a proxy of a function': () => new Proxy(function () {}, {}),
    'a revoked proxy': revoked,
    'a proxy whose traps throw': () => new Proxy({}, hostile),
    'a Date': () => new Date(0),
    'a RegExp': () => new RegExp('a'),
    'a Map': () => new Map(),
    'a WeakMap': () => new WeakMap(),
    'a WeakRef': () => new WeakRef({}),
    'a promise': () => new Promise(() => {}),
    'an error': () => new Error('token'),
    'a number object': () => Object(1),
    'a symbol object': () => Object(Symbol.for('lewd')),
    'an ArrayBuffer': () => new ArrayBuffer(8),
    'a SharedArrayBuffer': () => new SharedArrayBuffer(8),
    'a typed array': () => new Uint8Array(8),
    'a Buffer': () => Buffer.alloc(8),
    'an arguments object': () =>
        (function () {
            return arguments;
        })(),
    'a generator': () => (function* () {})(),
    'an object from another context': () => vm.runInNewContext('({})'),
    'a function from another context': () => vm.runInNewContext('(() => {})'),
    'another context': () => vm.createContext({}),
    'a WebAssembly.Memory': () => new WebAssembly.Memory({ initial: 0 }),
    'a WebAssembly.Module': () => new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
    'a WebAssembly.Instance': () =>
        new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))),
};
if (SYMBOLS) {
    mortal['a symbol'] = () => Symbol('token');
    mortal['a symbol without a description'] = () => Symbol();
}

/** Values that live as long as their realm. */
const immortal = {
    globalThis,
    'a module’s exports': module.exports,
    'a function of the language': Array.prototype.push,
    'a prototype': Object.prototype,
    WebAssembly,
    process,
};
if (SYMBOLS) immortal['a well-known symbol'] = Symbol.iterator;

describe('tokens', () => {
    for (const [what, make] of Object.entries(mortal)) {
        it(`${what} keeps its allocation and its handler until it is collected`, async () => {
            const allocator = fresh();
            const { api } = allocator;
            const kept = [];
            let calls = 0;
            await inFrameOfItsOwn(() => {
                const tokens = [make(), make()];
                for (const token of tokens) {
                    api.alloc(100, token);
                    api.alloc(200, token);
                    api.on('grow', token, () => calls++);
                }
                kept.push(tokens[0]);
            });
            assert.equal(api.used(), 2 * (112 + 208));
            await collectTo(api, 112 + 208);
            assertSound(allocator);
            await collect(
                () => {
                    calls = 0;
                    api.alloc(api.tailFree() + PAGE);
                    return calls === 1;
                },
                () => `${calls} handlers`,
            );
            await inFrameOfItsOwn(() => kept.pop());
            await collectTo(api, 0);
            assertSound(allocator);
        });
    }

    for (const [what, token] of Object.entries(immortal)) {
        it(`${what} keeps its allocation for ever`, async () => {
            const allocator = fresh();
            const { api } = allocator;
            const names = Reflect.ownKeys(Object(token)).length;
            let calls = 0;
            const count = () => calls++;
            api.alloc(100, token);
            api.on('grow', token, count);
            await inFrameOfItsOwn(() => api.alloc(100, {}));
            await collectTo(api, 112);
            api.alloc(2 * PAGE);
            assert.equal(calls, 1);
            api.off('grow', token, count);
            assert.equal(Reflect.ownKeys(Object(token)).length, names); // nothing was added to it
            assertSound(allocator);
        });
    }

    it('are never read, nor changed', () => {
        const { api } = fresh();
        const proxy = new Proxy({}, hostile);
        api.alloc(16, proxy);
        api.on('grow', proxy, () => {});
        api.off('grow', proxy);
        const frozen = Object.freeze({});
        api.alloc(16, frozen);
        assert.deepEqual(Reflect.ownKeys(frozen), []);
    });

    it('of two allocators are independent', async () => {
        const [one, other] = [fresh(), fresh()];
        const kept = {};
        await inFrameOfItsOwn(() => {
            const token = {};
            one.api.alloc(16, token);
            other.api.alloc(32, token);
            one.api.alloc(64, kept);
        });
        await collectTo(one.api, 64);
        await collectTo(other.api, 0);
        assertSound(one);
        assertSound(other);
    });

    it('may be collected before or after their allocator', async () => {
        const tokens = [];
        for (let i = 0; i < 20; i++) {
            await inFrameOfItsOwn(() => {
                const { api } = fresh();
                for (let j = 0; j < 10; j++) {
                    const token = {};
                    api.alloc(16, token);
                    tokens.push(token);
                }
            });
            await inFrameOfItsOwn(() => global.gc());
            tokens.splice(0, 5);
        }
        const allocator = fresh();
        await inFrameOfItsOwn(() => tokens.forEach((token) => allocator.api.alloc(16, token)));
        assert.equal(allocator.api.used(), 16 * tokens.length);
        await inFrameOfItsOwn(() => tokens.splice(0));
        await collectTo(allocator.api, 0);
        assertSound(allocator);
    });

    (SYMBOLS ? it : () => {})('may be symbols that their own handlers close over', async () => {
        const { api } = fresh();
        await inFrameOfItsOwn(() => {
            const token = Symbol('token');
            api.alloc(16, token);
            api.on('grow', token, () => token);
        });
        await collectTo(api, 0);
    });
});

describe('a token that cannot be held weakly causes a TypeError', () => {
    const CASES = [
        [null, 'null'],
        [0, '0'],
        [1, '1'],
        [NaN, 'NaN'],
        ['', "''"],
        ['token', "'token'"],
        [false, 'false'],
        [true, 'true'],
        [1n, '1n'],
    ];

    it('if it is neither an object, nor a function, nor a symbol', () => {
        const allocator = fresh();
        for (const [token, word] of CASES) {
            const message = new RegExp(`^token must be an object, a function, or a symbol .*; got ${word}$`);
            const fn = () => allocator.api.alloc(16, token);
            assertRefuses(allocator, fn, TypeError, 'ERR_LEWD_INVALID_ARG_TYPE', message);
        }
    });

    it('before the memory grows', () => {
        const allocator = fresh(1);
        for (const [token] of CASES) {
            const fn = () => allocator.api.alloc(2 * PAGE, token);
            assertRefuses(allocator, fn, TypeError, 'ERR_LEWD_INVALID_ARG_TYPE');
        }
    });

    it('if it is a registered symbol, which is never collected', () => {
        const allocator = fresh();
        const message = /^token must not be a symbol of Symbol\.for\(\), which is never collected; got a symbol$/;
        for (const token of [Symbol.for('token'), Symbol.for('')]) {
            for (const fn of [
                () => allocator.api.alloc(16, token),
                () => allocator.api.alloc(2 * PAGE, token),
                () => allocator.api.on('grow', token, () => {}),
                () => allocator.api.off('grow', token),
            ]) {
                assertRefuses(allocator, fn, TypeError, 'ERR_LEWD_INVALID_ARG_VALUE', message);
            }
        }
    });

    it(`${SYMBOLS ? 'unlike' : 'like'} any other symbol`, () => {
        const allocator = fresh();
        const token = Symbol('token');
        const fn = () => allocator.api.alloc(16, token);
        if (SYMBOLS) assert.equal(fn(), 0);
        else assertRefuses(allocator, fn, TypeError, 'ERR_LEWD_INVALID_ARG_VALUE');
    });

    it('except undefined, which means scratch, like an absent one', () => {
        const { api } = fresh();
        assert.equal(api.alloc(16), 0);
        assert.equal(api.alloc(16, undefined), 0);
        assert.equal(api.used(), 0);
    });
});

describe('a live token whose allocations are freed by hand', () => {
    const most = sanitized ? Infinity : 8 * 1024 * 1024;

    it('does not accumulate memory, though nothing is collected', () => {
        const { c, alloc } = require('@anireact/lewd');
        const token = {};
        const churn = (count) => {
            for (let i = 0; i < count; i++) c.free(alloc(64, token));
        };
        churn(1e5);
        const before = process.memoryUsage.rss();
        churn(5e6);
        const grown = process.memoryUsage.rss() - before;
        assert.ok(grown < most, `${grown} bytes`);
    });
});
