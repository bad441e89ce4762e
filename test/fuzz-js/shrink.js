'use strict';

/**
 * Returns fewer operations with which a run still fails: leaves out ever smaller parts, the last ones first.
 * `fails(numbers)` runs them; it is called until `isEnough()`.
 */
exports.shrink = async (numbers, fails, isEnough) => {
    let left = numbers;
    for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
        for (let end = left.length; end > 0 && !isEnough(); end -= size) {
            const fewer = [...left.slice(0, Math.max(0, end - size)), ...left.slice(end)];
            if (fewer.length > 0 && (await fails(fewer))) left = fewer;
        }
        if (isEnough()) break;
    }
    return left;
};

/** Writes numbers as ranges: 1-3,7. */
exports.write = (numbers) => {
    const ranges = [];
    for (const number of numbers) {
        const last = ranges[ranges.length - 1];
        if (last?.[1] === number - 1) last[1] = number;
        else ranges.push([number, number]);
    }
    return ranges.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(',');
};

/** Reads numbers from ranges. */
exports.read = (text) =>
    text.split(',').flatMap((range) => {
        const [from, to = from] = range.split('-').map(Number);
        return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    });
