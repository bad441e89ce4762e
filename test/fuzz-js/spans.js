'use strict';

const { BLOCK, PAGE } = require('../helpers/model.js');

const up = (at, alignment) => Math.ceil(at / alignment) * alignment;

/** Returns the bytes that a request takes. */
const round = (size) => Math.max(BLOCK, up(size >>> 0, BLOCK));

/**
 * The policy, written as simply as possible: spans by start, { start, size, isReserved }, and a search of the gaps
 * between them. In bytes; methods that depend on the size of the memory take it in pages.
 */
class Spans {
    list = [];

    /** `maximum`, `growth` in pages, as in the settings; `growth` 0 is an eighth. */
    constructor({ base, limit, least, maximum, growth }) {
        this.base = up(base, BLOCK);
        this.limit = limit - (limit % BLOCK);
        Object.assign(this, { least, maximum, growth });
    }

    /** Returns the end of the working span. */
    endOf(pages) {
        return Math.max(this.base, Math.min(this.limit, pages * PAGE));
    }

    /** Returns the end of the last span; the base if there is none. */
    get usedEnd() {
        const last = this.list[this.list.length - 1];
        return last === undefined ? this.base : last.start + last.size;
    }

    /** Calls visit(start, size) for each gap. */
    visitGaps(pages, visit) {
        let from = this.base;
        for (const { start, size } of this.list) {
            if (start > from) visit(from, start - from);
            from = start + size;
        }
        const end = this.endOf(pages);
        if (end > from) visit(from, end - from);
    }

    /**
     * Returns the smallest gap that has room, among equals the lowest; undefined if there is none. Not block 0 if
     * `isStrong`.
     */
    fit(pages, size, alignment, isStrong) {
        let best;
        let bestSize = Infinity;
        this.visitGaps(pages, (gapStart, gapSize) => {
            const skipped = isStrong && gapStart === 0 ? BLOCK : 0;
            const start = up(gapStart + skipped, Math.max(BLOCK, alignment));
            if (start + size > gapStart + gapSize || gapSize - skipped >= bestSize) return;
            bestSize = gapSize - skipped;
            best = start;
        });
        return best;
    }

    /**
     * Returns the address of a request, and its effect on the memory: { start, pages, takesZero }; undefined if there
     * is no room. `declared`: the real maximum of the memory. A strong pointer is never 0: block 0 is reserved before
     * one would be there.
     */
    place(pages, declared, size, alignment, isStrong) {
        let now = pages;
        for (;;) {
            const takesZero = isStrong && this.fit(now, size, alignment, false) === 0;
            const start = this.fit(now, size, alignment, takesZero);
            if (start !== undefined) return { start, pages: now, takesZero };
            const more = this.growth1(now, declared, size, alignment, isStrong);
            if (more === 0) return undefined;
            now += more;
        }
    }

    /**
     * Returns the pages by which the memory grows for a request: generously, else by the missing ones; 0 if it can't.
     */
    growth1(pages, declared, size, alignment, isStrong) {
        const from = isStrong && this.usedEnd === 0 ? BLOCK : this.usedEnd;
        const end = up(from, Math.max(BLOCK, alignment)) + size;
        const useful = Math.ceil(this.limit / PAGE);
        const missing = Math.max(1, Math.ceil(end / PAGE) - pages);
        const wanted = Math.min(this.growth || Math.floor(pages / 8), Math.max(0, useful - pages));
        const most = Math.min(useful, this.maximum, declared);
        if (end > this.limit) return 0;
        return [Math.max(missing, wanted), missing].find((more) => pages + more <= most) ?? 0;
    }

    /** Returns the pages that trim() leaves if `end` is the end of the used run. */
    trimmed(pages, end = this.usedEnd) {
        const needed = Math.max(1, this.least, Math.ceil(end / PAGE));
        return pages * PAGE <= this.limit ? Math.min(pages, needed) : pages;
    }

    add(span) {
        let at = this.list.length;
        while (at > 0 && this.list[at - 1].start > span.start) at--;
        this.list.splice(at, 0, span);
        return span;
    }

    remove(span) {
        const at = this.list.indexOf(span);
        if (at >= 0) this.list.splice(at, 1);
    }

    /** Returns the span that begins there, if any. */
    at(start) {
        return this.list.find((span) => span.start === start);
    }

    /** Returns the spans that have bytes in [start, start + size). */
    overlapping(start, size) {
        return this.list.filter((span) => span.start < start + size && start < span.start + span.size);
    }

    /** Returns the free bytes to the right of a span. */
    room(pages, { start, size }) {
        const next = this.list.find((span) => span.start >= start + size);
        return (next?.start ?? this.endOf(pages)) - start - size;
    }

    sum(test) {
        let bytes = 0;
        for (const span of this.list) if (test(span)) bytes += span.size;
        return bytes;
    }

    /** Returns all figures, with the names of the API. */
    figures(pages) {
        const { base, list, usedEnd } = this;
        const total = this.endOf(pages) - base;
        const used = this.sum((span) => !span.isReserved);
        const reserved = this.sum((span) => span.isReserved);
        let largest = 0;
        this.visitGaps(pages, (_, size) => (largest = Math.max(largest, size)));
        return {
            ...{ total, used, reserved, free: total - used - reserved, largestFree: largest / BLOCK },
            usedRun: list.length === 0 ? 0 : usedEnd - list[0].start,
            headFree: list.length === 0 ? total : list[0].start - base,
            tailFree: list.length === 0 ? total : base + total - usedEnd,
        };
    }
}

module.exports = { BLOCK, PAGE, Spans, round, up };
