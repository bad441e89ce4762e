'use strict';

// The binary is found where it must be, by little means; what is missing or wrong is said.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const { copyFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');
const { ROOT } = require('./helpers/child.js');

const PLATFORM = `${process.platform}-${process.arch}`;
const PLACE = join('prebuilds', PLATFORM, 'lewd.node');
/** The one that this process has loaded. */
const BUILT = require('node-gyp-build').resolve(ROOT);
/** The variable that names a folder to take the binary from. */
const OTHER = '@ANIREACT/LEWD_PREBUILD';
const [MAJOR] = process.versions.node.split('.').map(Number);
const PROGRAM = `
    const { alloc, used } = require('./lib');
    const token = {};
    alloc(100, token);
    console.log(used(), Object.keys(require.cache).filter((file) => file.endsWith('.node')).join());
`;

describe('the binary', () => {
    let scratch;
    let folder;

    /** Runs a program in the folder; answers its code, what it printed and the lines of its error. */
    const run = (options, program, env = {}) =>
        new Promise((resolve) => {
            writeFileSync(join(folder, 'program.js'), program);
            execFile(
                process.execPath,
                [...options, join(folder, 'program.js')],
                { cwd: folder, timeout: 30_000, env: { ...process.env, [OTHER]: '', ...env } },
                (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout: stdout.trim(), stderr }),
            );
        });

    /** What `require()` throws there, as JSON. */
    const thrown = async (env) => {
        const { stdout } = await run(
            [],
            'try { require("./lib") } catch ({ code, message }) { console.log(JSON.stringify({ code, message })) }',
            env,
        );
        return JSON.parse(stdout);
    };

    const place = (write) => {
        mkdirSync(dirname(join(folder, PLACE)), { recursive: true });
        write(join(folder, PLACE));
    };

    beforeEach(() => {
        scratch = realpathSync(mkdtempSync(join(tmpdir(), 'lewd-')));
        folder = join(scratch, 'a folder');
        for (const part of ['lib', 'package.json', 'node_modules/node-gyp-build'])
            cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    });

    afterEach(() => rmSync(scratch, { recursive: true, maxRetries: 5 }));

    it('is found by platform and architecture', async () => {
        place((file) => copyFileSync(BUILT, file));
        assert.equal((await run([], PROGRAM)).stdout, `112 ${join(folder, PLACE)}`);
    });

    it('is missing: the error names the platform, the paths and the command that makes it', async () => {
        const { code, message } = await thrown();
        assert.equal(code, 'ERR_LEWD_NO_BINARY');
        const lines = message.split('\n').map((line) => line.trim());
        assert.match(lines[0], new RegExp(`@anireact/lewd has no binary for ${PLATFORM}`));
        assert.equal(lines[1], join(folder, 'build/Release'));
        assert.ok(lines.includes(join(folder, dirname(PLACE))));
        assert.equal(lines.at(-1), `npx node-gyp rebuild --directory="${folder}"`);
    });

    it('is missing in a folder that was named: the same', async () => {
        const program = `try { require(${JSON.stringify(join(ROOT, 'lib'))}) } catch ({ code }) { console.log(code) }`;
        assert.equal((await run([], program, { [OTHER]: scratch })).stdout, 'ERR_LEWD_NO_BINARY');
    });

    it('is broken: the error of Node.js passes through', async () => {
        place((file) => writeFileSync(file, 'no binary at all'));
        const { code, message } = await thrown();
        assert.equal(code, 'ERR_DLOPEN_FAILED');
        assert.ok(message.includes(join(folder, PLACE)) || process.platform === 'win32', message);
    });

    it(`is the one in the folder that ${OTHER} names, if set`, async () => {
        place((file) => writeFileSync(file, 'no binary at all'));
        const other = join(scratch, 'other/build/Release/lewd.node');
        mkdirSync(dirname(other), { recursive: true });
        copyFileSync(BUILT, other);
        assert.equal((await run([], PROGRAM, { [OTHER]: join(scratch, 'other') })).stdout, `112 ${other}`);
    });

    it('is found without a process or a network', async () => {
        place((file) => copyFileSync(BUILT, file));
        const refusal = `
            const refuse = (object, ...names) => names.forEach((name) => {
                object[name] = () => { throw new Error(name + ' was called'); };
            });
            refuse(require('node:child_process'), 'spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork');
            refuse(require('node:net'), 'connect', 'createConnection');
        `;
        const { stderr, stdout } = await run([], refusal + PROGRAM);
        assert.equal(stdout, `112 ${join(folder, PLACE)}`, stderr);
    });

    it('is found where Node.js permits addons, and to read nothing but the package', async function () {
        if (MAJOR < 20) this.skip(); // there is no --permission yet
        place((file) => copyFileSync(BUILT, file));
        const permission = MAJOR < 22 ? '--experimental-permission' : '--permission';
        const options = [permission, `--allow-fs-read=${join(folder, '*')}`];
        const { stderr, stdout } = await run([...options, '--allow-addons'], PROGRAM);
        assert.equal(stdout, `112 ${join(folder, PLACE)}`, stderr);
        assert.match((await run(options, PROGRAM)).stderr, /ERR_DLOPEN_DISABLED/);
    });
});
