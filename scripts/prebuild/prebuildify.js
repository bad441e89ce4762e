// Makes binaries by prebuildify, as each machine of a release does for its own platform: node-gyp with the system's own
// compiler and headers. Makes this machine's into build/prebuildify/prebuilds/, and on Linux on x64 that for
// linux-arm64, too, if its compiler is installed. Names of targets select those; `--out FOLDER` replaces
// build/prebuildify. Inspects each file, and loads it if it can run here.
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

/** Returns the path of a target's binary in a folder that contains `prebuilds`. */
const fileOf = (folder, target) => join(folder, 'prebuilds', target, 'lewd.node');

const ARM = 'aarch64-linux-gnu';

/** Options of prebuildify for targets other than this machine's own. For win32 on Linux it would make an ELF file. */
const crossed = {
    'linux-x64': {
        'linux-arm64': {
            options: ['--arch', 'arm64', '--strip-bin', `${ARM}-strip`],
            env: { CC: `${ARM}-gcc`, CXX: `${ARM}-g++` },
            tools: [`${ARM}-gcc`, `${ARM}-g++`, `${ARM}-strip`],
        },
    },
};

/** Returns the options of prebuildify for a target; undefined if it can't make it here. */
const settings = (target) => (target === here ? { options: [], env: {}, tools: [] } : crossed[here]?.[target]);

/** Returns why prebuildify can't make a target on this machine; undefined if it can. */
const lack = (target) => {
    const known = settings(target);
    if (known === undefined) return `prebuildify makes it on a machine of its own, not on ${here}`;
    const missing = known.tools.find((tool) => !have(tool));
    return missing && `${missing} is not installed`;
};

/**
 * Returns the folder that has the headers of this Node.js, if they were installed with it, so that none are fetched.
 * Undefined on Windows, where node-gyp needs a library as well.
 */
const headersFolder = () => {
    const folder = dirname(dirname(process.execPath));
    return existsSync(join(folder, 'include/node/node_api.h')) ? folder : undefined;
};

/** Makes a target's binary in a folder. Returns its file. Throws if prebuildify fails. */
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

/** Makes a target, inspects and loads its file. Returns a row of the table. */
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
