'use strict';

// Draws charts as text. Light background, no scripts, no fonts of their own: a README shows them.

const { digits } = require('./statistics.js');

const COLOURS = ['#1f5fbf', '#d9730d', '#2f8f5b', '#8b5fbf', '#b3374b', '#7a7a7a', '#0f8f9f', '#a08412'];
const TEXT = '#24292f';
const FAINT = '#6a737d';
const GRID = '#e4e7eb';

const escape = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const text = (x, y, words, { anchor = 'start', size = 12, fill = TEXT, weight = 400, turn } = {}) =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" fill="${fill}" font-weight="${weight}"` +
    `${turn ? ` transform="rotate(${turn} ${x} ${y})"` : ''}>${escape(words)}</text>`;

const line = (x1, y1, x2, y2, stroke = GRID) =>
    `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${stroke}"/>`;

const page = (width, height, title, parts) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="system-ui, sans-serif" role="img" aria-label="${escape(title)}">\n` +
    `<rect width="${width}" height="${height}" fill="#ffffff"/>\n${parts.join('\n')}\n</svg>\n`;

/** Returns round numbers from 0 to `most`, or powers of ten between the two. */
function ticks(least, most, log) {
    if (log) {
        const from = Math.floor(Math.log10(least) + 1e-9);
        const to = Math.ceil(Math.log10(most) - 1e-9);
        return Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
    }
    const rough = most / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough);
    return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
}

function scale(values, log, from, to) {
    const marks = ticks(Math.min(...values), Math.max(...values) || 1, log);
    const place = log ? Math.log10 : (value) => value;
    const low = place(marks[0]);
    const range = place(marks.at(-1)) - low || 1;
    return { marks, at: (value) => Math.round((from + ((place(value) - low) / range) * (to - from)) * 10) / 10 };
}

const short = (value) => {
    for (const [size, sign] of [
        [1e9, ' G'],
        [1e6, ' M'],
        [1e3, ' k'],
    ])
        if (value >= size) return `${Number((value / size).toPrecision(3))}${sign}`;
    return String(Number(value.toPrecision(3)));
};

/** Draws lines over a common x axis. `series`: [{ name, points: [[x, y]] }]. */
exports.lines = ({ title, x, y, xLog = false, yLog = false, series, marks: dots = true }) => {
    const [width, left, right, top, bottom] = [760, 64, 24, 48, 340];
    const points = series.flatMap((one) => one.points);
    const across = scale(
        points.map(([value]) => value),
        xLog,
        left,
        width - right,
    );
    const up = scale(
        points.map(([, value]) => value),
        yLog,
        bottom,
        top + 24,
    );
    const parts = [text(left, 24, title, { size: 15, weight: 600 })];
    for (const mark of up.marks)
        parts.push(
            line(left, up.at(mark), width - right, up.at(mark)),
            text(left - 8, up.at(mark) + 4, short(mark), { anchor: 'end', fill: FAINT }),
        );
    for (const mark of across.marks)
        parts.push(text(across.at(mark), bottom + 18, short(mark), { anchor: 'middle', fill: FAINT }));
    parts.push(text((left + width - right) / 2, bottom + 36, x, { anchor: 'middle', fill: FAINT }));
    parts.push(text(left, 44, y, { fill: FAINT }));
    let legend = left;
    let height = bottom + 60;
    series.forEach(({ name, points: own }, i) => {
        const colour = COLOURS[i % COLOURS.length];
        const path = own.map(([a, b]) => `${across.at(a)},${up.at(b)}`);
        parts.push(
            `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2" ` +
                'stroke-linejoin="round"/>',
        );
        if (dots)
            for (const [a, b] of own)
                parts.push(
                    `<circle cx="${across.at(a)}" cy="${up.at(b)}" r="3.5" fill="${colour}" stroke="#ffffff">` +
                        `<title>${escape(`${name}: ${digits(b)}`)}</title></circle>`,
                );
        const room = 34 + name.length * 6.8;
        if (legend + room > width) [legend, height] = [left, height + 20];
        parts.push(
            `<rect x="${Math.round(legend)}" y="${height - 18}" width="10" height="10" rx="2" fill="${colour}"/>`,
            text(Math.round(legend + 14), height - 9, name),
        );
        legend += room;
    });
    return page(width, height, title, parts);
};

/**
 * Draws horizontal bars, each with its figure. `groups`: [{ name, bars: [{ name, value }] }]; a name keeps its colour.
 */
exports.bars = ({ title, unit, groups, log = false }) => {
    const names = [...new Set(groups.flatMap(({ bars }) => bars.map(({ name }) => name)))];
    const values = groups.flatMap(({ bars }) => bars.map(({ value }) => Math.max(value, log ? 0.1 : 0)));
    const widest = Math.max(...names.map((name) => name.length));
    const [width, left, right] = [760, Math.min(300, 24 + widest * 6.8), 90];
    const across = scale(values, log, left, width - right);
    const parts = [text(16, 24, title, { size: 15, weight: 600 }), text(16, 43, unit, { fill: FAINT })];
    let down = 56;
    for (const { name, bars } of groups) {
        if (name) parts.push(text(16, (down += 18) - 2, name, { weight: 600 }));
        for (const bar of bars) {
            const end = across.at(Math.max(bar.value, log ? across.marks[0] : 0));
            const colour = names.length > COLOURS.length ? COLOURS[0] : COLOURS[names.indexOf(bar.name)];
            parts.push(
                text(left - 8, down + 14, bar.name, { anchor: 'end' }),
                `<rect x="${left}" y="${down + 3}" width="${Math.max(1, end - left)}" height="14" rx="2" ` +
                    `fill="${colour}"/>`,
                text(end + 6, down + 14, digits(bar.value), { fill: FAINT }),
            );
            down += 20;
        }
        down += 8;
    }
    parts.splice(2, 0, line(left, 56, left, down - 4));
    return page(width, down + 8, title, parts);
};
