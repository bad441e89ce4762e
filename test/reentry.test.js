'use strict';

// Code of the program that runs inside a call of the package, and calls the package, or leaves something behind.

const assert = require('node:assert/strict');
const { Allocator } = require('@anireact/lewd');
const { run } = require('./helpers/child.js');
const { assertSound } = require('./helpers/allocator.js');
const { collect, collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { extended } = require('./helpers/extended.js');
const { PAGE } = require('./helpers/model.js');

const noop = () => {};

/** Returns a proxy that throws for every use, and an error that does not answer to any question. */
const unusable = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const trap = () => {
        throw new Error('trapped');
    };
    return [
        proxy,
        new Proxy(new Error('planted'), { get: trap, getOwnPropertyDescriptor: trap, getPrototypeOf: trap }),
    ];
};

/** Returns the value that fn() throws. */
const thrownBy = (fn) => {
    try {
        fn();
    } catch (error) {
        return { error };
    }
    return assert.fail('nothing was thrown');
};

describe('withOwner() of one allocator, and code of another one', () => {
    it('a handler, a spawn and a respawn of the other one allocate strong pointers', async () => {
        const { api: one } = extended({ base: 16 });
        const { api: other } = extended();
        await inFrameOfItsOwn(() => {
            other.on('grow', other, () => one.c.malloc(64));
            other.bind(
                () => one.c.malloc(64),
                () => one.c.malloc(64),
            );
            one.withOwner({}, () => {
                one.c.malloc(16); // owned
                other.grow(1);
                other.bind(() => one.c.malloc(64), noop);
                other.trim();
            });
        });
        assert.equal(one.used(), 16 + 4 * 64);
        await collectTo(one, 4 * 64);
    });

    it('a withOwner() of the other one inside it leaves the outer owner as it is', async () => {
        const { api: one } = extended({ base: 16 });
        const { api: other } = extended({ base: 16 });
        const inner = {};
        await inFrameOfItsOwn(() =>
            one.withOwner({}, () =>
                other.withOwner(inner, () => {
                    one.c.malloc(64);
                    other.c.malloc(32);
                }),
            ),
        );
        await collectTo(one, 0);
        assert.equal(other.used(), 32);
        assert.ok(inner);
    });
});

describe('a value that throws when it is looked at, thrown by', () => {
    for (const [name, cause] of [
        ["a handler of 'grow'", (own, fn) => own.on('grow', own, fn)],
        ["a handler of 'resize'", (own, fn) => own.on('resize', own, fn)],
        ['a respawn', (own, fn) => own.bind(noop, fn)],
    ]) {
        it(`${name}, comes out of the call as it is; other handlers and later calls run`, () => {
            for (const value of unusable()) {
                const allocator = extended();
                const { api } = allocator;
                let others = 0;
                cause(api, () => {
                    throw value;
                });
                for (const type of ['grow', 'trim']) api.on(type, api, () => others++);
                const act = () => (name === 'a respawn' ? api.trim() : api.grow(1));
                if (name === 'a respawn') api.grow(1);
                others = 0;
                assert.ok(thrownBy(act).error === value);
                assert.equal(others, 1);
                assertSound(allocator);
                assert.equal(api.used(), 0);
            }
        });
    }
});

describe('an event', () => {
    it('is an object of its own for each handler', () => {
        const own = new Allocator();
        const events = [];
        for (let i = 0; i < 3; i++) {
            own.on('grow', own, (event) => {
                events.push({ ...event });
                event.type = event.info = null;
            });
        }
        own.grow(1);
        assert.deepEqual(
            events.map(({ type, info }) => [type, info.newSize]),
            Array(3).fill(['grow', 2 * PAGE]),
        );
    });
});

describe('a respawn that grows the memory before', () => {
    it('loses neither the bytes below the base nor reserved ones', () => {
        const own = new Allocator({ base: 4096, maximum: 10 });
        own.reserve(4096, 64);
        own.grow(3);
        const { memory } = own;
        const bytes = () => Buffer.from(own.buffer, 0, 4160);
        bytes().fill(9);
        own.bind(noop, () => {
            memory.grow(1);
            bytes().fill(1);
        });
        own.trim();
        assert.ok(bytes().every((byte) => byte === 9));
    });
});

describe('errors of handlers that are thrown from a microtask', () => {
    for (const call of ['c.malloc(16)', 'used()']) {
        it(`come once, though a hook of async_hooks calls ${call} meanwhile`, async () => {
            const program = `
                const { Allocator } = require('./lib');
                const own = new Allocator();
                let count = 0;
                for (const name of ['first', 'second']) own.on('grow', own, () => { throw new Error(name); });
                const seen = [];
                const see = (error) => seen.push(...(error.errors ?? [error]).map(({ message }) => message));
                process.on('uncaughtException', see);
                const init = (id, type) => {
                    if (type !== 'Microtask' || count++ > 5) return;
                    try { own.${call}; } catch (error) { see(error); }
                };
                require('node:async_hooks').createHook({ init }).enable();
                own.c.malloc(100000);
                setTimeout(() => console.log(seen.sort().join()), 20);
            `;
            const { stdout, stderr } = await run('-e', program);
            assert.equal(stdout, 'first,second\n', stderr);
        });
    }
});

describe('new Allocator() without settings', () => {
    it('reads none from the prototype of all objects', async () => {
        const program = `
            const { Allocator } = require('./lib');
            Object.assign(Object.prototype, { initial: 7, maximum: 9, base: 64, fixed: true });
            const own = new Allocator();
            own.grow(10);
            own.trim();
            console.log(own.total(), own.alloc(16, own));
        `;
        const { stdout, stderr } = await run('-e', program);
        assert.equal(stdout, `${PAGE} 0\n`, stderr);
    });
});

describe('collected values', () => {
    it('an allocator whose own handler throws is collected with it', async () => {
        const refs = [];
        await inFrameOfItsOwn(() => {
            const own = new Allocator();
            own.on('grow', own, () => {
                throw new Error('planted');
            });
            assert.equal(thrownBy(() => own.grow(1)).error.message, 'planted');
            refs.push(new WeakRef(own));
        });
        await collect(() => refs[0].deref() === undefined, 'the allocator');
    });
});
