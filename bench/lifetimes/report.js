'use strict';

// Shared by all scripts of this folder: arguments by name, figures that are printed at the end, bounds that decide the
// exit code. A bound that does not hold is printed and marked.

const { PerformanceObserver, constants } = require('node:perf_hooks');
const { isMainThread } = require('node:worker_threads');

const MIB = 2 ** 20;

/** Returns the value behind `--name`, as a number; `value` without one. */
function argument(name, value) {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? value : Number(process.argv[at + 1]);
}

const figures = [];

/** Prints `value` at the end, and fails if it is above `most`, or below `least`. */
/** Resident sizes under a sanitizer include its own memory, so they are not judged. */
const sanitized = /asan/.test(process.env.LD_PRELOAD ?? '');

function show(name, value, unit, { most = Infinity, least = -Infinity } = {}) {
    if (sanitized && name === 'resident') most = Infinity;
    const holds = value >= least && value <= most;
    figures.push({ name, value, unit, holds, ...(most < Infinity && { most }), ...(least > -Infinity && { least }) });
    if (!holds) process.exitCode = 1;
}

const digits = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 100 ? 1 : 0));

function text({ name, value, unit, holds, most, least }) {
    const bound = most === undefined ? `at least ${digits(least ?? 0)}` : `at most ${digits(most)}`;
    return `${holds ? ' ' : '!'} ${name}: ${digits(value)} ${unit}${holds ? '' : ` (${bound})`}`;
}

process.on('exit', () => {
    if (!isMainThread || figures.length === 0) return;
    console.log(process.argv.includes('--json') ? JSON.stringify(figures) : figures.map(text).join('\n'));
});

/**
 * Counts collections from now on. `stop()` waits for pending reports; returns the counts by kind, and their total time.
 */
function watchCollections() {
    const seen = { minor: 0, major: 0, time: 0 };
    const add = ({ duration, detail }) => {
        seen[detail.kind === constants.NODE_PERFORMANCE_GC_MINOR ? 'minor' : 'major']++;
        seen.time += duration;
    };
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(add));
    observer.observe({ entryTypes: ['gc'] });
    return async function stop() {
        for (let i = 0; i < 10; i++) await turn();
        observer.takeRecords().forEach(add);
        observer.disconnect();
        return seen;
    };
}

/** Node.js 18 can't hold symbols weakly, so they are left out there. */
const SYMBOLS = Number(process.versions.node.split('.')[0]) >= 20;

const turn = () => new Promise(setImmediate);

const now = () => process.hrtime.bigint();

/**
 * Starts a clock. `stop(count)` returns the nanoseconds since then, divided by `count`: wall time, and processor time
 * with V8's helper threads. Compare the latter on a busy machine.
 */
function start() {
    const cpu = process.cpuUsage();
    const begun = now();
    return function stop(count) {
        const { user, system } = process.cpuUsage(cpu);
        return { wall: Number(now() - begun) / count, cpu: ((user + system) * 1000) / count };
    };
}

/** Prints both of a stopped clock's times; one unit is `per` nanoseconds. */
function showTimes(name, { wall, cpu }, unit = 'ns', per = 1) {
    show(name, wall / per, unit);
    show(`${name}, processors'`, cpu / per, unit);
}
const residentSize = () => process.memoryUsage.rss() / MIB;

module.exports = { MIB, SYMBOLS, argument, digits, now, residentSize, show, showTimes, start, turn, watchCollections };
