'use strict';

// keepAlive(): keeps a token alive while a module works on its bytes.

const assert = require('node:assert/strict');
const { keepAlive } = require('@anireact/lewd');
const { assertThrows } = require('./helpers/allocator.js');
const { runFor } = require('./helpers/child.js');
const { collect, inFrameOfItsOwn } = require('./helpers/collect.js');
const { EAGER } = require('./helpers/eager.js');

describe('keepAlive(token)', () => {
    for (const [when, flags, ...args] of [
        ['optimised at once', EAGER],
        ['optimised when it is hot, with its callees inlined', [], '500'],
    ])
        describe(`keeps the bytes during a call that collects and allocates, ${when}`, () => {
            let lost;

            before(async () => {
                const words = ['--expose-gc', ...flags, 'test/fixtures/kept.cjs', ...args];
                const { stdout, stderr } = await runFor(50_000, ...words);
                assert.equal(stderr, '');
                lost = JSON.parse(stdout);
            });

            // V8 decides whether `token` and `block`, which are not used during the call, are collected: that is not
            // tested.
            it('except if the token was dead before, which shows that the test works', () =>
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

    it('returns undefined, and keeps the value alive no longer', async () => {
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

    it('throws for a value that can’t be a token', () => {
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

    it('reads nothing of the token', () => {
        const trap = () => {
            throw new Error('the token was read');
        };
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        keepAlive(proxy);
        keepAlive(new Proxy({}, new Proxy({}, { get: trap })));
    });
});
