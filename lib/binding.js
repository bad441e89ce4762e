'use strict';

const { dirname, join } = require('node:path');

const { arch, env, execPath, platform } = process;
const folder = join(__dirname, '..');

/**
 * The loader finds out which C library there is by a look at /etc, which Node.js with --permission refuses. There is one
 * binary for all of them, so it is told.
 */
const told = env.LIBC === undefined;
if (told) env.LIBC = 'any';
const load = require('node-gyp-build');
if (told) delete env.LIBC;

/** The loader tells what it looked for, but not how to come by it. */
const missing = (cause) => {
    const prebuilt = join('prebuilds', `${platform}-${arch}`);
    const message = [
        `@anireact/lewd has no binary for ${platform}-${arch}. There is none in`,
        ...['build/Release', 'build/Debug', prebuilt].map((path) => `    ${join(folder, path)}`),
        `    ${join(dirname(execPath), prebuilt)}`,
        'With a C compiler, make and Python it is made by',
        `    npx node-gyp rebuild --directory="${folder}"`,
    ];
    return Object.assign(new Error(message.join('\n'), { cause }), { code: 'ERR_LEWD_NO_BINARY' });
};

try {
    module.exports = load(folder);
} catch (error) {
    throw error.message.startsWith('No native build was found') ? missing(error) : error;
}
