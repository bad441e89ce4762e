'use strict';

/** Returns lines of text: columns as wide as needed, the first aligned left, the others right. */
exports.table = ({ title, columns, rows, notes = [] }) => {
    const cells = [columns, ...rows].map((row) => row.map((cell) => String(cell ?? '')));
    const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
    const lines = cells.map((row) =>
        row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
    );
    lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
    return ['', title, ...lines, ...notes.map((note) => `  ${note}`)].join('\n');
};
