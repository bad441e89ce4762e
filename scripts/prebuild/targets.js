// The platforms that binaries are made for, and how each of them is compiled. What is compiled, and with which
// definitions, binding.gyp says: it is read here too, so that both ways to build take the same files.
'use strict';

const { spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const headers = require('node-api-headers');

const root = join(__dirname, '../..');

/** binding.gyp is JSON but for comments and for commas before closing brackets. */
function gyp() {
    const text = readFileSync(join(root, 'binding.gyp'), 'utf8');
    const bare = text.replace(/("[^"]*")|#.*$/gm, (_, string) => string ?? '');
    return JSON.parse(bare.replace(/,(?=\s*[\]}])/g, ''));
}

const { variables, targets: [addon] } = gyp();

/** NAPI_VERSION, as binding.gyp defines it. */
exports.napi = Number(/^NAPI_VERSION=(\d+)$/m.exec(addon.defines.join('\n'))[1]);

/** Compiled alike everywhere. */
const common = [
    '-std=c11',
    '-O3',
    '-fvisibility=hidden',
    '-ffunction-sections',
    ...variables.lewd_warnings,
    `-ffile-prefix-map=${root}=.`,
    ...[...addon.defines, ...addon.configurations.Release.defines].map((define) => `-D${define}`),
    `-I${headers.include_dir}`,
];
const sources = addon.sources.map((file) => join(root, file));

/**
 * A shared object that names no library: what it takes from C's library it finds in the process that loads it, be that
 * glibc of any age or musl. Bun for musl refuses whatever names libc.so.6.
 */
const elf = (compiler) => (out) => [
    [
        compiler,
        ...common,
        '-fPIC',
        '-shared',
        '-nostdlib',
        '-Wl,--gc-sections,--build-id=none,-z,relro,-z,now,-z,noexecstack,-z,text,-s',
        '-o',
        out,
        ...sources,
        '-lgcc',
    ],
];

/**
 * node.exe's functions are bound at their first use, by a hook that finds them in whatever program the process runs:
 * it need not be called node.exe (Electron, single executables).
 */
const pe = (prefix) => (out) => [
    [
        `${prefix}-dlltool`,
        ...['--deterministic-libraries', '--temp-prefix', 'node'], // the same bytes each time
        ...['--input-def', headers.def_paths.node_api_def, '--output-delaylib', 'libnode.a'],
    ],
    [
        `${prefix}-gcc`,
        ...common,
        '-shared',
        '-static-libgcc',
        '-Wl,--gc-sections,--build-id=none,--no-insert-timestamp,--dynamicbase,--nxcompat,-s',
        '-o',
        out,
        ...sources,
        join(__dirname, 'host.c'),
        'libnode.a',
    ],
];

const machO = (architecture) => (compiler) => (out) => [
    [
        compiler,
        ...common,
        '-arch',
        architecture,
        '-mmacosx-version-min=11.0',
        '-bundle',
        '-Wl,-undefined,dynamic_lookup,-dead_strip,-x',
        '-o',
        out,
        ...sources,
    ],
];

const native = process.env.CC ?? 'gcc';
const here = `${process.platform}-${process.arch}`;

/** By the folder's name in prebuilds/: lib/binding.js finds them by it. */
exports.targets = {
    'linux-x64': { compiler: here === 'linux-x64' ? native : 'x86_64-linux-gnu-gcc', how: elf },
    'linux-arm64': { compiler: here === 'linux-arm64' ? native : 'aarch64-linux-gnu-gcc', how: elf },
    'win32-x64': { compiler: 'x86_64-w64-mingw32-gcc', how: (compiler) => pe(compiler.replace(/-gcc$/, '')) },
    'darwin-x64': { compiler: 'clang', how: machO('x86_64'), only: 'darwin' },
    'darwin-arm64': { compiler: 'clang', how: machO('arm64'), only: 'darwin' },
};

/** The target that runs here, if any. */
exports.here = here in exports.targets ? here : undefined;

/** Why a target can't be compiled on this machine; undefined if it can. */
exports.lack = (name) => {
    const { compiler, only } = exports.targets[name];
    if (only !== undefined && only !== process.platform) return `it is compiled on ${only}`;
    const { error } = spawnSync(compiler, ['--version']);
    return error && `${compiler} is not installed`;
};

/** The commands, in order, that compile a target to the file `out` in the folder that they are run in. */
exports.commands = (name, out) => {
    const { compiler, how } = exports.targets[name];
    return how(compiler)(out);
};

exports.root = root;
