'use strict';

const { fail, same } = require('./failure.js');

const TYPES = ['resize', 'grow', 'trim', 'oom'];

/**
 * Which handlers an allocator has, and what they must be told: each handler each event once, in order, 'grow' or 'trim' with
 * 'resize' after it, sizes that follow each other. A first handler of each type, the witness, sees an event before all
 * others.
 */
class EventModel {
    /** In the order in which they were added: { type, token, isSure, isGone, isOptional }. */
    registrations = [];
    /** The size that the last event told. */
    size;
    /** The info of a 'grow' or 'trim' whose 'resize' is to come. */
    #change;
    /** An event and the registrations that have not seen it yet; events of 'oom' come within others. */
    #round;
    #oomRound;
    ooms = 0;

    constructor(size) {
        this.size = size;
    }

    add(type, token, isNested) {
        const registration = { type, token, isOptional: isNested, isGone: false };
        this.registrations.push(registration);
        return registration;
    }

    remove(registration) {
        registration.isGone = true;
        this.registrations.splice(this.registrations.indexOf(registration), 1);
    }

    /** The witness was told of an event. */
    witness(event) {
        const { type, info } = event;
        if (!Object.isFrozen(info)) fail('the info of an event is not frozen');
        if (type !== 'oom') {
            this.finish(this.#round);
            this.#follow(type, info);
        } else this.ooms++;
        const isOfType = (registration) => registration.type === type && !registration.isOptional;
        const round = { type, info, waiting: this.registrations.filter(isOfType) };
        if (type === 'oom') this.#oomRound = round;
        else this.#round = round;
    }

    #follow(type, info) {
        same(info.oldSize, this.size, `oldSize of '${type}'`);
        if (type === 'resize') {
            if (this.#change !== undefined) same(info, this.#change, "the info of a 'resize'");
            else same(info.newSize, info.oldSize, "newSize of a 'resize' alone");
            this.#change = undefined;
            this.size = info.newSize;
            return;
        }
        if (this.#change !== undefined) fail(`'${type}' comes before the 'resize' of the last change`);
        if (type === 'grow' ? info.newSize <= info.oldSize : info.newSize >= info.oldSize)
            fail(`'${type}' from ${info.oldSize} to ${info.newSize}`);
        this.#change = info;
    }

    /** Another handler was called. */
    called(registration, event) {
        const round = registration.type === 'oom' ? this.#oomRound : this.#round;
        if (registration.isMaybe) return;
        same(event.type, registration.type, 'the type of an event');
        if (registration.isGone) fail(`a handler of '${event.type}' was called after off()`);
        if (event.info !== round?.info || event.type !== round.type) {
            if (registration.isOptional) return;
            fail(`a handler was told of '${event.type}' out of turn`);
        }
        const at = round.waiting.indexOf(registration);
        if (at < 0 && !registration.isOptional) fail(`a handler was told twice of '${event.type}'`);
        if (at >= 0) this.finish({ type: round.type, waiting: round.waiting.splice(0, at + 1).slice(0, at) });
    }

    /** Fails if a handler was left out. */
    finish(round) {
        if (round === undefined) return;
        const missed = round.waiting.find(({ isGone, isMaybe }) => !isGone && !isMaybe);
        if (missed !== undefined) fail(`a handler of '${round.type}' was left out`);
        round.waiting = [];
    }

    /** No handler is in progress: all were called that had to be. */
    settle() {
        this.finish(this.#round);
        this.finish(this.#oomRound);
        if (this.#change !== undefined) fail("a 'resize' has not come");
        for (const registration of this.registrations) registration.isOptional = false;
    }

    /** Takes those out that are likely gone. */
    purge() {
        this.registrations = this.registrations.filter(({ isMaybe }) => !isMaybe);
    }

    /** Nothing is expected any more. */
    forget() {
        this.registrations = [];
        this.#round = this.#oomRound = this.#change = undefined;
    }
}

module.exports = { EventModel, TYPES };
