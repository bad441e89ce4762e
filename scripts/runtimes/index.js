// Tries the documented surface in every runtime that can be had here, of the package as it is published, and prints the
// table of platforms, runtimes and results. Words choose runtimes: `node scripts/runtimes node deno`. With --write the
// table goes to docs/platforms.md. Fails if Node.js differs anywhere, or another runtime can't even begin.
'use strict';

const { execFileSync, spawn } = require('node:child_process');
const { closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { pack, project, root, scratch } = require('../lib/consumer.js');
const { LINES, cache, fetch, have, node } = require('./fetch.js');
const qemu = require('./qemu.js');
const { lack: lackOfLoader, macho } = require('../../test/macho/build.js');
const { suite } = require('../../test/macho/index.js');

const WINE = ['/usr/lib/wine/wine64', 'wine64', 'wine'];
const MUSL = '/lib/ld-musl-x86_64.so.1';

const native = process.platform === 'linux' && process.arch === 'x64' ? undefined : 'this machine is not linux-x64';

/** Each: what it is, why it can't be tried here, and the command that runs a file. */
const runtimes = [
    ...LINES.map((line) => ({
        platform: 'linux-x64, glibc',
        name: `Node.js ${line}`,
        lack: () => native,
        command: () => [node(line), '--expose-gc'],
    })),
    {
        platform: 'linux-x64, glibc',
        name: 'Bun',
        lack: () => native,
        command: () => [fetch('@oven/bun-linux-x64', 'latest', 'bin/bun')],
    },
    {
        platform: 'linux-x64, glibc',
        name: 'Deno',
        lack: () => native,
        command: () => [fetch('@deno/linux-x64-glibc', 'latest', 'deno'), 'run', '-A', '--v8-flags=--expose-gc'],
    },
    {
        platform: 'linux-x64, musl',
        name: 'Bun',
        lack: () => native ?? (existsSync(MUSL) && have('musl-gcc') ? undefined : 'musl-gcc is not installed'),
        command: () => [...musl(), fetch('@oven/bun-linux-x64-musl', 'latest', 'bin/bun')],
    },
    ...LINES.map((line) => ({
        platform: 'linux-arm64, glibc',
        name: `Node.js ${line}`,
        how: 'in QEMU',
        lack: () => native ?? qemu.lack(),
        command: () => [...qemu.command(line), '--expose-gc'],
    })),
    ...LINES.map((line) => ({
        platform: 'win32-x64',
        name: `Node.js ${line}`,
        how: 'in Wine',
        lack: () => native ?? (have(...WINE) ? undefined : 'Wine is not installed'),
        command: () => [have(...WINE), node(line, 'win-x64'), '--expose-gc'],
        env: {
            NODE_SKIP_PLATFORM_CHECK: '1', // Wine reports an old Windows
            WINEDEBUG: '-all',
            WINEPREFIX: join(cache, 'wine'),
        },
    })),
    {
        platform: 'linux-arm64, musl',
        name: 'any',
        lack: () => 'no runtime for it is at hand; the file takes no more of C’s library than that for x64',
    },
    ...LINES.map((line) => ({
        platform: 'darwin-x64',
        name: `Node.js ${line}`,
        how: 'by a loader on Linux',
        target: 'darwin-x64',
        lack: () => native ?? lackOfMacho('darwin-x64'),
        command: () => [node(line), '--expose-gc'],
        program: line === LINES[0] || line === LINES.at(-1) ? () => node(line) : undefined,
    })),
    ...LINES.map((line) => ({
        platform: 'darwin-arm64',
        name: `Node.js ${line}`,
        how: 'by a loader on Linux, in QEMU',
        target: 'darwin-arm64',
        lack: () => native ?? qemu.lack() ?? lackOfMacho('darwin-arm64'),
        command: () => [...qemu.command(line), '--expose-gc'],
    })),
    {
        platform: 'darwin-x64, darwin-arm64',
        name: 'any',
        how: 'macOS itself',
        lack: () => 'a runner of the workflow of a release does it',
    },
];

const binaryFor = (target) => join(root, 'prebuilds', target, 'lewd.node');

/** Why a binary for macOS can't be loaded on Linux; undefined if it can. */
function lackOfMacho(target) {
    const missing = lackOfLoader(target);
    return missing ?? (existsSync(binaryFor(target)) ? undefined : 'it was not made: npm run prebuild -- --all');
}

/** musl's loader, with the C++ library of this system and what that lacks. */
function musl() {
    const folder = join(cache, 'musl');
    mkdirSync(folder, { recursive: true });
    const compile = (name, ...args) =>
        execFileSync('musl-gcc', ['-O2', '-shared', '-fPIC', '-o', join(folder, name), ...args], { stdio: 'inherit' });
    compile('shim.so', join(__dirname, 'musl/shim.c'));
    // The C++ library names glibc's loader as a library; nothing is taken from it.
    compile('ld-linux-x86-64.so.2', '-x', 'c', '/dev/null');
    for (const name of ['libstdc++.so.6', 'libgcc_s.so.1']) {
        const file = execFileSync('gcc', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim();
        execFileSync('cp', ['-f', realpathSync(file), join(folder, name)]);
    }
    return [MUSL, '--library-path', folder, '--preload', join(folder, 'shim.so')];
}

/** Runs a script there; answers its output, or throws what went wrong. Output goes to files: in Wine no pipe is one. */
const run = ([program, ...options], env, cwd, ...args) =>
    new Promise((resolve, reject) => {
        const names = ['out', 'err'].map((name) => join(cwd, name));
        const [out, err] = names.map((name) => openSync(name, 'w'));
        const child = spawn(program, [...options, ...args], {
            cwd,
            env: { ...process.env, ...env },
            timeout: 240_000,
            killSignal: 'SIGKILL', // QEMU heeds no other when it is out of memory
            stdio: ['ignore', out, err],
        });
        child.on('error', reject).on('exit', (code, signal) => {
            const [output, errors] = names.map((name) => readFileSync(name, 'utf8').trim());
            [out, err].forEach(closeSync);
            if (code === 0) return resolve(output);
            const lines = errors.split('\n').map((line) => line.trim());
            reject(new Error(lines.find((line) => /error/i.test(line)) ?? signal ?? `exit code ${code}`));
        });
    });

/** Result of the suite over a binary for macOS: { passed, failed, skipped, titles }, `titles` of tests that failed. */
function trySuite(target, program) {
    const { status, stdout } = suite([], binaryFor(target), program, ['ignore', 'pipe', 'inherit']);
    const count = (word) => Number(new RegExp(`^ *(\\d+) ${word}`, 'm').exec(stdout)?.[1] ?? 0);
    const counts = { passed: count('passing'), failed: count('failing'), skipped: count('pending') };
    const failures = stdout.matchAll(/^ {2}\d+\) (.*?)(?: \(SEED=.*\))?\n +(.*?):$/gm);
    const titles = [...failures].map(([, suiteOf, test]) => `${suiteOf}: ${test}`);
    if (status !== 0) console.log(stdout);
    if (counts.passed === 0 || (status !== 0) !== counts.failed > 0)
        throw new Error('the suite did not run to its end');
    return { ...counts, titles };
}

/** What it answers to every check: how many were passed, and what was otherwise. */
async function tryIn(folder, { command, env: given, program, target }) {
    const line = command();
    const env = target === undefined ? given : macho(target, binaryFor(target));
    const version = await run(line, env, folder, 'version.cjs').catch(() => undefined);
    if (version === undefined) return undefined;
    const loaded = target === undefined ? '1' : await run(line, env, folder, 'macho.cjs');
    if (loaded !== '1') throw new Error('the binary for macOS was not loaded');
    const lines = [];
    for (const mode of ['standard', 'configured']) {
        const output = await run(line, env, folder, 'surface.cjs', mode);
        lines.push(
            ...output
                .split('\n')
                .filter((each) => each.startsWith('{"name"'))
                .map((each) => JSON.parse(each)),
        );
    }
    return {
        version,
        passed: lines.filter(({ message }) => message === undefined).length,
        all: lines.length,
        differs: lines.filter(({ message }) => message !== undefined),
        suite: program && trySuite(target, program()),
    };
}

/** Counts of a suite in words; those that are 0 are not named. */
const told = ({ passed, failed, skipped }) => {
    const others = [`${failed} failed`, `${skipped} left out`].filter((each) => !each.startsWith('0'));
    return [`${passed} tests of the suite passed`, ...others].join(', ');
};

function table(rows) {
    const lines = ['| platform | runtime | result |', '| --- | --- | --- |'];
    const notes = [];
    for (const { platform, name, how, lack, result, error } of rows) {
        const where = `${platform}${how === undefined ? '' : `, ${how}`}`;
        const runtime = result === undefined ? name : `${name.replace(/ \d+$/, '')} ${result.version}`;
        let text = `all ${result?.all} checks passed`;
        if (lack !== undefined) text = `not tried: ${lack}`;
        else if (error !== undefined) text = `failed: ${error}`;
        else if (result.differs.length > 0) text = `${result.passed} of ${result.all} checks passed`;
        if (result?.suite !== undefined) text += `; ${told(result.suite)}`;
        const differs = (result?.differs ?? []).map(({ name: check, message }) => `${check}: ${message}`);
        const failures = (result?.suite?.titles ?? []).map((title) => `a test failed: ${title}`);
        for (const each of [...differs, ...failures]) notes.push(`- ${runtime}, ${platform}: ${each}`);
        lines.push(`| ${where} | ${runtime} | ${text} |`);
    }
    if (notes.length > 0) lines.push('', 'What differs:', '', ...notes);
    return lines.join('\n');
}

(async () => {
    const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
    const chosen = runtimes.filter(({ platform, name, how = '' }) => {
        const text = `${platform} ${name} ${how}`.toLowerCase().replaceAll('.', '');
        return (
            words.length === 0 ||
            words.some((word) => word.split('+').every((part) => text.includes(part.toLowerCase())))
        );
    });
    const base = scratch();
    const { file } = pack(base);
    const folder = project(join(base, 'project'), file);
    writeFileSync(
        join(folder, 'surface.mjs'),
        "import { buffer, memory } from '@anireact/lewd';\n" +
            "export * from '@anireact/lewd';\n" +
            'export const read = () => ({ buffer, memory });\n',
    );
    writeFileSync(
        join(folder, 'version.cjs'),
        'const { bun, deno, node } = process.versions;\nconsole.log(bun || deno || node);\n',
    );
    writeFileSync(
        join(folder, 'macho.cjs'),
        "require('@anireact/lewd').used();\nconsole.log(globalThis[Symbol.for('lewd.macho')].length);\n",
    );
    execFileSync('cp', [join(__dirname, 'surface.js'), join(folder, 'surface.cjs')]);

    let failed = false;
    let passed = 0;
    const rows = [];
    for (const runtime of chosen) {
        const row = { ...runtime, lack: runtime.lack() };
        if (row.lack === undefined) {
            try {
                row.result = await tryIn(folder, runtime);
                if (row.result?.all === 0) row.error = 'it checked nothing';
                if (row.result === undefined) row.lack = 'it does not start there, even without the package';
            } catch (error) {
                row.error = error.message;
            }
        }
        if (row.lack === undefined) {
            const faults = row.error === undefined ? row.result.differs.length + (row.result.suite?.failed ?? 0) : 1;
            const bad = row.error !== undefined || (faults > 0 && row.name.startsWith('Node.js'));
            failed ||= bad;
            if (!bad) passed++;
        }
        rows.push(row);
        console.log(table([row]).split('\n').slice(2).join('\n'));
    }
    const all = table(rows);
    if (process.argv.includes('--write')) writeFileSync(join(root, 'docs/platforms.md'), page(all));
    const tried = rows.filter(({ lack }) => lack === undefined).length;
    console.log(`${passed} passed, ${tried - passed} failed`);
    process.exitCode = failed || tried === 0 ? 1 : 0;
})();

const page = (rows) => `# Where it runs

Made by \`npm run prebuild -- --all && node scripts/runtimes --write\`: the package as it is published, installed without
scripts, its documented surface tried in each runtime (\`scripts/runtimes/surface.js\`). One binary for each platform
serves all versions of Node.js. Those for Linux name no library and no version of glibc: they take a dozen functions that
C's library has always had from the process that loads them, be that glibc's or musl's.

${rows}

The binaries for macOS are run by a loader on Linux, not yet by macOS itself. The loader, \`test/macho/\`, does what
macOS's dynamic linker does, calls no function but those that it knows, and leaves these unseen: that linker itself, the
C library of macOS, and the kernel's checks of the signature, which \`scripts/prebuild/signature.js\` repeats. One test
of the suite is left out over it: with \`--permission\` Node.js does not read the file that brings the loader. Of the
workflow of a release, these can't be tried here: what prebuildify makes on Windows and on macOS, and the runners.

The whole suite of the project runs on every line of Node.js: \`node scripts/runtimes/lines.js\`. For other platforms the
package brings its sources: [troubleshooting.md](troubleshooting.md#err_lewd_no_binary) tells how they are compiled.
`;
