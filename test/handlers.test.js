'use strict';

// Rights of handlers: they may throw, call the allocator, be added and removed.

const assert = require('node:assert/strict');
const { assertSound, fresh } = require('./helpers/allocator.js');
const { PAGE } = require('./helpers/model.js');

/** Grows the memory by so many pages. */
const grow = ({ alloc, tailFree }, pages = 1) => alloc(tailFree() + pages * PAGE);

describe('a handler that throws', () => {
    const raise = (error) => () => {
        throw error;
    };

    it('stops no other handler; its error is thrown at the end, and nothing is allocated', () => {
        const allocator = fresh();
        const { api } = allocator;
        const error = new Error('planted');
        const calls = [];
        api.on('grow', calls, () => calls.push('before'));
        api.on('grow', calls, raise(error));
        api.on('grow', calls, () => calls.push('after'));
        api.on('resize', calls, () => calls.push('resize'));
        assert.throws(
            () => api.alloc(3 * PAGE, calls),
            (thrown) => thrown === error,
        );
        assert.deepEqual(calls, ['before', 'after', 'resize']);
        assert.deepEqual([api.used(), api.total()], [0, 3 * PAGE]);
        assertSound(allocator);
        assert.equal(api.alloc(3 * PAGE, calls), 0);
        assert.equal(api.used(), 3 * PAGE);
    });

    it('makes scratch throw its error', () => {
        const { api } = fresh();
        api.on('grow', api, raise(new Error('planted')));
        assert.throws(() => api.alloc(2 * PAGE), /planted/);
        assert.equal(api.alloc(2 * PAGE), 0);
    });

    it('causes an AggregateError together with others', () => {
        const allocator = fresh();
        const { api } = allocator;
        const errors = [new Error('one'), 'two', undefined, new TypeError('four')];
        errors.forEach((error, i) => api.on(i < 2 ? 'grow' : 'resize', errors, raise(error)));
        assert.throws(
            () => grow(api),
            (thrown) => {
                assert.equal(thrown.constructor, AggregateError);
                assert.equal(thrown.code, 'ERR_LEWD_HANDLERS');
                assert.equal(thrown.errors.length, 4);
                assert.ok(errors.every((error, i) => error === thrown.errors[i]));
                return true;
            },
        );
        assertSound(allocator);
    });

    it('causes no error twice', () => {
        const { api } = fresh();
        let count = 0;
        api.on('grow', api, () => raise(new Error(`planted ${++count}`))());
        assert.throws(() => grow(api), { message: 'planted 1' });
        api.used();
        api.alloc(16);
        assert.throws(() => grow(api), { message: 'planted 2' });
    });

    it('makes the outermost call throw in a nested growth, while the inner ones succeed', () => {
        const allocator = fresh();
        const { api } = allocator;
        const calls = [];
        let inner;
        api.on('grow', calls, ({ info }) => {
            calls.push(info.newSize / PAGE);
            if (inner === undefined) {
                inner = false;
                inner = api.alloc(8 * PAGE, calls);
                calls.push('inner done');
            }
        });
        api.on('grow', calls, ({ info }) => raise(new Error(`planted at ${info.newSize / PAGE}`))());
        assert.throws(
            () => api.alloc(2 * PAGE, calls),
            ({ errors }) => {
                assert.deepEqual(
                    errors.map(({ message }) => message),
                    ['planted at 2', 'planted at 8'],
                );
                return true;
            },
        );
        assert.deepEqual(calls, [2, 8, 'inner done']);
        assert.equal(inner, 0);
        assert.equal(api.used(), 8 * PAGE);
        assertSound(allocator);
    });
});

describe('handlers may call alloc', () => {
    it('with enough room', () => {
        const allocator = fresh();
        const { api } = allocator;
        const seen = [];
        api.on('grow', seen, () => seen.push(api.alloc(16, seen)));
        // The handler is served first: nothing is reserved for the call that made the memory grow.
        assert.equal(api.alloc(2 * PAGE - 16, seen), 16);
        assert.deepEqual(seen, [0]);
        assertSound(allocator);
    });

    it('that takes the room for which the memory grew, which then grows again', () => {
        const allocator = fresh();
        const { api } = allocator;
        const taken = [];
        let calls = 0;
        api.on('grow', taken, () => calls++ < 3 && taken.push(api.alloc(2 * PAGE, taken)));
        const address = api.alloc(2 * PAGE, taken);
        assert.deepEqual(taken, [0, 2 * PAGE, 4 * PAGE]);
        assert.equal(address, 6 * PAGE);
        assert.equal(calls, 4);
        assertSound(allocator);
    });

    it('that grows the memory again; every handler sees every change in order, with the active buffer', () => {
        const allocator = fresh();
        const { api } = allocator;
        const logs = Array.from({ length: 6 }, () => []);
        const token = {};
        for (const [i, log] of logs.entries()) {
            api.on(i % 2 === 0 ? 'grow' : 'resize', token, ({ type, info }) => {
                assert.equal(type, i % 2 === 0 ? 'grow' : 'resize');
                assert.equal(info.buffer, info.memory.buffer);
                new Uint8Array(info.buffer)[info.buffer.byteLength - 1] = 1;
                log.push([info.oldSize / PAGE, info.newSize / PAGE]);
                // The first, one in the middle and the last one make it grow again.
                if ([0, 3, 5].includes(i) && api.total() < 100 * PAGE) grow(api, 7);
            });
        }
        grow(api);
        assert.ok(logs[0].length > 10, `${logs[0].length} changes`);
        let size = 1;
        for (const [oldSize, newSize] of logs[0]) {
            assert.equal(oldSize, size);
            assert.ok(newSize > oldSize);
            size = newSize;
        }
        assert.equal(size * PAGE, api.total());
        for (const log of logs) assert.deepEqual(log, logs[0]);
        assertSound(allocator);
    });

    it('that grows the memory again after the remaining handlers of the first change', () => {
        const { api } = fresh();
        const calls = [];
        const note = (name, { type, info }) => {
            calls.push(`${name} ${type} ${info.newSize / PAGE} of ${api.total() / PAGE}`);
        };
        api.on('grow', calls, (event) => {
            note('first', event);
            if (event.info.newSize === 2 * PAGE) {
                grow(api);
                calls.push('grown');
            }
        });
        api.on('grow', calls, (event) => note('second', event));
        api.on('resize', calls, (event) => note('third', event));
        grow(api);
        assert.deepEqual(calls, [
            'first grow 2 of 2',
            'second grow 2 of 2',
            'third resize 2 of 2',
            'first grow 3 of 3',
            'second grow 3 of 3',
            'third resize 3 of 3',
            'grown',
        ]);
    });

    it('until the memory is full; the outermost call throws the error of the handler', () => {
        const allocator = fresh(1, 8);
        const { api } = allocator;
        const codes = [];
        api.on('grow', codes, () => {
            try {
                for (;;) api.alloc(PAGE, codes);
            } catch (error) {
                codes.push(error.code);
                throw error;
            }
        });
        assert.throws(
            () => api.alloc(2 * PAGE, codes),
            (error) => {
                const errors = error.errors ?? [error];
                assert.ok(errors.every(({ code }) => code === 'ERR_LEWD_OUT_OF_MEMORY'));
                return true;
            },
        );
        assert.equal(api.used(), 8 * PAGE);
        assertSound(allocator);
    });

    it('without end, until an error stops them', () => {
        const allocator = fresh(1, 300);
        const { api } = allocator;
        api.on('resize', api, () => grow(api, 1));
        assert.throws(
            () => grow(api),
            ({ code }) => code === 'ERR_LEWD_OUT_OF_MEMORY' || code === 'ERR_LEWD_HANDLERS',
        );
        assert.equal(api.total(), 300 * PAGE);
        assertSound(allocator);
    });
});

describe('handlers may call on and off', () => {
    it('a handler that was added meanwhile is first called at the next change', () => {
        const { api } = fresh();
        const calls = [];
        api.on('grow', calls, ({ info }) => {
            api.on('grow', calls, late);
            api.on('resize', calls, late);
            calls.push(`early ${info.newSize / PAGE}`);
        });
        function late({ type, info }) {
            calls.push(`late ${type} ${info.newSize / PAGE}`);
        }
        grow(api);
        assert.deepEqual(calls, ['early 2']);
        grow(api);
        assert.deepEqual(calls, ['early 2', 'early 3', 'late grow 3', 'late resize 3']);
    });

    it('a handler that was removed meanwhile is not called any more', () => {
        const { api } = fresh();
        const calls = [];
        const other = {};
        const gone = () => calls.push('gone');
        const alone = () => {
            calls.push('alone');
            api.off('grow', calls, alone);
            api.off('grow', other);
            api.off('resize', other, gone);
        };
        api.on('grow', calls, alone);
        api.on('grow', other, gone);
        api.on('resize', other, gone);
        api.on('resize', calls, () => calls.push('resize'));
        grow(api);
        assert.deepEqual(calls, ['alone', 'resize']);
        grow(api);
        assert.deepEqual(calls, ['alone', 'resize', 'resize']);
    });

    it('a handler that is removed and added again counts as a new one', () => {
        const { api } = fresh();
        const calls = [];
        const again = ({ info }) => calls.push(info.newSize / PAGE);
        let once = false;
        api.on('grow', calls, () => {
            if (once) return;
            once = true;
            api.off('grow', calls, again);
            api.on('grow', calls, again);
        });
        api.on('grow', calls, again);
        grow(api);
        assert.deepEqual(calls, []);
        grow(api);
        assert.deepEqual(calls, [3]);
    });

    it('a handler may add another one at every event', () => {
        const { api } = fresh();
        let calls = 0;
        const add = () => {
            calls++;
            api.on('grow', api, () => add());
        };
        add();
        for (let i = 1; i <= 6; i++) grow(api);
        assert.equal(calls, 2 ** 6);
    });
});
