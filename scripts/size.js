// Measures the JavaScript of the documented surface: lib/allocator.js, all of it but for the loader of the binary and the
// binary itself, minified, then gzipped as a server would. Fails if a budget is exceeded. Then, without a budget, all of the
// package's JavaScript, with what is built on the documented surface.
'use strict';

const { join } = require('node:path');
const { constants, gzipSync } = require('node:zlib');
const { buildSync } = require('esbuild');

const sizes = (entry) => {
    const { outputFiles } = buildSync({
        entryPoints: [join(__dirname, '../lib', entry)],
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
    return [minified.length, gzipSync(minified, { level: constants.Z_BEST_COMPRESSION }).length];
};

const [minified, gzipped] = sizes('allocator.js');
let fits = true;
for (const [what, size, budget] of [
    ['minified', minified, 3072],
    ['gzipped', gzipped, 1536],
]) {
    const fit = size <= budget;
    fits &&= fit;
    console.log(`documented surface, ${what.padEnd(8)} ${String(size).padStart(5)} of ${budget} bytes${fit ? '' : ': TOO LARGE'}`);
}
console.log('the whole package, minified %d, gzipped %d bytes', ...sizes('index.js'));
process.exitCode = fits ? 0 : 1;
