'use strict';

// Finds this package's own binary and loads it. Never runs a file of another package, or of another version: the binary
// has its name and version in its bytes, and exports them. Changes no environment variable, and shares no module with
// other packages.

const { readFileSync, statSync } = require('node:fs');
const { dirname, join, resolve, toNamespacedPath } = require('node:path');

const { arch, argv, env, execPath, platform } = process;

/** `npm run release` sets the version here and in src/addon/version.h. */
const NAME = '@anireact/lewd';
const VERSION = '0.1.0';

const FILE = 'lewd.node';
const PREBUILT = join('prebuilds', `${platform}-${arch}`, FILE);

/** Returns why a file can't be used: '' if there is no file, undefined if it is this package's binary. */
const faultOf = (file) => {
    try {
        if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return '';
        const bytes = readFileSync(file);
        if (!bytes.includes(`${NAME}\0`)) return ': an addon of another package, or damaged';
        return bytes.includes(`${VERSION}\0`) ? undefined : ': another version';
    } catch ({ code }) {
        return `: ${code}`; // such as EACCES, or ERR_ACCESS_DENIED under --permission
    }
};

/** Returns the files that node-gyp makes in `folder`, which holds the build file. */
const compiled = (folder) => ['Release', 'Debug'].map((configuration) => join(folder, 'build', configuration, FILE));

const isFolder = (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
const hasSources = (folder) => faultOf(join(folder, 'src/lewd.c')) !== '';

/** Whether this is a bundle. Bundles that are ECMAScript modules may have `__dirname` alone. */
const isBundled = typeof __filename !== 'string' || !__filename.endsWith(join('lib', 'internal', 'binding.js'));
/** Folder of the package's JavaScript, lib/; in a bundle, the bundle's folder. */
const ownFolder = isBundled ? __dirname : join(__dirname, '..');
/** Folder of the package; in a bundle, the parent of the bundle's folder. */
const root = join(ownFolder, '..');
/** Folder from which the binary can be compiled: in the published package, in a checkout. Undefined in a bundle. */
const sources = [join(root, 'native'), root].find(hasSources);
const [, script] = argv;
/** Folder of the main script. Some bundlers replace `__dirname` by a folder of the build machine. */
const main = script === undefined ? ownFolder : dirname(script);
const named = Object.hasOwn(env, 'LEWD_BINARY') && env.LEWD_BINARY !== '' ? resolve(env.LEWD_BINARY) : undefined;

/** Returns the files that may be the binary, best first. Compiled files come before shipped ones. */
const candidates = () => {
    if (named !== undefined)
        return [
            named,
            join(named, FILE),
            join(named, `${platform}-${arch}`, FILE),
            join(named, PREBUILT),
            ...compiled(named),
        ];
    const own = sources === undefined ? [] : compiled(sources);
    // A checkout in which an addon was compiled tests that one, or fails.
    if (sources === root && own.some((file) => faultOf(file) === undefined)) return own;
    const files = [join(ownFolder, FILE), join(ownFolder, PREBUILT), join(root, PREBUILT)];
    if (main !== ownFolder) files.push(join(main, FILE), join(main, PREBUILT), join(main, '..', PREBUILT));
    return [...own, ...files, join(dirname(execPath), FILE), join(dirname(execPath), PREBUILT)];
};

/** Returns a path as one word of a command. */
const quoted = (path) => (platform === 'win32' ? `"${path}"` : `'${path.replaceAll("'", "'\\''")}'`);

/** Returns advice for a program that found no binary, line by line. */
const advice = () => {
    if (named !== undefined)
        return ['LEWD_BINARY names a file, or a folder with one of these files. Correct it, or unset it.'];
    if (sources !== undefined) {
        const command = `npx node-gyp rebuild --directory=${quoted(sources)}`;
        return ['With a C compiler, make and Python, this command compiles it:', `    ${command}`];
    }
    const from = join('node_modules', NAME, PREBUILT);
    return [
        'A bundle needs the binary beside it. This command copies it there:',
        `    ${platform === 'win32' ? 'copy' : 'cp'} ${quoted(from)} ${quoted(isFolder(ownFolder) ? ownFolder : main)}`,
        'If the package is not bundled, files of it are missing, or may not be read: install it again.',
    ];
};

const missing = (lines) => {
    const message = [
        `${NAME} ${VERSION} found no binary for ${platform}-${arch}. It looked for`,
        ...lines,
        ...advice(),
    ];
    return Object.assign(new Error(message.join('\n')), { code: 'ERR_LEWD_NO_BINARY' });
};

/**
 * Returns the exports of the first candidate that is this package's binary and can be loaded. Throws the first error of
 * Node.js if none can, or an error that lists them if Node.js threw none.
 */
const load = () => {
    const lines = [];
    let failure;
    for (const file of candidates()) {
        let fault = faultOf(file);
        if (fault === undefined) {
            const addon = { exports: {} };
            try {
                process.dlopen(addon, toNamespacedPath(file));
                if (addon.exports?.name === NAME && addon.exports.version === VERSION) return addon.exports;
                fault = ': another addon';
            } catch (error) {
                failure ??= error;
                fault = `: ${error.code}`;
            }
        }
        lines.push(`    ${file}${fault}`);
    }
    throw failure ?? missing(lines);
};

module.exports = load();
