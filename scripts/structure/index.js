// Measures the structure of the sources, and checks it: modules by level, includes and uses of functions between them,
// circles, lengths of functions, and the rules of rules.js. Prints all of it; with --check only the faults, and then
// fails if there are any.
//
//     --root FOLDER        checks another checkout, not that of this script
//     --draw FILE          draws the graph by includes
//     --draw-uses FILE     draws the graph by uses of functions
'use strict';

const { writeFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { parseArgs } = require('node:util');
const c = require('./c.js');
const { draw } = require('./draw.js');
const graph = require('./graph.js');
const headers = require('./headers.js');
const javascript = require('./javascript.js');
const lists = require('./lists.js');
const { complaints, strayNames } = require('./rules.js');

const { values: options } = parseArgs({
    options: {
        'check': { type: 'boolean' },
        'root': { type: 'string', default: resolve(__dirname, '../..') },
        'draw': { type: 'string' },
        'draw-uses': { type: 'string' },
    },
});

/** Returns the median and the longest of some functions, in words. */
const lengthsOf = (functions) => {
    const sorted = [...functions].sort((one, other) => one.lines - other.lines);
    if (sorted.length === 0) return 'none';
    const { lines, name, path } = sorted.at(-1);
    return `${sorted.length}: median ${sorted[sorted.length >> 1].lines}, longest ${lines} (${name} in ${path})`;
};

const listed = (items) => (items.length === 0 ? '0' : `${items.length}: ${items.join(', ')}`);
const circlesOf = ({ circles }) => listed(circles.map((members) => `{${members.join(', ')}}`));

/** Returns rows of the table: a label and a figure. */
const figures = (root, graphs, core) => {
    const at = ({ path, text }, measure) => measure(text).map((each) => ({ ...each, path: `src/${path}` }));
    const inC = graphs.files.flatMap((file) => at(file, c.functionsOf));
    const structs = graphs.files
        .flatMap((file) => at(file, c.structsOf))
        .sort((one, other) => one.fields - other.fields);
    const scripts = javascript.filesOf(root).map(({ path, text }) => ({ path, ...javascript.measure(text, path) }));
    const compilers = headers.compilers();
    const all = graphs.files.map(({ path }) => path).filter((path) => path.endsWith('.h'));
    const broken = headers.faultsOf(root, all, compilers).map(({ path, compiler }) => `${path} by ${compiler}`);
    const { name, fields, path } = structs.at(-1) ?? {};
    return [
        ['modules', graphs.modules.length],
        ['edges by includes; by uses of functions', `${graphs.includes.count}; ${graphs.uses.count}`],
        ['circles by includes', circlesOf(graphs.includes)],
        ['circles by uses of functions', circlesOf(graphs.uses)],
        [
            `headers, of ${all.length}, that don't compile alone (${compilers.join(', ') || 'no compiler'})`,
            listed(broken),
        ],
        ['macros and constants of sources without LEWD_', listed(strayNames(graphs.files).map((stray) => stray.name))],
        ['functions of C', lengthsOf(inC)],
        [
            'functions of lib/',
            lengthsOf(scripts.flatMap((file) => file.functions.map((each) => ({ ...each, path: file.path })))),
        ],
        ['fields of the largest struct', structs.length === 0 ? 'none' : `${fields} (${name} in ${path})`],
        ['literal indexes in lib/', scripts.reduce((sum, { indexes }) => sum + indexes.length, 0)],
        ['places that list the files of the core', listed(lists.placesOf(root, core))],
    ];
};

/** Returns lines in the format of the comment of src/lewd.c that declares levels, by includes and uses together. */
const levelLines = ({ both }) => {
    const folders = {};
    for (const [module, level] of Object.entries(both.levels)) {
        const rows = (folders[graph.folderOf(module) || 'src'] ??= []);
        (rows[level] ??= []).push(module.replace(/^.*\//, ''));
    }
    return Object.entries(folders).flatMap(([folder, rows]) =>
        rows.filter(Boolean).map((names, level) => `    ${folder} ${level}: ${names.join(', ')}`),
    );
};

const edgeLines = ({ edges }) =>
    Object.entries(edges).map(([from, targets]) => `    ${from}: ${[...targets].sort().join(', ')}`);

const root = resolve(options.root);
const graphs = graph.read(root);
const core = graph.coreOf(graphs.files).map(({ path }) => `src/${path}`);

if (options.draw !== undefined)
    writeFileSync(options.draw, draw(graphs.includes, 'Modules of src/, by what they include'));
if (options['draw-uses'] !== undefined)
    writeFileSync(options['draw-uses'], draw(graphs.uses, 'Modules of src/, by the functions that they use'));
if (options.check) {
    const found = complaints(root, graphs, core);
    for (const complaint of found) console.error(complaint);
    process.exitCode = found.length === 0 ? 0 : 1;
} else {
    console.log(['modules by level, the lowest first', ...levelLines(graphs), ''].join('\n'));
    console.log(
        ['includes', ...edgeLines(graphs.includes), '', 'uses functions of', ...edgeLines(graphs.uses), ''].join('\n'),
    );
    for (const [what, value] of figures(root, graphs, core)) console.log(`| ${what} | ${value} |`);
}
