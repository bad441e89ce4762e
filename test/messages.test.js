'use strict';

// Messages of errors: they describe any value in few words, without running its code.

const assert = require('node:assert/strict');
const { assertThrows, fresh } = require('./helpers/allocator.js');
const { extended } = require('./helpers/extended.js');
const { PAGE } = require('./helpers/model.js');

/** Returns the description of the value in an error's message. */
const told = (value) => {
    try {
        fresh().api.alloc(value);
    } catch ({ code, message }) {
        assert.equal(code, 'ERR_LEWD_INVALID_ARG_TYPE');
        assert.match(message, /got /);
        return message.slice(message.indexOf('got ') + 4);
    }
    return assert.fail('no error was thrown');
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

    it('is cut if it is a longer string, with a mark and its length', () => {
        assert.equal(told('x'.repeat(64)), `'${'x'.repeat(63)}'... (64 characters)`);
        assert.equal(told('x'.repeat(10_000)), `'${'x'.repeat(63)}'... (10000 characters)`);
    });

    it('is cut between two characters, never inside one', () => {
        assert.equal(told('é'.repeat(100)), `'${'é'.repeat(31)}'... (100 characters)`);
        assert.equal(told('x'.repeat(60) + '😀😀'), `'${'x'.repeat(60)}'... (64 characters)`);
        for (let i = 0; i < 8; i++) assert.doesNotMatch(told('x'.repeat(i) + '😀'.repeat(30)), /\ufffd/);
    });

    it('is only its length for a string that would take long to read', () => {
        const long = 'x'.repeat(2 ** 20).repeat(500);
        assert.equal(told(long), 'a string of 524288000 characters');
    });

    it('is only its size for a BigInt that would take long to write', () => {
        assert.equal(told(2n ** 128n), 'a BigInt of up to 192 bits');
        assert.equal(told(-(2n ** 5000n)), 'a BigInt of up to 5056 bits');
        assert.equal(told(1n << 30_000_000n), 'a BigInt of up to 30000064 bits');
    });

    it('has question marks for control characters, and does not end at a NUL', () => {
        assert.equal(told('a\0b\r\n\u001b[31m\u007f'), "'a?b???[31m?'");
    });
});

describe('the message for a wrong argument', () => {
    it('states the rule in a sentence, and the value', () => {
        const { api } = extended();
        const message = (fn) => {
            try {
                fn();
            } catch (error) {
                return error.message;
            }
            return assert.fail('no error was thrown');
        };
        const token = {};
        for (const [fn, text] of [
            [() => api.alloc(0), 'size must be a whole number of bytes, 1 to 4294967295; got 0'],
            [() => api.alloc(0.5), 'size must be a whole number of bytes, 1 to 4294967295; got 0.5'],
            [() => api.alloc(2 ** 32, token), 'size must be a whole number of bytes, 1 to 4294967295; got 4294967296'],
            [() => api.alloc('16'), "size must be a number of bytes; got '16'"],
            [
                () => api.alloc(16, null),
                'token must be an object, a function, or a symbol that is not registered; got null',
            ],
            [() => api.alloc(16, token, 3), 'alignment must be a power of two, 1 to 65536; got 3'],
            [() => api.on('shrink', token, api.alloc), "type must be 'resize', 'grow', 'trim' or 'oom'; got 'shrink'"],
            [() => api.c.free(16), 'pointer must be the address of a live allocation; got 16'],
            [() => api.grow(-1), 'pages must be a whole number, 0 to 65536; got -1'],
            [() => extended({ base: -1 }), 'base must be a whole number of bytes, 0 to 4294967296; got -1'],
        ])
            assert.equal(message(fn), text);
    });
});

describe('the out of memory message names the limit that was reached, and how to raise it', () => {
    const assertTold = (fn, message) => assertThrows(fn, RangeError, 'ERR_LEWD_OUT_OF_MEMORY', message);
    const memory = (initial, maximum) => new WebAssembly.Memory({ initial, maximum });

    it('for the maximum that the allocator knows', () => {
        for (const [maximum, text] of [
            [1, '1 page'],
            [3, '3 pages'],
        ]) {
            const { api } = extended({ maximum });
            const message = `^out of memory: 262144 .*; the memory has at most ${text}: raise the setting \`maximum\`$`;
            assertTold(() => api.alloc(4 * PAGE, api), new RegExp(message));
            assertTold(() => api.grow(4), /^grow\(\) would exceed the setting `maximum`/);
        }
    });

    it('for limit, the end of the working span', () => {
        const { api } = extended({ limit: 4096 });
        assertTold(() => api.alloc(5000, api), /; the allocator ends at byte 4096: raise its setting `limit`$/);
        api.alloc(4096, api);
        assertTold(() => api.alloc(1, api), /; the allocator ends at byte 4096: raise its setting `limit`$/);
        assertTold(() => extended({ limit: 4096, maximum: 1 }).api.alloc(PAGE, api), /`limit`/);
    });

    it('for limit, if only the alignment does not fit', () => {
        const { api } = extended({ base: 16, limit: 4096 });
        assertTold(() => api.alloc(16, api, 4096), /; the allocator ends at byte 4096:/);
    });

    it('for 4 GiB, which can’t be raised', () => {
        const { api } = extended({ base: PAGE });
        assertTold(() => api.alloc(-1, api), /; a memory of 32-bit addresses has at most 4 GiB$/);
    });

    it('for a memory that refuses to grow: its declared maximum, or the host', () => {
        const { api } = extended({ memory: memory(1, 2) });
        const refused =
            /did not grow.*: it was declared with a lower maximum .*, or the host has no more memory .*`ulimit -v`/;
        assertTold(() => api.alloc(3 * PAGE, api), new RegExp(`; the memory ${refused.source}`));
        assertTold(() => api.alloc(3 * PAGE, api), / to 3 pages: /);
        assertTold(() => api.grow(2), refused);
    });

    it('for the address space, if no other memory can be made', () => {
        const { api } = extended({ memory: memory(1), maximum: 2 });
        api.memory.grow(5);
        api.alloc(4 * PAGE, api);
        assertTold(() => api.trim(), /^the host has no room for another WebAssembly.Memory: .*`ulimit -v`/);
    });
});
