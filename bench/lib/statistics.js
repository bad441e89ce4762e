'use strict';

/** Returns the value at `part` of a sorted copy's length, interpolated between neighbours. */
function quantile(sorted, part) {
    const at = (sorted.length - 1) * part;
    const low = Math.floor(at);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

/** Returns the summary of samples: the minimum, the quartiles, the count. */
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

/** Formats a number with three digits, or with all digits of its integer part. */
exports.digits = (value) => {
    if (value === undefined || Number.isNaN(value)) return '-';
    if (!Number.isFinite(value)) return String(value);
    const size = Math.abs(value);
    return size >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(size >= 10 ? 1 : 2);
};

/** Formats a summary as `median (least, q1 .. q3)`. */
exports.spread = ({ least, q1, median, q3 }) =>
    `${exports.digits(median)} (${exports.digits(least)}; ${exports.digits(q1)} .. ${exports.digits(q3)})`;
