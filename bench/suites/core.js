'use strict';

// Measures the core by itself: a free and an allocation, in C, against the system's malloc and others that are
// installed.

const { output } = require('../lib/child.js');
const { compile } = require('../lib/compile.js');
const { preloads } = require('../lib/machine.js');
const { digits, median } = require('../lib/statistics.js');
const { lines } = require('../lib/svg.js');

/** Sizes up to 4,096 bytes, of which 7 million spans fill the 4 GiB of a heap; for more spans, up to 512. */
const largest = (spans) => (spans > 5e6 ? 512 : 4096);

const SCALES = {
    quick: { spans: [1e3, 1e5, 1e6], turns: 1, rounds: 8, operations: 1e5 },
    targets: { spans: [1e3, 1e5, 1e6], turns: 3, rounds: 20, operations: 2e5 },
    full: { spans: [1e3, 1e4, 1e5, 1e6, 5e6, 1e7], turns: 2, rounds: 20, operations: 3e5 },
};

/** Time of TLSF divided by that of glibc's malloc on this machine, by live spans. */
const TLSF = { 1e3: 1.8, 1e5: 1.55, 1e6: 1.55 };

async function measure(program, spans, { turns, rounds, operations }, progress) {
    const args = (contenders) => [spans, rounds, operations, contenders, largest(spans)].map(String);
    const samples = { 'lewd': [], 'system malloc': [] };
    let bytes;
    // Filling a large heap takes longer than measuring it.
    const last = spans > 1e6 ? 1 : turns;
    for (let turn = 1; turn <= last; turn++) {
        progress(`${spans.toLocaleString('en')} spans: ${turn} of ${last}`);
        const { lewd, system, ...rest } = JSON.parse(await output(program, args('both')));
        samples.lewd.push(lewd);
        samples['system malloc'].push(system);
        bytes = rest;
        for (const [name, preload] of preloads())
            (samples[name] ??= []).push(JSON.parse(await output(program, args('system'), { preload })).system);
    }
    return Object.entries(samples).map(([contender, own]) => ({
        spans,
        largest: largest(spans),
        contender,
        least: Math.min(...own.map(({ least }) => least)),
        median: median(own.map((one) => one.median)),
        ...(contender === 'lewd' && { bytesPerSpan: bytes.bytesPerSpan, peakBytesPerSpan: bytes.peakBytesPerSpan }),
    }));
}

const find = (rows, { spans }, name) => rows.find((row) => row.spans === spans && row.contender === name);

function targetsOf(rows) {
    const own = rows.filter(({ contender }) => contender === 'lewd');
    const targets = own
        .filter(({ spans }) => TLSF[spans])
        .map((row) => {
            const system = find(rows, row, 'system malloc');
            const ratio = row.least / system.least;
            return {
                what: `core, a free and an allocation, ${row.spans.toLocaleString('en')} spans`,
                target: `<= ${TLSF[row.spans]} x system malloc`,
                figure:
                    `${digits(ratio)} x: ${digits(row.least)} ns to ${digits(system.least)}; ` +
                    `medians ${digits(row.median)} to ${digits(system.median)}`,
                holds: ratio <= TLSF[row.spans],
            };
        });
    const large = own.findLast(({ spans }) => spans <= 1e6);
    targets.push({
        what: `metadata, ${large.spans.toLocaleString('en')} spans (while its array moves: ${large.peakBytesPerSpan})`,
        target: '<= 32 bytes a span',
        figure: `${large.bytesPerSpan} bytes`,
        holds: large.bytesPerSpan <= 32,
    });
    return targets;
}

exports.about = 'a free and an allocation in C, against malloc; metadata';

exports.run = async ({ mode, progress }) => {
    const program = compile('churn');
    const rows = [];
    for (const spans of SCALES[mode].spans) rows.push(...(await measure(program, spans, SCALES[mode], progress)));
    const contenders = [...new Set(rows.map(({ contender }) => contender))];
    return {
        data: rows,
        tables: [
            {
                title: "The core: ns of a free and an allocation, random replacement, the loop's own cost taken off",
                columns: ['', 'spans', 'sizes up to', 'least', 'median', 'least, to system malloc', 'bytes a span'],
                rows: rows.map((row) => [
                    row.contender,
                    row.spans.toLocaleString('en'),
                    row.largest.toLocaleString('en'),
                    digits(row.least),
                    digits(row.median),
                    digits(row.least / find(rows, row, 'system malloc').least),
                    row.bytesPerSpan,
                ]),
            },
        ],
        charts: {
            core: lines({
                title: 'The core in C: a free and an allocation, sizes up to 4,096 bytes',
                x: 'live spans',
                y: 'ns, least of all rounds',
                xLog: true,
                series: contenders.map((name) => ({
                    name,
                    points: rows
                        .filter(({ contender, largest: size }) => contender === name && size === 4096)
                        .map(({ spans, least }) => [spans, least]),
                })),
            }),
        },
        targets: targetsOf(rows),
    };
};
exports.hasTargets = true;
