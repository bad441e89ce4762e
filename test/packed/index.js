// The package as it is published: packed, checked, installed into an empty project where no compiler is to be found, and tried
// there with the README's example as CommonJS, as an ECMAScript module and in TypeScript. By this Node.js, or by the lines that
// are named: `node test/packed 18 20 22 24 26`. How package managers install it: test/installs.
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
const { delimiter, dirname, join } = require('node:path');
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

/** A path on which there is Node.js and a shell, and nothing else. */
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

/** npm's own program, to run it without looking for it. */
const npm = () => {
    const beside = join(dirname(realpathSync(process.execPath)), '../lib/node_modules/npm/bin/npm-cli.js');
    return process.env.npm_execpath ?? realpathSync(beside);
};

/** The README's example in three forms, each of which prints what the filter answers. */
function examples() {
    const [{ text }] = blocks(readFileSync(join(root, 'README.md'), 'utf8')).filter(
        ({ language }) => language === 'js',
    );
    const use = "\nconsole.log(new Filter().apply(Float32Array.of(2, 4, 8)).join(' '), lewd.used(), 'used');\n";
    const asTypeScript = [
        ['let filter;', 'let filter: any;'],
        ['apply(samples)', 'apply(samples: Float32Array)'],
    ].reduce((code, [from, to]) => {
        assert.equal(code.split(from).length, 2, `one ${from} in the example`);
        return code.replace(from, to);
    }, asModule(text));
    assert.ok(!asTypeScript.includes('require('), 'the example has become a module');
    return { 'example.cjs': text + use, 'example.mjs': asModule(text) + use, 'typed.mts': asTypeScript + use };
}

/** Types of the whole surface, without what only newer compilers know. */
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

/** Ways in which a strict compiler may look for the package. */
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
        await check(`${file} is what is released`, () => {
            const { faults, kind, size } = recognize(name, join(root, file));
            assert.deepEqual(faults, []);
            // One file for Linux serves glibc and musl: prebuildify's names glibc.
            if (name.startsWith('linux')) assert.equal(kind, 'prebuild');
            return `${size} bytes, made by ${kind}`;
        });
    }
    await check('nothing is packed but what users need', () => {
        const wanted =
            /^(lib|native\/src|prebuilds)\/|^((index|c)\.d\.m?ts|package\.json|native\/binding\.gyp|README\.md|CHANGELOG\.md|LICENSE)$/;
        assert.deepEqual(
            tarball.files.filter((file) => !wanted.test(file)),
            [],
        );
        assert.ok(tarball.files.includes(`prebuilds/${here}/lewd.node`), 'it has a binary for this platform');
    });
    await check('the manifest has nothing that a package manager runs or installs', () => {
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
    await check('publint', () => execute(join(tools, 'publint'), [tarball.file, '--strict']).split('\n').pop());
    await check('are the types wrong?', () => {
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

    const wabt = await require('wabt')();
    const wat = readFileSync(join(root, 'test/pages/filter.wat'), 'utf8');
    writeFileSync(join(project, 'filter.wasm'), wabt.parseWat('filter.wat', wat).toBinary({}).buffer);
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
                '--strict --target es2022 --lib es2022 --module node16 --moduleResolution node16 --typeRoots none --noEmit';
            execute(process.execPath, [compiler, ...options.split(' '), 'old.mts'], { cwd: project });
        });
    }

    for (const program of lines.length === 0 ? [process.execPath] : lines.map((line) => node(line))) {
        const version = execute(program, ['--version']);
        for (const name of ['example.cjs', 'example.mjs', 'typed.mjs']) {
            await check(`Node.js ${version}: ${name}`, () => {
                const output = execute(program, [name], { cwd: project, PATH: join(base, 'bin') });
                assert.equal(output, '1 3 6 16 used');
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

    await check('without its binary: the command in the error makes one', () => {
        const other = join(base, 'sources');
        cpSync(project, other, { recursive: true, verbatimSymlinks: true });
        rmSync(join(other, 'node_modules/@anireact/lewd/prebuilds'), { recursive: true });
        const ask = 'try { require("@anireact/lewd") } catch (error) { console.log(error.message.split("\\n").pop()) }';
        const command = execute(process.execPath, ['-e', ask], { cwd: other }).trim();
        assert.match(command, /^npx node-gyp rebuild --directory=['"]/);
        // What npx would fetch is installed here, and so is, maybe, what it would fetch in turn.
        execute('sh', ['-c', `npx() { "$@" --loglevel=error >&2; }; ${command}`], {
            cwd: other,
            npm_config_nodedir: process.env.npm_config_nodedir ?? headersFolder(),
            PATH: [tools, process.env.PATH].join(delimiter),
        });
        assert.equal(execute(process.execPath, ['example.cjs'], { cwd: other }), '1 3 6 16 used');
    });

    console.log(`${count.passed} passed, ${count.failed} failed`);
    process.exitCode = count.failed === 0 ? 0 : 1;
})();
