'use strict';

// Blocks, their views and pins.

const { Planned, fail, hasCode, same } = require('./failure.js');
const picks = require('./picks.js');
const { round } = require('./spans.js');
const { PIN } = require('./subject.js');

const VIEWS = { i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, u32: 4, i64: 8, u64: 8, f32: 4, f64: 8, data: 1 };
const NAMES = Object.keys(VIEWS);
const QUIET = { isQuiet: true, looks: false };

const block = {
    weight: 30,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const size = draw.size();
        const alignment = draw.isOneIn(4) ? draw.alignment() : 1;
        if (subject === undefined) return;
        const at = subject.blocks.findIndex((entry) => entry === undefined);
        if (at < 0) return;
        world.note('block', subject.name, size, alignment);
        subject.blocks[at] = picks.BUSY;
        const made = make(subject, size, alignment);
        subject.blocks[at] = made;
        if (made === undefined) return;
        subject.fill(made.span);
    },
};

/**
 * The model of a block: { block, span, size, uses, pins }. The span is undefined once it has another owner; `uses`
 * counts calls in progress, `pins` functions.
 */
const make = (subject, size, alignment) => {
    let made;
    const call = () => (made = subject.api.block(size, alignment)).address;
    const request = { size: round(size), alignment, isStrong: false };
    const { span } = subject.obtain(request, `block(${size})`, call);
    if (span === undefined) return undefined;
    same(made.size, size, 'the size of a block');
    return { block: made, span: Object.assign(span, { subject }), size, uses: 0, pins: 0 };
};

const view = {
    weight: 40,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const name = draw.pick(NAMES);
        if (subject === undefined) return;
        const entry = picks.block(subject, draw);
        if (entry === undefined) return;
        entry.uses++;
        const outcome = subject.call(() => entry.block[name]);
        entry.uses--;
        if (isGivenBack(subject, entry, outcome) || !subject.succeeds(outcome, `block.${name}`)) return;
        checkView(subject, entry, name, outcome);
    },
};

/** Returns whether a block's bytes were freed by hand and then released by trim(): such a block has no views. */
const isGivenBack = (subject, { block: made, size, span }, { error }) =>
    !subject.isDisposed &&
    span === undefined &&
    error?.code === 'ERR_LEWD_DISPOSED' &&
    (made.address >>> 0) + size > subject.memory.buffer.byteLength;

const checkView = (subject, entry, name, { value, isDisturbed }) => {
    const what = `${subject.name}, block.${name}`;
    const bytes = Math.floor(entry.size / VIEWS[name]) * VIEWS[name];
    if (isDisturbed && value.buffer !== subject.memory.buffer) return;
    same(value.buffer, subject.memory.buffer, `${what}, the buffer`);
    same(value.byteLength, bytes, `${what}, the length`);
    same(value.byteOffset, entry.block.address >>> 0, `${what}, the address`);
    if (!isDisturbed) same(entry.block[name], value, what);
    if (entry.span !== undefined) subject.checkFilled(entry.span);
};

const disposeBlock = {
    weight: 15,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        if (subject === undefined) return;
        const entry = picks.block(subject, draw, ({ uses, pins }) => uses === 0 || pins > 0);
        if (entry === undefined) return;
        world.note('block.dispose', subject.name, entry.span?.start);
        const outcome = subject.call(() => entry.block.dispose(), QUIET);
        if (entry.pins > 0) return subject.refuses(outcome, 'dispose() of a block in pin()', 'BUSY');
        if (!subject.succeeds(outcome, 'block.dispose()')) return;
        if (entry.span !== undefined) {
            subject.checkFilled(entry.span);
            subject.forget(entry.span);
        }
        subject.blocks[subject.blocks.indexOf(entry)] = undefined;
        subject.refuses(
            subject.call(() => entry.block.u8, QUIET),
            'a view of a disposed block',
            'DISPOSED',
        );
        subject.refuses(
            subject.call(() => entry.block.address, QUIET),
            'the address of a disposed block',
            'DISPOSED',
        );
        subject.succeeds(
            subject.call(() => entry.block.dispose(), QUIET),
            'block.dispose() once more',
        );
    },
};

/** Drops a block, or a view that keeps one alive. */
const dropBlock = {
    weight: 8,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const keepsView = draw.isOneIn(2);
        if (subject === undefined) return;
        const entry = picks.from(draw, subject.blocks, (each) => each.uses === 0);
        if (entry === undefined) return;
        const at = subject.blocks.indexOf(entry);
        world.note('drop a block', subject.name, entry.span?.start);
        if (keepsView && !entry.isView && entry.span !== undefined && subject.isInSync) {
            subject.blocks[at] = { ...entry, block: entry.block.u8, isView: true };
            return;
        }
        subject.blocks[at] = undefined;
        if (subject.isExact) world.graveyard.push(entry);
        if (entry.span !== undefined) subject.doom(entry.span);
    },
};

/** Gives a block's bytes another owner, or frees them; then the block does nothing to them. */
const takeFromBlock = {
    weight: 8,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const kind = draw.below(3);
        if (subject === undefined) return;
        const entry = picks.block(
            subject,
            draw,
            ({ uses, span }) => uses === 0 && span !== undefined && span.start !== 0,
        );
        const slot = picks.emptySlot(subject, draw);
        const record = world.token(subject, draw);
        if (entry === undefined || slot === undefined) return;
        const { span } = entry;
        world.note('take from a block', subject.name, span.start, kind);
        const { api } = subject;
        const calls = [
            () => api.c.free(span.start),
            () => api.weaken(span.start, record.value),
            () => api.strengthen(span.start),
        ];
        entry.uses++;
        record.uses++;
        subject.slots[slot] = picks.BUSY;
        const outcome = subject.call(calls[kind], kind === 0 ? QUIET : {});
        subject.slots[slot] = undefined;
        record.uses--;
        entry.uses--;
        if (!subject.succeeds(outcome, 'free(), weaken() or strengthen() of a block')) return;
        entry.span = undefined;
        if (kind === 0) subject.forget(span);
        else picks.hold(subject, slot, span, kind === 1 ? record : undefined);
    },
};

/** Ways in which a callback ends. */
const ENDS = [
    (result) => result,
    (result) => result,
    (result) => result,
    () => {
        throw new Planned('in a function');
    },
    () => ({ then() {} }),
    async () => 1,
];

/** Checks how a call ended whose callback ended in that way. */
const checkEnd = (subject, outcome, end, result, what) => {
    if (subject.isDisposed || outcome.isHandlers) return;
    const kind = ENDS.indexOf(end);
    if (kind >= 4) return hasCode(outcome.error, ['ASYNC'], what);
    if (kind === 3 && !(outcome.error instanceof Planned)) fail(`${what} does not throw what its function threw`);
    if (kind < 3 && subject.succeeds(outcome, what)) same(outcome.value, result, what);
};

const pin = {
    weight: 15,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const [end, inner] = [draw.pick(ENDS), draw.fork()];
        if (subject === undefined) return;
        const entry = picks.block(subject, draw);
        if (entry === undefined) return;
        world.note('pin', subject.name, entry.span?.start, ENDS.indexOf(end));
        const result = {};
        const body = (address, u8) => {
            if (!subject.isDisposed) checkPin(subject, entry, address, u8);
            entry.pins++;
            world.nest(inner, 3);
            entry.pins--;
            if (entry.span !== undefined && !subject.isDisposed) subject.checkFilled(entry.span);
            return end(result);
        };
        entry.uses++;
        const call = () => entry.block.pin((...args) => subject.within(PIN, () => body(...args)));
        const outcome = subject.call(call, { looks: false });
        entry.uses--;
        if (!isGivenBack(subject, entry, outcome)) checkEnd(subject, outcome, end, result, `${subject.name}, pin()`);
    },
};

const checkPin = (subject, entry, address, u8) => {
    same(address, entry.block.address, 'the address in pin()');
    same(u8.byteOffset, address >>> 0, 'the place of the bytes in pin()');
    same(u8.byteLength, entry.size, 'the length of the bytes in pin()');
};

module.exports = { block, view, disposeBlock, dropBlock, takeFromBlock, pin };
Object.defineProperty(module.exports, 'ends', { value: { ENDS, checkEnd } });
