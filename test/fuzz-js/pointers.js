'use strict';

// Pointers: alloc(), C's functions, weaken(), strengthen().

const { fail, same } = require('./failure.js');
const picks = require('./picks.js');
const { BLOCK, round } = require('./spans.js');

/** Allocates into a slot; `request`: { size, alignment, isStrong, record }, with the requested size. */
const take = (subject, draw, { size, alignment, isStrong, record }, what, fn) => {
    const slot = picks.emptySlot(subject, draw);
    if (slot === undefined) return undefined;
    subject.slots[slot] = picks.BUSY;
    if (record !== undefined) record.uses++;
    const { span } = subject.obtain({ size: round(size), alignment, isStrong }, what, fn);
    if (record !== undefined) record.uses--;
    subject.slots[slot] = undefined;
    if (span !== undefined) picks.hold(subject, slot, span, record);
    return span;
};

/** The same for a pointer of C; fills the bytes. */
const takeStrong = (subject, draw, size, alignment, what, fn) => {
    const record = subject.owner;
    const span = take(subject, draw, { size, alignment, isStrong: true, record }, what, fn);
    if (span !== undefined) subject.fill(span);
    return span;
};

const alloc = {
    weight: 60,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const size = draw.size();
        const alignment = draw.isOneIn(4) ? draw.alignment() : 1;
        if (subject === undefined) return;
        const record = world.token(subject, draw);
        world.note('alloc', subject.name, size, alignment);
        const given = picks.amount(draw, size);
        const call = () => subject.api.alloc(given, record.value, alignment === 1 ? undefined : alignment);
        const span = take(subject, draw, { size, alignment, isStrong: false, record }, `alloc(${size})`, call);
        if (span !== undefined) subject.fill(span);
    },
};

/**
 * Gets a scratch: it reserves nothing, but its bytes belong to the caller until the next allocation, so it overwrites
 * them.
 */
const scratch = {
    weight: 25,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const size = draw.size();
        const alignment = draw.isOneIn(4) ? draw.alignment() : 1;
        if (subject === undefined) return;
        world.note('scratch', subject.name, size, alignment);
        const request = { size: round(size), alignment, isStrong: false };
        const what = `scratch(${size})`;
        const { span } = subject.obtain(request, what, () => subject.api.alloc(size, undefined, alignment), true);
        if (span === undefined) return;
        Buffer.from(subject.memory.buffer, span.start, span.size).fill(0xee);
    },
};

const malloc = {
    weight: 50,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const size = draw.isOneIn(30) ? 0 : draw.size();
        if (subject === undefined) return;
        world.note('malloc', subject.name, size);
        const given = picks.amount(draw, size);
        takeStrong(subject, draw, size, 1, `malloc(${size})`, () => subject.api.c.malloc(given));
    },
};

const calloc = {
    weight: 20,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const [count, size] = [draw.below(6), draw.size()];
        if (subject === undefined || count * size >= 2 ** 32) return;
        world.note('calloc', subject.name, count, size);
        const given = picks.amount(draw, size);
        const call = () => subject.api.c.calloc(count, given);
        let isZero = true;
        const span = takeStrong(subject, draw, count * size, 1, `calloc(${count * size})`, () => {
            const pointer = call();
            if (pointer !== 0) isZero = isClear(subject, pointer >>> 0, count * size);
            return pointer;
        });
        if (span !== undefined && !isZero) fail(`${subject.name}, calloc(${count}, ${size}) is not clear`);
    },
};

const isClear = (subject, start, size) => {
    const bytes = Buffer.from(subject.api.memory.buffer, start, size);
    return size === 0 || (bytes[0] === 0 && bytes.compare(bytes, 0, size - 1, 1, size) === 0);
};

const alignedAlloc = {
    weight: 20,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const [size, alignment] = [draw.size(), draw.alignment()];
        if (subject === undefined) return;
        world.note('aligned_alloc', subject.name, alignment, size);
        const call = () => subject.api.c.aligned_alloc(alignment, size);
        takeStrong(subject, draw, size, alignment, `aligned_alloc(${alignment}, ${size})`, call);
    },
};

/** Returns the expected address of an allocation after realloc(). */
const foretell = (subject, span, size) => {
    const { pages, spans } = subject;
    const isInPlace = size <= span.size + spans.room(pages, span);
    return isInPlace ? { start: span.start, pages } : spans.place(pages, subject.declared, size, 1, true);
};

/** Notes that an allocation is at `start` now. */
const move = (subject, span, start, size) => {
    const { mark, record, slot } = span;
    subject.checkFilled({ start, size: Math.min(size, span.size), mark });
    span.slot = undefined;
    if (start === span.start) subject.forget(span);
    const moved = subject.claim(start, size, BLOCK, 'realloc()');
    if (!span.isGone) subject.forget(span);
    picks.hold(subject, slot, moved, record);
    subject.fill(moved);
};

const reallocate = (subject, span, size, pointer) => {
    const wanted = round(size);
    const isKnown = subject.isKnown;
    const foretold = foretell(subject, span, wanted);
    const pages = foretold?.pages ?? subject.pages;
    const { evictions } = subject;
    span.isBusy = true;
    if (span.record !== undefined) span.record.uses++;
    const outcome = subject.call(() => subject.api.c.realloc(pointer, size), { isQuiet: true });
    span.isBusy = false;
    if (span.record !== undefined) span.record.uses--;
    if (!subject.succeeds(outcome, `realloc(${size})`)) return;
    const start = outcome.value === 0 ? undefined : outcome.value >>> 0;
    if (start === undefined) subject.checkFilled(span);
    else move(subject, span, start, wanted);
    if (!isKnown || !subject.measure() || outcome.isDisturbed || subject.evictions > evictions) return;
    same(start, foretold?.start, `${subject.name}, the address of realloc()`);
    same(subject.pages, pages, `${subject.name}, pages after realloc()`);
};

const realloc = {
    weight: 40,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const size = draw.isOneIn(30) ? 0 : draw.size();
        if (subject === undefined) return;
        const span = picks.span(subject, draw, ({ start }) => start !== 0);
        if (span === undefined) return;
        world.note('realloc', subject.name, span.start, size);
        reallocate(subject, span, size, picks.address(draw, span.start));
    },
};

const free = {
    weight: 40,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        if (subject === undefined) return;
        const span = picks.span(subject, draw);
        if (span === undefined) return;
        world.note('free', subject.name, span.start);
        const { c } = subject.api;
        const pointer = picks.address(draw, span.start);
        const options = { isQuiet: true, looks: false };
        subject.checkFilled(span);
        const size = subject.call(() => c.malloc_usable_size(pointer), options);
        same(size.value, span.start === 0 ? 0 : span.size, `${subject.name}, malloc_usable_size()`);
        if (
            !subject.succeeds(
                subject.call(() => c.free(pointer), options),
                'free()',
            ) ||
            span.start === 0
        )
            return;
        subject.forget(span);
        subject.refuses(
            subject.call(() => c.free(pointer), options),
            'free() once more',
            'INVALID_POINTER',
        );
    },
};

const weaken = {
    weight: 15,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        if (subject === undefined) return;
        const record = world.token(subject, draw);
        const span = picks.span(subject, draw);
        if (span === undefined) return;
        world.note('weaken', subject.name, span.start);
        span.isBusy = true;
        record.uses++;
        if (span.record !== undefined) span.record.uses++;
        const outcome = subject.call(() => subject.api.weaken(span.start, record.value));
        span.isBusy = false;
        record.uses--;
        if (span.record !== undefined) span.record.uses--;
        if (!subject.succeeds(outcome, 'weaken()')) return;
        span.record?.spans.delete(span);
        picks.hold(subject, span.slot, span, record);
    },
};

const strengthen = {
    weight: 10,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        if (subject === undefined) return;
        const span = picks.span(subject, draw);
        if (span === undefined) return;
        world.note('strengthen', subject.name, span.start);
        span.isBusy = true;
        if (span.record !== undefined) span.record.uses++;
        const outcome = subject.call(() => subject.api.strengthen(span.start));
        span.isBusy = false;
        if (span.record !== undefined) span.record.uses--;
        if (!subject.succeeds(outcome, 'strengthen()')) return;
        span.record?.spans.delete(span);
        span.record = undefined;
    },
};

module.exports = { alloc, scratch, malloc, calloc, alignedAlloc, realloc, free, weaken, strengthen };
