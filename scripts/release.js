// Rehearses a release: `npm run release -- minor`. In a clone of the last commit it sets the version and the changelog,
// runs all checks, makes the binaries and packs the package. It changes nothing else, except with --write: then it
// makes the same changes here, commits and tags them. When the tag is pushed, .github/workflows/release.yml publishes
// the package. The version 0.1.0 of a first release is named by --first. --quick leaves the checks out, and excludes
// --write.
'use strict';

const { execFileSync } = require('node:child_process');
const { readFileSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const changelog = require('./lib/changelog.js');
const { root, scratch } = require('./lib/consumer.js');

const words = process.argv.slice(2);
const options = new Set(words.filter((word) => word.startsWith('--')));
const [step, ...rest] = words.filter((word) => !word.startsWith('--'));
for (const option of options) {
    if (!['--first', '--quick', '--write'].includes(option)) throw new Error(`no such option: ${option}`);
}
if (rest.length > 0 || (step === undefined) !== options.has('--first')) {
    throw new Error('usage: npm run release -- major|minor|patch|VERSION|--first [--write] [--quick]');
}
if (options.has('--write') && options.has('--quick')) throw new Error('--write needs all checks: leave out --quick');

const run = (cwd, program, ...args) => execFileSync(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
const git = (cwd, ...args) => execFileSync('git', args, { cwd, encoding: 'utf8' }).trim();
const say = (line) => console.log(`\n--- ${line}`);

/** Files of the sources that state the version, and how. */
const STATED = {
    'lib/internal/binding.js': /(const VERSION = ')[^']+/,
    'src/addon/version.h': /(LEWD_VERSION ")[^"]+/,
};

/** Writes the version and the changelog there. */
function edit(folder, version, text) {
    writeFileSync(join(folder, 'CHANGELOG.md'), text);
    for (const [name, pattern] of Object.entries(STATED)) {
        const source = readFileSync(join(folder, name), 'utf8');
        if (!pattern.test(source)) throw new Error(`${name} states no version`);
        writeFileSync(
            join(folder, name),
            source.replace(pattern, (_, before) => before + version),
        );
    }
    for (const name of ['package.json', 'package-lock.json']) {
        const json = readFileSync(join(folder, name), 'utf8');
        const data = JSON.parse(json);
        data.version = version;
        if (data.packages !== undefined) data.packages[''].version = version;
        writeFileSync(join(folder, name), `${JSON.stringify(data, null, 2)}\n`);
    }
}

const dirty = git(root, 'status', '--porcelain');
if (dirty !== '' && options.has('--write')) throw new Error(`commit these first:\n${dirty}`);

const { version: current } = require('../package.json');
const version = options.has('--first') ? current : changelog.next(current, step);
const tag = `v${version}`;
if (git(root, 'tag', '--list', tag) !== '') throw new Error(`${tag} is there already`);
const date = new Date().toISOString().slice(0, 10);
const text = changelog.release(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version, date);

say(`${current} -> ${version}, ${date}`);
console.log(changelog.sections(text).find(({ name }) => name === version).text);

const clone = join(scratch(), 'lewd');
git(root, 'clone', '--quiet', '--no-hardlinks', root, clone);
symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'), 'junction');
edit(clone, version, text);
if (dirty !== '') console.log(`\nnot part of the rehearsal, since it is not committed:\n${dirty}`);

say('binaries');
run(clone, process.execPath, 'examples/prng/build.js');
run(clone, 'npm', 'run', '--silent', 'prebuild', '--', '--all', '--strict');
if (!options.has('--quick')) {
    say('checks');
    run(clone, process.execPath, 'scripts/check.js', '--group', 'release', '--jobs', '1');
}

say('package');
run(clone, 'npm', 'run', '--silent', 'stage');
run(
    join(clone, 'build/package'),
    'npm',
    'pack',
    '--ignore-scripts',
    '--loglevel=error',
    '--pack-destination',
    scratch(),
);

if (options.has('--write')) {
    edit(root, version, text);
    git(root, 'commit', '--quiet', '--all', '--message', `Version ${version}`);
    git(root, 'tag', '--annotate', tag, '--message', `Version ${version}`);
    say(`committed and tagged; it is published once pushed: git push --follow-tags`);
} else {
    say('a rehearsal: nothing was changed');
}
rmSync(clone, { recursive: true });
