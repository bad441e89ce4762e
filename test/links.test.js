'use strict';

// Each link of the documentation leads to a file that exists, and to a heading of it. The same holds for the pages as
// they are published.

const assert = require('node:assert/strict');
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { dirname, join, posix, resolve } = require('node:path');
const { documentation } = require('../scripts/stage.js');
const { ROOT } = require('./helpers/child.js');

/** Pages that people read, by their paths. */
const examples = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join('examples', name));
const pages = ['.', 'docs', 'docs/design', 'bench', ...examples].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(ROOT, folder, name)),
);

/** A page's text without its code. */
const prose = (file) => proseOf(readFileSync(file, 'utf8'));
const proseOf = (text) => text.replace(/^ *```[^]*?^ *```$/gm, '').replace(/`[^`\n]*`/g, (code) => code.slice(1, -1));

/** A heading's name in a link, as the usual readers make it. */
const anchors = (file) =>
    [...prose(file).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
        title
            .toLowerCase()
            .replace(/[^\w\s-]/g, '')
            .replaceAll(' ', '-'),
    );

describe('links of the documentation', () => {
    for (const page of pages) {
        it(page.slice(ROOT.length + 1), () => {
            for (const [, target] of prose(page).matchAll(/\]\(([^)\s]+)\)/g)) {
                if (/^https?:/.test(target)) continue;
                const [path, anchor] = target.split('#');
                const file = path === '' ? page : resolve(dirname(page), path);
                assert.ok(existsSync(file), `${target}: there is no such file`);
                if (anchor) assert.ok(anchors(file).includes(anchor), `${target}: there is no such heading`);
            }
        });
    }

    it('are there at all', () => {
        assert.ok(pages.length >= 10);
        assert.ok(anchors(join(ROOT, 'README.md')).includes('what-it-does-and-what-it-does-not'));
    });

    it('lead, in the published package, to a file of it, or are absolute', () => {
        const { pages: published, pictures } = documentation();
        const files = new Set([...Object.keys(published), ...pictures, 'LICENSE', 'index.d.ts']);
        let [inside, outside] = [0, 0];
        for (const [page, text] of Object.entries(published)) {
            for (const [, target] of proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)) {
                if (target.startsWith('#')) continue;
                if (/^https:\/\//.test(target)) {
                    outside++;
                    const [, path] = /\/anireact\/lewd\/(?:(?:blob|tree)\/)?v[\d.]+\/([^#]+)/.exec(target) ?? [];
                    if (path) assert.ok(existsSync(join(ROOT, path)), `${page}, ${target}: there is no such file`);
                    continue;
                }
                inside++;
                assert.notEqual(page, 'README.md', `${target} is not absolute`);
                const path = posix.join(posix.dirname(page), target.split('#')[0]);
                assert.ok(files.has(path), `${page}, ${target}: not in the package`);
            }
        }
        assert.ok(inside > 20 && outside > 20, `${inside} links inside the package, ${outside} absolute ones`);
        assert.ok(Object.keys(published).some((page) => page.startsWith('docs/design/')));
    });

    it('every code of an error has its section in docs/troubleshooting.md', () => {
        const [, union] = /export type ErrorCode =([^;]+);/.exec(readFileSync(join(ROOT, 'index.d.ts'), 'utf8'));
        const codes = union.match(/ERR_LEWD_\w+/g);
        assert.ok(codes.length >= 8);
        const known = anchors(join(ROOT, 'docs/troubleshooting.md'));
        for (const code of codes) assert.ok(known.includes(code.toLowerCase()), code);
    });
});
