// Bundles the module of docs/bundlers.md that is written for tree shaking, by three bundlers, with the package as an
// external: nothing may remain if none of its exports is used, and it must work if one is. Prints the sizes.
'use strict';

const { spawnSync } = require('node:child_process');
const { readFileSync, symlinkSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { promisify } = require('node:util');
const esbuild = require('esbuild');
const { rollup } = require('rollup');
const { minify } = require('terser');
const webpack = require('webpack');
const { root, scratch } = require('../../scripts/lib/consumer.js');
const { blocks } = require('../pages/blocks.js');

const NAME = '@anireact/lewd';
const folder = scratch();

const page = readFileSync(join(root, 'docs/bundlers.md'), 'utf8');
const { text } = blocks(page).find(({ file }) => file === 'shaken.mjs');
writeFileSync(join(folder, 'shaken.mjs'), text);
writeFileSync(join(folder, 'package.json'), '{ "sideEffects": false }\n');
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');

/** Programs that import the module: their output, and the parts of it that must not be left in the bundle. */
const programs = {
    'nothing used': { code: "import './shaken.mjs';\n", printed: '', gone: /[^]/ },
    'imported, unused': { code: "import { Filter, filtered } from './shaken.mjs';\n", printed: '', gone: /[^]/ },
    'only exports used that need no memory': {
        code: "import { mean } from './shaken.mjs';\nconsole.log(mean([1, 2, 6]));\n",
        printed: '3',
        gone: /WebAssembly|readFileSync|alloc|bind|apply|class/,
    },
    'an export used that needs memory': {
        code: "import { filtered } from './shaken.mjs';\nconsole.log(filtered(Float32Array.of(2, 4, 8)).join(' '));\n",
        printed: '1 3 6',
        gone: /mean|reduce/,
    },
};

/** Each bundles a file as small as possible. Returns the code, an ECMAScript module. */
const bundlers = {
    'esbuild': async (file) => {
        const { outputFiles } = await esbuild.build({
            entryPoints: [file],
            bundle: true,
            minify: true,
            write: false,
            format: 'esm',
            platform: 'node',
            external: [NAME],
            logLevel: 'error',
        });
        return outputFiles[0].text;
    },

    'rollup, terser': async (file) => {
        const bundle = await rollup({
            input: file,
            external: [NAME, /^node:/],
            treeshake: { moduleSideEffects: 'no-external' },
            onwarn: ({ code, message }) => {
                if (code !== 'EMPTY_BUNDLE') throw new Error(message);
            },
        });
        const { output } = await bundle.generate({ format: 'es' });
        return (await minify(output[0].code, { module: true, compress: { passes: 2 }, mangle: true })).code;
    },

    'webpack': async (file) => {
        const stats = await promisify(webpack)({
            mode: 'production',
            target: 'node',
            context: folder,
            entry: file,
            experiments: { outputModule: true },
            output: { path: folder, filename: 'webpack.mjs', module: true, chunkFormat: 'module' },
            externals: { [NAME]: `module ${NAME}` },
        });
        if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
        return readFileSync(join(folder, 'webpack.mjs'), 'utf8');
    },
};

/** Returns the output of a bundle beside the package and the module. */
async function run(code) {
    const wabt = await require('wabt')();
    const wat = readFileSync(join(root, 'test/pages/filter.wat'), 'utf8');
    writeFileSync(join(folder, 'filter.wasm'), wabt.parseWat('filter.wat', wat).toBinary({}).buffer);
    writeFileSync(
        join(folder, 'bundle.mjs'),
        code.replaceAll(`"${NAME}"`, JSON.stringify(join(root, 'lib/index.mjs'))),
    );
    const { status, stderr, stdout } = spawnSync(process.execPath, ['bundle.mjs'], { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
}

(async () => {
    let passed = 0;
    let failed = 0;
    for (const [bundler, bundle] of Object.entries(bundlers)) {
        for (const [title, { code, gone, printed }] of Object.entries(programs)) {
            const file = join(folder, 'program.mjs');
            writeFileSync(file, code);
            const bundled = (await bundle(file)).trim();
            const output = await run(bundled);
            // If anything is left, the import may stay: esbuild keeps the statement, names and all.
            const body = printed === '' ? bundled : bundled.replace(/import(\{[^}]*\}from)?"[^"]+";/g, '');
            const good = output === printed && !gone.test(body);
            if (good) passed++;
            else failed++;
            console.log(`${good ? 'ok' : 'FAILED'}: ${bundler}: ${title}: ${bundled.length} bytes`);
            if (!good) console.log(bundled, output);
        }
    }
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
})();
