// Writes the package as it is published to build/package: `npm run stage`.
//
// The checkout itself is never published (its package.json says private): package managers compile whatever has a
// binding.gyp at its root, and read the scripts of the manifest. The staged package has neither. Its sources and their
// binding.gyp stand in native/, where one command compiles them. Links of README.md are made absolute, for npm's page.
'use strict';

const { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { join, relative } = require('node:path');

const root = join(__dirname, '..');

/** Keys of the manifest that users and tools of theirs read. The rest is for development. */
const KEYS = [
    ...['name', 'version', 'description', 'keywords', 'license', 'author', 'repository', 'homepage', 'bugs'],
    ...['type', 'main', 'types', 'exports', 'sideEffects', 'engines'],
];

/** Files and folders that are published as they are. */
const COPIED = ['lib', 'prebuilds', 'index.d.ts', 'index.d.mts', 'c.d.ts', 'c.d.mts', 'CHANGELOG.md', 'LICENSE'];

/** Files and folders of the build from sources; they go to native/. */
const SOURCES = ['binding.gyp', 'src'];

/** The manifest as it is published. Throws if it lacks a key. */
const manifest = () => {
    const whole = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const entries = KEYS.map((key) => {
        if (whole[key] === undefined) throw new Error(`package.json has no ${key}`);
        return [key, whole[key]];
    });
    return Object.fromEntries(entries);
};

/** The web address of a file or folder of the repository, at the tag of the version. */
const address = ({ homepage, version }, path, isPicture) => {
    const [site, owner] = [new URL(homepage).origin, new URL(homepage).pathname.replace(/\/$/, '')];
    if (isPicture) return `https://raw.githubusercontent.com${owner}/v${version}/${path}`;
    const kind = statSync(join(root, path.split('#')[0])).isDirectory() ? 'tree' : 'blob';
    return `${site}${owner}/${kind}/v${version}/${path}`;
};

/** README.md with absolute links. Links to headings of the page itself stay. */
const readme = (about) =>
    readFileSync(join(root, 'README.md'), 'utf8').replace(
        /(!?)(\[[^\]]*\])\((?!https?:|#)([^)\s]+)\)/g,
        (_, mark, text, path) => `${mark}${text}(${address(about, path, mark === '!')})`,
    );

/** Writes the package to `folder`, which is emptied first. Returns the folder. Throws where there are no binaries. */
const stage = (folder = join(root, 'build/package')) => {
    if (!existsSync(join(root, 'prebuilds')))
        throw new Error('there are no binaries to publish: run npm run prebuild first');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'native'), { recursive: true });
    for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true });
    for (const name of SOURCES) cpSync(join(root, name), join(folder, 'native', name), { recursive: true });
    const about = manifest();
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
    writeFileSync(join(folder, 'README.md'), readme(about));
    return folder;
};

module.exports = { address, manifest, stage };

if (require.main === module) console.log(`staged in ${relative(process.cwd(), stage())}`);
