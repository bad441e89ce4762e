'use strict';

// Makes calls that are refused, and change nothing.

const { fail, hasCode, same } = require('./failure.js');
const picks = require('./picks.js');

const QUIET = { isQuiet: true, looks: false };
const WRONG = ['INVALID_ARG_TYPE', 'INVALID_ARG_VALUE', 'OUT_OF_RANGE', 'INVALID_POINTER'];

const SIZES = [0, -0, 1.5, NaN, Infinity, 2 ** 32, -(2 ** 31) - 1, '5', null, {}, 5n, Symbol('s'), [16], true];
/** C accepts 0 as a size. */
const C_SIZES = [...SIZES.slice(2), undefined];
const TOKENS = [null, 1, 'token', true, 5n, Symbol.for('registered')];
const ALIGNMENTS = [0, 3, 24, -16, 131_072, 1.5, NaN, '16', null, {}, 16n];
const FUNCTIONS = [undefined, null, 1, 'fn', {}, Symbol('fn')];
const POINTERS = [
    NaN,
    0.5,
    2 ** 32 + 16,
    -(2 ** 31) - 16,
    '16',
    null,
    undefined,
    {},
    16n,
    Symbol('p'),
    [16],
    true,
    Infinity,
];
const EVENTS = ['grown', '', null, undefined, 1, {}, 'constructor', '__proto__'];
const PAGES = [-1, 1.5, 65_537, NaN, '1', null, undefined, {}, 1n];

/** A call of each function with one wrong argument: (api, draw, pointer of a live allocation or 16). */
const CALLS = {
    'alloc(size)': (api, draw) => api.alloc(draw.pick(SIZES), {}),
    'scratch(size)': (api, draw) => api.alloc(draw.pick(SIZES)),
    'alloc(token)': (api, draw) => api.alloc(16, draw.pick(TOKENS)),
    'alloc(alignment)': (api, draw) => api.alloc(16, {}, draw.pick(ALIGNMENTS)),
    'malloc(size)': (api, draw) => api.c.malloc(draw.pick(C_SIZES)),
    'calloc(count)': (api, draw) => api.c.calloc(draw.pick(C_SIZES), 1),
    'calloc(size)': (api, draw) => api.c.calloc(1, draw.pick(C_SIZES)),
    'aligned_alloc(size)': (api, draw) => api.c.aligned_alloc(32, draw.pick(C_SIZES)),
    'realloc(size)': (api, draw, pointer) => api.c.realloc(pointer, draw.pick(C_SIZES)),
    'realloc(pointer)': (api, draw) => api.c.realloc(draw.pick(POINTERS), 16),
    'free(pointer)': (api, draw) => api.c.free(draw.pick(POINTERS)),
    'malloc_usable_size(pointer)': (api, draw) => api.c.malloc_usable_size(draw.pick(POINTERS)),
    'weaken(pointer)': (api, draw) => api.weaken(draw.pick(POINTERS), {}),
    'weaken(token)': (api, draw, pointer) => api.weaken(pointer, draw.pick([...TOKENS, undefined])),
    'strengthen(pointer)': (api, draw) => api.strengthen(draw.pick(POINTERS)),
    'reserve(address)': (api, draw) => api.reserve(draw.pick(POINTERS), 16),
    'reserve(size)': (api, draw) => api.reserve(16, draw.pick(SIZES)),
    'block(size)': (api, draw) => api.block(draw.pick(SIZES)),
    'block(alignment)': (api, draw) => api.block(16, draw.pick(ALIGNMENTS)),
    'grow(pages)': (api, draw) => api.grow(draw.pick(PAGES)),
    'on(type)': (api, draw) => api.on(draw.pick(EVENTS), {}, () => {}),
    'on(token)': (api, draw) => api.on('grow', draw.pick(TOKENS), () => {}),
    'on(fn)': (api, draw) => api.on('grow', {}, draw.pick(FUNCTIONS)),
    'off(type)': (api, draw) => api.off(draw.pick(EVENTS), {}),
    'off(token)': (api, draw) => api.off('grow', draw.pick(TOKENS)),
    'bind(spawn)': (api, draw) => api.bind(draw.pick(FUNCTIONS), () => {}),
    'bind(respawn)': (api, draw) => api.bind(() => {}, draw.pick(FUNCTIONS)),
    'withOwner(token)': (api, draw) => api.withOwner(draw.pick([...TOKENS, undefined]), () => {}),
    'withOwner(fn)': (api, draw) => api.withOwner({}, draw.pick(FUNCTIONS)),
};
const NAMES = Object.keys(CALLS);

const isOfC = (name) => /^(malloc|calloc|aligned_alloc|realloc|free)/.test(name);

const wrongArgument = {
    weight: 12,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const name = draw.pick(NAMES);
        if (subject === undefined) return;
        const span = picks.span(subject, draw, ({ start }) => start !== 0);
        if (span === undefined) return;
        world.note('wrong', subject.name, name);
        span.isBusy = true;
        if (span.record !== undefined) span.record.uses++;
        const outcome = subject.call(
            () => CALLS[name](subject.api, draw, span.start),
            isOfC(name) ? QUIET : { looks: false },
        );
        span.isBusy = false;
        if (span.record !== undefined) span.record.uses--;
        subject.refuses(outcome, `${name} with a wrong argument`, ...WRONG);
        subject.measure();
    },
};

/** Returns addresses at which no allocation begins: within one, beside one, freed, of another allocator. */
const drawAddress = (world, subject, draw) => {
    const other = picks.subject(world, draw) ?? subject;
    const [span, foreign] = [picks.span(subject, draw), picks.span(other, draw)];
    const within = (span?.start ?? 0) + draw.below(span?.size ?? 64);
    return draw.pick([
        within,
        within - (within % 16),
        foreign?.start ?? 48,
        draw.below(2 ** 20),
        draw.below(2 ** 16) * 16,
    ]);
};

const POINTER_CALLS = [
    ['free()', (api, pointer) => api.c.free(pointer), QUIET],
    ['realloc()', (api, pointer) => api.c.realloc(pointer, 16), { isQuiet: true }],
    ['malloc_usable_size()', (api, pointer) => api.c.malloc_usable_size(pointer), QUIET],
    ['strengthen()', (api, pointer) => api.strengthen(pointer), {}],
    ['weaken()', (api, pointer) => api.weaken(pointer, {}), {}],
];

const badPointer = {
    weight: 12,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const [name, call, options] = draw.pick(POINTER_CALLS);
        if (subject === undefined) return;
        const address = drawAddress(world, subject, draw);
        const known = subject.spans.at(address);
        // Handlers that run first could make the address a valid one; and a doomed span may still be there.
        if (address === 0 || (known !== undefined && !known.isReserved) || !subject.look()) return;
        world.note('bad pointer', subject.name, name, address);
        const outcome = subject.call(() => call(subject.api, picks.address(draw, address)), options);
        subject.refuses(outcome, `${name} of ${address}`, 'INVALID_POINTER');
        subject.measure();
    },
};

const tooMuch = {
    weight: 2,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const [count, size] = draw.pick([
            [65_536, 65_536],
            [2 ** 31, 2],
            [-1, -1],
            [2 ** 32 - 1, 2],
        ]);
        if (subject === undefined) return;
        world.note('calloc', subject.name, count, size);
        const outcome = subject.call(() => subject.api.c.calloc(count, size), QUIET);
        if (subject.succeeds(outcome, 'calloc()')) same(outcome.value, 0, 'calloc() of too much');
    },
};

/** Calls members of an allocator that was disposed of. */
const DISPOSED = [
    ({ api }) => api.alloc(16),
    ({ api }) => api.alloc(16, {}),
    ({ api }) => api.memory,
    ({ api }) => api.buffer,
    ({ api }) => api.c,
    ({ api }) => api.used(),
    ({ api }) => api.largestFree(),
    ({ api }) => api.trim(),
    ({ api }) => api.grow(1),
    ({ api }) => api.block(16),
    ({ api }) => api.weaken(16, {}),
    ({ api }) => api.strengthen(16),
    ({ api }) => api.reserve(16, 16),
    ({ api }) => api.on('grow', {}, () => {}),
    ({ api }) => api.withOwner({}, () => {}),
    ({ api }) =>
        api.bind(
            () => {},
            () => {},
        ),
    ({ c }) => c.malloc(16),
    ({ c }) => c.calloc(1, 16),
    ({ c }) => c.realloc(16, 16),
    ({ c }) => c.free(16),
];

const disposed = {
    weight: 2,
    run(world, draw) {
        const [at, call] = [draw.below(3), draw.pick(DISPOSED)];
        const one = world.disposed[at];
        if (one === undefined) return;
        try {
            call(one);
        } catch (error) {
            return hasCode(error, ['DISPOSED'], `${one.name}, ${call}`);
        }
        fail(`${one.name} was disposed of: ${call}`);
    },
};

module.exports = { wrongArgument, badPointer, tooMuch, disposed };
