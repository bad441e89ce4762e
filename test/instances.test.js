'use strict';

// Uses many allocators in a process: side by side in one memory, over memories of their own, made and dropped.

const assert = require('node:assert/strict');
const { Allocator } = require('@anireact/lewd');
const { assertSound } = require('./helpers/allocator.js');
const { runFor } = require('./helpers/child.js');
const { collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { allFigures, extended } = require('./helpers/extended.js');
const { PAGE } = require('./helpers/model.js');
const { random, SEED } = require('./helpers/random.js');
const sanitized = require('./helpers/sanitized.js');

/** One of many allocators, and its allocations, whose bytes all hold its mark. */
class Tenant {
    held = [];

    constructor(number, options) {
        this.mark = number + 1;
        this.allocator = extended(options);
        this.api = this.allocator.api;
    }

    bytes({ pointer, size }) {
        return Buffer.from(this.api.buffer, pointer >>> 0, size);
    }

    /** Checks that every byte has its mark. */
    verify() {
        for (const held of this.held) {
            const bytes = this.bytes(held);
            assert.equal(bytes[0], this.mark);
            assert.equal(bytes.compare(bytes, 0, held.size - 1, 1, held.size), 0, `contents at ${held.pointer}`);
        }
        assertSound(this.allocator);
        const strong = this.held.reduce((sum, { size }) => sum + Math.ceil(size / 16) * 16, 0);
        assert.ok(allFigures(this.api).used >= strong);
    }

    take(next) {
        const { c, alloc } = this.api;
        const size = 1 + next(next(8) ? 300 : 20_000);
        const token = next(2) ? {} : undefined;
        let pointer;
        try {
            pointer = token === undefined ? c.malloc(size) : alloc(size, token, 2 ** next(8));
        } catch (error) {
            assert.equal(error.code, 'ERR_LEWD_OUT_OF_MEMORY');
            return;
        }
        if (pointer === 0 && token === undefined) return;
        const held = { pointer, size, token };
        this.bytes(held).fill(this.mark);
        this.held.push(held);
    }

    /** Frees by hand, or by dropping the token. */
    drop(next) {
        const [held] = this.held.splice(next(this.held.length), 1);
        if (held !== undefined && (held.token === undefined || (held.pointer !== 0 && next(2))))
            this.api.c.free(held.pointer);
    }

    resize(next) {
        const held = this.held[next(this.held.length || 1)];
        if (held === undefined || held.pointer === 0) return;
        const size = 1 + next(3000);
        const pointer = this.api.c.realloc(held.pointer, size);
        if (pointer === 0) return;
        Object.assign(held, { pointer, size: Math.min(size, held.size) });
        this.verifyOne(held);
        held.size = size;
        this.bytes(held).fill(this.mark);
    }

    verifyOne(held) {
        const bytes = this.bytes(held);
        assert.equal(bytes.compare(Buffer.alloc(held.size, this.mark)), 0);
    }

    step(next) {
        const what = next(10);
        if (what < 4 || this.held.length < 10) this.take(next);
        else if (what < 9) this.drop(next);
        else this.resize(next);
    }
}

async function traffic(tenants, steps, next) {
    for (let round = 0; round < 10; round++) {
        await inFrameOfItsOwn(() => {
            for (let i = 0; i < steps / 10; i++) tenants[next(tenants.length)].step(next);
        });
        tenants.forEach((tenant) => tenant.verify());
    }
    await inFrameOfItsOwn(() => {
        for (const { api, held } of tenants) {
            for (const { pointer, token } of held.splice(0)) if (token === undefined) api.c.free(pointer);
        }
    });
    for (const { api, allocator } of tenants) {
        await collectTo(api, 0);
        assertSound(allocator);
    }
}

describe(`many allocators (SEED=${SEED})`, () => {
    it('work over 10 working spans of one memory, under random traffic', async () => {
        const next = random(SEED);
        const memory = new WebAssembly.Memory({ initial: 1, maximum: 40 });
        const tenants = Array.from({ length: 10 }, (_, i) => {
            // The bounds are multiples neither of a page nor of a block; the last allocator has no limit.
            const base = i * 2.5 * PAGE + 5;
            return new Tenant(i, { memory, base, maximum: 40, ...(i < 9 && { limit: base + 2.5 * PAGE - 3 }) });
        });
        await traffic(tenants, 8000, next);
        const { api } = tenants[9];
        assert.throws(() => api.trim(), { code: 'ERR_LEWD_FIXED_MEMORY' });
        tenants.slice(0, 9).forEach(({ allocator }) => allocator.arena.dispose());
        api.trim();
        assert.equal(api.buffer.byteLength, 23 * PAGE);
    });

    it('work over 100 memories, under random traffic, with occasional trims', async () => {
        const next = random(SEED + 1);
        const tenants = Array.from({ length: 100 }, (_, i) => {
            const tenant = new Tenant(i, { base: next(3000), maximum: 4 });
            const step = tenant.step.bind(tenant);
            tenant.step = (draw) => (draw(100) === 0 ? tenant.api.trim() : step(draw));
            return tenant;
        });
        await traffic(tenants, 20_000, next);
    });

    it('may share tokens, and be held by one token', async () => {
        const owners = Array.from({ length: 20 }, () => new Allocator());
        await inFrameOfItsOwn(() => {
            const token = {};
            for (const own of owners) own.weaken(own.c.malloc(100), token);
            for (const own of owners) own.alloc(16, owners);
        });
        for (const own of owners) await collectTo(own, 16);
        owners.forEach((own) => own.dispose());
        assert.throws(() => owners[0].used(), { code: 'ERR_LEWD_DISPOSED' });
    });

    for (const how of ['dropped', 'disposed']) {
        it(`keep the memory of the process on a plateau when 10,000 are made and ${how}`, async () => {
            const { code, stdout, stderr } = await runFor(50_000, 'test/fixtures/ten-thousand.cjs', how);
            assert.equal(code, 0, stderr);
            const megabytes = JSON.parse(stdout);
            console.log(`      after every thousand: ${megabytes.join(', ')} MB`);
            assert.equal(megabytes.length, 11);
            // An allocator with its allocations takes 16 kB: 5,000 of them would be 80 MB.
            assert.ok(sanitized || megabytes[10] - megabytes[5] < 30, 'the second half grew');
        });
    }
});
