// Makes binaries by prebuildify, which is how each machine of a release makes the one for its own platform: node-gyp
// with the system's own compiler and headers. `node scripts/prebuild/prebuildify.js` makes this machine's, into
// build/prebuildify/prebuilds/, and on Linux on x64 that for linux-arm64, too, if its compiler is installed. Names of
// targets make those; `--out FOLDER` takes another folder than build/prebuildify. Each is inspected, and loaded where
// it can run.
'use strict';

const { execFileSync } = require('node:child_process');
const { existsSync, statSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');
const { copyOfTree, hash } = require('./compile.js');
const { inspect, lackToInspect } = require('./inspect.js');
const { here, root } = require('./targets.js');
const { have } = require('./tools.js');
const { tryFile } = require('./try.js');

const OUT = join(root, 'build/prebuildify');

/** Where a target's binary is in a folder that has a folder `prebuilds`. */
const fileOf = (folder, target) => join(folder, 'prebuilds', target, 'lewd.node');

const ARM = 'aarch64-linux-gnu';

/** Targets other than this machine's own: what prebuildify has to be told. It would compile win32 on Linux into ELF. */
const crossed = {
    'linux-x64': {
        'linux-arm64': {
            options: ['--arch', 'arm64', '--strip-bin', `${ARM}-strip`],
            env: { CC: `${ARM}-gcc`, CXX: `${ARM}-g++` },
            tools: [`${ARM}-gcc`, `${ARM}-g++`, `${ARM}-strip`],
        },
    },
};

/** What prebuildify has to be told for a target; undefined if it can't make it here. */
const settings = (target) => (target === here ? { options: [], env: {}, tools: [] } : crossed[here]?.[target]);

/** Why prebuildify can't make a target on this machine; undefined if it can. */
const lack = (target) => {
    const known = settings(target);
    if (known === undefined) return `prebuildify makes it on a machine of its own, not on ${here}`;
    const missing = known.tools.find((tool) => !have(tool));
    return missing && `${missing} is not installed`;
};

/**
 * The folder that has the headers of this Node.js, so that none are fetched: where it was installed with them.
 * Undefined on Windows, where node-gyp needs a library as well.
 */
const headersFolder = () => {
    const folder = dirname(dirname(process.execPath));
    return existsSync(join(folder, 'include/node/node_api.h')) ? folder : undefined;
};

/** Makes a target's binary in a folder; returns its file. Throws if prebuildify fails. */
const prebuildify = (target, out) => {
    const { options, env } = settings(target);
    const nodedir = process.env.npm_config_nodedir ?? headersFolder();
    // In a copy, since node-gyp empties the folder build/.
    const args = ['--napi', '--strip', '--quiet', '--name', 'lewd', '--target', process.versions.node, '--out', out];
    execFileSync(process.execPath, [require.resolve('prebuildify/bin.js'), ...args, ...options], {
        cwd: copyOfTree(),
        env: { ...process.env, ...(nodedir === undefined ? {} : { npm_config_nodedir: nodedir }), ...env },
        stdio: 'inherit',
    });
    return fileOf(out, target);
};

module.exports = { OUT, fileOf, headersFolder, lack, prebuildify };

/** Makes a target, inspects and loads its file; returns a row of the table. */
function make(target, out) {
    const file = prebuildify(target, out);
    const cannotInspect = lackToInspect(target);
    const { faults, glibc, size } = cannotInspect === undefined ? inspect(target, file, 'prebuildify') : { faults: [] };
    if (faults.length > 0) throw new Error(`${target}: ${faults.join('; ')}`);
    const cannotTry = tryFile(target, file);
    return {
        target,
        'bytes': size ?? statSync(file).size,
        'SHA-256': hash(file).slice(0, 16),
        'glibc': glibc ?? '-',
        'inspected': cannotInspect ?? 'yes',
        'loaded': cannotTry ?? 'yes',
    };
}

function main(words) {
    const at = words.indexOf('--out');
    const out = at < 0 ? OUT : resolve(words[at + 1]);
    const named = at < 0 ? words : words.filter((_, index) => index !== at && index !== at + 1);
    const others = Object.keys(crossed[here] ?? {}).filter((target) => lack(target) === undefined);
    const wanted = named.length > 0 ? named : [here, ...others];
    for (const target of wanted) {
        const missing = lack(target);
        if (missing !== undefined) throw new Error(`${target}: ${missing}`);
    }
    console.table(wanted.map((target) => make(target, out)));
}

if (require.main === module) main(process.argv.slice(2));
