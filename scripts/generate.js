// Writes all generated files: tables of the types and the documentation from src/addon/contract.h, and pictures.
// `npm run generate -- --check` writes nothing, and fails if a file is not up to date.
'use strict';

const { spawnSync } = require('node:child_process');
const { join } = require('node:path');

/** The scripts that write them, and options of Node.js that they need. */
const GENERATORS = [['contract.js'], ['pictures.js', '--expose-gc']];

const statuses = GENERATORS.map(([script, ...options]) => {
    const args = [...options, join(__dirname, script), ...process.argv.slice(2)];
    return spawnSync(process.execPath, args, { stdio: 'inherit' }).status;
});
process.exitCode = statuses.every((status) => status === 0) ? 0 : 1;
