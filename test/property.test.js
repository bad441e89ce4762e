'use strict';

// Calls the whole surface in random sequences, against helpers/model.js. After each step compares all visible state.
//
// A failure prints the seed and the path of its smallest example: SEED=… FC_PATH=… repeats it. RUNS=… makes it longer.

const assert = require('node:assert/strict');
const fc = require('fast-check');
const { assertSound, assertThrows, fresh } = require('./helpers/allocator.js');
const { collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { figuresOf, Model, PAGE } = require('./helpers/model.js');
const { SEED } = require('./helpers/random.js');

const RUNS = Number(process.env.RUNS ?? 60);
const MAXIMUM = 24; // pages: so few that they run out

/**
 * An allocator and its model. The model learns of the allocator's own changes (growth, migration) where they are first
 * visible, in handlers and a respawn that run before all others, and checks there that each was needed, and had the
 * right size.
 */
class Session {
    allocator = fresh(1, MAXIMUM);
    api = this.allocator.api;
    memory = this.api.memory;
    model = new Model(1, MAXIMUM);

    /** All changes of the memory, { type, oldSize, newSize }, and how many of them the first handler has seen. */
    changes = [];
    heard = 0;
    /** Whether the memory was grown without the allocator, and no call has followed. */
    foreign = false;
    /** The requested sizes of calls in progress, nested ones last. */
    requests = [];
    /** Errors of handlers and respawns since the outermost call began. */
    thrown = [];
    /** The calls of handlers, as sortable triples. */
    calls = [];
    handlers = [];
    respawns = 0;
    dropped = new Set();
    count = 0;

    constructor() {
        this.api.on('grow', this, ({ info }) => this.hear('grow', info));
        this.api.on('trim', this, ({ info }) => this.hear('trim', info));
        this.api.on('resize', this, ({ info }) => info.oldSize === info.newSize && this.hear('resize', info));
        this.api.bind(
            () => {},
            () => this.noticeTrim(),
        );
    }

    // Changes of the memory.

    hear(type, { oldSize, newSize }) {
        if (this.heard === this.changes.length) this.noticeGrowth(newSize);
        assert.deepEqual({ type, oldSize, newSize }, this.changes[this.heard++]);
    }

    noticeGrowth(newSize) {
        const oldSize = this.model.total;
        if (this.foreign) {
            this.foreign = false;
            assert.equal(newSize, this.memory.buffer.byteLength);
        } else {
            const size = this.requests[this.requests.length - 1];
            assert.equal(this.model.fit(size), undefined, 'the memory grew though there was room');
            assert.equal(newSize, this.model.grown(size));
        }
        this.model.total = newSize;
        // A buffer that was replaced at the same size is no growth.
        this.changes.push({ type: oldSize === newSize ? 'resize' : 'grow', oldSize, newSize });
    }

    noticeTrim() {
        const { total: oldSize, trimmed: newSize } = this.model;
        assert.ok(newSize < oldSize, 'the memory migrated though no page could go');
        assert.notEqual(this.api.memory, this.memory);
        assert.equal(this.api.total(), newSize);
        this.memory = this.api.memory;
        this.model.total = newSize;
        this.changes.push({ type: 'trim', oldSize, newSize });
        this.verifyContents();
        for (const { start, size } of this.model.gaps) {
            assert.ok(isZero(Buffer.from(this.api.buffer, start, size)), 'bytes of a hole were copied');
        }
    }

    // Calls.

    /** Makes a call, and compares its error with those of handlers and respawns. Returns true if there is none. */
    outermost(call) {
        this.thrown = [];
        let errors = [];
        try {
            call();
        } catch (error) {
            errors = error instanceof AggregateError ? error.errors : [error];
            if (this.thrown.length === 0) throw error;
            assert.equal(error.code === 'ERR_LEWD_HANDLERS', this.thrown.length > 1);
        }
        assert.equal(errors.length, this.thrown.length);
        assert.ok(this.thrown.every((error, i) => error === errors[i]));
        return errors.length === 0;
    }

    /** Allocates, or gets scratch if there is no token, in the outermost call or in a handler's. */
    allocate(size, token) {
        this.requests.push(size);
        let address;
        try {
            address = this.api.alloc(size, token);
        } catch (error) {
            if (error.code !== 'ERR_LEWD_OUT_OF_MEMORY') throw error;
            assert.match(error.message, new RegExp(`\\b${size >>> 0} bytes requested`));
            assert.equal(this.model.fit(size), undefined, 'out of memory though there was room');
            assert.equal(this.model.grown(size), undefined, 'out of memory though the memory could grow');
            return;
        } finally {
            // In a respawn no handler has reported a growth yet.
            if (this.api.total() !== this.model.total) this.noticeGrowth(this.api.total());
            this.requests.pop();
        }
        assert.equal(address, address | 0);
        assert.equal(address >>> 0, this.model.fit(size));
        if (token !== undefined) this.own(this.model.alloc(size), token);
    }

    own(span, token) {
        span.token = token;
        span.fill = (++this.count % 255) + 1;
        new Uint8Array(this.api.buffer, span.start, span.size).fill(span.fill);
    }

    /** Acts as a handler or a respawn, so often at most. */
    behave({ what, size }, state) {
        if (what === 'throw') {
            const error = new Error(`planted ${this.thrown.length}`);
            this.thrown.push(error);
            throw error;
        }
        if (what === 'trim') assertThrows(() => this.api.trim(), Error, 'ERR_LEWD_BUSY');
        if (state.left-- <= 0) return;
        if (what === 'alloc') this.allocate(size, {});
        if (what === 'scratch') this.allocate(size);
    }

    handler(type, behaviour) {
        const handler = { type, seen: [], left: 3, number: this.handlers.length, token: {} };
        handler.fn = (event) => {
            const { info } = event;
            assert.equal(event.type, type);
            assert.ok(Object.isFrozen(info));
            assert.equal(info.memory, this.api.memory);
            assert.equal(info.buffer, this.api.buffer);
            assert.equal(info.buffer, info.memory.buffer);
            handler.seen.push({ oldSize: info.oldSize, newSize: info.newSize });
            this.calls.push([handler.from + this.indexOf(handler), type === 'resize' ? 1 : 0, handler.number]);
            this.verifyContents();
            this.behave(behaviour, handler);
        };
        return handler;
    }

    /** The last change that it has seen, from the handler's first on. */
    indexOf({ type, from, seen }) {
        let [index, left] = [-1, seen.length];
        while (left > 0) {
            const change = this.changes[from + ++index];
            if (type === 'resize' || change.type === type) left--;
        }
        return index;
    }

    // Steps.

    alloc({ size }) {
        this.outermost(() => this.allocate(size, {}));
    }

    scratch({ size }) {
        this.outermost(() => this.allocate(size));
    }

    drop({ pick }) {
        const { spans } = this.model;
        if (spans.length > 0) this.dropped.add(spans[pick % spans.length]);
    }

    async collect() {
        // A turn begins with a check of the memory: no other call has come since the memory grew.
        this.outermost(() => this.api.used());
        await inFrameOfItsOwn(() => {
            for (const span of this.dropped) this.model.free(span);
            this.dropped.clear();
        });
        await collectTo(this.api, this.model.used);
    }

    grow({ pages }) {
        try {
            this.memory.grow(pages);
            this.foreign = true;
        } catch (error) {
            assert.ok(error instanceof RangeError);
        }
    }

    trim() {
        const { length } = this.changes;
        const fine = this.outermost(() => this.api.trim());
        // the memory was checked before
        if (!fine && this.changes.slice(length).every(({ type }) => type !== 'trim')) return;
        if (this.changes.slice(length).some(({ type }) => type === 'trim')) return;
        assert.equal(this.model.trimmed, this.model.total, 'a page could have gone');
    }

    on({ type, behaviour }) {
        const handler = this.handler(type, behaviour);
        if (!this.outermost(() => this.api.on(type, handler.token, handler.fn))) return;
        handler.from = this.changes.length;
        this.handlers.push(handler);
        this.api.on(type, handler.token, handler.fn);
    }

    off({ pick, named }) {
        const on = this.handlers.filter(({ until }) => until === undefined);
        if (on.length === 0) return;
        const handler = on[pick % on.length];
        const args = named ? [handler.fn] : [];
        if (this.outermost(() => this.api.off(handler.type, handler.token, ...args))) {
            handler.until = this.changes.length;
        }
    }

    bind({ behaviour }) {
        if (this.respawns++ > 3) return;
        const state = { left: 3 };
        // The memory is checked first: it may have grown, and handlers may throw.
        this.outermost(() =>
            this.api.bind(
                () => {},
                () => this.behave(behaviour, state),
            ),
        );
    }

    wrong({ pick }) {
        const { api } = this;
        const [call, code] = [
            [() => api.alloc(0), 'OUT_OF_RANGE'],
            [() => api.alloc(0.5, {}), 'OUT_OF_RANGE'],
            [() => api.alloc('16'), 'INVALID_ARG_TYPE'],
            [() => api.alloc(16, null), 'INVALID_ARG_TYPE'],
            [() => api.alloc(16, Symbol.for('token')), 'INVALID_ARG_VALUE'],
            [() => api.on('resized', {}, () => {}), 'INVALID_ARG_VALUE'],
            [() => api.on('resize', {}, {}), 'INVALID_ARG_TYPE'],
            [() => api.off('resize', 1), 'INVALID_ARG_TYPE'],
            [() => api.configure({ maximum: 1 }), 'IN_USE'],
        ][pick % 9];
        this.outermost(() => {
            api.used(); // the memory may have grown, and handlers may throw
            assert.throws(call, { code: `ERR_LEWD_${code}` });
        });
    }

    // Checks.

    verifyContents() {
        const bytes = Buffer.from(this.api.buffer);
        for (const { start, size, fill } of this.model.spans) {
            if (fill === undefined) continue; // being made
            // The first byte is right, and each other one equals the one before.
            const end = start + size;
            assert.equal(bytes[start], fill, `contents at ${start}`);
            assert.equal(bytes.compare(bytes, start, end - 1, start + 1, end), 0, `contents at ${start}`);
        }
    }

    verify() {
        const { api, memory, model } = this;
        assertSound(this.allocator);
        assert.deepEqual(figuresOf(api), model.figures);
        assert.equal(api.memory, memory);
        assert.equal(api.buffer, memory.buffer);
        this.verifyContents();
        assert.equal(this.heard, this.changes.length);
        for (const { type, from, until, seen } of this.handlers) {
            const due = this.changes.slice(from, until).filter((change) => type === 'resize' || type === change.type);
            assert.deepEqual(
                seen,
                due.map(({ oldSize, newSize }) => ({ oldSize, newSize })),
            );
        }
        const compare = (one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
        const sorted = [...this.calls].sort(compare);
        assert.deepEqual(this.calls, sorted, 'handlers were called out of order');
    }
}

const isZero = (bytes) => bytes.length === 0 || (bytes[0] === 0 && bytes.compare(bytes, 0, bytes.length - 1, 1) === 0);

const sizes = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 1, max: 200 }) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 20_000 }) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 4 * PAGE }) },
    { weight: 1, arbitrary: fc.constantFrom(PAGE, PAGE - 16, PAGE + 16, 2 * PAGE, MAXIMUM * PAGE) },
    { weight: 1, arbitrary: fc.constantFrom(-1, -(2 ** 31), 2 ** 31, 2 ** 32 - 1, MAXIMUM * PAGE + 1) },
);
const pick = fc.nat(1000);
const behaviour = fc.record({
    what: fc.constantFrom('nothing', 'nothing', 'throw', 'alloc', 'alloc', 'scratch', 'trim'),
    size: sizes,
});
const type = fc.constantFrom('resize', 'grow', 'trim');
const step = fc.oneof(
    { weight: 10, arbitrary: fc.record({ op: fc.constant('alloc'), size: sizes }) },
    { weight: 4, arbitrary: fc.record({ op: fc.constant('scratch'), size: sizes }) },
    { weight: 6, arbitrary: fc.record({ op: fc.constant('drop'), pick }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('collect') }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('grow'), pages: fc.integer({ min: 0, max: 3 }) }) },
    { weight: 3, arbitrary: fc.record({ op: fc.constant('trim') }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('on'), type, behaviour }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('off'), pick, named: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('bind'), behaviour }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('wrong'), pick }) },
);

describe(`random sequences of the whole surface (SEED=${SEED})`, () => {
    it('match the model, with a sound heap and unchanged contents after every step', async () => {
        await fc.assert(
            fc.asyncProperty(fc.array(step, { maxLength: 100, size: 'max' }), async (steps) => {
                const session = new Session();
                for (const { op, ...args } of steps) {
                    await session[op](args);
                    if (!session.foreign) session.verify();
                }
                session.outermost(() => session.api.used());
                session.verify();
                session.model.spans.forEach((span) => session.dropped.add(span));
                await session.collect();
                assert.equal(session.api.used(), 0);
                session.verify();
            }),
            { seed: SEED, path: process.env.FC_PATH, numRuns: RUNS, interruptAfterTimeLimit: 40_000 },
        );
    });
});
