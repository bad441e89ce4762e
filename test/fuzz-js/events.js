'use strict';

const { fail, same } = require('./failure.js');

const TYPES = ['resize', 'grow', 'trim', 'oom'];

/**
 * The handlers of an allocator, and their expected events: each handler gets each event once, in order, 'grow' or
 * 'trim' followed by 'resize', with sizes that follow each other. A first handler of each type, the witness, sees an
 * event before all others.
 */
class EventModel {
    /** In order of registration: { type, token, isSure, isGone, isOptional }. */
    registrations = [];
    /** The size in the last event. */
    size;
    /** The info of a 'grow' or 'trim' whose 'resize' has not been sent yet. */
    #change;
    /** An event, and the registrations that have not seen it yet; events of 'oom' occur within others. */
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

    /** Handles an event at the witness. */
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

    /** Handles a call of another handler. */
    called(registration, event) {
        const round = registration.type === 'oom' ? this.#oomRound : this.#round;
        if (registration.isMaybe) return;
        same(event.type, registration.type, 'the type of an event');
        if (registration.isGone) fail(`a handler of '${event.type}' was called after off()`);
        if (event.info !== round?.info || event.type !== round.type) {
            if (registration.isOptional) return;
            fail(`a handler was called out of turn for '${event.type}'`);
        }
        const at = round.waiting.indexOf(registration);
        if (at < 0 && !registration.isOptional) fail(`a handler was called twice for '${event.type}'`);
        if (at >= 0) this.finish({ type: round.type, waiting: round.waiting.splice(0, at + 1).slice(0, at) });
    }

    /** Fails if a handler was left out. */
    finish(round) {
        if (round === undefined) return;
        const missed = round.waiting.find(({ isGone, isMaybe }) => !isGone && !isMaybe);
        if (missed !== undefined) fail(`a handler of '${round.type}' was left out`);
        round.waiting = [];
    }

    /** Checks, while no handler is in progress, that all required ones were called. */
    settle() {
        this.finish(this.#round);
        this.finish(this.#oomRound);
        if (this.#change !== undefined) fail("a 'resize' has not come");
        for (const registration of this.registrations) registration.isOptional = false;
    }

    /** Removes registrations that are probably gone. */
    purge() {
        this.registrations = this.registrations.filter(({ isMaybe }) => !isMaybe);
    }

    /** Expects no more events. */
    forget() {
        this.registrations = [];
        this.#round = this.#oomRound = this.#change = undefined;
    }
}

module.exports = { EventModel, TYPES };
