// Checks the format of the sources: Prettier's for JavaScript and TypeScript, clang-format's for C, and the length of
// C's lines. With --fix, changes the sources to the first two. Without clang-format, the format of C is not checked,
// and a line says so: only `.ci/run` installs it.
'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const MOST_COLUMNS = 120;
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

/**
 * Checks that no line of a tracked C source or header has more than 120 characters: clang-format leaves comments alone.
 * Prints the lines that do. Returns whether there are none.
 */
function checkColumns() {
    const { error, status, stdout } = spawnSync('git', ['ls-files', '-z', '*.c', '*.h'], {
        cwd: root,
        encoding: 'utf8',
    });
    if (error !== undefined || status !== 0) throw error ?? new Error('git ls-files failed');
    const long = stdout
        .split('\0')
        .filter((path) => path !== '' && existsSync(join(root, path)))
        .flatMap((path) =>
            readFileSync(join(root, path), 'utf8')
                .split('\n')
                .map((line, index) => ({ at: `${path}:${index + 1}`, columns: [...line].length }))
                .filter(({ columns }) => columns > MOST_COLUMNS),
        );
    for (const { at, columns } of long) console.log(`${at}: ${columns} columns, of ${MOST_COLUMNS} at most`);
    return long.length === 0;
}

const results = [formatJavaScript(), formatC(), checkColumns()];
process.exitCode = results.every(Boolean) ? 0 : 1;
