'use strict';

// lib/internal/binding.js: finds this package's own binary, and no other, and reports which file is missing or wrong.

const assert = require('node:assert/strict');
const { execFile, spawnSync } = require('node:child_process');
const {
    chmodSync,
    copyFileSync,
    cpSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    realpathSync,
    rmSync,
    writeFileSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');
const { ROOT } = require('./helpers/child.js');
const { ownBinary } = require('./helpers/binary.js');

const PLATFORM = `${process.platform}-${process.arch}`;
const PREBUILT = join('prebuilds', PLATFORM, 'lewd.node');
const COMPILED = join('build', 'Release', 'lewd.node');
const DEBUG = join('build', 'Debug', 'lewd.node');
const { version } = require('../package.json');
const [MAJOR] = process.versions.node.split('.').map(Number);

/** Quotes a path as a word of a command. */
const quoted = (path) => (process.platform === 'win32' ? `"${path}"` : `'${path.replaceAll("'", "'\\''")}'`);

/** Writes a file that is no binary, but contains the marks of ours. */
const broken = (file) => writeFileSync(file, `no binary at all @anireact/lewd\0 ${version}\0`);

/** Prints the bytes in use, and the file that was loaded. */
const PROGRAM = `
    const files = [];
    const { dlopen } = process;
    process.dlopen = (module, file) => { files.push(file); dlopen.call(process, module, file); };
    const { alloc, used } = require('./lib');
    const token = {};
    alloc(100, token);
    console.log(used(), files.join());
`;

describe('the loader of the binary', () => {
    let scratch;
    /** The package's folder. */
    let folder;

    /** Runs a program in the folder. Returns its exit code, its output and the lines of its error. */
    const run = (options, program, env = {}) =>
        new Promise((resolve) => {
            writeFileSync(join(folder, 'program.js'), program);
            execFile(
                process.execPath,
                [...options, join(folder, 'program.js')],
                { cwd: folder, timeout: 30_000, env: { ...process.env, LEWD_BINARY: '', ...env } },
                (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout: stdout.trim(), stderr }),
            );
        });

    /** Returns the code and the lines of the message that `require()` throws there. */
    const thrown = async (env, name = './lib') => {
        const report = 'catch ({ code, message }) { console.log(JSON.stringify({ code, message })) }';
        const program = `try { require(${JSON.stringify(name)}) } ${report}`;
        const { stderr, stdout } = await run([], program, env);
        assert.notEqual(stdout, '', stderr);
        const { code, message } = JSON.parse(stdout);
        return { code, message, lines: message.split('\n').map((line) => line.trim()) };
    };

    /** Copies a binary to a path in the folder. Returns that path. */
    const place = (path, write = (file) => copyFileSync(ownBinary, file)) => {
        const file = join(folder, path);
        mkdirSync(dirname(file), { recursive: true });
        write(file);
        return file;
    };

    /** Writes our binary there, changed to name another version or another package. */
    const placeOther = (path, from, to) => {
        assert.equal(from.length, to.length);
        const bytes = readFileSync(ownBinary, 'latin1');
        assert.ok(bytes.includes(`${from}\0`), from);
        return place(path, (file) => writeFileSync(file, bytes.replaceAll(`${from}\0`, `${to}\0`), 'latin1'));
    };

    beforeEach(() => {
        scratch = realpathSync(mkdtempSync(join(tmpdir(), 'lewd-')));
        folder = join(scratch, 'a folder');
        for (const part of ['lib', 'package.json']) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    });

    afterEach(() => rmSync(scratch, { recursive: true, maxRetries: 5 }));

    it('finds a shipped binary by platform and architecture', async () => {
        const file = place(PREBUILT);
        assert.equal((await run([], PROGRAM)).stdout, `112 ${file}`);
    });

    it('finds it beside a bundle, beside the main script, and beside the program that runs it', async () => {
        const source = readFileSync(join(ROOT, 'lib/internal/binding.js'), 'utf8');
        const bundle = `${source}\nconsole.log(module.exports.name);`;
        for (const path of ['dist/lewd.node', join('dist', PREBUILT), PREBUILT]) {
            place(path);
            place('dist/bundle.js', (file) => writeFileSync(file, bundle));
            assert.equal((await run([], "require('./dist/bundle.js')")).stdout, '@anireact/lewd', path);
            rmSync(join(folder, path));
        }
        // As in bundles of Bun: `__dirname` is the folder of the build machine.
        place('dist/foreign.js', (file) => writeFileSync(file, `{ const __dirname = '/build/machine'; ${bundle} }`));
        for (const path of ['lewd.node', PREBUILT]) {
            place(path);
            assert.equal((await run([], "require('./dist/foreign.js')")).stdout, '@anireact/lewd', path);
            rmSync(join(folder, path));
            place(join('bin', path));
            const value = JSON.stringify(join(folder, 'bin/program'));
            const moved = `Object.defineProperty(process, 'execPath', { value: ${value} });`;
            assert.equal((await run([], `${moved} require('./dist/foreign.js')`)).stdout, '@anireact/lewd', path);
            rmSync(join(folder, 'bin'), { recursive: true });
        }
    });

    it('prefers a binary that was compiled from the sources of the package, or in a checkout', async () => {
        place(PREBUILT);
        place('native/src/lewd.c', (file) => writeFileSync(file, ''));
        const published = place(join('native', COMPILED));
        assert.equal((await run([], PROGRAM)).stdout, `112 ${published}`);
        rmSync(join(folder, 'native'), { recursive: true });
        place('src/lewd.c', (file) => writeFileSync(file, ''));
        const checkout = place(COMPILED);
        assert.equal((await run([], PROGRAM)).stdout, `112 ${checkout}`);
    });

    it('never looks into build/Release of an application', async () => {
        const shipped = place(PREBUILT);
        place(COMPILED, broken);
        assert.equal((await run([], PROGRAM)).stdout, `112 ${shipped}`);
    });

    it('never takes a file with another name', async () => {
        place(join('prebuilds', PLATFORM, 'other.node'));
        place(join('prebuilds', PLATFORM, 'node.napi.node'));
        assert.equal((await thrown()).code, 'ERR_LEWD_NO_BINARY');
    });

    it('skips a binary of another version or package, and reports it if there is no other', async () => {
        const [major, ...rest] = version;
        const newer = [Number(major) + 1, ...rest].join('');
        const first = placeOther(join('lib', 'lewd.node'), version, newer);
        const second = placeOther(join('lib', PREBUILT), '@anireact/lewd', '@anireact/rude');
        const { code, message } = await thrown();
        assert.equal(code, 'ERR_LEWD_NO_BINARY');
        assert.ok(message.includes(`${first}: another version\n`), message);
        assert.ok(message.includes(`${second}: an addon of another package, or damaged\n`), message);
        const right = place(PREBUILT);
        assert.equal((await run([], PROGRAM)).stdout, `112 ${right}`, 'another file was loaded');
    });

    it('names the paths and the compile command if nothing was found in a package', async () => {
        place('native/src/lewd.c', (file) => writeFileSync(file, ''));
        const { code, lines } = await thrown();
        assert.equal(code, 'ERR_LEWD_NO_BINARY');
        assert.equal(lines[0], `@anireact/lewd ${version} found no binary for ${PLATFORM}. It looked for`);
        for (const path of [PREBUILT, join('native', COMPILED)]) assert.ok(lines.includes(join(folder, path)), path);
        assert.equal(lines.at(-1), `npx node-gyp rebuild --directory=${quoted(join(folder, 'native'))}`);
    });

    it('names the compile command if nothing was found in a checkout', async () => {
        place('src/lewd.c', (file) => writeFileSync(file, ''));
        const { lines } = await thrown();
        assert.ok(lines.includes(join(folder, COMPILED)));
        assert.equal(lines.at(-1), `npx node-gyp rebuild --directory=${quoted(folder)}`);
    });

    it('names the folder to copy if nothing was found in a bundle', async () => {
        place('dist/bundle.js', (file) => copyFileSync(join(ROOT, 'lib/internal/binding.js'), file));
        const { code, message } = await thrown({}, './dist/bundle.js');
        assert.equal(code, 'ERR_LEWD_NO_BINARY');
        const from = join('node_modules/@anireact/lewd', PREBUILT);
        assert.ok(message.includes(`${quoted(from)} ${quoted(join(folder, 'dist'))}\n`), message);
        assert.doesNotMatch(message, /node-gyp/);
    });

    it('throws the error of Node.js if the file is broken', async () => {
        const file = place(PREBUILT, broken);
        const { code, message } = await thrown();
        assert.equal(code, 'ERR_DLOPEN_FAILED');
        assert.ok(message.includes(file) || process.platform === 'win32', message);
    });

    it('skips a broken file if another one can be loaded, except in a checkout', async () => {
        place('native/src/lewd.c', (file) => writeFileSync(file, ''));
        const compiled = place(join('native', COMPILED), broken);
        const shipped = place(PREBUILT);
        assert.equal((await run([], PROGRAM)).stdout, `112 ${compiled},${shipped}`);
        rmSync(join(folder, 'native'), { recursive: true });
        place('src/lewd.c', (file) => writeFileSync(file, ''));
        place(COMPILED, broken);
        assert.equal((await thrown()).code, 'ERR_DLOPEN_FAILED');
    });

    it('reports a file that it may not read', async function () {
        // as root, or on Windows, all files can be read
        if (process.platform === 'win32' || process.getuid() === 0) return this.skip();
        const file = place(PREBUILT);
        chmodSync(file, 0);
        const { lines } = await thrown();
        assert.ok(lines.includes(`${file}: EACCES`), lines.join('\n'));
    });

    it('quotes any path in its commands, so that a shell reads one word', async function () {
        if (process.platform === 'win32') return this.skip(); // the characters are not allowed in names
        const odd = join(folder, `quo"te dol$HOME back\`id\` it's`);
        mkdirSync(join(odd, 'native/src'), { recursive: true });
        cpSync(join(ROOT, 'lib'), join(odd, 'lib'), { recursive: true });
        writeFileSync(join(odd, 'native/src/lewd.c'), '');
        const { lines } = await thrown({}, join(odd, 'lib'));
        const [command] = lines.slice(-1);
        const { stdout } = spawnSync('sh', ['-c', command.replace('npx node-gyp rebuild', "printf '%s'")], {
            encoding: 'utf8',
        });
        assert.equal(stdout, `--directory=${join(odd, 'native')}`);
    });

    it('takes the file that LEWD_BINARY names, or the file in the folder that it names', async () => {
        place(PREBUILT, broken);
        for (const path of ['other.node', 'lewd.node', join(PLATFORM, 'lewd.node'), PREBUILT, COMPILED, DEBUG]) {
            const other = place(join('elsewhere', path));
            for (const named of path === 'other.node' ? [other] : [other, join(folder, 'elsewhere'), 'elsewhere'])
                assert.equal((await run([], PROGRAM, { LEWD_BINARY: named })).stdout, `112 ${other}`, named);
            rmSync(join(folder, 'elsewhere'), { recursive: true });
        }
    });

    it('takes no other file if the one that LEWD_BINARY names is missing, or not ours', async () => {
        place(PREBUILT);
        const absent = await thrown({ LEWD_BINARY: join(folder, 'absent') });
        assert.equal(absent.code, 'ERR_LEWD_NO_BINARY');
        assert.match(absent.lines.at(-1), /^LEWD_BINARY names/);
        const other = placeOther('other.node', '@anireact/lewd', '@anireact/rude');
        const { lines } = await thrown({ LEWD_BINARY: other });
        assert.ok(lines.includes(`${other}: an addon of another package, or damaged`));
    });

    it('leaves the environment unchanged and requires only modules of Node.js', async () => {
        place(PREBUILT);
        const program = `
            const before = JSON.stringify(process.env);
            process.env = new Proxy(process.env, {
                set() { throw new Error('set'); },
                defineProperty() { throw new Error('defined'); },
                deleteProperty() { throw new Error('deleted'); },
            });
            require('./lib');
            console.log(before === JSON.stringify(process.env));
            console.log(Object.keys(require.cache).every((file) => file.startsWith(${JSON.stringify(folder)})));
        `;
        const { stderr, stdout } = await run([], program);
        assert.equal(stdout, 'true\ntrue', stderr);
    });

    it('starts no process and opens no connection', async () => {
        const file = place(PREBUILT);
        const refusal = `
            const refuse = (object, ...names) => names.forEach((name) => {
                object[name] = () => { throw new Error(name + ' was called'); };
            });
            const processes = require('node:child_process');
            refuse(processes, 'spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork');
            refuse(require('node:net'), 'connect', 'createConnection');
        `;
        const { stderr, stdout } = await run([], refusal + PROGRAM);
        assert.equal(stdout, `112 ${file}`, stderr);
    });

    it('works under --permission with addons and read access to the package only', async function () {
        if (MAJOR < 20) this.skip(); // there is no --permission yet
        const file = place(PREBUILT);
        const permission = MAJOR < 22 ? '--experimental-permission' : '--permission';
        const options = [permission, `--allow-fs-read=${join(folder, '*')}`];
        const { stderr, stdout } = await run([...options, '--allow-addons'], PROGRAM);
        assert.equal(stdout, `112 ${file}`, stderr);
        assert.match((await run(options, PROGRAM)).stderr, /ERR_DLOPEN_DISABLED/);
    });

    it('has the version of package.json, like the binary', () => {
        assert.match(
            readFileSync(join(ROOT, 'lib/internal/binding.js'), 'utf8'),
            new RegExp(`const VERSION = '${version}';`),
        );
        assert.equal(require('../lib/internal/binding.js').version, version);
    });
});
