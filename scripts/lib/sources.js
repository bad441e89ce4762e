// Lists the C sources of the addon. Their folders are the only such lists; src/lewd.c includes each source (a check
// compares).
// compares).
'use strict';

const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '../..');

/** Returns the paths of the files in a folder of src/ whose names have that ending, from the project's root. */
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
