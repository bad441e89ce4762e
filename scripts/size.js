// Measures the JavaScript as a bundler would ship it: minified, then gzipped as a server would. Prints by how much a
// target is missed, and fails above a bound, which is slightly above the present size, so that growth is noticed. The
// documented surface is lib/internal/allocator.js with all that it requires, except the loader of the binary and the
// files of C's functions, blocks and settings. The other budget covers all JavaScript that `require('@anireact/lewd')`
// loads, the loader included.
'use strict';

const { join } = require('node:path');
const { constants, gzipSync } = require('node:zlib');
const { buildSync } = require('esbuild');

const SURFACE = 'lib/internal/allocator.js';
const LOADER = './binding.js';
/** C's functions, blocks, other copies of the package, settings beyond `memory` and `maximum`, kinds of memories. */
const UNDOCUMENTED = ['./c-functions.js', './block.js', './claims.js', './settings.js', './wasm-types.js'];

/**
 * In bytes. The targets are the sizes of the first implementation in JavaScript, which had one closure and no classes.
 */
const SIZES = [
    { what: 'documented surface', file: SURFACE, external: [LOADER, ...UNDOCUMENTED], target: 1730, bound: 6100 },
    { what: 'all that require() loads', file: 'lib/index.js', external: [], target: 6144, bound: 9900 },
];

const sizes = ({ file, external }) => {
    const { outputFiles } = buildSync({
        entryPoints: [join(__dirname, '..', file)],
        bundle: true,
        minify: true,
        write: false,
        platform: 'node',
        target: 'node18',
        format: 'cjs',
        external,
        legalComments: 'none',
    });
    const minified = outputFiles[0].contents;
    return [minified.length, gzipSync(minified, { level: constants.Z_BEST_COMPRESSION }).length];
};

for (const entry of SIZES) {
    const [minified, gzipped] = sizes(entry);
    const { bound, file, target, what } = entry;
    const missed = gzipped > target ? `target ${target} MISSED by ${gzipped - target}` : `target ${target} reached`;
    const end = gzipped > bound ? `: TOO LARGE, the bound is ${bound}` : '';
    console.log(`${`${what}, ${file}`.padEnd(56)} ${gzipped} bytes gzipped (${minified} minified), ${missed}${end}`);
    if (gzipped > bound) process.exitCode = 1;
}
