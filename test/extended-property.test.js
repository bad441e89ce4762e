'use strict';

// Calls malloc, realloc, aligned_alloc, free, weaken, strengthen, reserve, alloc, trim and grow in random sequences,
// over one allocator with a base and a limit, against a model. After each step compares all visible state, and the
// contents.
//
// A failure prints the seed and the path of its smallest example: SEED=… FC_PATH=… repeats it. RUNS=… makes it longer.

const assert = require('node:assert/strict');
const fc = require('fast-check');
const { assertSound, assertThrows } = require('./helpers/allocator.js');
const { collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { allFigures, extended } = require('./helpers/extended.js');
const { BLOCK, PAGE } = require('./helpers/model.js');
const { SEED } = require('./helpers/random.js');

const RUNS = Number(process.env.RUNS ?? 60);

const up = (at, alignment) => Math.ceil(at / alignment) * alignment;
const round = (size) => Math.max(BLOCK, up(size >>> 0, BLOCK));

/** The model, written as simply as possible: spans by start, used and reserved ones, and the gaps between. */
class SpanModel {
    spans = [];

    constructor({ base, limit, pages, maximum }) {
        Object.assign(this, { base, limit, least: pages, pages, maximum });
    }

    get end() {
        return Math.max(this.base, Math.min(this.limit, this.pages * PAGE));
    }

    get gaps() {
        const gaps = [];
        let from = this.base;
        for (const { start, size } of [...this.spans, { start: this.end, size: 0 }]) {
            if (start > from) gaps.push({ start: from, size: start - from });
            from = start + size;
        }
        return gaps;
    }

    /** Returns the smallest of all gaps that hold the size at such an address; among equals the lowest. */
    fit(size, alignment = 1) {
        let best;
        for (const gap of this.gaps) {
            const fits = up(gap.start, alignment) + size <= gap.start + gap.size;
            if (fits && !(best?.size <= gap.size)) best = gap;
        }
        return best && up(best.start, alignment);
    }

    /**
     * Returns the address of a request, growing the memory if needed. Reserves the first block before a strong pointer
     * would be null.
     */
    place(size, alignment, strong) {
        for (;;) {
            const start = this.fit(size, alignment);
            if (strong && start === 0) {
                const first = this.add({ start: 0, size: BLOCK, reserved: true });
                const other = this.fit(size, alignment);
                if (other !== undefined) return other;
                this.remove(first);
            } else if (start !== undefined) return start;
            if (!this.grow(size, alignment)) return undefined;
        }
    }

    /**
     * Grows by the missing bytes, or by an eighth if that is more and possible, at least one page; not beyond the
     * limit.
     */
    grow(size, alignment = 1) {
        const tail = this.gaps.find((gap) => gap.start + gap.size === this.end);
        const end = up(tail?.start ?? this.end, Math.max(alignment, BLOCK)) + size;
        const useful = Math.ceil(this.limit / PAGE);
        const missing = Math.max(1, Math.ceil(end / PAGE) - this.pages);
        const generous = Math.max(missing, Math.min(Math.floor(this.pages / 8), useful - this.pages));
        if (end > this.limit) return false;
        const more = [generous, missing].find((pages) => this.pages + pages <= Math.min(useful, this.maximum));
        this.pages += more ?? 0;
        return more !== undefined;
    }

    add(span) {
        this.spans.push(span);
        this.spans.sort((one, other) => one.start - other.start);
        return span;
    }

    remove(span) {
        this.spans.splice(this.spans.indexOf(span), 1);
    }

    /** Returns the free bytes to the right of a span. */
    room({ start, size }) {
        return this.gaps.find((gap) => gap.start === start + size)?.size ?? 0;
    }

    trim() {
        const last = this.spans[this.spans.length - 1];
        const needed = Math.max(1, this.least, Math.ceil((last ? last.start + last.size : this.base) / PAGE));
        if (needed < this.pages && this.pages * PAGE <= this.limit) this.pages = needed;
    }

    get figures() {
        const { base, end, spans, gaps } = this;
        const sum = (list) => list.reduce((total, { size }) => total + size, 0);
        const last = spans[spans.length - 1];
        return {
            total: end - base,
            used: sum(spans.filter(({ reserved }) => !reserved)),
            reserved: sum(spans.filter(({ reserved }) => reserved)),
            free: sum(gaps),
            usedRun: last === undefined ? 0 : last.start + last.size - spans[0].start,
            headFree: last === undefined ? end - base : spans[0].start - base,
            tailFree: last === undefined ? end - base : end - last.start - last.size,
            largestFree: Math.max(0, ...gaps.map(({ size }) => size)) / BLOCK,
        };
    }
}

class Session {
    dropped = new Set();
    count = 0;

    constructor({ base, limit, pages, maximum }) {
        this.model = new SpanModel({ base: up(base, BLOCK), limit: limit - (limit % BLOCK), pages, maximum });
        this.allocator = extended({ initial: pages, maximum, base, limit });
        this.api = this.allocator.api;
        // The bytes below the base belong to no span.
        Buffer.from(this.api.buffer).fill(0xba, 0, Math.min(base, pages * PAGE));
        this.below = Math.min(base, pages * PAGE);
    }

    /** Notes an allocation at the model's address, or its failure. */
    own(pointer, start, size, token) {
        assert.equal(pointer, start ?? 0);
        if (start === undefined) return;
        assert.equal(pointer === 0 && token === undefined, false, 'a null pointer');
        this.fill(this.model.add({ start, size, token }));
    }

    fill(span) {
        span.mark = (++this.count % 251) + 1;
        Buffer.from(this.api.buffer, span.start, span.size).fill(span.mark);
    }

    /** Returns one of the spans that have an owner that is still held. */
    pick(pick, named = ({ start }) => start !== 0) {
        const spans = this.model.spans.filter((span) => !span.reserved && !this.dropped.has(span) && named(span));
        return spans[pick % (spans.length || 1)];
    }

    malloc({ size }) {
        const start = this.model.place(round(size), 1, true);
        this.own(this.api.c.malloc(size), start, round(size));
    }

    calloc({ size, pick }) {
        const count = 1 + (pick % 5);
        const rounded = up(count * size, BLOCK);
        const start = rounded < 2 ** 32 ? this.model.place(rounded, 1, true) : undefined;
        const pointer = this.api.c.calloc(count, size);
        if (start !== undefined) assert.ok(isAll(Buffer.from(this.api.buffer, start, count * size), 0));
        this.own(pointer, start, rounded);
    }

    aligned_alloc({ size, alignment }) {
        const start = this.model.place(round(size), alignment, true);
        this.own(this.api.c.aligned_alloc(alignment, size), start, round(size));
    }

    alloc({ size, alignment, scratch }) {
        const token = scratch ? undefined : {};
        const start = this.model.place(round(size), alignment ?? 1, false);
        const take = () => this.api.alloc(size, token, alignment);
        if (start === undefined) assertThrows(take, RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
        else if (scratch) assert.equal(take(), start);
        else this.own(take(), start, round(size), token);
    }

    realloc({ pick, size }) {
        const { api, model } = this;
        const span = this.pick(pick);
        if (span === undefined) return;
        const [wanted, kept] = [round(size), Math.min(round(size), span.size)];
        const inPlace = wanted <= span.size + model.room(span);
        const start = inPlace ? span.start : model.place(wanted, 1, true);
        const pointer = api.c.realloc(span.start, size);
        assert.equal(pointer, start ?? 0);
        if (start === undefined) return;
        assert.ok(isAll(Buffer.from(api.buffer, start, kept), span.mark), 'contents lost in realloc');
        model.remove(span);
        this.fill(model.add({ start, size: wanted, token: span.token }));
    }

    free({ pick }) {
        const span = this.pick(pick);
        if (span === undefined) return;
        this.api.c.free(span.start);
        this.model.remove(span);
        assertThrows(() => this.api.c.free(span.start), RangeError, 'ERR_LEWD_INVALID_POINTER');
    }

    weaken({ pick }) {
        const span = this.pick(pick, () => true);
        if (span === undefined) return;
        span.token = {};
        this.api.weaken(span.start, span.token);
    }

    strengthen({ pick }) {
        const span = this.pick(pick);
        if (span === undefined) return;
        this.api.strengthen(span.start);
        span.token = undefined;
    }

    drop({ pick }) {
        const span = this.pick(pick, ({ token }) => token !== undefined);
        if (span !== undefined) this.dropped.add(span);
    }

    async collect() {
        await inFrameOfItsOwn(() => {
            for (const span of this.dropped) this.model.remove(span);
            this.dropped.clear();
        });
        await collectTo(this.api, this.model.figures.used);
    }

    reserve({ at, size }) {
        const { model } = this;
        const start = at - (at % BLOCK);
        const end = up(at + size, BLOCK);
        const call = () => this.api.reserve(at, size);
        const isFree = model.gaps.some((gap) => gap.start <= start && end <= gap.start + gap.size);
        if (start < model.base || end > model.end) assertThrows(call, RangeError, 'ERR_LEWD_OUT_OF_RANGE');
        else if (!isFree) assertThrows(call, Error, 'ERR_LEWD_NOT_FREE');
        else {
            call();
            this.fill(model.add({ start, size: end - start, reserved: true }));
        }
    }

    grow({ pages }) {
        const { model } = this;
        const call = () => this.api.grow(pages);
        if (model.pages + pages > model.maximum) return assertThrows(call, RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
        assert.equal(call(), model.pages);
        model.pages += pages;
    }

    behind({ pages }) {
        if (this.model.pages + pages > this.model.maximum) return;
        this.api.memory.grow(pages);
        this.model.pages += pages;
    }

    trim() {
        const { memory } = this.api;
        const { pages } = this.model;
        this.api.trim();
        this.model.trim();
        assert.equal(this.api.memory === memory, this.model.pages === pages);
    }

    wrong({ pick, at }) {
        const { c, strengthen, weaken } = this.api;
        const is = (span) => span.start === at && !span.reserved;
        if (at === 0 || this.model.spans.some(is)) return;
        const call = [() => c.free(at), () => c.realloc(at, 1), () => strengthen(at), () => weaken(at, c)][pick % 4];
        assertThrows(call, RangeError, 'ERR_LEWD_INVALID_POINTER');
    }

    verify() {
        const { api, model } = this;
        assertSound(this.allocator);
        assert.deepEqual(allFigures(api), model.figures);
        assert.equal(api.buffer.byteLength, model.pages * PAGE);
        assert.ok(isAll(Buffer.from(api.buffer, 0, this.below), 0xba), 'contents below the base');
        for (const { start, size, mark } of model.spans) {
            if (mark !== undefined)
                assert.ok(isAll(Buffer.from(api.buffer, start, size), mark), `contents at ${start}`);
        }
    }
}

/** Returns whether all bytes have that value: compares the first with it, and each other one with the one before. */
const isAll = (bytes, byte) =>
    bytes.length === 0 || (bytes[0] === byte && bytes.compare(bytes, 0, bytes.length - 1, 1, bytes.length) === 0);

const op = (name, weight, shape = {}) => ({ weight, arbitrary: fc.record({ op: fc.constant(name), ...shape }) });
const size = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 300 }) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 20_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 * PAGE }) },
    { weight: 1, arbitrary: fc.constantFrom(PAGE, PAGE - 16, PAGE + 16, 2 ** 31, 2 ** 32 - 1) },
);
const pick = fc.nat(1000);
const alignment = fc.integer({ min: 0, max: 16 }).map((power) => 2 ** power);
const pages = fc.integer({ min: 0, max: 3 });
const at = fc.oneof(fc.nat(5000), fc.nat(9 * PAGE));
const step = fc.oneof(
    op('malloc', 8, { size: fc.oneof({ weight: 9, arbitrary: size }, { weight: 1, arbitrary: fc.constant(0) }) }),
    op('calloc', 3, { size, pick }),
    op('aligned_alloc', 3, { size, alignment }),
    op('alloc', 6, { size, alignment: fc.option(alignment, { nil: undefined }), scratch: fc.boolean() }),
    op('realloc', 8, { size, pick }),
    op('free', 6, { pick }),
    op('weaken', 3, { pick }),
    op('strengthen', 3, { pick }),
    op('drop', 3, { pick }),
    op('collect', 1),
    op('reserve', 2, { at, size: fc.integer({ min: 1, max: 3000 }) }),
    op('grow', 1, { pages }),
    op('behind', 1, { pages }),
    op('trim', 3),
    op('wrong', 2, { pick, at }),
);
const settings = fc
    .record({
        base: fc.oneof(fc.constant(0), fc.nat(2000), fc.nat(3 * PAGE)),
        span: fc.oneof(fc.integer({ min: 32, max: 9 * PAGE }), fc.constant(2 ** 31)),
        pages: fc.integer({ min: 1, max: 3 }),
        maximum: fc.integer({ min: 3, max: 12 }),
        whole: fc.boolean(),
    })
    .map(({ base, span, whole, ...rest }) => ({ base, limit: whole ? up(base + span, PAGE) : base + span, ...rest }));

describe(`random sequences of C’s functions and related ones (SEED=${SEED})`, () => {
    it('match the model, with a sound heap and unchanged contents after every step', async () => {
        await fc.assert(
            fc.asyncProperty(settings, fc.array(step, { maxLength: 60, size: 'max' }), async (options, steps) => {
                const session = new Session(options);
                for (const { op: name, ...args } of steps) {
                    await session[name](args);
                    session.verify();
                }
                session.model.spans.forEach((span) => {
                    if (span.token !== undefined) session.dropped.add(span);
                });
                await session.collect();
                session.verify();
            }),
            { seed: SEED, path: process.env.FC_PATH, numRuns: RUNS, interruptAfterTimeLimit: 40_000 },
        );
    });
});
