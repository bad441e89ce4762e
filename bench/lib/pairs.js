'use strict';

// Compiles bench/contenders/pairs.c to WebAssembly, by clang and wasm-ld.

const { execFileSync } = require('node:child_process');
const { existsSync, mkdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const FOLDER = join(__dirname, '../contenders');
const BUILD = join(FOLDER, 'build');
/** Folders of wasi-libc, as distributions have them. */
const SYSROOTS = [process.env.WASI_SYSROOT, '/usr', '/opt/wasi-sdk/share/wasi-sysroot'].filter(Boolean);

const FLAGS = {
    imported: ['--target=wasm32', '-nostdlib', '-ffreestanding', '-DIMPORTED', '-Wl,--import-memory'],
    linked: ['--target=wasm32-wasi', '-nostartfiles'],
};

const sysroot = () => SYSROOTS.find((folder) => existsSync(join(folder, 'lib/wasm32-wasi/libc.a')));

/** Returns why pairs.c can't be compiled so here; undefined if it can. */
exports.missing = (kind) => {
    if (kind === 'linked' && sysroot() === undefined) return 'wasi-libc is not installed';
    try {
        execFileSync('wasm-ld', ['--version'], { stdio: 'ignore' });
        execFileSync('clang', ['--version'], { stdio: 'ignore' });
    } catch {
        return 'clang or wasm-ld is not installed';
    }
    return undefined;
};

/** Returns the compiled module, `imported` or `linked`. */
exports.compilePairs = (kind) => {
    const file = join(BUILD, `pairs-${kind}.wasm`);
    mkdirSync(BUILD, { recursive: true });
    const flags = [...FLAGS[kind], ...(kind === 'linked' ? [`--sysroot=${sysroot()}`] : [])];
    const link = ['-Wl,--no-entry', '-Wl,--export=__heap_base', '-o', file, join(FOLDER, 'pairs.c')];
    execFileSync('clang', ['-O2', ...flags, ...link], { stdio: ['ignore', 2, 2] });
    return new WebAssembly.Module(readFileSync(file));
};
