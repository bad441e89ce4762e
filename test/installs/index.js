// Installs the package as it is published, from a registry on loopback, by every package manager: with neither a compiler
// nor Python on the path, and its scripts allowed. Nothing may be compiled, no warning printed, no other package fetched, and
// the package must load each time. Then a package that has its binding.gyp at its root must fail. Words choose managers:
// `node test/installs npm "Yarn 4"`. `--write` writes docs/installing.md.
'use strict';

const assert = require('node:assert/strict');
const { spawn, spawnSync } = require('node:child_process');
const {
    cpSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} = require('node:fs');
const { join } = require('node:path');
const { npm, pack, root, scratch } = require('../../scripts/lib/consumer.js');
const { manifest } = require('../../scripts/stage.js');
const { managers } = require('./managers.js');
const { start } = require('./registry.js');

const LEWD = '@anireact/lewd';
const PROGRAM = `const { alloc, used } = require('${LEWD}'); const token = {}; alloc(100, token); console.log(used());\n`;
/** How Bun and Yarn 4, which may run no script of a dependency by themselves, are told to run ours. For pnpm: managers.js. */
const TRUST = { trustedDependencies: [LEWD], dependenciesMeta: { [LEWD]: { built: true } } };
const ALLOWED = new Set([LEWD, 'other', 'tool']);

/** What npm adds to the manifest of a package that has a binding.gyp at its root, when it is published. */
const INSTALL = { install: 'node-gyp rebuild' };

const base = scratch();

/** A path on which there is that Node.js and a shell, and nothing else. */
function barePath(runtime, folder) {
    mkdirSync(folder, { recursive: true });
    symlinkSync(runtime, join(folder, 'node'));
    symlinkSync('/bin/sh', join(folder, 'sh'));
    for (const tool of ['cc', 'gcc', 'clang', 'make', 'python', 'python3', 'node-gyp'])
        assert.notEqual(
            spawnSync(tool, ['--version'], { env: { PATH: folder } }).error,
            undefined,
            `${tool} is on the path`,
        );
    return folder;
}

/** A package of one file, packed: { manifest, file }. */
function small(name) {
    const folder = join(base, name);
    const about = { name, version: '1.0.0', license: 'MIT', main: 'index.js' };
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
    writeFileSync(join(folder, 'index.js'), `module.exports = '${name}';\n`);
    npm(folder, 'pack', '--ignore-scripts');
    return { manifest: about, file: join(folder, `${name}-1.0.0.tgz`) };
}

/** The package with its build file at its root, as package managers must not find it: the test has to notice that. */
function planted() {
    const folder = join(base, 'planted');
    cpSync(join(base, 'package'), folder, { recursive: true });
    for (const name of ['binding.gyp', 'src'])
        cpSync(join(folder, 'native', name), join(folder, name), { recursive: true });
    npm(folder, 'pack', '--ignore-scripts');
    const { name, version } = manifest();
    return {
        manifest: { ...manifest(), scripts: INSTALL },
        file: join(folder, `${name.slice(1).replace('/', '-')}-${version}.tgz`),
    };
}

/** Runs a command; answers what it printed. Throws if it fails. */
const execute = (command, options) =>
    new Promise((resolve, reject) => {
        const child = spawn(command[0], command.slice(1), {
            ...options,
            stdio: ['ignore', 'pipe', 'pipe'],
            timeout: 240_000,
        });
        let output = '';
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
        child.on('error', reject).on('close', (code, signal) => {
            if (code === 0) resolve(output);
            else reject(new Error(`${signal ?? `exit code ${code}`}\n${output}`));
        });
    });

/** Names of files below a folder that a compilation leaves. */
function compiled(folder) {
    const found = [];
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (/^(Makefile|config\.gypi|.*\.o)$/.test(entry.name)) found.push(entry.name);
        if (entry.isDirectory()) found.push(...compiled(join(folder, entry.name)));
    }
    return found;
}

/** Everything that a user does with one package manager, in one project. Answers { version, commands, packages }. */
async function use(manager, registry, titles = Object.keys(manager.scenarios)) {
    const folder = mkdtempSync(join(base, 'project-'));
    const runtime = manager.runtime();
    const env = {
        PATH: barePath(runtime, `${folder}-bin`),
        HOME: `${folder}-home`,
        YARN_CACHE_FOLDER: `${folder}-home/yarn`, // Yarn 1 has another place for root
        CI: 'true',
        NO_COLOR: '1',
        NO_UPDATE_NOTIFIER: '1',
        npm_config_audit: 'false',
        npm_config_fund: 'false',
    };
    mkdirSync(env.HOME);
    const about = {
        name: 'project',
        version: '1.0.0',
        private: true,
        license: 'MIT',
        devDependencies: { tool: '1.0.0' },
        ...TRUST,
    };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
    writeFileSync(join(folder, 'program.cjs'), PROGRAM);
    for (const [name, text] of Object.entries(manager.files(registry.origin))) writeFileSync(join(folder, name), text);
    if (manager.lock === 'yarn.lock') writeFileSync(join(folder, 'yarn.lock'), '');

    const command = manager.command();
    const version = (await execute([...command, '--version'], { cwd: folder, env })).trim().split('\n').pop();
    for (const title of titles) {
        const words = manager.scenarios[title];
        try {
            if (/^(install from|ci)/.test(title))
                for (const name of ['node_modules', '.pnp.cjs', '.pnp.loader.mjs', '.yarn'])
                    rmSync(join(folder, name), { recursive: true, force: true });
            registry.asked.clear();
            const output = await execute([...command, ...words], { cwd: folder, env });
            assert.doesNotMatch(output, /\bwarn|\bgyp\b|deprecated|blocked|ignored build|untrusted/i);
            assert.deepEqual(
                [...registry.asked].filter((name) => !ALLOWED.has(name)),
                [],
                'packages that were asked for',
            );
            assert.deepEqual(compiled(folder), []);
            const hook = existsSync(join(folder, '.pnp.cjs')) ? ['--require', './.pnp.cjs'] : [];
            assert.equal((await execute([runtime, ...hook, 'program.cjs'], { cwd: folder, env })).trim(), '112');
        } catch (error) {
            throw new Error(`${title}: ${error.message}`, { cause: error });
        }
    }
    const lock = existsSync(join(folder, manager.lock));
    assert.ok(lock, `${manager.lock} is there`);
    const packages = [...registry.fetched].filter((name) => name !== 'tool' && name !== 'other');
    return { version, commands: titles, packages };
}

const page = (rows) => `# Package managers

The package needs no compiler, runs no script when it is installed, and has no dependencies. Made by
\`node test/installs --write\`: each package manager installs it from a registry, with neither a compiler nor Python on
the path, then again from the lock file, without development dependencies, rebuilt, and with another package added. Nothing
was compiled, no warning was printed, and the package loaded after each command.

| package manager | version | commands that passed | packages installed |
| --- | --- | --- | --- |
${rows.map(({ name, version, commands, packages }) => `| ${name} | ${version} | ${commands.join('; ')} | ${packages.length} |`).join('\n')}

Where a platform has no binary, the error that the package throws names the command that compiles one:
[troubleshooting.md](troubleshooting.md#err_lewd_no_binary).
`;

(async () => {
    const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
    const chosen = managers.filter(({ name }) => words.length === 0 || words.some((word) => name.startsWith(word)));
    assert.ok(chosen.length > 0, `no package manager is called ${words}`);
    const packages = [{ manifest: manifest(), file: pack(base).file }, small('other'), small('tool')];
    const registry = await start(packages);
    const rows = [];
    let failed = 0;
    for (const manager of chosen) {
        registry.fetched.clear();
        try {
            const row = { name: manager.name.replace(' latest', ''), ...(await use(manager, registry)) };
            assert.deepEqual(row.packages, [LEWD]);
            rows.push(row);
            console.log(`ok: ${row.name} (${row.version}): ${row.commands.length} commands, 1 package`);
        } catch (error) {
            failed++;
            console.log(`FAILED: ${manager.name}: ${error.message}`);
        }
    }
    registry.close();
    const wrong = await start([planted(), ...packages.slice(1)]);
    for (const manager of chosen) {
        const noticed = await use(manager, wrong, ['install']).then(
            () => false,
            ({ message }) => /gyp|install|blocked/i.test(message),
        );
        if (!noticed) failed++;
        console.log(`${noticed ? 'ok' : 'FAILED'}: ${manager.name}: a package that is compiled is noticed`);
    }
    wrong.close();
    const all = chosen.length === managers.length;
    if (process.argv.includes('--write') && failed === 0 && all)
        writeFileSync(join(root, 'docs/installing.md'), page(rows));
    console.log(`${2 * chosen.length - failed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
})();
