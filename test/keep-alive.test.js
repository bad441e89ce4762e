'use strict';

// keepAlive(): what holds a token while a module works on its bytes.

const assert = require('node:assert/strict');
const { keepAlive } = require('@anireact/lewd');
const { assertThrows } = require('./helpers/allocator.js');
const { runFor } = require('./helpers/child.js');
const { collect, inFrameOfItsOwn } = require('./helpers/collect.js');
const { EAGER } = require('./helpers/eager.js');

describe('keepAlive(token)', () => {
    for (const [when, flags, ...args] of [
        ['optimised at once', EAGER],
        ['optimised when it is hot, with what it calls in line', [], '500'],
    ])
        describe(`a call that collects and allocates finds the bytes as they were written: ${when}`, () => {
            let lost;

            before(async () => {
                const words = ['--expose-gc', ...flags, 'test/fixtures/kept.cjs', ...args];
                const { stdout, stderr } = await runFor(50_000, ...words);
                assert.equal(stderr, '');
                lost = JSON.parse(stdout);
            });

            // V8 decides whether `token` and `block`, which nothing uses during the call, are lost: it is not tested.
            it('not if the token was dead before, so that the test would notice', () =>
                assert.ok(lost['dead before'] > 0));

            for (const way of [
                'token, keepAlive',
                'function, keepAlive',
                'symbol, keepAlive',
                'block, keepAlive',
                'block, dispose',
                'block, pin',
                'receiver, keepAlive',
                'withOwner',
            ])
                it(way, () => assert.equal(lost[way], 0));
        });

    it('returns nothing, and keeps the value no longer than that', async () => {
        const refs = [];
        await inFrameOfItsOwn(() => {
            for (const token of [{}, () => {}, []]) {
                refs.push(new WeakRef(token));
                assert.equal(keepAlive(token), undefined);
            }
            keepAlive(Symbol('token'));
        });
        await collect(() => refs.every((ref) => ref.deref() === undefined), 'tokens');
    });

    it('what can’t be a token: an error, since nothing would be kept', () => {
        for (const value of [undefined, null, 0, 16, NaN, '', 'token', true, 1n])
            assertThrows(() => keepAlive(value), TypeError, 'ERR_LEWD_INVALID_ARG_TYPE', /^token must be .* got /);
        assertThrows(
            () => keepAlive(Symbol.for('token')),
            TypeError,
            'ERR_LEWD_INVALID_ARG_VALUE',
            /^token must not be /,
        );
        assertThrows(() => keepAlive(), TypeError, 'ERR_LEWD_INVALID_ARG_TYPE');
    });

    it('looks at nothing in the token', () => {
        const trap = () => {
            throw new Error('the token was looked at');
        };
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        keepAlive(proxy);
        keepAlive(new Proxy({}, new Proxy({}, { get: trap })));
    });
});
