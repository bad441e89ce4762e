'use strict';

// Fills a memory of 4 GiB to the last block. Few of its pages are ever touched.

const assert = require('node:assert/strict');
const { assertRefuses, assertSound, fresh } = require('./helpers/allocator.js');
const { collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { figuresOf, PAGE } = require('./helpers/model.js');

const GIB = 2 ** 30;
const OOM = [RangeError, 'ERR_LEWD_OUT_OF_MEMORY'];

describe('a memory of 4 GiB', () => {
    it('is filled to the last block by sizes that halve, down to 16 bytes', async () => {
        const allocator = fresh();
        const { api } = allocator;
        const tokens = [];
        const fill = (size) => {
            const token = {};
            const address = api.alloc(size, token);
            tokens.push(token);
            return address;
        };

        let end = 0;
        for (let size = 64 * 2 ** 20; size >= 16; size /= 2) {
            // Leaves a span of the same size free, which the smaller sizes share; the last size twice.
            while (end + size < 4 * GIB || (size === 16 && end < 4 * GIB)) {
                const address = fill(size);
                assert.equal(address >>> 0, end);
                assert.equal(address < 0, end >= 2 * GIB, `the sign of ${address}`);
                assert.equal(address, end | 0);
                end += size;
            }
        }
        assert.equal(api.buffer.byteLength, 4 * GIB);
        const [total, used, usedRun] = [4 * GIB, 4 * GIB, 4 * GIB];
        assert.deepEqual(figuresOf(api), { total, used, usedRun, free: 0, headFree: 0, tailFree: 0, largestFree: 0 });
        assertSound(allocator);

        // The last block works as any other.
        new Uint8Array(api.buffer, 4 * GIB - 16).fill(1);

        for (const size of [1, 16, PAGE, -1]) {
            const message = new RegExp(`\\b${size >>> 0} bytes requested; of 4294967296 bytes 0 are free`);
            assertRefuses(allocator, () => api.alloc(size), ...OOM, message);
            assertRefuses(allocator, () => api.alloc(size, tokens), ...OOM, message);
        }

        // There is nothing to trim, and no room to grow.
        const { memory } = api;
        api.trim();
        assert.equal(api.memory, memory);

        // Frees and allocates the very last block.
        await inFrameOfItsOwn(() => tokens.pop());
        await collectTo(api, 4 * GIB - 16);
        assert.equal(api.alloc(16, tokens), -16);
        assertRefuses(allocator, () => api.alloc(1), ...OOM);

        // Allocates again one span in the lower half and one in the upper, without a call of gc().
        await inFrameOfItsOwn(() => delete tokens[3]);
        assert.equal(api.alloc(64 * 2 ** 20, tokens), 3 * 64 * 2 ** 20);
        await inFrameOfItsOwn(() => delete tokens[40]);
        assert.equal(api.alloc(64 * 2 ** 20, tokens) >>> 0, 40 * 64 * 2 ** 20);
        assertRefuses(allocator, () => api.alloc(1), ...OOM);
        assertSound(allocator);

        await inFrameOfItsOwn(() => tokens.splice(1));
        await collectTo(api, 2 * 64 * 2 ** 20 + 64 * 2 ** 20 + 16);
        assertSound(allocator);
    });

    it('is filled with spans of a mebibyte', async () => {
        const allocator = fresh();
        const { api } = allocator;
        const tokens = [];
        await inFrameOfItsOwn(() => {
            for (let i = 0; i < 4096; i++) {
                const token = {};
                assert.equal(api.alloc(2 ** 20, token) >>> 0, i * 2 ** 20);
                tokens.push(token);
            }
        });
        assert.equal(api.used(), 4 * GIB);
        assertRefuses(allocator, () => api.alloc(16, tokens), ...OOM);
        await inFrameOfItsOwn(() => tokens.splice(3000, 2));
        assert.equal(api.alloc(2 ** 21, tokens) >>> 0, 3000 * 2 ** 20);
        assertRefuses(allocator, () => api.alloc(16, tokens), ...OOM);
        assertSound(allocator);
        await inFrameOfItsOwn(() => tokens.splice(0));
    });

    it('is allocated in one span', () => {
        const allocator = fresh();
        const { api } = allocator;
        const token = {};
        assert.equal(api.alloc(-1), 0);
        assert.equal(api.total(), 4 * GIB);
        assert.equal(api.largestFree(), 2 ** 28);
        assert.equal(api.alloc(-1, token), 0);
        assert.equal(api.used(), 4 * GIB);
        assertRefuses(allocator, () => api.alloc(1), ...OOM);
        assertSound(allocator);
    });

    it('needs little real memory, and trim() releases its pages at once', async () => {
        const allocator = fresh();
        const { api } = allocator;
        const before = process.memoryUsage.rss();
        await inFrameOfItsOwn(() => api.alloc(-1, {}));
        assert.ok(process.memoryUsage.rss() - before < GIB / 4);
        await collectTo(api, 0);
        api.trim();
        assert.equal(api.total(), PAGE);
        assertSound(allocator);
    });
});
