// Runs the suite on Linux over the binary for macOS on x64, by a loader of Mach-O files: `node test/macho`. Words
// name files of tests: `node test/macho alloc trim` runs test/alloc.test.js and test/trim.test.js.
'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { compile } = require('../../scripts/prebuild/compile.js');
const { lack: cannotCompile, root } = require('../../scripts/prebuild/targets.js');
const { lack, macho } = require('./build.js');

const TARGET = 'darwin-x64';
const MOCHA = join(root, 'node_modules/mocha/bin/mocha.js');

/** What .mocharc.json says, but for the files: mocha would add named ones to them. */
const { spec, 'node-option': nodeOptions, ...settings } = require('../../.mocharc.json');
const options = Object.entries(settings).map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`));

/** Runs mocha over a binary for macOS, all tests if no files are named; returns what spawnSync() does. */
const suite = (files, file, program = process.execPath, stdio = 'inherit') =>
    spawnSync(
        program,
        [
            ...nodeOptions.map((option) => `--${option}`),
            ...[MOCHA, '--no-config', ...options, '--reporter', 'dot', '--no-color'],
            ...['--require', join(__dirname, 'hooks.js'), ...(files.length === 0 ? [spec].flat() : files)],
        ],
        { cwd: root, stdio, encoding: 'utf8', env: { ...process.env, ...macho(TARGET, file) }, timeout: 900_000 },
    );

function main(words) {
    const missing = lack(TARGET) ?? cannotCompile(TARGET);
    if (missing !== undefined) throw new Error(missing);
    const files = words.map((word) => `test/${word}.test.js`);
    for (const file of files) {
        if (!existsSync(join(root, file))) throw new Error(`there is no ${file}`);
    }
    process.exitCode = suite(files, compile(TARGET)).status ?? 1;
}

module.exports = { TARGET, suite };

if (require.main === module) main(process.argv.slice(2));
