'use strict';

// The loader that tries the binaries for macOS on Linux: it loads them, and refuses files that it would load wrongly.

const assert = require('node:assert/strict');
const { execFile, execFileSync } = require('node:child_process');
const { copyFileSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { compile, scratch } = require('../scripts/prebuild/compile.js');
const { lack: cannotCompile, steps } = require('../scripts/prebuild/targets.js');
const { ROOT } = require('./helpers/child.js');
const { lack, macho } = require('./macho/build.js');

const TARGET = 'darwin-x64';

/** Loads the named file, in a thread too: prints its exports, or the error's code and message. */
const PROGRAM = `
    const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads');
    const file = workerData ?? process.argv[1];
    const say = (line) => isMainThread ? console.log(line) : parentPort.postMessage(line);
    try {
        const other = { exports: {} };
        process.dlopen(other, file);
        say(Object.keys(other.exports).length > 0 && !('file' in other.exports) ? 'loaded' : 'empty');
    } catch ({ code, message }) {
        say(code + ' ' + message);
    }
    if (isMainThread) new Worker(__filename, { workerData: file }).on('message', console.log);
`;

describe('the loader of bundles for macOS', () => {
    let file;
    let env;
    let program;

    before(function () {
        if ((lack(TARGET) ?? cannotCompile(TARGET)) !== undefined) return this.skip();
        file = compile(TARGET);
        env = { ...process.env, ...macho(TARGET, file) };
        program = join(scratch(), 'program.js');
        writeFileSync(program, PROGRAM.replace('process.argv[1]', 'process.argv[2]'));
    });

    /** Returns the output of the main thread and a worker, in lines. */
    const load = (path) =>
        new Promise((resolve) => {
            execFile(process.execPath, [program, path], { env, timeout: 30_000 }, (error, stdout, stderr) =>
                resolve(error === null ? stdout.trim().split('\n') : [`${error.signal ?? error.code} ${stderr}`]),
            );
        });

    /** Makes a changed copy of the binary. */
    const changed = (change) => {
        const copy = join(scratch(), 'lewd.node');
        const bytes = readFileSync(file);
        writeFileSync(copy, change(bytes) ?? bytes);
        return copy;
    };

    const refused = async (path, why) => {
        const line = `ERR_DLOPEN_FAILED ${path}: ${why}`;
        assert.deepEqual(await load(path), [line, line]);
    };

    it('loads a bundle, in the main thread and in another one', async () => {
        assert.deepEqual(await load(file), ['loaded', 'loaded']);
    });

    it('leaves other files to Node.js', async () => {
        const built = join(scratch(), 'own.node');
        copyFileSync(compile(`${process.platform}-${process.arch}`), built);
        assert.deepEqual(await load(built), ['loaded', 'loaded']);
        const [line] = await load(join(ROOT, 'package.json'));
        assert.match(line, /^ERR_DLOPEN_FAILED .*package.json/);
    });

    it('lets the package’s JavaScript use the binary, with right addresses and messages', async () => {
        const code = `
            const { alloc, used } = require('./lib');
            const token = {};
            try {
                alloc(0.5, token);
            } catch ({ message }) {
                console.log(alloc(100, token), alloc(1, token), used(), message);
            }
            console.log(globalThis[Symbol.for('lewd.macho')].length);
        `;
        assert.equal(
            execFileSync(process.execPath, ['-e', code], { cwd: ROOT, env, encoding: 'utf8' }),
            '0 112 128 size must be a whole number of bytes, 1 to 4294967295; got 0.5\n1\n',
        );
    });

    it('names a function of macOS that it lacks', async () => {
        const folder = scratch();
        const source = join(folder, 'odd.c');
        const exported = '__attribute__((visibility("default")))';
        writeFileSync(source, `int getentropy_np(void);\n${exported} int odd(void) { return getentropy_np(); }\n`);
        const { files, commands } = steps(TARGET, 'odd.node');
        for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
        const [[compiler, ...options]] = commands;
        const args = options.map((option) => (option.endsWith('lewd.c') ? source : option));
        execFileSync(compiler, args, { cwd: folder });
        await refused(join(folder, 'odd.node'), 'it takes _getentropy_np, which the loader does not have');
    });

    it('refuses files for another processor, truncated ones, and files that are no bundles', async () => {
        const other = 'it is no bundle for this processor';
        await refused(
            changed((bytes) => void bytes.writeUInt32LE(0x0100000c, 4)),
            other,
        );
        await refused(
            changed((bytes) => void bytes.writeUInt32LE(2, 12)),
            other,
        );
        await refused(
            changed((bytes) => bytes.subarray(0, 1000)),
            'it is cut short',
        );
        await refused(
            changed((bytes) => bytes.subarray(0, -4096)),
            'a segment is outside the file',
        );
        await refused(
            changed((bytes) => bytes.subarray(0, 20)),
            'it is no Mach-O file of 64 bits',
        );
    });

    it('refuses unknown instructions, and addresses outside the image', async () => {
        const command = (bytes) => bytes.indexOf(Buffer.from('2200008030000000', 'hex'));
        const at = (bytes, field) => bytes.readUInt32LE(command(bytes) + 8 + 8 * field);
        await refused(
            changed((bytes) => void (bytes[at(bytes, 0)] = 0xf0)),
            'a rebase has the instruction 0xf0',
        );
        await refused(
            changed((bytes) => void (bytes[at(bytes, 1)] = 0xd0)),
            'a bind has the instruction 0xd0',
        );
        await refused(
            changed((bytes) => void (bytes[at(bytes, 0)] = 0x55)),
            'a rebase is outside the image',
        );
        await refused(
            changed((bytes) => void (bytes[at(bytes, 4) + 1] = 0)),
            'it exports no addon',
        );
    });
});
