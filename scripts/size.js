// Measures JavaScript as a bundler would ship it: minified, then gzipped as a server would. Fails if a budget is exceeded.
// The documented surface is lib/allocator.js with all that it requires, but for the loader of the binary. The other
// budget is that of all JavaScript that `require('@anireact/lewd')` loads, the loader included.
'use strict';

const { join } = require('node:path');
const { constants, gzipSync } = require('node:zlib');
const { buildSync } = require('esbuild');

const BUDGETS = [
    { what: 'documented surface', file: 'lib/allocator.js', external: ['./binding.js'], budget: 1730 },
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
