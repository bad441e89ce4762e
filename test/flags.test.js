'use strict';

// Flags of Node.js that change what the language has.

const assert = require('node:assert/strict');
const { run } = require('./helpers/child.js');

describe('--jitless leaves no WebAssembly', () => {
    const PROGRAM = `
        for (const name of ['@anireact/lewd', '@anireact/lewd/c']) {
            try { require(name); } catch ({ name, code, message }) { console.log([name, code, message].join(': ')); }
        }
    `;

    it('require() throws ERR_LEWD_NO_WEBASSEMBLY, and names the flag', async () => {
        const { code, stdout, stderr } = await run('--jitless', '-e', PROGRAM);
        assert.equal(code, 0, stderr);
        const lines = stdout.trim().split('\n');
        assert.equal(lines.length, 2);
        for (const line of lines) assert.match(line, /^Error: ERR_LEWD_NO_WEBASSEMBLY: .*--jitless/);
    });

    it('import throws ERR_LEWD_NO_WEBASSEMBLY', async () => {
        const { code, stderr } = await run('--jitless', '--input-type=module', '-e', "import '@anireact/lewd'");
        assert.equal(code, 1);
        assert.match(stderr, /code: 'ERR_LEWD_NO_WEBASSEMBLY'/);
    });
});
