// Finds faults in the structure of a checkout. Rules for lib/ are eslint's: see javascript.js.
'use strict';

const { posix } = require('node:path');
const c = require('./c.js');
const { folderOf } = require('./graph.js');
const headers = require('./headers.js');
const levels = require('./levels.js');
const lists = require('./lists.js');

const MOST_LINES = 48;
const CONTRACT = 'core/heap.h';

/** Returns the folders to check: the core, and the addon once it has declared its levels. */
const checkedOf = (declared) => ['core', ...(declared.addon === undefined ? [] : ['addon'])];

const circles = ({ graphs, checked }) =>
    ['includes', 'uses'].flatMap((verb) =>
        graphs[verb].circles
            .filter((members) => members.some((member) => checked.includes(folderOf(member))))
            .map((members) => `a circle: ${members.join(', ')} (${verb})`),
    );

const undeclared = ({ declared, graphs, checked }) =>
    checked.flatMap((folder) => levels.faults(folder, declared[folder] ?? [], graphs));

/**
 * Returns includes that cross the layers: the core includes nothing of Node.js and of the addon; the addon includes
 * only heap.h of the core.
 */
const borders = ({ graphs }) =>
    graphs.files.flatMap(({ path, text }) =>
        c.includesOf(text).flatMap(({ path: included, isOwn }) => {
            const target = isOwn ? posix.join(posix.dirname(path), included) : included;
            const isAllowed =
                folderOf(path) === 'core'
                    ? !/^(node_api|js_native_api|node|uv|v8)/.test(target) && (!isOwn || folderOf(target) === 'core')
                    : folderOf(target) !== 'core' || target === CONTRACT;
            return isAllowed ? [] : [`src/${path} includes ${included}`];
        }),
    );

const unity = ({ graphs }) => {
    const included = c.includesOf(graphs.unity).map(({ path }) => path);
    const sources = graphs.files.map(({ path }) => path).filter((path) => path.endsWith('.c'));
    return [
        ...sources.filter((path) => !included.includes(path)).map((path) => `src/lewd.c does not include ${path}`),
        ...included
            .filter((path, at) => !sources.includes(path) || included.indexOf(path) !== at)
            .map((path) => `src/lewd.c includes ${path}`),
    ];
};

const alone = ({ root, graphs, compilers }) =>
    headers
        .faultsOf(
            root,
            graphs.files.map(({ path }) => path).filter((path) => path.endsWith('.h')),
            compilers,
        )
        .map(({ path, compiler, message }) => `src/${path} does not compile alone (${compiler}): ${message}`);

/**
 * Returns the macros and constants of sources, { path, name }, that could collide with another file's names in
 * src/lewd.c.
 */
exports.strayNames = (files) =>
    files
        .filter(({ path }) => path.endsWith('.c'))
        .flatMap(({ path, text }) =>
            [...c.macrosOf(text).map(({ name }) => name), ...c.constantsOf(text)].map((name) => ({ path, name })),
        )
        .filter(({ name }) => !/^(ERR_)?LEWD_/.test(name));

const names = ({ graphs, checked }) =>
    exports
        .strayNames(graphs.files.filter(({ path }) => checked.includes(folderOf(path))))
        .map(({ path, name }) => `src/${path}: the macro or constant ${name} must begin with LEWD_`);

const lengths = ({ graphs }) =>
    graphs.files.flatMap(({ path, text }) =>
        c
            .functionsOf(text)
            .filter(({ lines }) => lines > MOST_LINES)
            .map(
                ({ name, line, lines }) =>
                    `src/${path}:${line}: ${name}() has ${lines} lines, of ${MOST_LINES} at most`,
            ),
    );

const places = ({ root, core }) =>
    lists
        .placesOf(root, core)
        .filter((path) => path !== 'src/lewd.c')
        .map((path) => `${path} lists the files of the core: see scripts/lib/sources.js`);

/**
 * Returns complaints about a checkout, as lines; none if there are no faults. `graphs`: see graph.js. `compilers` try
 * the headers.
 */
exports.complaints = (root, graphs, core, compilers = headers.compilers()) => {
    const declared = levels.read(graphs.unity);
    const given = { root, graphs, core, declared, compilers, checked: checkedOf(declared) };
    return [circles, undeclared, borders, unity, alone, names, lengths, places].flatMap((rule) => rule(given));
};
