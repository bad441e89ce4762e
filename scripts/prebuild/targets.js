// The platforms that binaries are made for, and how each of them is compiled. What is compiled, and with which
// definitions, binding.gyp says: it is read here too, so that both ways to build take the same files.
'use strict';

const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const headers = require('node-api-headers');
const { tbd } = require('./darwin/tbd.js');
const { have, llvm } = require('./tools.js');

const root = join(__dirname, '../..');

/** binding.gyp is JSON but for comments and for commas before closing brackets. */
function gyp() {
    const text = readFileSync(join(root, 'binding.gyp'), 'utf8');
    const bare = text.replace(/("[^"]*")|#.*$/gm, (_, string) => string ?? '');
    return JSON.parse(bare.replace(/,(?=\s*[\]}])/g, ''));
}

const {
    variables,
    targets: [addon],
} = gyp();

/** NAPI_VERSION, as binding.gyp defines it. */
exports.napi = Number(/^NAPI_VERSION=(\d+)$/m.exec(addon.defines.join('\n'))[1]);

/** The oldest macOS that the binaries run on, as binding.gyp says it. */
exports.macosVersion = addon.xcode_settings.MACOSX_DEPLOYMENT_TARGET;

/** What is compiled: the project in the folder `tree`. */
const sources = (tree) => addon.sources.map((file) => join(tree, file));

/** Compiled alike everywhere: the bytes don't depend on where the project lies. */
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
 * A shared object that names no library: what it takes from C's library it finds in the process that loads it, be that
 * glibc of any age or musl. Bun for musl refuses whatever names libc.so.6. Distributions differ in what gcc adds by
 * default; musl has not all that those additions call.
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
 * node.exe's functions are bound at their first use, by a hook that finds them in whatever program the process runs:
 * it need not be called node.exe (Electron, single executables).
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

/** Elsewhere by clang and lld, with headers that declare what the sources call and a list of functions to link with. */
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

/** By the folder's name in prebuilds/: lib/internal/binding.js finds them by it. */
exports.targets = {
    'linux-x64': gcc('linux-x64', 'x86_64-linux-gnu-gcc'),
    'linux-arm64': gcc('linux-arm64', 'aarch64-linux-gnu-gcc'),
    'win32-x64': mingw('x86_64-w64-mingw32'),
    'darwin-x64': darwin('x86_64'),
    'darwin-arm64': darwin('arm64'),
};

/** The target that runs here, if any. */
exports.here = here in exports.targets ? here : undefined;

/** Why a target can't be compiled on this machine; undefined if it can. */
exports.lack = (name) => exports.targets[name].lack();

/**
 * How a target is compiled to the file `out` in the folder that the commands are run in: { files, commands }. `files`,
 * text by name, have to be there first. `tree` is the folder of the project.
 */
exports.steps = (name, out, tree = root) => {
    const { files = {}, how } = exports.targets[name];
    return { files, commands: how(out, tree) };
};

exports.root = root;
