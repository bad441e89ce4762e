// Measures the JavaScript of the documented surface: lib/index.js with all that it stands on, but for the loader of the
// binary and the binary itself, bundled and minified, then gzipped as a server would. Fails if a budget is exceeded.
'use strict';

const { join } = require('node:path');
const { constants, gzipSync } = require('node:zlib');
const { buildSync } = require('esbuild');

const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, '../lib/index.js')],
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    target: 'node18',
    format: 'cjs',
    external: ['./binding.js'],
    legalComments: 'none',
});
const minified = outputFiles[0].contents;
const gzipped = gzipSync(minified, { level: constants.Z_BEST_COMPRESSION });

let fits = true;
for (const [what, { length }, budget] of [
    ['minified', minified, 3072],
    ['gzipped', gzipped, 1536],
]) {
    const fit = length <= budget;
    fits &&= fit;
    console.log(`${what.padEnd(8)} ${String(length).padStart(5)} of ${budget} bytes${fit ? '' : ': TOO LARGE'}`);
}
process.exitCode = fits ? 0 : 1;
