'use strict';

// bind(): which functions it calls, and when. The rights of respawns are tested in trim.test.js.

const assert = require('node:assert/strict');
const { inspect } = require('node:util');
const vm = require('node:vm');
const { assertRefuses, assertSound, fresh } = require('./helpers/allocator.js');
const { run } = require('./helpers/child.js');
const { extended } = require('./helpers/extended.js');
const { collect, inFrameOfItsOwn } = require('./helpers/collect.js');
const { PAGE } = require('./helpers/model.js');
const compile = require('./helpers/wat.js');

/** Grows the memory, and trims it. */
const migrate = ({ alloc, trim, total }) => {
    alloc(total() + PAGE);
    trim();
};

describe('bind(spawn, respawn)', () => {
    it('calls spawn immediately, exactly once', () => {
        const { api } = fresh();
        const calls = [];
        api.bind(
            () => calls.push('spawn'),
            () => {},
        );
        assert.deepEqual(calls, ['spawn']);
        migrate(api);
        assert.equal(calls.length, 1);
    });

    it('returns the result of spawn unchanged', () => {
        const { api } = fresh();
        for (const result of [undefined, null, 0, {}, [], () => {}, Symbol('s')]) {
            const bound = api.bind(
                () => result,
                () => {},
            );
            assert.equal(bound, result);
        }
    });

    it('returns the promise of spawn itself, even a rejected one', async () => {
        const { api } = fresh();
        for (const promise of [Promise.resolve(1), Promise.reject(new Error('planted')), new Promise(() => {})]) {
            promise.catch(() => {});
            const bound = api.bind(
                () => promise,
                () => {},
            );
            assert.equal(bound, promise);
        }
    });

    it('calls respawn at every migration', () => {
        const { api } = fresh();
        const calls = [];
        api.bind(
            () => {},
            () => calls.push(api.total()),
        );
        assert.deepEqual(calls, []);
        for (let i = 1; i <= 3; i++) {
            global.gc();
            migrate(api);
            assert.deepEqual(calls, Array(i).fill(PAGE));
        }
    });

    it('does not call respawn at growth, nor at a trim that changes nothing', () => {
        const { api } = fresh();
        api.bind(
            () => {},
            () => assert.fail('respawned'),
        );
        api.trim();
        api.alloc(5 * PAGE);
    });

    it('calls a respawn twice that was bound twice', () => {
        const { api } = fresh();
        let calls = 0;
        const respawn = () => calls++;
        api.bind(() => {}, respawn);
        api.bind(() => {}, respawn);
        migrate(api);
        assert.equal(calls, 2);
    });

    it('throws the error of spawn, and binds nothing', () => {
        const { api } = fresh();
        const error = new Error('planted');
        const spawn = () => {
            throw error;
        };
        assert.throws(
            () => api.bind(spawn, () => assert.fail('respawned')),
            (thrown) => thrown === error,
        );
        migrate(api);
    });

    it('lets spawn allocate and bind', () => {
        const allocator = fresh();
        const { api } = allocator;
        const calls = [];
        const address = api.bind(
            () => {
                api.bind(
                    () => {},
                    () => calls.push('inner'),
                );
                return api.alloc(2 * PAGE, calls);
            },
            () => calls.push('outer'),
        );
        assert.equal(address, 0);
        assertSound(allocator);
        migrate(api);
        assert.deepEqual(calls, ['inner', 'outer']);
    });

    it('refuses arguments that are no functions, without calling spawn', () => {
        const allocator = fresh();
        const { bind } = allocator.api;
        const spawn = () => assert.fail('spawned');
        for (const wrong of [undefined, null, 0, 'f', true, {}, [], Symbol('f'), 1n]) {
            for (const [args, name] of [
                [[wrong, spawn], 'spawn'],
                [[wrong, wrong], 'spawn'],
                [[spawn, wrong], 'respawn'],
            ]) {
                const message = new RegExp(`^${name} must be a function; got `);
                assertRefuses(allocator, () => bind(...args), TypeError, 'ERR_LEWD_INVALID_ARG_TYPE', message);
            }
        }
        migrate(allocator.api);
    });

    describe('with promises: trim() throws ERR_LEWD_BUSY', () => {
        const BUSY = [
            Error,
            'ERR_LEWD_BUSY',
            /while (a promise .* is pending: await it first|a spawn or a respawn runs: call it afterwards)$/,
        ];
        const noop = () => {};

        /** Returns a promise, and the function that settles it. */
        const deferred = (Kind = Promise) => {
            const settle = {};
            settle.promise = new Kind((resolve, reject) => Object.assign(settle, { resolve, reject }));
            return settle;
        };

        /** Returns an allocator whose memory has pages to release. */
        const roomy = () => {
            const allocator = extended();
            allocator.api.alloc(5 * PAGE);
            return allocator;
        };

        const assertBusy = (allocator) => assertRefuses(allocator, () => allocator.api.trim(), ...BUSY);

        const assertTrims = ({ api }) => {
            api.trim();
            assert.equal(api.total(), PAGE);
        };

        for (const how of ['resolve', 'reject']) {
            it(`until the promise of a spawn is settled: ${how}`, async () => {
                const allocator = roomy();
                const { promise, [how]: settle } = deferred();
                promise.catch(noop);
                assert.equal(
                    allocator.api.bind(() => promise, noop),
                    promise,
                );
                assertBusy(allocator);
                await null;
                assertBusy(allocator);
                settle(new Error('planted'));
                assertTrims(allocator);
            });
        }

        it('while a promise is pending, whatever colours or depth the program sets for inspect()', () => {
            const { defaultOptions } = inspect;
            for (const settings of [
                { colors: true },
                { depth: -1 },
                { compact: false },
                { showHidden: true, getters: true },
            ]) {
                const allocator = roomy();
                const { promise, resolve } = deferred();
                allocator.api.bind(() => promise, noop);
                inspect.defaultOptions = settings;
                try {
                    assertBusy(allocator);
                    resolve();
                    assertTrims(allocator);
                } finally {
                    inspect.defaultOptions = { ...defaultOptions };
                }
            }
        });

        it('while a promise whose tag throws is pending, without throwing the error of the tag', () => {
            const allocator = roomy();
            const { promise } = deferred();
            Object.defineProperty(promise, Symbol.toStringTag, { get: () => assert.fail('planted') });
            allocator.api.bind(() => promise, noop);
            assertBusy(allocator);
        });

        it('while a spawn is running, until it returns or throws', () => {
            const allocator = roomy();
            allocator.api.bind(() => assertBusy(allocator), noop);
            assert.throws(() => allocator.api.bind(() => assert.fail('planted'), noop), /planted/);
            assertTrims(allocator);
        });

        it('until two promises are both settled, in any order', () => {
            for (const order of [
                [0, 1],
                [1, 0],
            ]) {
                const allocator = roomy();
                const both = [deferred(), deferred()];
                for (const { promise } of both) allocator.api.bind(() => promise, noop);
                for (const index of order) {
                    assertBusy(allocator);
                    both[index].resolve();
                }
                assertTrims(allocator);
            }
        });

        it('at the next trim() while the promise of a respawn is pending', () => {
            const allocator = roomy();
            const { promise, resolve } = deferred();
            allocator.api.bind(noop, () => promise);
            assertTrims(allocator);
            allocator.api.alloc(5 * PAGE);
            assertBusy(allocator);
            resolve();
            assertTrims(allocator);
        });

        it('for promises of another realm, of a subclass, and with own properties, without running their code', () => {
            const trap = { get: () => assert.fail('a getter was called'), configurable: true };
            class Own extends Promise {
                then() {
                    assert.fail('a getter was called');
                }
            }
            for (const Kind of [Own, vm.runInNewContext('Promise')]) {
                const allocator = roomy();
                const { promise, resolve } = deferred(Kind);
                Object.defineProperties(promise, { then: trap, catch: trap, toString: trap, [inspect.custom]: trap });
                for (let i = 0; i < 100; i++) promise[`of its own, ${i}`] = '{'.repeat(i);
                allocator.api.bind(() => promise, noop);
                assertBusy(allocator);
                resolve('{ <pending>');
                assertTrims(allocator);
            }
        });

        it('not for a promise that is settled with a value that looks pending', () => {
            for (const value of [
                '<pending>',
                '{ <pending>',
                [new Promise(noop)],
                { [Symbol.toStringTag]: '<pending>' },
            ]) {
                const allocator = roomy();
                allocator.api.bind(() => Promise.resolve(value), noop);
                assertTrims(allocator);
            }
        });

        it('not for a thenable that is no promise, whose `then` is not read', () => {
            const allocator = roomy();
            const thenable = Object.defineProperty({}, 'then', { get: () => assert.fail('`then` was read') });
            for (const result of [thenable, new Proxy(new Promise(noop), { get: () => assert.fail('asked') })])
                assert.equal(
                    allocator.api.bind(() => result, noop),
                    result,
                );
            assertTrims(allocator);
        });

        it('while a promise that never settles is reachable, and no longer once it is collected', async () => {
            const allocator = roomy();
            const kept = [new Promise(noop)];
            await inFrameOfItsOwn(() => allocator.api.bind(() => kept[0], noop));
            for (let i = 0; i < 3; i++) {
                global.gc();
                await null;
                assertBusy(allocator);
            }
            const gone = new WeakRef(kept.pop());
            await collect(() => gone.deref() === undefined, 'an unreachable promise was not collected');
            assertTrims(allocator);
        });

        it('not for a rejected promise, whose unhandled rejection is reported as usual', async () => {
            const program = `
                const { alloc, bind, trim } = require('@anireact/lewd');
                bind(async () => { throw new Error('planted'); }, () => {});
                setImmediate(trim);
            `;
            const { code, stderr } = await run('-e', program);
            assert.equal(code, 1);
            assert.match(stderr, /Error: planted/);
        });

        it('so that WebAssembly.instantiate() gets the memory that is active when it settles', async () => {
            const module = await compile(`(module
                (import "env" "memory" (memory 1))
                (func (export "set") (param i32 i32) (i32.store (local.get 0) (local.get 1))))`);
            const { api } = extended();
            let exports;
            const make = async () => {
                ({ exports } = await WebAssembly.instantiate(module, { env: { memory: api.memory } }));
            };
            api.alloc(5 * PAGE);
            const address = api.alloc(4, api);
            let made = api.bind(make, () => (made = make()));
            for (let i = 0; i < 3; i++) {
                assert.throws(api.trim, { code: 'ERR_LEWD_BUSY' });
                await made;
                exports.set(address, i);
                assert.equal(new DataView(api.buffer).getInt32(address, true), i);
                api.alloc(5 * PAGE);
                api.trim();
            }
            await made;
            assert.equal(new DataView(api.buffer).getInt32(address, true), 2);
        });
    });

    it('lets a module continue over the memory after a migration', async () => {
        const module = await compile(`(module
            (import "env" "memory" (memory 1))
            (func (export "get") (param i32) (result i32) (i32.load (local.get 0)))
            (func (export "set") (param i32 i32) (i32.store (local.get 0) (local.get 1))))`);
        const { api } = fresh();
        const make = () => new WebAssembly.Instance(module, { env: { memory: api.memory } }).exports;
        let instance = api.bind(make, () => (instance = make()));
        const address = api.alloc(4, api);
        for (let i = 0; i < 3; i++) {
            instance.set(address, 1000 + i);
            migrate(api);
            assert.equal(instance.get(address), 1000 + i);
            assert.equal(new DataView(api.buffer).getInt32(address, true), 1000 + i);
        }
    });
});
