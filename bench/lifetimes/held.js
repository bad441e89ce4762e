'use strict';

// Checks that the library keeps nothing alive: neither tokens nor the objects in their handlers' closures. Counts
// objects of classes of its own in a heap snapshot. Checks, too, that dead entries are removed: a registry of handlers
// does not grow in a synchronous loop of wrappers, each with an allocation and handlers whose closures hold it.

const { readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { setFlagsFromString, writeHeapSnapshot } = require('node:v8');
const { runInNewContext } = require('node:vm');
const { alloc, off, on, total, used } = require('@anireact/lewd');
const { MIB, SYMBOLS, argument, residentSize, show, showTimes, start, turn } = require('./report.js');

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

const COUNT = argument('count', 1000);
const WRAPPERS = argument('wrappers', 200_000);

class PlainToken {}
class HandlerToken {}
class SymbolToken {}
class ProxyTarget {}
class Wrapper {
    constructor() {
        this.pointer = alloc(64, this);
        this.changes = 0;
        on('resize', this, () => this.changes++);
    }
}

/** Returns the number of live objects of each class, from a heap snapshot. */
function census() {
    const file = writeHeapSnapshot(join(tmpdir(), `lewd-${process.pid}.heapsnapshot`));
    const { nodes, strings, snapshot } = JSON.parse(readFileSync(file, 'utf8'));
    rmSync(file);
    const fields = snapshot.meta.node_fields;
    const [type, name] = [fields.indexOf('type'), fields.indexOf('name')];
    const object = snapshot.meta.node_types[type].indexOf('object');
    const counts = {};
    for (let at = 0; at < nodes.length; at += fields.length)
        if (nodes[at + type] === object) {
            const which = strings[nodes[at + name]];
            counts[which] = (counts[which] ?? 0) + 1;
        }
    return counts;
}

/**
 * Makes tokens of every kind, with handlers whose closures hold them. A function of its own: its frame keeps none
 * alive.
 */
function make(count) {
    const kept = [];
    for (let i = 0; i < count; i++) {
        const plain = new PlainToken();
        alloc(64, plain);
        alloc(64, plain);
        const handler = new HandlerToken();
        on('resize', handler, () => handler);
        on('trim', handler, () => [handler, kept]);
        const itself = () => handler;
        on('grow', handler, itself);
        off('grow', handler, itself);
        const symbol = SYMBOLS ? Symbol('token') : {};
        const behind = new SymbolToken();
        on('resize', symbol, () => [symbol, behind]);
        alloc(64, symbol);
        const proxy = new Proxy(new ProxyTarget(), {});
        alloc(64, proxy);
        kept.push(plain, handler, symbol, proxy);
    }
    return kept;
}

(async () => {
    const box = { kept: make(COUNT) };
    const classes = ['PlainToken', 'HandlerToken', 'SymbolToken', 'ProxyTarget'];
    await turn();
    const before = census();
    for (const name of classes) show(`${name}: alive while held`, before[name] ?? 0, '', { least: COUNT });
    box.kept = null;
    for (let i = 0; i < 4; i++) {
        await turn();
        gc();
    }
    await turn();
    const after = census();
    for (const name of classes) show(`${name}: alive after`, after[name] ?? 0, '', { most: 0 });
    show('used() after', used(), 'B', { most: 0 });

    const stop = start();
    for (let i = 0; i < WRAPPERS; i++) new Wrapper();
    showTimes('time a wrapper with a handler', stop(WRAPPERS));
    show('used() then', used() / MIB, 'MiB', { most: 64 });
    show('total() then', total() / MIB, 'MiB', { most: 64 });
    show('resident', residentSize(), 'MiB', { most: 512 });
})();
