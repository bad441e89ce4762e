'use strict';

// The memory: its growth, its replacement, and their events and respawns.

const { Planned, fail, same } = require('./failure.js');
const { TYPES } = require('./events.js');
const picks = require('./picks.js');
const { BLOCK, up } = require('./spans.js');
const { OTHER } = require('./subject.js');

const MOST_RESERVED = 6;
const MOST_RESPAWNS = 4;
const MOST_HANDLERS = 10;

const trim = {
    weight: 25,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        if (subject === undefined) return;
        world.note('trim', subject.name);
        const { isKnown, isTrimRefused, isShared, memory, pages } = subject;
        const { buffer } = memory;
        const expected = isKnown ? subject.spans.trimmed(pages) : undefined;
        if (subject.handling === 0) subject.expectMigration();
        const outcome = subject.call(() => subject.api.trim());
        if (subject.isDisposed) return;
        const left = subject.handling === 0 ? subject.endMigration() : [];
        if (isTrimRefused)
            return subject.refuses(outcome, 'trim()', 'BUSY', ...(isShared || subject.fixed ? ['FIXED_MEMORY'] : []));
        if (subject.fixed || (isShared && !outcome.isDisturbed))
            return subject.refuses(outcome, 'trim()', 'FIXED_MEMORY');
        if (isShared) return;
        subject.succeeds(outcome, 'trim()');
        if (subject.memory !== memory) checkMigrated(subject, buffer, left);
        if (expected === undefined || outcome.isDisturbed || !subject.measure()) return;
        same(subject.pages, expected, `${subject.name}, pages after trim()`);
        same(subject.memory === memory, expected === pages, `${subject.name}, whether trim() left the memory`);
    },
};

const checkMigrated = (subject, buffer, left) => {
    same(buffer.byteLength, 0, `${subject.name}, the length of the buffer before trim()`);
    same(left.length, 0, `${subject.name}, respawns that were left out`);
    subject.checkContents();
};

const grow = {
    weight: 6,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const more = draw.below(4);
        if (subject === undefined) return;
        world.note('grow', subject.name, more);
        const { pages, spans, declared } = subject;
        const outcome = subject.call(() => subject.api.grow(more));
        if (subject.isDisposed || outcome.isDisturbed) return;
        const canGrow = more === 0 || pages + more <= Math.min(spans.maximum, declared);
        if (!canGrow) return subject.refuses(outcome, 'grow()', 'OUT_OF_MEMORY');
        if (subject.succeeds(outcome, 'grow()')) same(outcome.value, pages, `${subject.name}, grow()`);
        same(subject.pages, pages + more, `${subject.name}, pages after grow()`);
    },
};

/** Grows the memory without the allocator. By 0 pages only its buffer is replaced. */
const growBehind = {
    weight: 6,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const more = draw.below(3);
        if (subject === undefined) return;
        world.note('memory.grow', subject.name, more);
        try {
            subject.memory.grow(more);
        } catch (error) {
            if (!(error instanceof RangeError)) throw error;
        }
    },
};

const reserve = {
    weight: 5,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const [place, size] = [draw.below(2 ** 31), draw.between(1, 2000)];
        if (subject === undefined) return;
        const { spans } = subject;
        if (spans.list.filter(({ isReserved }) => isReserved).length >= MOST_RESERVED) return;
        const room = Math.max(1, spans.endOf(subject.pages) - spans.base + 100);
        const address = spans.base + (place % room);
        const start = address - (address % BLOCK);
        const end = up(address + size, BLOCK);
        world.note('reserve', subject.name, address, size);
        const isOutside = start < spans.base || end > spans.endOf(subject.pages);
        const met = spans.overlapping(start, end - start);
        const isUsed = met.some((span) => !subject.doomed.has(span));
        const outcome = subject.call(() => subject.api.reserve(picks.address(draw, address), size));
        if (subject.isDisposed || (outcome.isDisturbed && outcome.hasThrown)) return;
        if (!outcome.isDisturbed && isOutside) return subject.refuses(outcome, 'reserve()', 'OUT_OF_RANGE');
        if (outcome.hasThrown && (isUsed || met.length > 0)) return subject.refuses(outcome, 'reserve()', 'NOT_FREE');
        if (subject.succeeds(outcome, 'reserve()')) keepReserved(subject, start, end - start);
    },
};

const keepReserved = (subject, start, size) => {
    const span = subject.claim(start, size, BLOCK, 'reserve()');
    span.isReserved = true;
    subject.fill(span);
};

/** Calls anything, and may throw. */
const act = (world, subject, draw) => {
    const [inner, throws] = [draw.fork(), draw.isOneIn(6)];
    world.nest(inner, 2);
    if (throws) throw new Planned(`${subject.name}, in a handler`);
};

/** Returns a handler of the fuzzer. It does not close over its token. */
const makeHandler = (world, subject, registration, draw) => {
    const calls = draw.fork();
    return function (event) {
        if (this !== undefined) world.failure ??= new Error('a handler has a receiver');
        subject.handle(
            () => subject.events.called(registration, event),
            () => act(world, subject, calls.fork()),
            event.type,
        );
    };
};

const on = {
    weight: 12,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const [type, closes, own] = [draw.pick(TYPES), draw.isOneIn(2), draw.fork()];
        if (subject === undefined || subject.events.registrations.length > MOST_HANDLERS) return;
        const record = world.token(subject, draw);
        world.note('on', subject.name, type);
        const registration = { type, isOptional: subject.handling > 0, isGone: false };
        const handler = makeHandler(world, subject, registration, own);
        const fn = closes ? closeOver(handler, record.value) : handler;
        record.uses++;
        const outcome = subject.call(() => subject.api.on(type, record.value, fn));
        record.uses--;
        if (!subject.succeeds(outcome, 'on()')) return;
        registration.isOptional = subject.handling > 0;
        subject.events.registrations.push(registration);
        record.handlers.push({ subject, type, fn, registration });
        if (subject.isInSync) subject.api.on(type, record.value, fn);
    },
};

/** Returns a handler that would keep its token alive if the registry kept it. */
const closeOver = (handler, value) =>
    function (event) {
        handler.call(this, event, value);
    };

const off = {
    weight: 8,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const takesAll = draw.isOneIn(3);
        if (subject === undefined) return;
        const record = picks.from(draw, world.tokensOf(subject), ({ handlers }) =>
            handlers.some((each) => each.subject === subject),
        );
        if (record === undefined) return;
        const own = record.handlers.filter((each) => each.subject === subject);
        const one = draw.pick(own);
        world.note('off', subject.name, one.type, takesAll ? 'all' : 'one');
        record.uses++;
        const outcome = subject.call(() => subject.api.off(one.type, record.value, takesAll ? undefined : one.fn));
        record.uses--;
        if (!subject.succeeds(outcome, 'off()')) return;
        const removed = takesAll ? own.filter(({ type }) => type === one.type) : [one];
        record.handlers = record.handlers.filter((each) => !removed.includes(each));
        for (const { registration } of removed) subject.events.remove(registration);
    },
};

/** Returns the result of a spawn or a respawn: sometimes a pending promise. */
const resultOf = (subject, draw) => {
    if (!draw.isOneIn(6)) return {};
    let settle;
    const promise = new Promise((resolve) => (settle = resolve));
    subject.promises.push({ promise, settle });
    return promise;
};

const bind = {
    weight: 6,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const [calls, inner, throws] = [draw.fork(), draw.fork(), draw.isOneIn(6)];
        if (subject === undefined || subject.respawns.length >= MOST_RESPAWNS) return;
        world.note('bind', subject.name);
        let result;
        const spawn = () =>
            subject.within(OTHER, () => {
                world.nest(inner, 2);
                if (throws) throw new Planned('in a spawn');
                return (result = resultOf(subject, inner));
            });
        const respawn = () => {
            let returned;
            const own = calls.fork();
            const body = () => {
                subject.scribble();
                act(world, subject, own);
                returned = resultOf(subject, own);
            };
            subject.handle(() => subject.respawned(respawn), body);
            return returned;
        };
        const outcome = subject.call(() => subject.api.bind(spawn, respawn), { looks: false });
        if (subject.isDisposed || outcome.isHandlers) return;
        if (throws && outcome.error instanceof Planned) return;
        if (!subject.succeeds(outcome, 'bind()')) return;
        same(outcome.value, result, 'what bind() returned');
        subject.respawns.push(respawn);
    },
};

const settle = {
    weight: 6,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        if (subject === undefined) return;
        for (const promise of subject.promises) promise.settle();
        subject.promises = [];
    },
};

const figures = {
    weight: 8,
    run(world, draw) {
        picks.subject(world, draw)?.checkFigures();
    },
};

const contents = {
    weight: 4,
    run(world, draw) {
        picks.subject(world, draw)?.checkContents();
    },
};

/** Disposes of an allocator; the next operation in its place makes another one. */
const dispose = {
    weight: 2,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        if (subject === undefined || subject === world.places[0]) return;
        world.note('dispose', subject.name);
        subject.checkContents();
        const { c } = subject.api;
        subject.end();
        world.places[world.places.indexOf(subject)] = undefined;
        try {
            subject.api.dispose();
            subject.api.dispose();
        } catch (error) {
            fail(`dispose() threw ${error.stack}`);
        }
        world.disposed.push({ api: subject.api, c, name: subject.name });
        if (world.disposed.length > 3) world.disposed.shift();
    },
};

module.exports = { trim, grow, growBehind, reserve, on, off, bind, settle, figures, contents, dispose };
