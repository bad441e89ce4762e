'use strict';

// Tests the checks of a binary before its release: they must find faults.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { readFileSync, readdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { compile, scratch } = require('../scripts/prebuild/compile.js');
const { tbd } = require('../scripts/prebuild/darwin/tbd.js');
const { KINDS, allowedFunctions, functions, libraries } = require('../scripts/prebuild/imports.js');
const { inspect, lackToInspect } = require('../scripts/prebuild/inspect.js');
const { checkSignature } = require('../scripts/prebuild/signature.js');
const { here, lack, steps, targets } = require('../scripts/prebuild/targets.js');
const { ROOT } = require('./helpers/child.js');
const { SEED, random: generator } = require('./helpers/random.js');

const random = generator(SEED);
const INCLUDE = join(ROOT, 'scripts/prebuild/darwin/include');

describe('the table of permitted imports', () => {
    it('has a reason for every entry, and no name twice for a binary', () => {
        for (const { names, why } of [...functions, ...libraries]) assert.ok(why.length > 10, names);
        for (const target of Object.keys(targets)) {
            for (const kind of KINDS) {
                const listed = functions
                    .filter(({ platform = target }) => target.startsWith(platform))
                    .filter((entry) => (entry.kind ?? kind) === kind)
                    .flatMap(({ names }) => names.split(' '));
                assert.deepEqual(listed, [...new Set(listed)]);
                assert.deepEqual([...allowedFunctions(target, kind)], listed);
            }
        }
    });

    it('has each function that the headers for macOS declare and the linker finds', () => {
        const allowed = allowedFunctions('darwin-x64', 'prebuild');
        const stubs = /symbols: \[ (.*) \]/
            .exec(tbd())[1]
            .split(', ')
            .map((name) => name.replace(/^_/, ''));
        assert.deepEqual(stubs, [...allowed]);
        const declared = readdirSync(INCLUDE)
            .map((name) => readFileSync(join(INCLUDE, name), 'utf8'))
            .flatMap((text) => [...text.matchAll(/^[a-z][\w *]*?\b\*?(\w+)\(/gm)].map(([, name]) => name));
        assert.ok(declared.length > 5);
        assert.deepEqual(
            declared.filter((name) => !allowed.has(name)),
            [],
        );
    });
});

for (const target of ['darwin-x64', 'darwin-arm64']) {
    describe(`the signature of a binary for ${target} (SEED=${SEED})`, () => {
        let file;
        let bytes;

        const faultsWith = (change) => {
            const copy = Buffer.from(bytes);
            return checkSignature(change(copy) ?? copy).faults;
        };
        const directory = () => bytes.indexOf(Buffer.from('fade0c02', 'hex'));

        before(function () {
            const missing = lack(target) ?? lackToInspect(target);
            if (missing !== undefined) return this.skip();
            file = compile(target);
            bytes = readFileSync(file);
        });

        it('matches every page, and the inspector finds no fault in the binary', () => {
            const { faults, signature } = inspect(target, file);
            assert.deepEqual(faults, []);
            assert.equal(signature.identifier, 'lewd.node');
            assert.equal(signature.pages, Math.ceil(bytes.readUInt32BE(directory() + 32) / signature.pageSize));
            assert.ok(signature.pages > 5);
        });

        it('reports a changed byte in any page, by the number of the page', () => {
            const { pageSize } = checkSignature(bytes);
            const signed = bytes.readUInt32BE(directory() + 32);
            for (let page = 0; page * pageSize < signed; page++) {
                // not the header, with which the check may end before
                const least = page === 0 ? 4096 - 8 : page * pageSize;
                const at = least + random(Math.min((page + 1) * pageSize, signed) - least);
                assert.deepEqual(
                    faultsWith((copy) => void (copy[at] ^= 1 << random(8))),
                    [`has a page ${page} that differs from the signed one`],
                );
            }
        });

        it('reports a changed hash, bytes after it, a missing end, and another kind than ad hoc', () => {
            const hashes = bytes.readUInt32BE(directory() + 16);
            const first = (change) => faultsWith(change)[0];
            assert.equal(
                first((copy) => void (copy[directory() + hashes] ^= 1)),
                'has a page 0 that differs from the signed one',
            );
            assert.equal(
                first((copy) => Buffer.concat([copy, Buffer.alloc(16)])),
                'has bytes after its signature',
            );
            assert.equal(
                first((copy) => copy.subarray(0, -16)),
                'the signature is cut short',
            );
            assert.equal(
                first((copy) => void (copy[directory() + 15] ^= 2)),
                'is not signed ad hoc',
            );
            assert.match(
                first((copy) => void copy.writeUInt32BE(4096, directory() + 32)),
                /^has 4096 signed bytes/,
            );
            assert.match(
                first((copy) => void copy.writeUInt32BE(1, directory() + 28)),
                /^has hashes of 1 pages/,
            );
        });

        it('is reported as missing if no load command names it', () => {
            const command = bytes.indexOf(Buffer.from('1d00000010000000', 'hex'));
            assert.deepEqual(
                faultsWith((copy) => void copy.writeUInt32LE(0x26, command)),
                ['is not signed'],
            );
        });

        it('is checked without an exception for any bytes', () => {
            for (let round = 0; round < 2000; round++) {
                const faults = faultsWith((copy) => {
                    const start = random(2) ? 0 : directory() - 40;
                    for (let changes = 1 + random(4); changes > 0; changes--) copy[start + random(120)] = random(256);
                    return random(4) ? copy : copy.subarray(0, random(copy.length));
                });
                assert.ok(Array.isArray(faults));
            }
        });
    });
}

describe('the inspector', () => {
    let file;
    let linked;

    before(function () {
        if (here === undefined || !here.startsWith('linux')) return this.skip();
        if ((lack(here) ?? lackToInspect(here)) !== undefined) return this.skip();
        file = compile(here);
        // Linked as prebuildify does it: with the startup files and the name of C's library.
        linked = join(scratch(), 'lewd.node');
        const [[compiler, ...options]] = steps(here, linked).commands;
        execFileSync(
            compiler,
            options.filter((option) => option !== '-nostdlib'),
        );
    });

    it('has a profile for binaries that name no library, and one for those of prebuildify', () => {
        assert.deepEqual(inspect(here, file, 'prebuild').faults, []);
        assert.deepEqual(inspect(here, linked, 'prebuildify').faults, []);
        assert.match(inspect(here, linked, 'prebuildify').glibc, /^2\.\d+/);
        assert.deepEqual(inspect(here, file, 'prebuildify').faults, ['names no version of glibc']);
        const [library, functionsToo, version] = inspect(here, linked, 'prebuild').faults;
        assert.equal(library, 'needs the library libc.so.6');
        assert.match(functionsToo, /^imports .*__cxa_finalize/);
        assert.match(version, /^names glibc 2\.\d+/);
        assert.throws(() => inspect(here, file, 'other'), /no such kind/);
    });

    it('reports an unlisted function, an additional symbol, and a binary that is not stripped', () => {
        const folder = scratch();
        const source = join(folder, 'odd.c');
        writeFileSync(source, 'int getpid(void);\nint napi_register_module_v1(void) { return getpid(); }\nint more;\n');
        const odd = join(folder, 'odd.node');
        execFileSync('gcc', ['-shared', '-fPIC', '-nostdlib', '-o', odd, source]);
        const { faults } = inspect(here, odd);
        assert.deepEqual(faults.slice(0, 2), ['is not stripped', 'exports more,napi_register_module_v1']);
        assert.match(faults[2], /^imports getpid, neither of Node-API/);
        assert.equal(faults[3], 'imports nothing of Node-API');
    });
});
