'use strict';

// Compiles the loader of bundles for macOS, and makes the environment in which Node.js on Linux loads them.

const { execFileSync } = require('node:child_process');
const { mkdirSync, readdirSync, renameSync } = require('node:fs');
const { join } = require('node:path');
const headers = require('node-api-headers');
const { environment } = require('../../scripts/prebuild/try.js');
const { napi, root } = require('../../scripts/prebuild/targets.js');
const { have } = require('../../scripts/prebuild/tools.js');

const FOLDER = join(root, 'build/macho');

/** Targets whose code runs on a processor of Linux: its platform, and the compiler of the loader. */
const hosts = {
    'darwin-x64': { platform: 'linux-x64', compiler: 'gcc' },
    'darwin-arm64': { platform: 'linux-arm64', compiler: 'aarch64-linux-gnu-gcc' },
};

/** Returns why the loader for a target can't be compiled here; undefined if it can. */
const lack = (target) => {
    if (process.platform !== 'linux' || process.arch !== 'x64') return 'this machine is not linux-x64';
    const { compiler } = hosts[target];
    return have(compiler) ? undefined : `${compiler} is not installed`;
};

/** Compiles the loader for a target; returns the addon's file. */
const compileLoader = (target) => {
    const { compiler, platform } = hosts[target];
    const file = join(FOLDER, `${platform}.node`);
    const partial = `${file}.${process.pid}`;
    mkdirSync(FOLDER, { recursive: true });
    const sources = readdirSync(__dirname).filter((name) => name.endsWith('.c'));
    const options = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror', `-DNAPI_VERSION=${napi}`];
    // It stays loaded when a thread ends: its images are still in use.
    const linked = ['-fPIC', '-shared', '-fvisibility=hidden', '-pthread', '-Wl,-z,nodelete', '-o', partial];
    execFileSync(compiler, [...options, `-I${headers.include_dir}`, ...linked, ...sources, '-ldl'], {
        cwd: __dirname,
        stdio: 'inherit',
    });
    renameSync(partial, file);
    return file;
};

/** Returns the environment in which this package loads the file, a binary for a target, through the loader. */
const macho = (target, file) => ({
    ...environment(file, hosts[target].platform).env,
    LEWD_MACHO_LOADER: compileLoader(target),
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${JSON.stringify(join(__dirname, 'preload.js'))}`,
});

module.exports = { compileLoader, lack, macho };
