'use strict';

// The words of errors: what came is told in few words, whatever it is, and without running its code.

const assert = require('node:assert/strict');
const { fresh } = require('./helpers/allocator.js');

/** What an error's message says that came. */
const told = (value) => {
    try {
        fresh().api.alloc(value);
    } catch ({ code, message }) {
        assert.equal(code, 'ERR_LEWD_INVALID_ARG_TYPE');
        assert.match(message, /got /);
        return message.slice(message.indexOf('got ') + 4);
    }
    return assert.fail('nothing was thrown');
};

describe('a value in a message', () => {
    it('is written as JavaScript writes it if it is short', () => {
        for (const [value, text] of [
            ['', "''"],
            ['grow', "'grow'"],
            ['x'.repeat(63), `'${'x'.repeat(63)}'`],
            ['naïve 😀', "'naïve 😀'"],
            [0n, '0n'],
            [-16n, '-16n'],
            [2n ** 128n - 1n, `${2n ** 128n - 1n}n`],
            [-(2n ** 128n) + 1n, `${-(2n ** 128n) + 1n}n`],
            [null, 'null'],
            [undefined, 'undefined'],
            [true, 'true'],
        ])
            assert.equal(told(value), text);
    });

    it('is cut if it is a string that is longer, with a mark and its length', () => {
        assert.equal(told('x'.repeat(64)), `'${'x'.repeat(63)}'... (64 characters)`);
        assert.equal(told('x'.repeat(10_000)), `'${'x'.repeat(63)}'... (10000 characters)`);
    });

    it('is cut between two characters, never within one', () => {
        assert.equal(told('é'.repeat(100)), `'${'é'.repeat(31)}'... (100 characters)`);
        assert.equal(told('x'.repeat(60) + '😀😀'), `'${'x'.repeat(60)}'... (64 characters)`);
        for (let i = 0; i < 8; i++) assert.doesNotMatch(told('x'.repeat(i) + '😀'.repeat(30)), /\ufffd/);
    });

    it('is told by its length alone if it is a string that would take long to read', () => {
        const long = 'x'.repeat(2 ** 20).repeat(500);
        assert.equal(told(long), 'a string of 524288000 characters');
    });

    it('is told by its size alone if it is a BigInt that would take long to write', () => {
        assert.equal(told(2n ** 128n), 'a BigInt of up to 192 bits');
        assert.equal(told(-(2n ** 5000n)), 'a BigInt of up to 5056 bits');
        assert.equal(told(1n << 30_000_000n), 'a BigInt of up to 30000064 bits');
    });

    it('has question marks for control characters, and does not end at a NUL', () => {
        assert.equal(told('a\0b\r\n\u001b[31m\u007f'), "'a?b???[31m?'");
    });
});
