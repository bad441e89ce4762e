'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { collect } = require('../story.js');
const { create } = require('./server.js');

/**
 * Puts the server, in this process, under load from another one for some seconds. Calls `report` with each sample, four
 * a second. Returns the samples, the counts of the load, and used() after its end.
 */
exports.measure = async (seconds, report = () => {}, connections = 16) => {
    const { server, allocator } = await create();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const args = [join(__dirname, 'load.js'), server.address().port, seconds, connections].map(String);
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'close');

    const samples = [];
    let last = { time: 0, answers: 0, broken: 0 };
    let begun;
    for await (const line of createInterface({ input: child.stdout })) {
        begun ??= performance.now() - 250;
        const time = (performance.now() - begun) / 1000;
        const [answers, wrong, broken] = JSON.parse(line);
        const rate = (answers + broken - last.answers - last.broken) / Math.max(0.001, time - last.time);
        const { rss, heapUsed: heap } = process.memoryUsage();
        last = { time, answers, wrong, broken, rate, used: allocator.used(), total: allocator.total(), rss, heap };
        samples.push(last);
        report(last);
    }
    const [code, signal] = await ended;
    server.close();
    server.closeAllConnections?.();
    if (code !== 0) throw new Error(`the load ended with ${signal ?? code}`);
    await collect(() => allocator.used() === 0);
    const { answers, wrong, broken } = last;
    return { samples, answers, wrong, broken, settled: allocator.used() };
};
