// Runs the code of README.md and of docs/ as a reader would, in an empty project with the packed package, one project
// for each section of a page. It writes blocks that have a file's name, and runs JavaScript, TypeScript and shell
// commands, in the order of the page. A block of text after one has the expected output. JavaScript is run twice: the
// second time V8 optimises at once, and garbage is collected within the calls of modules. Words choose pages.
'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } = require('node:fs');
const { basename, delimiter, dirname, join } = require('node:path');
const { pack, project, root, scratch } = require('../../scripts/lib/consumer.js');
const { EAGER } = require('../helpers/eager.js');
const { blocks, sections } = require('./blocks.js');

const scripts = require('../../package.json').scripts;
const tools = join(root, 'node_modules');

/** What the pages have the reader install. */
const INSTALLED = [
    '@rollup/plugin-commonjs',
    '@rollup/plugin-node-resolve',
    '@types/node',
    '@vercel/ncc',
    'esbuild',
    'jest',
    'postject',
    'rollup',
    'terser',
    'typescript',
    'vitest',
    'webpack',
];

/** C is for WebAssembly here. */
const CLANG = spawnSync('clang', ['--version']).status === 0;

const base = scratch();
const { file: tarball } = pack(base);
project(base, tarball);
for (const name of INSTALLED) {
    const link = join(base, 'node_modules', name);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(tools, name), link, 'junction');
}

/** In place of npm and npx: installs nothing, and runs the tools of the project. */
const PRELUDE = `
set -euo pipefail
npm() { case "$1" in install | i | ci | init) ;; *) command npm "$@" ;; esac }
npx() { "$@"; }
`;

/** Writes the modules that the pages use. */
async function assemble(folder) {
    const wabt = await require('wabt')();
    for (const name of ['filter', 'list']) {
        const module = wabt.parseWat(`${name}.wat`, readFileSync(join(__dirname, `${name}.wat`), 'utf8'));
        writeFileSync(join(folder, `${name}.wasm`), module.toBinary({}).buffer);
    }
}

function execute(folder, program, args) {
    const { error, signal, status, stderr, stdout } = spawnSync(program, args, {
        cwd: folder,
        encoding: 'utf8',
        timeout: 240_000,
        env: {
            ...process.env,
            CI: 'true',
            NO_COLOR: '1',
            NODE_NO_WARNINGS: '1',
            PATH: [join(tools, '.bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
        },
    });
    if (error) throw error;
    if (status !== 0) throw new Error(`${signal ?? `exit code ${status}`}\n${stdout}${stderr}`);
    return stdout.trim();
}

const compile = (folder, file) =>
    execute(folder, 'tsc', [
        ...'--strict --target es2022 --module nodenext --types node --lib es2022,dom --ignoreConfig'.split(' '),
        file,
    ]);

const COLLECTING = [...EAGER, '--require', join(__dirname, '../helpers/collecting.js')];

function runScript(folder, file, isWrong) {
    const runWith = (...flags) => execute(folder, process.execPath, ['--expose-gc', ...flags, file]);
    const printed = runWith();
    if (!isWrong) assert.equal(runWith(...COLLECTING), printed, 'with garbage collected within the calls of modules');
    return printed;
}

let number = 0;

/** Runs a block; returns its output, or undefined if there is nothing to run. */
function run(folder, { after, before, file, isWrong, language, text }) {
    const code = [before, text, after].filter((part) => part !== '').join('\n');
    if (file) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), code);
        if (language === 'ts') compile(folder, file);
        if (language === 'json') JSON.parse(text);
        return undefined;
    }
    const name = `block-${++number}`;
    const isModule = /^(import|export) /m.test(code);
    switch (language) {
        case 'js':
            writeFileSync(join(folder, `${name}.${isModule ? 'mjs' : 'cjs'}`), code);
            return runScript(folder, `${name}.${isModule ? 'mjs' : 'cjs'}`, isWrong);
        case 'ts':
            writeFileSync(join(folder, `${name}.mts`), code);
            compile(folder, `${name}.mts`);
            return runScript(folder, `${name}.mjs`, isWrong);
        case 'sh':
            return execute(folder, 'bash', ['-c', PRELUDE + code]);
        case 'c':
            writeFileSync(join(folder, `${name}.c`), code);
            return execute(folder, 'clang', ['--target=wasm32', '-ffreestanding', '-fsyntax-only', `${name}.c`]);
        case 'json':
            JSON.parse(text);
            return undefined;
        default:
            throw new Error(`there is no way to run ${language}`);
    }
}

/** A block that can't be run here: its commands must at least be there. */
function look({ language, text }) {
    if (language !== 'sh') return;
    for (const [, name] of text.matchAll(/npm run ([\w:-]+)/g))
        assert.ok(name in scripts, `no script is called ${name}`);
}

(async () => {
    const words = process.argv.slice(2);
    const pages = [
        'README.md',
        'examples/prng/README.md',
        ...['docs', 'docs/design'].flatMap((folder) =>
            readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
        ),
    ]
        .filter((page) => page.endsWith('.md'))
        .filter((page) => words.length === 0 || words.includes(basename(page, '.md')));
    const count = { passed: 0, failed: 0, looked: 0 };

    for (const page of pages) {
        const text = readFileSync(join(root, page), 'utf8');
        for (const [index, section] of sections(text).entries()) {
            const folder = join(base, `${page.replace(/\W/g, '-')}-${index}`);
            const parts = blocks(section.page);
            if (parts.length === 0) continue;
            mkdirSync(folder);
            if (page.startsWith('examples')) cpSync(join(root, dirname(page)), folder, { recursive: true });
            writeFileSync(join(folder, 'package.json'), '{ "name": "project", "version": "1.0.0", "private": true }\n');
            await assemble(folder);
            let printed;
            for (const block of parts) {
                const title = `${page}, ${section.title}, line ${block.line} of it: ${block.language} ${block.file}`;
                try {
                    if (block.language === '') continue; // a drawing
                    const needsClang = block.language === 'c' || parts.some(({ file }) => file.endsWith('.c'));
                    const reason = block.reason ?? (needsClang && !CLANG ? 'there is no clang' : undefined);
                    if (reason !== undefined) {
                        look(block);
                        count.looked++;
                        console.log(`not run: ${title}: ${reason}`);
                        continue;
                    }
                    if (block.language === 'text') {
                        assert.equal(printed, block.text.trim());
                    } else {
                        printed = run(folder, block);
                    }
                    count.passed++;
                } catch (error) {
                    count.failed++;
                    console.log(`FAILED: ${title}\n${error.message}\n${block.text}`);
                }
            }
        }
    }
    console.log(`${count.looked} blocks only looked at\n${count.passed} passed, ${count.failed} failed`);
    process.exitCode = count.failed === 0 && count.passed > 0 ? 0 : 1;
})();
