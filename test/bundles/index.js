// Bundles this package, as it is published, together with other native addons, by four bundlers and in each layout that
// docs/bundlers.md names; moves the result to a folder without node_modules, and runs it there. Each package must load
// its own addon. Then traces a program by @vercel/nft and moves its files. Needs Linux.
'use strict';

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { promisify } = require('node:util');
const { nodeFileTrace } = require('@vercel/nft');
const esbuild = require('esbuild');
const webpack = require('webpack');
const { root, scratch } = require('../../scripts/lib/consumer.js');
const { fetch } = require('../../scripts/runtimes/fetch.js');
const { project } = require('../neighbours/project.js');

const PLATFORM = `${process.platform}-${process.arch}`;
const base = scratch();
const folder = project(base);
const ours = join(folder, 'node_modules/@anireact/lewd/prebuilds', PLATFORM, 'lewd.node');
const theirs = (name) => join(folder, 'node_modules', name, 'prebuilds', PLATFORM, `${name}.node`);

/** Uses this package and a neighbour, and prints the addons that the process has loaded. */
const program = (neighbour) => `
const { alloc, used } = require('@anireact/lewd');
${neighbour === undefined ? '' : `require('${neighbour}');`}
const token = {};
alloc(100, token);
const maps = require('node:fs').readFileSync('/proc/self/maps', 'latin1');
console.log(used(), [...new Set(maps.match(/[^/\\s]+\\.node$/gm))].sort().join());
`;

/** Each writes app.js, bundled, to the folder `out`. */
const bundlers = {
    esbuild: (entry, out) =>
        esbuild.build({
            entryPoints: [entry],
            bundle: true,
            platform: 'node',
            outfile: join(out, 'app.js'),
            logLevel: 'error',
        }),
    webpack: async (entry, out) => {
        const stats = await promisify(webpack)({
            mode: 'production',
            target: 'node',
            context: folder,
            entry,
            output: { path: out, filename: 'app.js' },
        });
        if (stats.hasErrors()) throw new Error(stats.toString());
    },
    ncc: async (entry, out) => {
        const ncc = join(root, 'node_modules/@vercel/ncc/dist/ncc/cli.js');
        const { status, stderr } = spawnSync(process.execPath, [ncc, 'build', entry, '--out', out, '--quiet'], {
            encoding: 'utf8',
        });
        if (status !== 0) throw new Error(stderr);
        cpSync(join(out, 'index.js'), join(out, 'app.js'));
    },
};

/** Bun replaces `__dirname` by the folder of this machine, so the bundle is made as if on another one. */
const bun = async (entry, out) => {
    const file = join(out, 'app.js');
    const { status, stderr } = spawnSync(
        fetch('@oven/bun-linux-x64', 'latest', 'bin/bun'),
        ['build', entry, '--target=node', '--format=cjs', `--outfile=${file}`],
        { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
    const text = readFileSync(file, 'utf8');
    assert.ok(text.includes(folder));
    writeFileSync(file, text.replaceAll(folder, '/build/machine'));
};

/** Paths from the folder of the deployment: of the bundle, and of files to copy. */
const layouts = {
    'flat: prebuilds beside the bundle, at the root of the deployment': {
        bundle: 'app.js',
        files: { [`prebuilds/${PLATFORM}/lewd.node`]: ours },
    },
    'nested: prebuilds beside the folder of the bundle': {
        bundle: 'dist/app.js',
        files: { [`prebuilds/${PLATFORM}/lewd.node`]: ours },
    },
    'lewd.node beside the bundle': { bundle: 'dist/app.js', files: { 'dist/lewd.node': ours } },
    'flat, with bufferutil in the same prebuilds': {
        bundle: 'app.js',
        neighbour: 'bufferutil',
        files: {
            [`prebuilds/${PLATFORM}/lewd.node`]: ours,
            [`prebuilds/${PLATFORM}/bufferutil.node`]: theirs('bufferutil'),
        },
    },
    'nested, with bufferutil beside the bundle': {
        bundle: 'dist/app.js',
        neighbour: 'bufferutil',
        files: {
            [`prebuilds/${PLATFORM}/lewd.node`]: ours,
            [`dist/prebuilds/${PLATFORM}/bufferutil.node`]: theirs('bufferutil'),
        },
    },
    'nested, with an addon of the application in build/Release, on both levels': {
        bundle: 'dist/app.js',
        neighbour: 'bufferutil',
        files: {
            [`prebuilds/${PLATFORM}/lewd.node`]: ours,
            'build/Release/addon.node': theirs('utf-8-validate'),
            'dist/build/Release/bufferutil.node': theirs('bufferutil'),
        },
    },
    'lewd.node beside the bundle, with utf-8-validate in prebuilds': {
        bundle: 'app.js',
        neighbour: 'utf-8-validate',
        files: { 'lewd.node': ours, [`prebuilds/${PLATFORM}/utf-8-validate.node`]: theirs('utf-8-validate') },
    },
    'an addon of another package that is called lewd.node': {
        bundle: 'dist/app.js',
        files: { 'dist/lewd.node': theirs('bufferutil'), [`prebuilds/${PLATFORM}/lewd.node`]: ours },
    },
};

let [passed, failed] = [0, 0];

async function check(title, body) {
    try {
        await body();
        passed++;
        console.log(`ok: ${title}`);
    } catch (error) {
        failed++;
        console.log(`FAILED: ${title}: ${error.message}`);
    }
}

/** Returns the output of a program that runs alone in a folder. */
function run(deployment, path) {
    const { status, stderr, stdout } = spawnSync(process.execPath, [path], { cwd: deployment, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
}

/** Returns the output of a program that must fail there. */
const failure = (deployment, path) => {
    try {
        run(deployment, path);
    } catch ({ message }) {
        return message;
    }
    throw new Error('it did not fail');
};

async function main() {
    for (const [bundler, bundle] of Object.entries({ ...bundlers, bun })) {
        for (const neighbour of [undefined, 'bufferutil', 'utf-8-validate']) {
            // it does not find its addon, with or without this package
            if (bundle === bun && neighbour !== undefined) continue;
            const entry = join(folder, `${bundler}-${neighbour}.js`);
            const out = join(base, `${bundler}-${neighbour}`);
            writeFileSync(entry, program(neighbour));
            await bundle(entry, out);
            for (const [title, layout] of Object.entries(layouts)) {
                if (layout.neighbour !== neighbour) continue;
                await check(`${bundler}: ${title}`, () => {
                    const deployment = mkdtempSync(join(base, 'deployment-'));
                    cpSync(out, dirname(join(deployment, layout.bundle)), { recursive: true });
                    for (const [to, from] of Object.entries(layout.files)) {
                        mkdirSync(dirname(join(deployment, to)), { recursive: true });
                        cpSync(from, join(deployment, to));
                    }
                    const [bytes, files] = run(deployment, layout.bundle).split(' ');
                    assert.equal(bytes, '112');
                    assert.ok(files.includes('lewd.node'), files);
                    if (neighbour !== undefined) assert.ok(files.includes(`${neighbour}.node`), files);
                });
            }
            await check(`${bundler}, with ${neighbour ?? 'no other addon'}: the command of the error works`, () => {
                const deployment = mkdtempSync(join(base, 'deployment-'));
                const prebuilds = join(deployment, 'dist/prebuilds', PLATFORM);
                mkdirSync(prebuilds, { recursive: true });
                cpSync(out, join(deployment, 'dist'), { recursive: true });
                if (neighbour !== undefined) cpSync(theirs(neighbour), join(prebuilds, `${neighbour}.node`));
                const message = failure(deployment, 'dist/app.js');
                assert.match(message, /ERR_LEWD_NO_BINARY/);
                const [command] = /^ +cp '?node_modules.*/m.exec(message);
                assert.equal(spawnSync('sh', ['-c', command], { cwd: folder }).status, 0, command);
                const [bytes, files] = run(deployment, 'dist/app.js').split(' ');
                assert.equal(bytes, '112');
                assert.deepEqual(
                    files.split(','),
                    ['lewd.node', ...(neighbour === undefined ? [] : [`${neighbour}.node`])].sort(),
                );
            });
        }
    }
    await check('ncc: with two other addons', async () => {
        const entry = join(folder, 'two.js');
        const deployment = mkdtempSync(join(base, 'deployment-'));
        writeFileSync(entry, `require('bcrypt');\n${program('bufferutil')}`);
        await bundlers.ncc(entry, deployment);
        cpSync(ours, join(deployment, 'lewd.node'));
        const [, files] = run(deployment, 'app.js').split(' ');
        for (const name of ['bcrypt', 'bufferutil', 'lewd']) assert.ok(files.includes(name), files);
    });
    await check('@vercel/nft: the traced files are enough', async () => {
        writeFileSync(join(folder, 'traced.js'), program('bufferutil'));
        const { fileList } = await nodeFileTrace([join(folder, 'traced.js')], { base: folder });
        const deployment = mkdtempSync(join(base, 'deployment-'));
        for (const file of fileList) {
            mkdirSync(dirname(join(deployment, file)), { recursive: true });
            cpSync(join(folder, file), join(deployment, file), { dereference: true });
        }
        assert.equal(run(deployment, 'traced.js'), '112 bufferutil.node,lewd.node');
    });
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
}

main();
