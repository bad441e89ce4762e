// Measures JavaScript as a bundler would ship it: minified, then gzipped as a server would. Fails if a budget is
// exceeded. The documented surface is lib/internal/allocator.js with all that it requires, but for the loader of the
// binary and for the files that only serve what is not documented. The other budget is that of all JavaScript that
// `require('@anireact/lewd')` loads, the loader included.
'use strict';

const { join } = require('node:path');
const { constants, gzipSync } = require('node:zlib');
const { buildSync } = require('esbuild');

const SURFACE = 'lib/internal/allocator.js';
const LOADER = './binding.js';
/** C's functions, blocks, other copies of the package, settings beyond `memory` and `maximum`, kinds of memories. */
const UNDOCUMENTED = ['./c-functions.js', './block.js', './claims.js', './settings.js', './wasm-types.js'];

const BUDGETS = [
    { what: 'documented surface', file: SURFACE, external: [LOADER, ...UNDOCUMENTED], budget: 1730 },
    { what: 'all that require() loads', file: 'lib/index.js', external: [], budget: 6144 },
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

let fits = true;
for (const entry of BUDGETS) {
    const [minified, gzipped] = sizes(entry);
    const fit = gzipped <= entry.budget;
    fits &&= fit;
    const what = `${entry.what}, ${entry.file}`.padEnd(42);
    console.log(`${what} ${gzipped} of ${entry.budget} bytes gzipped (${minified} minified)${fit ? '' : ': TOO LARGE'}`);
}
process.exitCode = fits ? 0 : 1;
