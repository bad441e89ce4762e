'use strict';

const lewd = require('../../lib');
const defaults = require('../../lib/internal/default.js');
const internals = require('../../lib/internal/internals.js');
const { fail, hasCode } = require('./failure.js');
const { PAGE, Subject } = require('./subject.js');

const { Memory } = WebAssembly;

/**
 * Settings of every kind, { options, settings }: the arguments of the constructor, and the values that the model needs.
 */
const PROFILES = {
    own(draw) {
        const maximum = draw.between(2, 12);
        return { initial: draw.between(1, Math.min(3, maximum)), maximum };
    },

    /** Makes a memory to pass in; it may have been declared with less than `maximum`, or have no pages. */
    given(draw) {
        const maximum = draw.between(3, 12);
        const declared = draw.isOneIn(3) ? draw.between(3, maximum) : maximum;
        const memory = new Memory({ initial: draw.below(4), maximum: declared });
        if (draw.isOneIn(3)) memory.toResizableBuffer?.(); // from Node.js 26 on
        return { memory, maximum, declared };
    },

    /** Settings with addresses that are negative as an i32. A memory of this size is never replaced. */
    high(draw) {
        const maximum = PAGE / 2 + draw.between(2, 8);
        const memory = new Memory({ initial: PAGE / 2 + draw.below(2), maximum });
        return { memory, maximum, fixed: true, base: 2 ** 31 - draw.below(3) * 4096 };
    },

    /** Settings above the bytes of another allocator, if room is left there; rarely overlapping them. */
    shared(draw, world) {
        const [other, overlaps] = [draw.pick(world.places), draw.isOneIn(6)];
        if (other === undefined) return PROFILES.given(draw);
        const { memory, declared, spans } = other;
        const base = overlaps ? spans.base + 16 : spans.limit;
        if (base + LEAST_ROOM > declared * PAGE) return PROFILES.given(draw);
        return { memory, maximum: Math.max(declared, memory.buffer.byteLength / PAGE), declared, base, isShared: true };
    },
};

/** Bytes that an allocator should have: each request for more than that costs two collections. */
const LEAST_ROOM = 50_000;

/** Draws the bounds of the working span. */
const drawSpan = (draw, { base: given, maximum }) => {
    const below = Math.min(2, maximum - 2) * PAGE;
    const drawn = draw.pick([0, 0, 16, draw.below(2000), draw.below(below + 1)]);
    const base = given ?? drawn;
    const [kind, isTiny] = [draw.below(4), draw.isOneIn(12)];
    const end = base + (isTiny ? draw.between(64, 2000) : draw.between(LEAST_ROOM, 6 * PAGE));
    if (kind > 1) return { base };
    return { base, limit: kind === 0 ? end : Math.ceil(end / PAGE) * PAGE };
};

const drawOptions = (world, draw) => {
    const name = draw.pick([
        'own',
        'own',
        'own',
        'given',
        'given',
        'shared',
        'shared',
        ...(draw.isOneIn(4) ? ['high'] : []),
    ]);
    const { declared, isShared = false, ...options } = PROFILES[name](draw, world);
    Object.assign(options, drawSpan(draw, options));
    if (draw.isOneIn(6)) options.fixed = true;
    if (draw.isOneIn(4)) options.growth = draw.between(1, 4);
    return { options, declared: declared ?? options.maximum, isShared };
};

const settingsOf = ({ base, limit = 2 ** 32, maximum, fixed = false, growth = 0 }, memory, declared) => ({
    ...{ base, limit, maximum, fixed, growth, declared },
    least: memory.buffer.byteLength / PAGE,
});

/** Returns whether two ranges of bytes have blocks in common. */
const overlap = (one, other) => one.base < other.limit && other.base < one.limit;

/** Makes an allocator in a place. Fails if it is refused without reason. */
const create = (world, place, draw) => {
    const { options, declared, isShared } = drawOptions(world, draw);
    const isExact = draw.isOneIn(2);
    const range = { base: Math.ceil(options.base / 16) * 16, limit: (options.limit ?? 2 ** 32) & ~15 || 2 ** 32 };
    if (range.limit < 0) range.limit += 2 ** 32;
    const others = world.subjects.filter(({ memory }) => memory === options.memory);
    const isTaken = others.some(({ spans }) => overlap(spans, range));
    let allocator;
    try {
        allocator = new lewd.Allocator(options);
    } catch (error) {
        hasCode(error, range.base < range.limit && !isTaken ? [] : ['OVERLAP', 'OUT_OF_RANGE'], 'a constructor');
        return undefined;
    }
    if (isTaken) fail('an allocator was made over bytes of another one');
    const memory = options.memory ?? allocator.memory;
    const settings = settingsOf(options, memory, declared);
    return register(world, place, { allocator, api: allocator, isExact, memory, settings, isShared, draw });
};

const register = (world, place, { allocator, api, isExact, memory, settings, isShared, draw }) => {
    const name = `${world.nextName('allocator')}, ${isExact ? 'exact' : 'loose'}`;
    const arena = internals.arenaOf(allocator);
    const check = () => arena.check();
    const wrapped = world.wrap(api);
    const subject = new Subject(world, { name, api: wrapped, check, isExact, memory, settings });
    world.places[place] = subject;
    if (!isShared && draw.isOneIn(2)) subject.watchBelow(world.nextMark());
    const { base, limit, maximum, fixed, growth } = settings;
    world.note(
        'is',
        name,
        'base',
        base,
        'limit',
        limit,
        'pages',
        subject.pages,
        'maximum',
        maximum,
        String(fixed),
        'growth',
        growth,
    );
    return subject;
};

/** The default allocator, which has its place for the whole run. */
const createDefault = (world, draw) => {
    const maximum = 16;
    const memory = new Memory({ initial: 1, maximum });
    lewd.configure({ memory, maximum });
    const settings = settingsOf({ base: 0, maximum }, memory, maximum);
    return register(world, 0, {
        allocator: defaults.allocator,
        api: lewd,
        isExact: true,
        memory,
        settings,
        isShared: false,
        draw,
    });
};

module.exports = { create, createDefault };
