'use strict';

// Lives of tokens: drops, collects and keeps them, and lets them own the allocations of C's functions.

const lewd = require('../../lib');
const { ends } = require('./blocks.js');
const { same } = require('./failure.js');
const picks = require('./picks.js');
const { round } = require('./spans.js');
const { TOKENS } = require('./world.js');

const dropToken = {
    weight: 25,
    run(world, draw) {
        const [isExact, at] = [draw.isOneIn(2), draw.below(TOKENS)];
        world.note('drop a token', isExact ? 'exact' : 'loose', at);
        world.drop(isExact, at);
    },
};

/** Gives the token to strong pointers that are made meanwhile. */
const withOwner = {
    weight: 12,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const [end, inner] = [draw.pick(ends.ENDS), draw.fork()];
        if (subject === undefined) return;
        const record = world.token(subject, draw);
        world.note('withOwner', subject.name, ends.ENDS.indexOf(end));
        const result = {};
        const body = (token) => {
            same(token, record.value, 'the token that withOwner() passes on');
            world.nest(inner, 4);
            return end(result);
        };
        record.uses++;
        const call = () =>
            subject.api.withOwner(record.value, (token) => subject.within({ record }, () => body(token)));
        const outcome = subject.call(call, { looks: false });
        record.uses--;
        ends.checkEnd(subject, outcome, end, result, `${subject.name}, withOwner()`);
    },
};

/** Uses a token only by keepAlive(): until then, its bytes must not be handed out again. */
const keepAlive = {
    weight: 6,
    run(world, draw) {
        const subject = picks.subject(world, draw);
        const [size, isMajor] = [draw.between(1, 300), draw.isOneIn(20)];
        if (subject === undefined || subject.isExact) return;
        world.note('keepAlive', subject.name, size);
        const token = {};
        const request = { size: round(size), alignment: 1, isStrong: false };
        const { span } = subject.obtain(request, `alloc(${size})`, () => subject.api.alloc(size, token));
        if (span === undefined) return;
        subject.fill(span);
        global.gc({ type: isMajor ? 'major' : 'minor' });
        for (let i = 0; i < 3; i++) churn(subject, size, span);
        if (!span.isGone) subject.checkFilled(span);
        lewd.keepAlive(token);
        if (!span.isGone) subject.doom(span);
    },
};

/** Allocates with a token that is dropped at once, and overwrites the bytes. */
const churn = (subject, size) => {
    const request = { size: round(size), alignment: 1, isStrong: false };
    const { span } = subject.obtain(request, `alloc(${size})`, () => subject.api.alloc(size, {}));
    if (span === undefined) return;
    subject.fill(span);
    subject.doom(span);
};

const minor = {
    weight: 2,
    run() {
        global.gc({ type: 'minor' });
    },
};

const major = {
    weight: 1,
    isOuter: true,
    run(world, draw) {
        if (draw.isOneIn(8)) global.gc();
    },
};

const turn = {
    weight: 2,
    isAsync: true,
    async run(world) {
        await world.turn();
    },
};

const collect = {
    weight: 1,
    isAsync: true,
    async run(world) {
        world.note('collect');
        await world.collect();
        world.checkAll();
    },
};

module.exports = { dropToken, withOwner, keepAlive, minor, major, turn, collect };
