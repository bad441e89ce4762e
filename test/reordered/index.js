'use strict';

// The suite over an addon whose published figures are in another order, and whose answers are another number. JavaScript
// takes both from the binding: no test may notice.
//
//     node test/reordered [NAME…]      only test/NAME.test.js

const { spawnSync } = require('node:child_process');
const { ROOT, variant } = require('../../scripts/variant.js');

const HEADER = 'src/addon/contract.h';

/** Returns the header with the rows of LEWD_FIGURES in the opposite order, and with fewer answers. */
function reordered(source) {
    const list = /(#define LEWD_FIGURES\(X\) *\\\n)((?: *X\(\w+, \w+\) *\\?\n)+)/.exec(source);
    if (list === null) throw new Error(`${HEADER} has no LEWD_FIGURES as this knows it`);
    const [whole, head, body] = list;
    const rows = body.match(/X\(\w+, \w+\)/g).reverse();
    const changed = source
        .replace(whole, `${head}${rows.map((row) => `    ${row}`).join(' \\\n')}\n`)
        .replace(/#define LEWD_ANSWERS 67\b/, '#define LEWD_ANSWERS 61');
    if (!changed.includes('#define LEWD_ANSWERS 61')) throw new Error(`${HEADER} has another number of answers`);
    return changed;
}

const { env } = variant('reordered', { [HEADER]: reordered });
const layout = (extra) =>
    JSON.parse(
        spawnSync(process.execPath, ['-p', 'JSON.stringify(require("./lib/internal/binding.js").layout)'], {
            cwd: ROOT,
            encoding: 'utf8',
            env: { ...process.env, ...extra },
        }).stdout,
    );
const [normal, other] = [layout({}), layout(env)];
const moved = Object.keys(normal).filter((name) => normal[name] !== other[name]);
console.log(`other than usual: ${moved.join(', ')}`);
if (!moved.includes('TOTAL') || !moved.includes('ANSWERS')) throw new Error('the addon is the usual one');

const names = process.argv.slice(2).map((name) => `test/${name}.test.js`);
const args = ['--expose-gc', 'node_modules/mocha/bin/mocha.js', '--reporter', 'dot', '--timeout', '120000'];
if (names.length > 0) args.push('--no-config', ...names);
process.exitCode = spawnSync(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' }).status ?? 1;
