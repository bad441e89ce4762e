'use strict';

// Choices of operations. The count of numbers drawn never depends on the state of a run.

const { create } = require('./create.js');
const { PLACES } = require('./world.js');

/** Marks a slot while a call for it is in progress. */
const BUSY = { isBusy: true };

/** Returns an allocator; makes one if the place is empty. Returns undefined if that is refused. */
exports.subject = (world, draw) => {
    const place = draw.below(PLACES);
    const own = draw.fork();
    return world.places[place] ?? create(world, place, own);
};

/** Returns the first of a list, from a random place on, that passes; undefined if there is none. */
const from = (draw, list, test) => {
    const at = draw.below(list.length);
    for (let i = 0; i < list.length; i++) {
        const each = list[(at + i) % list.length];
        if (each !== undefined && !each.isBusy && test(each)) return each;
    }
    return undefined;
};

/** Returns a live allocation of an allocator. */
exports.span = (subject, draw, test = () => true) => from(draw, subject.slots, test);

/** Returns a block that is not disposed of. */
exports.block = (subject, draw, test = () => true) =>
    from(draw, subject.blocks, (entry) => !entry.isView && test(entry));

exports.from = from;

/** Returns an address in one of the accepted forms: an i32, or the same as an unsigned integer. */
exports.address = (draw, start) => (draw.isOneIn(2) ? start : start | 0);
exports.amount = exports.address;

/** Returns an empty slot; frees one that is not. Returns undefined if that is impossible. */
exports.emptySlot = (subject, draw) => {
    const at = draw.below(subject.slots.length);
    const span = subject.slots[at];
    if (span === undefined) return at;
    if (span.isBusy || span.start === 0) return undefined;
    subject.checkFilled(span);
    subject.call(() => subject.api.c.free(span.start), { isQuiet: true, looks: false });
    subject.forget(span);
    return at;
};

/** Puts an allocation into a slot. */
exports.hold = (subject, slot, span, record) => {
    Object.assign(span, { subject, slot, record });
    record?.spans.add(span);
    subject.slots[slot] = span;
};

exports.BUSY = BUSY;
