// Finds places that list the files of the core: with more than one, some would be forgotten.
'use strict';

const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

/** Folders without texts of the project. */
const SKIPPED = new Set(['.git', 'build', 'coverage', 'node_modules', 'prebuilds', 'results']);
const TEXT = /(^|\/)[^/.]+$|\.(c|h|cc|js|cjs|mjs|ts|mts|json|gyp|gypi|sh|yml|md|txt)$/;

/** Yields the paths of the text files in a folder and below, from the root. */
function* textsIn(root, folder = '') {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* textsIn(root, path);
        else if (entry.isFile() && TEXT.test(path)) yield path;
    }
}

/** The text that may separate two names of a list: marks, space, parts of paths and names of variables, `#include`. */
const BETWEEN = /^(?:[\s"'`,;()|+\\]|#include|(?:[\w$().{}-]*\/)+)*$/;

/**
 * Returns the number of lists in a text: three names or more of different files, one after the other, as sources or
 * objects (heap.c, heap.o) or as quoted stems ('heap').
 */
exports.count = (text, stems) => {
    const name = new RegExp(`(?<![\\w-])(?:(${stems.join('|')})\\.[co]\\b|(["'\`])(${stems.join('|')})\\2)`, 'g');
    let [lists, end, run] = [0, 0, new Set()];
    for (const match of text.matchAll(name)) {
        if (!BETWEEN.test(text.slice(end, match.index))) run = new Set();
        run.add(match[1] ?? match[3]);
        if (run.size === 3) {
            lists++;
            run.add(''); // this list is counted
        }
        end = match.index + match[0].length;
    }
    return lists;
};

/** Returns the files, except the core's own, that list its sources. `core`: paths from the root. */
exports.placesOf = (root, core) => {
    const stems = core.filter((path) => path.endsWith('.c')).map((path) => path.replace(/^.*\/|\.c$/g, ''));
    if (stems.length < 3) return [];
    return [...textsIn(root)]
        .filter((path) => !core.includes(path))
        .filter((path) => exports.count(readFileSync(join(root, path), 'utf8'), stems) > 0);
};
