'use strict';

// Flags of Node.js that change built-ins of the language.

const assert = require('node:assert/strict');
const { join } = require('node:path');
const { ROOT, run, runIn } = require('./helpers/child.js');

describe('with --jitless, which removes WebAssembly', () => {
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

describe('with --frozen-intrinsics, which turns methods of prototypes into accessors', () => {
    const SURFACE = join(ROOT, 'scripts/runtimes/surface.js');

    for (const [mode, what] of [
        ['standard', 'the documented surface works'],
        ['configured', 'a memory that is passed in works up to its maximum'],
        ['beyond', 'the features beyond it work'],
    ]) {
        it(what, async () => {
            const flags = ['--expose-gc', '--frozen-intrinsics'];
            const { stdout, stderr } = await runIn(join(ROOT, 'test/fixtures'), 50_000, ...flags, SURFACE, mode);
            const checks = stdout.split('\n').filter((line) => line.startsWith('{'));
            assert.ok(checks.length > 0, stderr);
            const failed = checks.map((line) => JSON.parse(line)).filter(({ message }) => message !== undefined);
            assert.deepEqual(failed, []);
        });
    }
});
