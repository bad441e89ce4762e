// Checks that clang-format has nothing to say about the C sources; with --fix, lets it change them. Without clang-format
// it says so and passes: only the project's own checks insist on it.
'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');

/** The C files in `folder` and below; none if there is no such folder. */
function sources(folder) {
    if (!existsSync(join(root, folder))) return [];
    return readdirSync(join(root, folder), { recursive: true })
        .filter((name) => /\.[ch]$/.test(name) && !/(^|[\\/])(build|node_modules)[\\/]/.test(name))
        .map((name) => join(folder, name));
}

const files = ['src', 'test', 'bench', 'scripts'].flatMap(sources);
const how = process.argv.includes('--fix') ? ['-i'] : ['--dry-run', '-Werror'];
const { error, status } = spawnSync('clang-format', ['--style=file', ...how, ...files], { cwd: root, stdio: 'inherit' });

if (error?.code === 'ENOENT') {
    console.log('clang-format is not installed: the format of the C sources was not checked');
} else if (error !== undefined) {
    throw error;
} else {
    process.exitCode = status ?? 1;
}
