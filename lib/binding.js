'use strict';

const { arch, env, platform } = process;

/** What was compiled here lies there too: see binding.gyp. The path is spelt out for bundlers, which look for it. */
const load = () => {
    if (env.LEWD_BINARY) {
        const binary = { exports: {} };
        process.dlopen(binary, env.LEWD_BINARY);
        return binary.exports;
    }
    try {
        return require(`../prebuilds/${platform}-${arch}/lewd.node`);
    } catch (error) {
        if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
    const { resolve } = require('node:path');
    const folder = resolve(__dirname, '..');
    const message = [
        `@anireact/lewd has no binary for ${platform}-${arch}: there is no`,
        `    ${resolve(folder, 'prebuilds', `${platform}-${arch}`, 'lewd.node')}`,
        'With a C compiler, make and Python it is made by',
        `    npx node-gyp rebuild --directory="${folder}"`,
    ];
    throw Object.assign(new Error(message.join('\n')), { code: 'ERR_LEWD_NO_BINARY' });
};

module.exports = load();
