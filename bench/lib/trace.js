'use strict';

// Reads traces of a program's allocations: "a ID SIZE", "r ID SIZE", "f ID", one a line.

const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { basename, join } = require('node:path');
const { gunzipSync } = require('node:zlib');
const { SIZES, below, belowMany } = require('./work.js');

/**
 * Makes a trace for runs without a recorded program: phases that fill and empty, mostly small sizes, a few large ones.
 */
function synthetic(steps) {
    const lines = [];
    const live = [];
    for (let id = 0; lines.length < steps;) {
        const kept = Math.floor(lines.length / 40_000) % 2 ? 4_000 : 16_000;
        if (live.length < kept && below(4) > 0) {
            const size = below(200) === 0 ? belowMany(2 ** 18) : SIZES[below(SIZES.length)] - below(16);
            live.push(id);
            lines.push(`a ${id++} ${size}`);
        } else if (live.length) {
            const at = belowMany(live.length);
            if (below(20) === 0) {
                lines.push(`r ${live[at]} ${SIZES[below(SIZES.length)]}`);
            } else {
                lines.push(`f ${live[at]}`);
                live[at] = live.at(-1);
                live.pop();
            }
        }
    }
    return `${lines.join('\n')}\n`;
}

/** Calls `use` with a trace's name and the path of its text. */
exports.withTrace = async (file, use) => {
    if (file && !file.endsWith('.gz')) return use(basename(file), file);
    const folder = mkdtempSync(join(tmpdir(), 'lewd-'));
    try {
        const path = join(folder, 'trace');
        writeFileSync(path, file ? gunzipSync(readFileSync(file)) : synthetic(300_000));
        return await use(file ? basename(file, '.gz') : 'synthetic', path);
    } finally {
        rmSync(folder, { recursive: true });
    }
};

/** Returns a trace as columns: kinds (the letters' codes), IDs, sizes. */
exports.columns = (path) => {
    const lines = readFileSync(path, 'latin1').trimEnd().split('\n');
    const kinds = new Uint8Array(lines.length);
    const ids = new Uint32Array(lines.length);
    const sizes = new Uint32Array(lines.length);
    let most = 0;
    lines.forEach((line, i) => {
        const [kind, id, size = 0] = line.split(' ');
        kinds[i] = kind.charCodeAt(0);
        ids[i] = id;
        sizes[i] = size;
        most = Math.max(most, ids[i] + 1);
    });
    return { kinds, ids, sizes, count: lines.length, most };
};
