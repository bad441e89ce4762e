// Lists the platforms that binaries are made for, and how each of them is compiled. Sources and definitions are read
// from binding.gyp, so that both ways to build take the same files.
'use strict';

const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const headers = require('node-api-headers');
const { tbd } = require('./darwin/tbd.js');
const { have, llvm } = require('./tools.js');

const root = join(__dirname, '../..');

/** Parses binding.gyp, which is JSON except for comments and commas before closing brackets. */
function gyp() {
    const text = readFileSync(join(root, 'binding.gyp'), 'utf8');
    const bare = text.replace(/("[^"]*")|#.*$/gm, (_, string) => string ?? '');
    return JSON.parse(bare.replace(/,(?=\s*[\]}])/g, ''));
}

const {
    variables,
    targets: [addon],
} = gyp();

/** Returns NAPI_VERSION, as binding.gyp defines it. */
exports.napi = Number(/^NAPI_VERSION=(\d+)$/m.exec(addon.defines.join('\n'))[1]);

/** Returns the oldest macOS that the binaries run on, from binding.gyp. */
exports.macosVersion = addon.xcode_settings.MACOSX_DEPLOYMENT_TARGET;

/** Returns the sources to compile: those of the project in the folder `tree`. */
const sources = (tree) => addon.sources.map((file) => join(tree, file));

/** Options that make the bytes independent of the project's path. */
const common = (tree) => [
    '-std=c11',
    '-O3',
    '-fvisibility=hidden',
    '-ffunction-sections',
    ...variables.lewd_warnings,
    `-ffile-prefix-map=${tree}=.`,
    ...[...addon.defines, ...addon.configurations.Release.defines].map((define) => `-D${define}`),
    `-I${headers.include_dir}`,
];

/**
 * A shared object that names no library: it finds C's functions in the process that loads it, with glibc of any age or
 * musl. Bun for musl refuses files that name libc.so.6. The options remove what the gcc of a distribution adds by
 * default: musl lacks some functions that those additions call.
 */
const elf = (compiler) => (out, tree) => [
    [
        compiler,
        ...common(tree),
        ...['-U_FORTIFY_SOURCE', '-fno-stack-protector'],
        '-fPIC',
        '-shared',
        '-nostdlib',
        '-Wl,--gc-sections,--build-id=none,-z,relro,-z,now,-z,noexecstack,-z,text,-s',
        '-o',
        out,
        ...sources(tree),
        '-lgcc',
    ],
];

/**
 * A hook binds node.exe's functions at their first use to the program of the process: it need not be called node.exe
 * (Electron, single executables).
 */
const pe = (prefix) => (out, tree) => [
    [
        `${prefix}-dlltool`,
        ...['--deterministic-libraries', '--temp-prefix', 'node'], // the same bytes each time
        ...['--input-def', headers.def_paths.node_api_def, '--output-delaylib', 'libnode.a'],
    ],
    [
        `${prefix}-gcc`,
        ...common(tree),
        '-shared',
        '-static-libgcc',
        '-Wl,--gc-sections,--build-id=none,--no-insert-timestamp,--dynamicbase,--nxcompat,-s',
        '-o',
        out,
        ...sources(tree),
        join(tree, 'scripts/prebuild/host.c'),
        'libnode.a',
    ],
];

/** On macOS, by its own compiler with its own headers. */
const machO = (architecture) => (out, tree) => [
    [
        'clang',
        ...common(tree),
        ...['-arch', architecture],
        `-mmacosx-version-min=${exports.macosVersion}`,
        '-bundle',
        '-Wl,-undefined,dynamic_lookup,-dead_strip,-x',
        ...(architecture === 'x86_64' ? ['-Wl,-adhoc_codesign'] : []), // the default on arm64
        ...['-o', out],
        ...sources(tree),
    ],
];

const LIBRARY = 'libSystem.tbd';

/**
 * Elsewhere by clang and lld, with headers that declare the functions that the sources call, and a list of functions to
 * link with.
 */
const crossMachO = (architecture) => (out, tree) => [
    [
        'clang',
        `--target=${architecture}-apple-macos${exports.macosVersion}`,
        ...['-fuse-ld=lld', '-nostdlib', '-nostdlibinc'],
        ...['-isystem', join(tree, 'scripts/prebuild/darwin/include')],
        ...common(tree),
        '-bundle',
        '-Wl,-undefined,dynamic_lookup,-dead_strip,-adhoc_codesign',
        ...['-o', out],
        ...sources(tree),
        LIBRARY,
    ],
    [llvm('llvm-strip'), '-x', out], // lld has no such option; the signature is made anew
];

const lackOfCommand = (command) => (have(command) ? undefined : `${command} is not installed`);

const lackOfLlvm = () =>
    lackOfCommand('clang') ??
    (llvm('ld64.lld') === undefined ? 'lld is not installed' : undefined) ??
    (llvm('llvm-strip') === undefined ? 'llvm is not installed' : undefined);

const native = process.env.CC ?? 'gcc';
const here = `${process.platform}-${process.arch}`;

const gcc = (name, cross) => {
    const compiler = here === name ? native : cross;
    return { how: elf(compiler), lack: () => lackOfCommand(compiler) };
};

const mingw = (prefix) => ({ how: pe(prefix), lack: () => lackOfCommand(`${prefix}-gcc`) });

const darwin = (architecture) =>
    process.platform === 'darwin'
        ? { how: machO(architecture), lack: () => lackOfCommand('clang') }
        : { how: crossMachO(architecture), lack: lackOfLlvm, files: { [LIBRARY]: tbd() } };

/** Targets by the folder's name in prebuilds/, by which lib/internal/binding.js finds them. */
exports.targets = {
    'linux-x64': gcc('linux-x64', 'x86_64-linux-gnu-gcc'),
    'linux-arm64': gcc('linux-arm64', 'aarch64-linux-gnu-gcc'),
    'win32-x64': mingw('x86_64-w64-mingw32'),
    'darwin-x64': darwin('x86_64'),
    'darwin-arm64': darwin('arm64'),
};

/** The target of this machine, if there is one. */
exports.here = here in exports.targets ? here : undefined;

/** Returns why a target can't be compiled on this machine; undefined if it can. */
exports.lack = (name) => exports.targets[name].lack();

/**
 * Returns how to compile a target to the file `out` in the working directory of the commands: { files, commands }.
 * `files`, text by name, must be written there first. `tree` is the folder of the project.
 */
exports.steps = (name, out, tree = root) => {
    const { files = {}, how } = exports.targets[name];
    return { files, commands: how(out, tree) };
};

exports.root = root;
