'use strict';

// Finds this package's own binary and loads it. A file of another package, or of another version, is never used: the
// binary exports its name and version. No environment variable is changed, and no module is shared with other packages.

const { statSync } = require('node:fs');
const { dirname, join, resolve, toNamespacedPath } = require('node:path');

const { arch, env, execPath, platform } = process;

/** `npm run release` sets the version here and in src/version.h. */
const NAME = '@anireact/lewd';
const VERSION = '0.1.0';

const FILE = 'lewd.node';
const PREBUILT = join(`${platform}-${arch}`, FILE);

/** Folder of the package; in a bundle, the parent of the bundle's folder. */
const root = join(__dirname, '..');

/** False where the permission model of Node.js forbids to look. */
const isFile = (path) => {
    try {
        return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
    } catch {
        return false;
    }
};

/** Results of node-gyp in `folder`, which holds the build file. */
const compiled = (folder) => ['Release', 'Debug'].map((configuration) => join(folder, 'build', configuration, FILE));

/** Folder from which the binary can be compiled: in the published package, in a checkout. Undefined in a bundle. */
const sources = [join(root, 'native'), root].find((folder) => isFile(join(folder, 'src', 'lewd.c')));

/** Files that may be the binary, best first. What was compiled on purpose goes before what was shipped. */
const candidates = () => {
    if (env.LEWD_BINARY) {
        const named = resolve(env.LEWD_BINARY);
        return [named, join(named, FILE), join(named, PREBUILT), join(named, 'prebuilds', PREBUILT), ...compiled(named)];
    }
    return [
        ...(sources === undefined ? [] : compiled(sources)),
        join(__dirname, FILE),
        join(__dirname, 'prebuilds', PREBUILT),
        join(root, 'prebuilds', PREBUILT),
        join(dirname(execPath), 'prebuilds', PREBUILT),
    ];
};

/** What helps where no binary was found. */
const advice = () => {
    if (env.LEWD_BINARY) return ['LEWD_BINARY names a file, or a folder with one of these files. Correct it, or unset it.'];
    if (sources !== undefined)
        return ['With a C compiler, make and Python, this command compiles it:', `    npx node-gyp rebuild --directory="${sources}"`];
    return [
        'A bundle needs the binary beside it. This command copies it there:',
        `    cp -r node_modules/${NAME}/prebuilds "${__dirname}"`,
    ];
};

/** `others`: lines about files that were found and are not this package's. */
const missing = (files, others) => {
    const looked = files.map((file) => `    ${file}${others.get(file) ?? ''}`);
    const message = [`${NAME} ${VERSION} found no binary for ${platform}-${arch}. It looked for`, ...looked, ...advice()];
    return Object.assign(new Error(message.join('\n')), { code: 'ERR_LEWD_NO_BINARY' });
};

/** The exports of the first candidate that is this package's. An error of Node.js in loading a file passes through. */
const load = () => {
    const files = candidates();
    const others = new Map();
    for (const file of files.filter(isFile)) {
        const addon = { exports: {} };
        process.dlopen(addon, toNamespacedPath(file));
        const { name, version } = addon.exports;
        if (name === NAME && version === VERSION) return addon.exports;
        others.set(file, `: ${name === NAME ? `version ${version}` : 'an addon of another package'}`);
    }
    throw missing(files, others);
};

module.exports = load();
