'use strict';

// Events and their registration. See handlers.test.js for the rights of handlers, trim.test.js for migrations and
// respawns, and foreign-growth.test.js for growth by others.

const assert = require('node:assert/strict');
const { run } = require('./helpers/child.js');
const { assertRefuses, assertThrows, fresh } = require('./helpers/allocator.js');
const { collect, collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { PAGE } = require('./helpers/model.js');

const TYPES = ['resize', 'grow', 'trim'];

/** Grows the memory by so many pages. */
const grow = ({ alloc, tailFree }, pages = 1) => alloc(tailFree() + pages * PAGE);

describe('event object', () => {
    /** Returns all events of a growth, and of a trim, as [type, event] in order of arrival. */
    function record(cause) {
        const { api } = fresh();
        if (cause === 'trim') grow(api);
        const events = [];
        for (const type of TYPES) api.on(type, events, (event, ...rest) => events.push([type, event, rest]));
        if (cause === 'trim') api.trim();
        else grow(api);
        return { api, events };
    }

    for (const cause of ['grow', 'trim']) {
        it(`is { type, info }, first of type '${cause}', then 'resize'`, () => {
            const { events } = record(cause);
            assert.deepEqual(
                events.map(([type]) => type),
                [cause, 'resize'],
            );
            for (const [type, event, rest] of events) {
                assert.deepEqual(Object.keys(event), ['type', 'info']);
                assert.equal(event.type, type);
                assert.deepEqual(rest, []);
            }
        });

        it(`has a frozen info, the same object for both events of a '${cause}'`, () => {
            const { events } = record(cause);
            const [[, { info }], [, other]] = events;
            assert.equal(info, other.info);
            assert.ok(Object.isFrozen(info));
            for (const name of Object.keys(info)) {
                assert.throws(() => {
                    info[name] = 1;
                }, TypeError);
            }
        });

        it(`has oldSize and newSize in bytes, memory and buffer at a '${cause}'`, () => {
            const { api, events } = record(cause);
            const [[, { info }]] = events;
            assert.deepEqual(Object.keys(info), ['oldSize', 'newSize', 'memory', 'buffer']);
            const sizes = cause === 'grow' ? [PAGE, 2 * PAGE] : [2 * PAGE, PAGE];
            assert.deepEqual([info.oldSize, info.newSize], sizes);
            assert.equal(info.memory, api.memory);
            assert.equal(info.buffer, api.buffer);
        });
    }

    it('has an info whose memory and buffer are the active ones at each read', () => {
        const { api } = fresh();
        const infos = [];
        api.on('resize', infos, ({ info }) => infos.push(info));
        const memories = new Set();
        for (let i = 0; i < 3; i++) {
            grow(api, 2);
            api.trim();
            memories.add(api.memory);
            api.memory.grow(1); // the allocator is not notified
            for (const info of infos) {
                assert.equal(info.memory, api.memory);
                assert.equal(info.buffer, info.memory.buffer);
                assert.equal(new Uint8Array(info.buffer).length, info.buffer.byteLength);
            }
        }
        assert.equal(memories.size, 3);
        assert.deepEqual(infos.map(({ oldSize, newSize }) => [oldSize / PAGE, newSize / PAGE]).slice(0, 4), [
            [1, 3],
            [3, 1],
            [1, 2],
            [2, 4],
        ]);
    });

    it('has a new info for each change', () => {
        const { api } = fresh();
        const infos = new Set();
        api.on('resize', infos, ({ info }) => infos.add(info));
        grow(api);
        grow(api);
        api.trim();
        assert.equal(infos.size, 3);
    });

    it('has the same memory and a new buffer after growth', () => {
        const { api } = fresh();
        const { memory, buffer } = api;
        grow(api);
        assert.equal(api.memory, memory);
        assert.notEqual(api.buffer, buffer);
        assert.equal(api.buffer, memory.buffer);
        assert.equal(buffer.byteLength, 0);
    });
});

describe('on(type, token, fn)', () => {
    it('calls fn at each event of its type, and at no other', () => {
        const { api } = fresh();
        const calls = [];
        for (const type of TYPES) api.on(type, calls, (event) => calls.push([type, event.type]));
        grow(api);
        api.trim();
        grow(api);
        assert.deepEqual(
            calls,
            ['grow', 'resize', 'trim', 'resize', 'grow', 'resize'].map((type) => [type, type]),
        );
    });

    it('calls handlers in the order of registration, whatever their tokens', () => {
        const { api } = fresh();
        const calls = [];
        const tokens = [{}, {}, {}];
        for (let i = 0; i < 12; i++) api.on('grow', tokens[i % 3], () => calls.push(i));
        grow(api);
        assert.deepEqual(
            calls,
            Array.from({ length: 12 }, (_, i) => i),
        );
    });

    it('registers a function once per token', () => {
        const { api } = fresh();
        const calls = [];
        const fn = ({ type }) => calls.push(type);
        const [one, other] = [{}, {}];
        for (let i = 0; i < 3; i++) api.on('grow', one, fn);
        grow(api);
        assert.deepEqual(calls, ['grow']);
        api.on('grow', other, fn);
        grow(api);
        assert.deepEqual(calls, ['grow', 'grow', 'grow']);
        api.on('resize', one, fn);
        grow(api);
        assert.deepEqual(calls.slice(3), ['grow', 'grow', 'resize']);
        api.off('grow', one, fn);
        grow(api);
        assert.deepEqual(calls.slice(6), ['grow', 'resize']);
        assert.ok(other);
    });

    it('keeps the order of a handler that is added again', () => {
        const { api } = fresh();
        const calls = [];
        const first = () => calls.push('first');
        api.on('grow', calls, first);
        api.on('grow', calls, () => calls.push('second'));
        api.on('grow', calls, first);
        grow(api);
        assert.deepEqual(calls, ['first', 'second']);
        api.off('grow', calls, first);
        api.on('grow', calls, first);
        calls.length = 0;
        grow(api);
        assert.deepEqual(calls, ['second', 'first']);
    });

    it('sends nothing without a change', () => {
        const { api } = fresh();
        api.on('resize', api, () => assert.fail('resize'));
        api.alloc(PAGE, api);
        api.trim();
        assertThrows(() => api.alloc(-1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
    });

    it('returns undefined, like off()', () => {
        const { api } = fresh();
        const fn = () => {};
        assert.equal(api.on('grow', api, fn), undefined);
        assert.equal(api.off('grow', api, fn), undefined);
        assert.equal(api.off('grow', api), undefined);
    });

    it('accepts a function as its own token', async () => {
        const { api } = fresh();
        let calls = 0;
        const fn = () => calls++;
        api.on('grow', fn, fn);
        global.gc();
        grow(api);
        assert.equal(calls, 1);
    });

    it('removes all but one of 10,000 handlers with their tokens', async () => {
        const { api } = fresh();
        const kept = {};
        let calls = 0;
        const add = (token) => api.on('grow', token, () => calls++);
        await inFrameOfItsOwn(() => {
            for (let i = 0; i < 10_000; i++) add(i === 5000 ? kept : {});
        });
        await collect(
            () => {
                calls = 0;
                grow(api);
                return calls === 1;
            },
            () => `${calls} handlers are left`,
        );
        assert.ok(kept);
    });
});

describe('off(type, token, fn)', () => {
    it('removes that handler, and no other', () => {
        const { api } = fresh();
        const calls = [];
        const [one, two] = [() => calls.push('one'), () => calls.push('two')];
        const other = {};
        for (const fn of [one, two]) for (const token of [calls, other]) api.on('grow', token, fn);
        api.on('resize', calls, one);
        api.off('grow', calls, one);
        grow(api);
        assert.deepEqual(calls, ['one', 'two', 'two', 'one']);
        assert.ok(other);
    });

    it('removes all of the token’s handlers of that type without fn', () => {
        const { api } = fresh();
        const calls = [];
        const other = {};
        for (const name of ['one', 'two', 'three']) {
            api.on('grow', calls, () => calls.push(name));
            api.on('resize', calls, () => calls.push(`resize ${name}`));
        }
        api.on('grow', other, () => calls.push('other'));
        api.off('grow', calls);
        grow(api);
        assert.deepEqual(calls, ['other', 'resize one', 'resize two', 'resize three']);
        api.off('resize', calls, undefined);
        grow(api);
        assert.deepEqual(calls.slice(4), ['other']);
    });

    it('ignores a handler that is not registered', () => {
        const { api } = fresh();
        const fn = () => {};
        for (const type of TYPES) {
            api.off(type, {});
            api.off(type, {}, fn);
            api.on(type, fn, fn);
            api.off(type, {}, fn);
            api.off(type, fn, () => {});
            api.off(type, fn, fn);
            api.off(type, fn, fn);
        }
    });

    it('lets a handler be added again', () => {
        const { api } = fresh();
        let calls = 0;
        const fn = () => calls++;
        for (let i = 1; i <= 3; i++) {
            api.on('grow', fn, fn);
            grow(api);
            assert.equal(calls, i);
            api.off('grow', fn, fn);
            grow(api);
            assert.equal(calls, i);
        }
    });
});

describe('a handler is removed with its token', () => {
    it('is not called after its token was collected', async () => {
        const { api } = fresh();
        const calls = [];
        await inFrameOfItsOwn(() => api.on('grow', {}, () => calls.push('dead')));
        api.on('grow', calls, () => calls.push('live'));
        grow(api);
        assert.deepEqual(calls, ['dead', 'live']);
        await collect(() => {
            calls.length = 0;
            grow(api);
            return calls.length === 1;
        }, 'the handler of a dead token was called');
        assert.deepEqual(calls, ['live']);
    });

    it('is called as long as its token lives, even if nothing else refers to it', () => {
        const { api } = fresh();
        const token = {};
        let calls = 0;
        (() => api.on('grow', token, () => calls++))();
        for (let i = 1; i <= 5; i++) {
            global.gc();
            grow(api);
            assert.equal(calls, i);
        }
    });

    const kinds = {
        'a handler that does not refer to the token': (api, token) => api.on('resize', token, () => {}),
        'fn closes over the token': (api, token) => api.on('resize', token, () => token),
        'fn is the token': (api, token) => {
            token.fn = () => token;
            api.on('resize', token.fn, token.fn);
            api.on('resize', token, token.fn);
        },
        'two tokens refer to each other': (api, token) => {
            const other = { token };
            token.other = other;
            api.on('grow', token, () => other);
            api.on('trim', other, () => token);
        },
        'fn was called': (api, token) => {
            api.on('resize', token, (event) => {
                token.event = event;
            });
            grow(api);
        },
        'fn was removed': (api, token) => {
            const fn = () => token;
            api.on('resize', token, fn);
            api.off('resize', token, fn);
        },
        'fn threw': (api, token) => {
            api.on('grow', token, () => {
                throw Object.assign(new Error('planted'), { token });
            });
            assert.throws(() => grow(api), /planted/);
        },
        'fn handles all types': (api, token) => TYPES.forEach((type) => api.on(type, token, () => token)),
    };
    for (const [title, use] of Object.entries(kinds)) {
        it(`does not keep its token alive: ${title}`, async () => {
            const { api } = fresh();
            let reference;
            await inFrameOfItsOwn(() => {
                const token = {};
                reference = new WeakRef(token);
                api.alloc(1600, token);
                use(api, token);
            });
            await collect(() => reference.deref() === undefined, 'the token was not collected');
            await collectTo(api, 0);
        });
    }

    it('does not keep wrappers alive in a synchronous loop, even if it closes over them', () => {
        // When the memory grows while V8 marks, every handler is visited, and keeps its wrapper for another cycle.
        const { api } = fresh();
        for (let i = 0; i < 160_000; i++) {
            const wrapper = { view: null };
            wrapper.address = api.alloc(8192, wrapper);
            api.on('resize', wrapper, () => (wrapper.view = null));
        }
        assert.ok(api.total() < 300 * 2 ** 20, `${api.total()} bytes for 1,310 MB of dead wrappers`);
    });
});

describe('type, token and fn', () => {
    const fn = () => {};
    const code = 'ERR_LEWD_INVALID_ARG_TYPE';

    it('throw for an unknown type', () => {
        const allocator = fresh();
        for (const [type, word] of [
            ['', "''"],
            ['Grow', "'Grow'"],
            ['grow ', "'grow '"],
            ['constructor', "'constructor'"],
            ['__proto__', "'__proto__'"],
            ['toString', "'toString'"],
            [undefined, 'undefined'],
            [null, 'null'],
            [0, '0'],
            [Symbol('grow'), 'a symbol'],
            [['grow'], 'an object'],
            [{ toString: () => 'grow' }, 'an object'],
            [Object('grow'), 'an object'],
        ]) {
            const message = new RegExp(`^type must be 'resize', 'grow', 'trim' or 'oom'; got ${word}$`);
            for (const call of [
                () => allocator.api.on(type, allocator, fn),
                () => allocator.api.off(type, allocator, fn),
                () => allocator.api.off(type, allocator),
            ]) {
                assertRefuses(allocator, call, TypeError, 'ERR_LEWD_INVALID_ARG_VALUE', message);
            }
        }
    });

    it('throw for a token that cannot be held weakly', () => {
        const allocator = fresh();
        for (const [token, word] of [
            [undefined, 'undefined'],
            [null, 'null'],
            [0, '0'],
            ['token', "'token'"],
            [true, 'true'],
            [1n, '1n'],
        ]) {
            const message = new RegExp(`^token must be an object, a function, or a symbol.*; got ${word}$`);
            for (const type of TYPES) {
                assertRefuses(allocator, () => allocator.api.on(type, token, fn), TypeError, code, message);
                assertRefuses(allocator, () => allocator.api.off(type, token, fn), TypeError, code, message);
                assertRefuses(allocator, () => allocator.api.off(type, token), TypeError, code, message);
            }
        }
    });

    it('throw for an fn that is no function', () => {
        const allocator = fresh();
        for (const [wrong, word] of [
            [null, 'null'],
            [0, '0'],
            ['fn', "'fn'"],
            [{}, 'an object'],
            [{ handleEvent: fn }, 'an object'],
            [Symbol('fn'), 'a symbol'],
        ]) {
            const message = new RegExp(`^fn must be a function; got ${word}$`);
            for (const type of TYPES) {
                assertRefuses(allocator, () => allocator.api.on(type, fn, wrong), TypeError, code, message);
                assertRefuses(allocator, () => allocator.api.off(type, fn, wrong), TypeError, code, message);
            }
        }
        assertRefuses(allocator, () => allocator.api.on('grow', fn), TypeError, code, /^fn .*; got undefined$/);
        grow(allocator.api);
    });

    it('throw for a symbol as token of a handler if WeakMap takes none, as before Node.js 18.20', async () => {
        const { code: exit, stdout } = await run('test/fixtures/old-weakmap.cjs');
        assert.equal(exit, 0);
        assert.match(stdout, /^true ERR_LEWD_INVALID_ARG_VALUE token must be .*; got a symbol\n1 65536\n$/);
    });
});
