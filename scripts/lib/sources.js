// The C sources of the addon. Their folders are the only lists of them; src/lewd.c includes each (a check compares).
'use strict';

const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '../..');

/** Paths of the files in a folder of src/ whose names end so, from the project's root. */
const filesOf = (folder, end) =>
    readdirSync(join(root, 'src', folder))
        .filter((name) => name.endsWith(end))
        .sort()
        .map((name) => `src/${folder}/${name}`);

/** Sources of the core: C without Node.js. */
exports.core = filesOf('core', '.c');

/** Sources of the addon's own part, over Node-API. */
exports.addon = filesOf('addon', '.c');

/** Headers of both. */
exports.headers = [...filesOf('core', '.h'), ...filesOf('addon', '.h')];
