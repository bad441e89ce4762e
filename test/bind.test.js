'use strict';

// bind(): what it calls, and when. What respawns may do is in trim.test.js.

const assert = require('node:assert/strict');
const { assertRefuses, assertSound, fresh } = require('./helpers/allocator.js');
const { PAGE } = require('./helpers/model.js');
const compile = require('./helpers/wat.js');

/** Makes the memory grow, and gives the pages back. */
const migrate = ({ alloc, trim, total }) => {
    alloc(total() + PAGE);
    trim();
};

describe('bind(spawn, respawn)', () => {
    it('calls spawn at once, and once', () => {
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

    it('returns its result as it is', () => {
        const { api } = fresh();
        for (const result of [undefined, null, 0, {}, [], () => {}, Symbol('s')]) {
            const bound = api.bind(
                () => result,
                () => {},
            );
            assert.equal(bound, result);
        }
    });

    it('a promise too, even a rejected one', async () => {
        const { api } = fresh();
        for (const promise of [Promise.resolve(1), Promise.reject(new Error('planted')), new Promise(() => {})]) {
            promise.catch(() => {});
            const bound = api.bind(
                () => promise,
                () => {},
            );
            assert.equal(bound, promise);
        }
        // A thenable is not waited for, nor asked for its then.
        const thenable = Object.defineProperty({}, 'then', { get: () => assert.fail('asked for then') });
        const bound = api.bind(
            () => thenable,
            () => {},
        );
        assert.equal(bound, thenable);
    });

    it('keeps respawn for every migration', () => {
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

    it('does not call respawn for growth, nor for a trim that changes nothing', () => {
        const { api } = fresh();
        api.bind(
            () => {},
            () => assert.fail('respawned'),
        );
        api.trim();
        api.alloc(5 * PAGE);
    });

    it('a respawn that was bound twice runs twice', () => {
        const { api } = fresh();
        let calls = 0;
        const respawn = () => calls++;
        api.bind(() => {}, respawn);
        api.bind(() => {}, respawn);
        migrate(api);
        assert.equal(calls, 2);
    });

    it('what spawn throws is thrown, and nothing is bound', () => {
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

    it('spawn may allocate, and bind', () => {
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

    it('what is no function is refused, and spawn is not called', () => {
        const allocator = fresh();
        const { bind } = allocator.api;
        const spawn = () => assert.fail('spawned');
        for (const wrong of [undefined, null, 0, 'f', true, {}, [], Symbol('f'), 1n]) {
            for (const [args, name] of [
                [[wrong, spawn], 'spawn'],
                [[wrong, wrong], 'spawn'],
                [[spawn, wrong], 'respawn'],
            ]) {
                const message = new RegExp(`^${name}: expected a function, got `);
                assertRefuses(allocator, () => bind(...args), TypeError, 'ERR_LEWD_INVALID_ARG_TYPE', message);
            }
        }
        migrate(allocator.api);
    });

    it('a module goes on over the memory that was migrated to', async () => {
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
