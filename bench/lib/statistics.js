'use strict';

/** Sorted copy's value at `part` of its length, between two neighbours if it falls there. */
function quantile(sorted, part) {
    const at = (sorted.length - 1) * part;
    const low = Math.floor(at);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

/** What is kept of samples: the least, the quartiles, how many there were. */
exports.summary = (samples) => {
    const sorted = [...samples].sort((a, b) => a - b);
    return {
        least: sorted[0],
        q1: quantile(sorted, 0.25),
        median: quantile(sorted, 0.5),
        q3: quantile(sorted, 0.75),
        rounds: sorted.length,
    };
};

exports.median = (samples) => exports.summary(samples).median;

/** Three digits, or as many as an integer has. */
exports.digits = (value) => {
    if (value === undefined || Number.isNaN(value)) return '-';
    if (!Number.isFinite(value)) return String(value);
    const size = Math.abs(value);
    return size >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(size >= 10 ? 1 : 2);
};

/** `median (least, q1 .. q3)`. */
exports.spread = ({ least, q1, median, q3 }) =>
    `${exports.digits(median)} (${exports.digits(least)}; ${exports.digits(q1)} .. ${exports.digits(q3)})`;
