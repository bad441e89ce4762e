// Builds the graph of modules. A module is a source with its header, <folder>/<name>; heap.h, the interface of the
// core, is a module of its own. src/lewd.c, which includes every source, is left out.
'use strict';

const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { join, posix } = require('node:path');
const c = require('./c.js');

/** Headers that are modules of their own. */
const CONTRACTS = ['heap.h'];

const UNITY = 'lewd.c';

/** Returns the C files of src/ and of its folders: { path, from src/; text }. */
const filesOf = (root) =>
    ['', 'core', 'addon']
        .filter((folder) => existsSync(join(root, 'src', folder)))
        .flatMap((folder) => readdirSync(join(root, 'src', folder)).map((name) => posix.join(folder, name)))
        .filter((path) => /\.[ch]$/.test(path))
        .sort()
        .map((path) => ({ path, text: readFileSync(join(root, 'src', path), 'utf8') }));

const moduleOf = (path) => (CONTRACTS.includes(posix.basename(path)) ? path : path.replace(/\.[ch]$/, ''));
const folderOf = (module) => (module.includes('/') ? module.slice(0, module.indexOf('/')) : '');

const add = (edges, from, to) => {
    if (from !== to) (edges[from] ??= new Set()).add(to);
};

/** Returns the edges by includes of own files. */
const includesIn = (files) => {
    const edges = {};
    for (const { path, text } of files) {
        for (const { path: included, isOwn } of c.includesOf(text)) {
            const target = posix.join(posix.dirname(path), included);
            if (isOwn && files.some((file) => file.path === target)) add(edges, moduleOf(path), moduleOf(target));
        }
    }
    return edges;
};

/**
 * Returns the edges by use of functions. From another folder, a function belongs to the header that declares it, not to
 * the module that defines it.
 */
const usesIn = (files) => {
    const homes = new Map();
    const contracts = new Map();
    for (const { path, text } of files) {
        for (const { name, isStatic } of c.functionsOf(text))
            if (!isStatic || path.endsWith('.h')) homes.set(name, moduleOf(path));
        if (moduleOf(path) === path) for (const name of c.declarationsOf(text)) contracts.set(name, path);
    }
    const edges = {};
    for (const { path, text } of files) {
        const from = moduleOf(path);
        for (const name of c.namesUsedBy(text, path.endsWith('.h'))) {
            if (!homes.has(name) || !name.startsWith('lewd_')) continue;
            const isForeign = folderOf(homes.get(name)) !== folderOf(from) && contracts.has(name);
            add(edges, from, isForeign ? contracts.get(name) : homes.get(name));
        }
    }
    return edges;
};

/**
 * Returns the strongly connected components of a graph, in an order in which edges lead to earlier ones only (Tarjan,
 * "Depth-first search and linear graph algorithms", 1972).
 */
const components = (modules, edges) => {
    const [index, low, stack, found] = [new Map(), new Map(), [], []];
    const visit = (module) => {
        index.set(module, index.size);
        low.set(module, index.get(module));
        stack.push(module);
        for (const next of edges[module] ?? []) {
            if (!index.has(next)) visit(next);
            if (stack.includes(next)) low.set(module, Math.min(low.get(module), low.get(next)));
        }
        if (low.get(module) === index.get(module)) found.push(stack.splice(stack.indexOf(module)).sort());
    };
    for (const module of modules) if (!index.has(module)) visit(module);
    return found;
};

/**
 * Returns the level of each module: one above the highest that it has an edge to; modules of a circle have the same
 * one.
 */
const levelsIn = (modules, edges) => {
    const levels = {};
    for (const members of components(modules, edges)) {
        const below = members
            .flatMap((member) => [...(edges[member] ?? [])])
            .filter((module) => !members.includes(module));
        for (const member of members) levels[member] = Math.max(-1, ...below.map((module) => levels[module])) + 1;
    }
    return levels;
};

const graph = (modules, edges) => ({
    edges,
    circles: components(modules, edges).filter((members) => members.length > 1),
    levels: levelsIn(modules, edges),
    count: Object.values(edges).reduce((sum, targets) => sum + targets.size, 0),
});

const union = (one, other) => {
    const edges = {};
    for (const [from, targets] of [...Object.entries(one), ...Object.entries(other)])
        for (const to of targets) add(edges, from, to);
    return edges;
};

/**
 * Returns the files and the modules of src/, the text of src/lewd.c, and the graphs by includes, by use of functions,
 * and by both: { edges, circles, levels, count of edges }.
 */
exports.read = (root) => {
    const all = filesOf(root);
    const files = all.filter(({ path }) => path !== UNITY);
    const modules = [...new Set(files.map(({ path }) => moduleOf(path)))].sort();
    const [includes, uses] = [includesIn(files), usesIn(files)];
    return {
        files,
        modules,
        unity: all.find(({ path }) => path === UNITY)?.text ?? '',
        includes: graph(modules, includes),
        uses: graph(modules, uses),
        both: graph(modules, union(includes, uses)),
    };
};

/**
 * Returns the files of the core. Without a folder of its own, those whose includes do not lead to node_api.h.
 */
exports.coreOf = (files) => {
    if (files.some(({ path }) => path.startsWith('core/'))) return files.filter(({ path }) => path.startsWith('core/'));
    const reaches = ({ path, text }) =>
        c.includesOf(text).some(({ path: included, isOwn }) => {
            const target = files.find((file) => isOwn && file.path === posix.join(posix.dirname(path), included));
            return included === 'node_api.h' || (target !== undefined && reaches(target));
        });
    return files.filter((file) => !reaches(file));
};

exports.folderOf = folderOf;
