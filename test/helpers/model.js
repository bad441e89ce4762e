'use strict';

const BLOCK = 16;
const PAGE = 65_536;

/**
 * A naive allocator of the same policy: a sorted list of used spans, and a search of every gap between them. Sizes and
 * addresses are in bytes, from 0 to 2^32.
 */
class Model {
    /** Used spans, as { start, size, ... }, by start. */
    spans = [];

    constructor(pages = 1, maximum = PAGE) {
        this.total = pages * PAGE;
        this.least = this.total;
        this.maximum = maximum * PAGE;
    }

    static round(size) {
        return Math.ceil((size >>> 0) / BLOCK) * BLOCK;
    }

    /** Returns all free spans, by start. */
    get gaps() {
        const gaps = [];
        let end = 0;
        for (const { start, size } of [...this.spans, { start: this.total, size: 0 }]) {
            if (start > end) gaps.push({ start: end, size: start - end });
            end = start + size;
        }
        return gaps;
    }

    /** Returns the address of an allocation: the smallest gap, among equals the lowest. Undefined if there is none. */
    fit(size) {
        let best;
        for (const gap of this.gaps) if (gap.size >= Model.round(size) && !(best?.size <= gap.size)) best = gap;
        return best?.start;
    }

    /** Adds the span of a new allocation. */
    alloc(size) {
        const span = { start: this.fit(size), size: Model.round(size) };
        if (span.start === undefined) throw new Error('the model has no room');
        this.spans.push(span);
        this.spans.sort((one, other) => one.start - other.start);
        return span;
    }

    free(span) {
        this.spans.splice(this.spans.indexOf(span), 1);
    }

    /** Returns the total after the growth for an allocation; undefined if it is impossible. */
    grown(size) {
        const missing = Math.ceil((Model.round(size) - this.tailFree) / PAGE);
        const eighth = Math.floor(this.total / PAGE / 8);
        return [Math.max(missing, eighth), missing]
            .map((pages) => this.total + pages * PAGE)
            .find((total) => total <= this.maximum);
    }

    /** Returns the total after a trim. */
    get trimmed() {
        return Math.min(this.total, Math.max(PAGE, this.least, Math.ceil((this.total - this.tailFree) / PAGE) * PAGE));
    }

    get used() {
        return this.spans.reduce((sum, { size }) => sum + size, 0);
    }

    get freeBytes() {
        return this.total - this.used;
    }

    get end() {
        const last = this.spans[this.spans.length - 1];
        return last === undefined ? 0 : last.start + last.size;
    }

    get headFree() {
        return this.spans.length === 0 ? this.total : this.spans[0].start;
    }

    get tailFree() {
        return this.total - this.end;
    }

    get figures() {
        return {
            total: this.total,
            used: this.used,
            usedRun: this.spans.length === 0 ? 0 : this.end - this.spans[0].start,
            free: this.freeBytes,
            headFree: this.headFree,
            tailFree: this.tailFree,
            largestFree: Math.max(0, ...this.gaps.map(({ size }) => size)) / BLOCK,
        };
    }
}

/** Returns the same figures of an allocator. */
const figuresOf = (api) => ({
    total: api.total(),
    used: api.used(),
    usedRun: api.usedRun(),
    free: api.free(),
    headFree: api.headFree(),
    tailFree: api.tailFree(),
    largestFree: api.largestFree(),
});

module.exports = { BLOCK, PAGE, Model, figuresOf };
