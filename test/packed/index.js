// Packs the published package, checks it, installs it into an empty project without a compiler on the path, and runs
// the README's example there as CommonJS, as an ECMAScript module and in TypeScript. Runs this Node.js, or the lines
// that are named: `node test/packed 18 20 22 24 26`. test/installs tests how package managers install it.
'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const {
    cpSync,
    existsSync,
    mkdirSync,
    readFileSync,
    realpathSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} = require('node:fs');
const { delimiter, dirname, join, posix } = require('node:path');
const { pack, root, scratch } = require('../../scripts/lib/consumer.js');
const { fetch, node } = require('../../scripts/runtimes/fetch.js');
const { manifest } = require('../../scripts/stage.js');
const { lackToInspect, recognize } = require('../../scripts/prebuild/inspect.js');
const { headersFolder } = require('../../scripts/prebuild/prebuildify.js');
const { here, targets } = require('../../scripts/prebuild/targets.js');
const { asModule, blocks } = require('../pages/blocks.js');

const lines = process.argv.slice(2);
const tools = join(root, 'node_modules/.bin');
const base = scratch();
const count = { passed: 0, failed: 0 };

async function check(title, body) {
    try {
        const note = await body();
        count.passed++;
        console.log(`ok: ${title}${note === undefined ? '' : `: ${note}`}`);
    } catch (error) {
        count.failed++;
        console.log(`FAILED: ${title}\n${error.message}`);
    }
}

function execute(program, args, { cwd = base, ...env } = {}) {
    const { error, signal, status, stderr, stdout } = spawnSync(program, args, {
        cwd,
        encoding: 'utf8',
        timeout: 240_000,
        env: { ...process.env, LEWD_BINARY: '', NO_COLOR: '1', ...env },
    });
    if (error) throw error;
    if (status !== 0)
        throw new Error(`${program} ${args.join(' ')}: ${signal ?? `exit code ${status}`}\n${stdout}${stderr}`);
    return stdout.trim();
}

/** Makes a path with Node.js and a shell only. */
function barePath() {
    const bin = join(base, 'bin');
    mkdirSync(bin);
    symlinkSync(realpathSync(process.execPath), join(bin, 'node'));
    symlinkSync('/bin/sh', join(bin, 'sh'));
    for (const compiler of ['cc', 'gcc', 'clang', 'make', 'python3']) {
        assert.notEqual(spawnSync(compiler, ['--version'], { env: { PATH: bin } }).error, undefined, compiler);
    }
    return bin;
}

/** Returns npm's own program, to run it without searching for it. */
const npm = () => {
    const beside = join(dirname(realpathSync(process.execPath)), '../lib/node_modules/npm/bin/npm-cli.js');
    return process.env.npm_execpath ?? realpathSync(beside);
};

/** The README's example in three forms. */
function examples() {
    const [{ text }] = blocks(readFileSync(join(root, 'README.md'), 'utf8')).filter(
        ({ language }) => language === 'js',
    );
    const declaration = 'let counting;';
    assert.equal(text.split(declaration).length, 2, `one ${declaration} in the example`);
    const asTypeScript = asModule(text).replace(declaration, 'let counting: any;');
    assert.ok(!asTypeScript.includes('require('), 'the example has become a module');
    return { 'example.cjs': text, 'example.mjs': asModule(text), 'typed.mts': asTypeScript };
}

/** Types of the whole surface, without those that only newer compilers know. */
const OLD = `
import { Allocator, alloc, block, buffer, memory, on } from '@anireact/lewd';
const scope = block(5);
scope.u8[0] = 1;
scope.dispose();
const allocator = new Allocator({ maximum: 5 });
on('grow', scope, ({ info }) => info.newSize.toFixed());
allocator.dispose();
export const all = [alloc(5, scope), buffer.byteLength, memory.buffer];
`;

/** Ways in which a strict compiler may find the package. */
const resolutions = {
    nodenext: '--module nodenext --types node --lib es2022,dom',
    node16: '--module node16 --types node --lib es2022,dom',
    bundler: '--module esnext --moduleResolution bundler --types node --lib es2022,dom',
};

(async () => {
    const tarball = pack(base);
    console.log(`packed ${tarball.packed} bytes, unpacked ${tarball.unpacked}, ${tarball.files.length} files`);

    for (const name of Object.keys(targets)) {
        const file = `prebuilds/${name}/lewd.node`;
        if (!tarball.files.includes(file)) continue;
        const missing = lackToInspect(name);
        if (missing !== undefined) {
            console.log(`not inspected: ${file}: ${missing}`);
            continue;
        }
        await check(`${file} is as released`, () => {
            const { faults, kind, size } = recognize(name, join(root, file));
            assert.deepEqual(faults, []);
            // One file for Linux works with glibc and musl; prebuildify's names glibc.
            if (name.startsWith('linux')) assert.equal(kind, 'prebuild');
            return `${size} bytes, made by ${kind}`;
        });
    }
    await check('nothing is packed but what users need', () => {
        const wanted = [
            /^(lib|native\/src|prebuilds)\//,
            /^docs\/(design\/)?[\w-]+\.md$/,
            /^docs\/pictures\/[\w-]+\.svg$/,
            /^(index|c)\.d\.m?ts$/,
            /^(package\.json|native\/binding\.gyp|README\.md|CHANGELOG\.md|LICENSE)$/,
        ];
        assert.deepEqual(
            tarball.files.filter((file) => !wanted.some((pattern) => pattern.test(file))),
            [],
        );
        assert.ok(tarball.files.includes(`prebuilds/${here}/lewd.node`), 'no binary for this platform is packed');
    });
    await check('the manifest makes a package manager run or install nothing', () => {
        const about = manifest();
        for (const key of [
            'scripts',
            'dependencies',
            'optionalDependencies',
            'peerDependencies',
            'devDependencies',
            'gypfile',
        ])
            assert.equal(about[key], undefined, key);
        assert.ok(!JSON.stringify(about).includes('gyp'));
    });
    await check('links and pictures of the README resolve on the page of the package', () => {
        const text = readFileSync(join(base, 'package/README.md'), 'utf8');
        const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
        const ours = new RegExp(
            `^https://(?:github|raw\\.githubusercontent)\\.com/anireact/lewd/(?:(?:blob|tree)/)?v[\\d.]+/([^#]+)`,
        );
        let local = 0;
        for (const target of links) {
            if (target.startsWith('#')) continue;
            assert.match(target, /^https:/);
            const [, path] = ours.exec(target) ?? [];
            if (path === undefined) continue;
            local++;
            assert.ok(existsSync(join(root, path)), `${target}: there is no such file`);
        }
        assert.ok(local > 20);
        return `${local} of ${links.length} lead to the repository`;
    });
    await check('links of all other pages resolve in the package, or are absolute', () => {
        const pages = tarball.files.filter((file) => file.endsWith('.md') && file !== 'README.md');
        let local = 0;
        for (const page of pages) {
            const text = readFileSync(join(base, 'package', page), 'utf8').replace(/^ *```[^]*?^ *```$/gm, '');
            for (const [, target] of text.matchAll(/\]\(([^)\s#]+)[^)\s]*\)/g)) {
                if (target.startsWith('https:')) continue;
                local++;
                const path = posix.join(posix.dirname(page), target);
                assert.ok(tarball.files.includes(path), `${page}: ${target} is not in the package`);
            }
        }
        assert.ok(pages.length >= 15 && local > 20);
        return `${pages.length} pages, ${local} links inside the package`;
    });
    await check('publint', () => execute(join(tools, 'publint'), [tarball.file, '--strict']).split('\n').pop());
    await check('@arethetypeswrong/cli finds no fault in the types', () => {
        const { analysis } = JSON.parse(execute(join(tools, 'attw'), [tarball.file, '--format', 'json']));
        assert.deepEqual(analysis.problems, []);
        return 'no';
    });

    const project = join(base, 'project');
    await check('installed with no compiler on the path, scripts allowed', () => {
        mkdirSync(project);
        writeFileSync(join(project, 'package.json'), '{ "name": "project", "version": "1.0.0" }\n');
        const options = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
        const begun = Date.now();
        execute(process.execPath, [npm(), 'install', ...options, tarball.file], { cwd: project, PATH: barePath() });
        return `${Date.now() - begun} ms`;
    });

    writeFileSync(join(project, 'old.mts'), OLD);
    for (const [name, code] of Object.entries(examples())) writeFileSync(join(project, name), code);
    mkdirSync(join(project, 'node_modules/@types'), { recursive: true });
    symlinkSync(join(root, 'node_modules/@types/node'), join(project, 'node_modules/@types/node'), 'junction');
    symlinkSync(join(root, 'node_modules/undici-types'), join(project, 'node_modules/undici-types'), 'junction');
    for (const [name, options] of Object.entries(resolutions)) {
        await check(`the example compiled, strict, ${name}`, () => {
            const more = ['--strict', '--target', 'es2022', '--ignoreConfig', 'typed.mts'];
            execute(join(tools, 'tsc'), [...options.split(' '), ...more], { cwd: project });
        });
    }

    for (const version of ['4.7', '5.1', '5.2']) {
        await check(`types compiled by TypeScript ${version}, strict, libraries checked`, () => {
            const compiler = fetch('typescript', version, 'bin/tsc');
            const options =
                '--strict --target es2022 --lib es2022 --module node16 --moduleResolution node16 ' +
                '--typeRoots none --noEmit';
            execute(process.execPath, [compiler, ...options.split(' '), 'old.mts'], { cwd: project });
        });
    }

    for (const program of lines.length === 0 ? [process.execPath] : lines.map((line) => node(line))) {
        const version = execute(program, ['--version']);
        for (const name of ['example.cjs', 'example.mjs', 'typed.mjs']) {
            await check(`Node.js ${version}: ${name}`, () => {
                const output = execute(program, [name], { cwd: project, PATH: join(base, 'bin') });
                assert.equal(output, '1 2');
            });
        }
        await check(`Node.js ${version}: time to load, the median of 15 processes`, () => {
            const measure = `
                const begun = process.hrtime.bigint();
                require('@anireact/lewd');
                const loaded = process.hrtime.bigint();
                require('@anireact/lewd').used();
                console.log(Number(loaded - begun) / 1e6, Number(process.hrtime.bigint() - loaded) / 1e6);
            `;
            const times = Array.from({ length: 15 }, () =>
                execute(program, ['-e', measure], { cwd: project }).split(' '),
            );
            const median = (index) =>
                times
                    .map((pair) => Number(pair[index]))
                    .sort((a, b) => a - b)[7]
                    .toFixed(2);
            return `${median(0)} ms, and ${median(1)} ms for the first memory`;
        });
    }

    await check('without its binary, the command in the error makes one', () => {
        const other = join(base, 'sources');
        cpSync(project, other, { recursive: true, verbatimSymlinks: true });
        rmSync(join(other, 'node_modules/@anireact/lewd/prebuilds'), { recursive: true });
        const ask = 'try { require("@anireact/lewd") } catch (error) { console.log(error.message.split("\\n").pop()) }';
        const command = execute(process.execPath, ['-e', ask], { cwd: other }).trim();
        assert.match(command, /^npx node-gyp rebuild --directory=['"]/);
        // Installs here everything that npx would fetch, and its dependencies.
        execute('sh', ['-c', `npx() { "$@" --loglevel=error >&2; }; ${command}`], {
            cwd: other,
            npm_config_nodedir: process.env.npm_config_nodedir ?? headersFolder(),
            PATH: [tools, process.env.PATH].join(delimiter),
        });
        assert.equal(execute(process.execPath, ['example.cjs'], { cwd: other }), '1 2');
    });

    console.log(`${count.passed} passed, ${count.failed} failed`);
    process.exitCode = count.failed === 0 ? 0 : 1;
})();
