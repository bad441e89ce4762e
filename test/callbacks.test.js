'use strict';

// The arguments of the program's functions, and the times at which handlers of 'oom' are called.

const assert = require('node:assert/strict');
const { Allocator } = require('@anireact/lewd');
const { assertSound } = require('./helpers/allocator.js');
const { extended } = require('./helpers/extended.js');
const { PAGE } = require('./helpers/model.js');

const TYPES = ['grow', 'trim', 'resize', 'oom'];

/** Causes an event of each type, and a migration. */
const cause = (own) => {
    own.grow(1);
    own.trim();
    assert.throws(() => own.alloc(20 * PAGE, own), { code: 'ERR_LEWD_OUT_OF_MEMORY' });
};

describe('callbacks', () => {
    it('have no receiver: `this` is undefined in strict mode, else the global object', () => {
        const own = new Allocator({ maximum: 10 });
        const seen = [];
        const sloppy = new Function(
            'seen',
            'name',
            'return function () { seen.push([name, this, arguments.length]); return name; }',
        );
        const strict = (name) =>
            function (...args) {
                seen.push([name, this, args.length]);
                return name;
            };
        for (const type of TYPES) {
            own.on(type, own, strict(type));
            own.on(type, own, sloppy(seen, type));
        }
        own.bind(strict('spawn'), strict('respawn'));
        own.bind(sloppy(seen, 'spawn'), sloppy(seen, 'respawn'));
        own.withOwner(own, strict('withOwner'));
        own.withOwner(own, sloppy(seen, 'withOwner'));
        own.block(16).pin(strict('pin'));
        own.block(16).pin(sloppy(seen, 'pin'));
        cause(own);
        const counts = { spawn: 0, respawn: 0, pin: 2 };
        for (const name of [...TYPES, 'spawn', 'respawn', 'withOwner', 'pin']) {
            const calls = seen.filter(([each]) => each === name);
            assert.ok(calls.length >= 2, name);
            for (let i = 0; i < calls.length; i += 2) {
                assert.deepEqual(
                    calls.slice(i, i + 2).map(([, receiver, count]) => [receiver, count]),
                    [
                        [undefined, counts[name] ?? 1],
                        [globalThis, counts[name] ?? 1],
                    ],
                    name,
                );
            }
        }
    });

    it('get no object of the package’s own state: changes to their argument have no effect', () => {
        const allocator = extended({ maximum: 10 });
        const { api } = allocator;
        const log = [];
        for (const type of TYPES) {
            api.on(type, api, (event) => {
                assert.deepEqual(Reflect.ownKeys(event), ['type', 'info']);
                for (const key of [...Object.keys(event), 'fn', 'handler', 'next', 'value']) event[key] = null;
                Object.setPrototypeOf(event, null);
            });
            api.on(type, api, () => log.push(type));
        }
        for (let i = 0; i < 2; i++) {
            cause(api);
            assert.deepEqual(log.splice(0), ['grow', 'resize', 'trim', 'resize', 'oom']);
        }
        assertSound(allocator);
    });
});

describe("'oom' inside a respawn", () => {
    for (const how of ['alloc()', 'c.malloc()']) {
        it(`is called before ${how} fails, and can prevent that`, () => {
            const allocator = extended({ initial: 1, maximum: 8 });
            const { api } = allocator;
            const log = [];
            const hoarded = api.c.malloc(3 * PAGE);
            const take = () => (how === 'alloc()' ? api.alloc(6 * PAGE, allocator) : api.c.malloc(6 * PAGE));
            api.on('oom', allocator, ({ info }) => {
                log.push(`oom ${info.requested / PAGE}`);
                api.c.free(hoarded);
            });
            api.on('trim', allocator, () => log.push('trim'));
            api.bind(
                () => {},
                () => {
                    log.push('respawn');
                    const pointer = take();
                    assert.ok(pointer > 0 || how === 'alloc()');
                    log.push('taken');
                },
            );
            api.grow(2);
            api.trim();
            assert.deepEqual(log, ['respawn', 'oom 6', 'taken', 'trim']);
            assertSound(allocator);
        });
    }

    it('makes trim() throw the error of its handler', () => {
        const allocator = extended({ initial: 1, maximum: 8 });
        const { api } = allocator;
        const error = new Error('planted');
        let failed;
        api.on('oom', allocator, () => {
            throw error;
        });
        api.bind(
            () => {},
            () => {
                try {
                    api.alloc(9 * PAGE, allocator);
                } catch (thrown) {
                    failed = thrown;
                }
            },
        );
        api.grow(2);
        assert.throws(
            () => api.trim(),
            (thrown) => thrown === error,
        );
        assert.equal(failed.code, 'ERR_LEWD_OUT_OF_MEMORY');
        assertSound(allocator);
    });
});
