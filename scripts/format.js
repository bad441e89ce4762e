// Checks the format of the sources: Prettier's for JavaScript and TypeScript, clang-format's for C. With --fix, changes
// the sources to it. Without clang-format, the format of C is not checked, and a line says so: only `.ci/run` installs
// it.
'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const isFixed = process.argv.includes('--fix');

/** Returns the C files in a folder and below it; none if there is no such folder. */
function sources(folder) {
    if (!existsSync(join(root, folder))) return [];
    return readdirSync(join(root, folder), { recursive: true })
        .filter((name) => /\.[ch]$/.test(name) && !/(^|[\\/])(build|node_modules)[\\/]/.test(name))
        .map((name) => join(folder, name));
}

/** Runs a formatter. Returns whether the files have its format; throws if it can't be run. */
function format(program, args) {
    const { error, status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
    if (error !== undefined) throw error;
    return status === 0;
}

function formatJavaScript() {
    const prettier = require.resolve('prettier/bin/prettier.cjs');
    return format(process.execPath, [
        prettier,
        isFixed ? '--write' : '--check',
        '--log-level=warn',
        '**/*.{js,cjs,mjs,ts,mts}',
    ]);
}

function formatC() {
    const files = ['src', 'test', 'bench', 'scripts'].flatMap(sources);
    try {
        return format('clang-format', ['--style=file', ...(isFixed ? ['-i'] : ['--dry-run', '-Werror']), ...files]);
    } catch (error) {
        if (error.code !== 'ENOENT') throw error;
        console.log('clang-format is not installed: the format of the C sources was not checked');
        return true;
    }
}

const results = [formatJavaScript(), formatC()];
process.exitCode = results.every(Boolean) ? 0 : 1;
