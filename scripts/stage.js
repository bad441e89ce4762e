// Writes the package as it is published to build/package: `npm run stage`.
//
// The checkout itself is never published (its package.json says private): package managers compile whatever has a
// binding.gyp at its root, and read the scripts of the manifest. The staged package has neither. Its sources and their
// binding.gyp stand in native/, where one command compiles them. The documentation is part of the package. All links of
// README.md are made absolute, for npm's page; in other pages only those that lead out of the package.
'use strict';

const {
    cpSync,
    existsSync,
    mkdirSync,
    readFileSync,
    readdirSync,
    rmSync,
    statSync,
    writeFileSync,
} = require('node:fs');
const { dirname, join, posix, relative } = require('node:path');

const root = join(__dirname, '..');

/** Keys of the manifest that users and tools of theirs read. The rest is for development. */
const KEYS = [
    ...['name', 'version', 'description', 'keywords', 'license', 'author', 'repository', 'homepage', 'bugs'],
    ...['type', 'main', 'types', 'exports', 'sideEffects', 'engines'],
];

/** Files and folders that are published as they are. */
const COPIED = ['lib', 'prebuilds', 'index.d.ts', 'index.d.mts', 'c.d.ts', 'c.d.mts', 'LICENSE'];

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

/** Returns the paths of a folder's pages. */
const pagesIn = (folder) =>
    readdirSync(join(root, folder))
        .filter((name) => name.endsWith('.md'))
        .map((name) => `${folder}/${name}`);

/** The paths of the pages in the package. */
const PAGES = ['README.md', 'CHANGELOG.md', ...['docs', 'docs/design'].flatMap((folder) => pagesIn(folder))];

/** A link or a picture: the mark of a picture, the text in brackets, the target. */
const LINK = /(!?)(\[[^\]]*\])\(([^)\s]+)\)/g;

/** Returns the path, from the root, of the file that a page's relative link leads to. */
const pathOf = (page, target) => posix.join(posix.dirname(page), target.split('#')[0]);

/**
 * Returns the paths of the pictures that pages of the package show, without those of README.md, whose links are
 * absolute.
 */
const pictures = () => {
    const found = PAGES.filter((page) => page !== 'README.md').flatMap((page) =>
        Array.from(readFileSync(join(root, page), 'utf8').matchAll(LINK), ([, , , target]) => pathOf(page, target)),
    );
    return [...new Set(found.filter((path) => path.startsWith('docs/pictures/')))];
};

/**
 * Returns a page as it is published. Absolute links and links to headings of the same page stay. All others are made
 * absolute in README.md. In other pages links to `files`, the published ones, stay too, and the rest are made absolute.
 */
const published = (about, page, files) =>
    readFileSync(join(root, page), 'utf8').replace(LINK, (link, mark, words, target) => {
        if (/^(https?:|#)/.test(target)) return link;
        const path = pathOf(page, target);
        if (page !== 'README.md' && files.includes(path)) return link;
        const [, anchor] = target.split('#');
        const suffix = anchor === undefined ? '' : `#${anchor}`;
        return `${mark}${words}(${address(about, path + suffix, mark === '!')})`;
    });

/**
 * Returns the documentation of the package: pages, an object of texts by path, and pictures, the paths of copied files.
 */
const documentation = (about = manifest()) => {
    const copied = pictures();
    const files = [...PAGES, ...copied, 'LICENSE', 'index.d.ts'];
    return { pages: Object.fromEntries(PAGES.map((page) => [page, published(about, page, files)])), pictures: copied };
};

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
    const { pages, pictures: shown } = documentation(about);
    for (const path of [...Object.keys(pages), ...shown]) mkdirSync(dirname(join(folder, path)), { recursive: true });
    for (const [path, text] of Object.entries(pages)) writeFileSync(join(folder, path), text);
    for (const path of shown) cpSync(join(root, path), join(folder, path));
    return folder;
};

module.exports = { address, documentation, manifest, stage };

if (require.main === module) console.log(`staged in ${relative(process.cwd(), stage())}`);
