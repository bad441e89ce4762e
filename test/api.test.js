'use strict';

// docs/api.md describes each export and each member that index.d.ts declares, with the same signature. The package has
// each member that the page describes.

const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { ROOT } = require('./helpers/child.js');
const lewd = require('@anireact/lewd');

const textOf = (file) => readFileSync(join(ROOT, file), 'utf8');
const TYPES = textOf('index.d.ts');
const C_TYPES = textOf('c.d.ts');
const PAGE = textOf('docs/api.md');

const codesIn = (text) => text.match(/ERR_LEWD_[A-Z_]+/g) ?? [];

/** Returns members of the body of a class or an interface: { name, signature, comment }, once for each overload. */
const membersOf = (types, kind, name) => {
    const [, body] = new RegExp(`^export ${kind} ${name}\\b[^{\\n]*\\{\\n([^]*?)^\\}`, 'm').exec(types) ?? [];
    assert.ok(body, `index.d.ts has no ${kind} ${name}`);
    return Array.from(
        body.matchAll(/(?:\/\*\*([^]*?)\*\/\s*)?^ {4}(?:readonly )?((\w+)[^;]*);$/gm),
        ([, comment = '', signature, member]) => ({ name: member, signature, comment }),
    );
};

/** Returns functions and constants that a file of types exports. */
const exportsOf = (types) =>
    Array.from(
        types.matchAll(/(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\s*)?^export (?:function|const) ((\w+)[^;]*);$/gm),
        ([, comment = '', signature, name]) => ({ name, signature, comment }),
    );

/**
 * Returns all that the page must describe, by heading: the signatures that it must show, and the error codes that it
 * must name, since the comments of the types do.
 */
const declared = (types) => {
    const byName = {};
    const add = (prefix, members) => {
        for (const { name, signature, comment } of members) {
            const entry = (byName[`${prefix}${name}`] ??= { signatures: [], codes: [] });
            entry.signatures.push(`${prefix}${signature}`);
            entry.codes.push(...codesIn(comment));
        }
    };
    const methods = membersOf(types, 'class', 'Allocator');
    const functions = exportsOf(types);
    const isOwn = ({ name }) => !functions.some((each) => each.name === name);
    add('', functions);
    add('block.', membersOf(types, 'interface', 'Block'));
    add('c.', membersOf(types, 'interface', 'C'));
    add(
        'allocator.',
        methods.filter((member) => isOwn(member) && member.name !== 'constructor'),
    );
    const { signature, comment } = methods.find(({ name }) => name === 'constructor');
    byName['new Allocator'] = {
        signatures: [signature.replace('constructor', 'new Allocator')],
        codes: codesIn(comment).filter((code) => code !== 'ERR_LEWD_IN_USE'), // which it does not throw
    };
    return byName;
};

/** Returns the sections of the page that show signatures: { names, signatures, text }. */
const described = (page) =>
    page
        .split(/^(?=##+ )/m)
        .map((text) => [text, /^### (.+)\n\n```\n([^]*?)\n```\n/.exec(text)])
        .filter(([, match]) => match !== null)
        .map(([text, [, heading, signatures]]) => ({ names: heading.split(', '), signatures, text }));

/** Returns the value that a heading names. */
const valueOf = (name) => {
    if (name === 'new Allocator') return lewd.Allocator;
    const [, object, member] = /^(?:(block|c|allocator)\.)?(.+)$/.exec(name);
    const holders = { c: lewd.c, allocator: lewd.Allocator.prototype };
    if (object === 'block') {
        const block = lewd.block(16);
        const value = block[member];
        block.dispose();
        return value;
    }
    return (holders[object] ?? lewd)[member];
};

/** Returns the faults of a page, one sentence each. */
const faultsOf = (types, page) => {
    const faults = [];
    const all = declared(types);
    const sections = described(page);
    const known = new Set(sections.flatMap(({ names }) => names));
    for (const name of Object.keys(all)) if (!known.has(name)) faults.push(`${name} has no section`);
    for (const { names, signatures, text } of sections) {
        const unknown = names.filter((name) => !(name in all) || valueOf(name) === undefined);
        if (unknown.length > 0) faults.push(`${unknown} is described, and not there`);
        const entries = names.filter((name) => name in all).map((name) => all[name]);
        const shown = signatures.split('\n').filter((line) => !line.includes('[Symbol.dispose]'));
        const expected = entries.flatMap((entry) => entry.signatures);
        if (shown.join('\n') !== expected.join('\n')) faults.push(`${names}: the signature is ${expected.join('\n')}`);
        for (const part of ['- **Returns** ', '- **Throws** ', '- **Cost**: '])
            if (!text.includes(`\n${part}`)) faults.push(`${names}: ${part} is missing`);
        if (!/^```js\n[^]+?^```$/m.test(text)) faults.push(`${names}: an example is missing`);
        for (const code of new Set(entries.flatMap(({ codes }) => codes)))
            if (!text.includes(code)) faults.push(`${names}: ${code} is missing`);
    }
    const [, union] = /^export type ErrorCode =([^;]+);/m.exec(types);
    const codes = codesIn(union);
    for (const code of codes) if (!page.includes(`\n| \`${code}\` |`)) faults.push(`${code} is not in the table`);
    for (const code of codesIn(page)) if (!codes.includes(code)) faults.push(`${code} is unknown`);
    const [, table] = /^## Types\n([^]*?)^## /m.exec(page);
    for (const [, type] of types.matchAll(/^export (?:type|interface) (\w+)/gm))
        if (type !== 'Allocator' && !table.includes(`\`${type}\``)) faults.push(`the type ${type} is missing`);
    return faults;
};

describe('docs/api.md', () => {
    it('describes all that the types declare, and nothing else', () => {
        assert.deepEqual(faultsOf(TYPES, PAGE), []);
    });

    it('has a section for all exports of the package and of @anireact/lewd/c', () => {
        const names = described(PAGE).flatMap((section) => section.names);
        for (const name of Object.keys(lewd))
            assert.ok(names.includes(name === 'Allocator' ? 'new Allocator' : name), name);
        for (const name of Object.keys(lewd.c)) assert.ok(names.includes(`c.${name}`), name);
        const { prototype } = Object.getPrototypeOf(lewd.block(16)).constructor;
        for (const name of Object.getOwnPropertyNames(prototype))
            assert.ok(name === 'constructor' || names.includes(`block.${name}`), name);
        assert.ok(names.length >= 45);
    });

    it('names in its contents every section that it has', () => {
        const [, contents] = /^## Contents\n([^]*?)^## /m.exec(PAGE);
        for (const [, heading] of PAGE.matchAll(/^###? (.+)$/gm)) {
            const anchor = heading
                .toLowerCase()
                .replace(/[^\w\s-]/g, '')
                .replaceAll(' ', '-');
            assert.ok(heading === 'Contents' || contents.includes(`(#${anchor})`), heading);
        }
    });

    it('fails the check when it differs from the types', () => {
        const found = (from, to) => {
            assert.ok(PAGE.includes(from), from);
            return faultsOf(TYPES, PAGE.replace(from, to)).join('\n');
        };
        assert.match(found('### trim\n', '### trimmed\n'), /^trim has no section\ntrimmed is described, and not there/);
        assert.match(found(', block.f32, ', ', '), /^block\.f32 has no section\n.*: the signature is/);
        assert.match(found('grow(pages: i32): i32', 'grow(count: i32): i32'), /^grow: the signature is grow\(pages:/);
        assert.match(found('alloc(size: i32, token: Token, alignment?: i32): i32\n', ''), /^alloc: the signature is/);
        assert.match(
            found('- **Returns** the size before', '- the size before'),
            /^grow: - \*\*Returns\*\* {2}is missing$/,
        );
        assert.match(found('`ERR_LEWD_FIXED_MEMORY` if', 'an error if'), /^trim: ERR_LEWD_FIXED_MEMORY is missing$/);
        assert.match(found('| `ERR_LEWD_ASYNC` |', '| `ERR_LEWD_SYNC` |'), /ERR_LEWD_ASYNC is not in the table/);
        assert.match(found('| `Sync` |', '| `Async` |'), /^the type Sync is missing$/);
    });

    it('fails the check when the types change', () => {
        const found = (from, to) => {
            assert.ok(TYPES.includes(from), from);
            return faultsOf(TYPES.replace(from, to), PAGE).join('\n');
        };
        assert.match(found('export function trim(', 'export function tidy('), /^tidy has no section/);
        assert.match(
            found('    malloc(size: i32)', '    malloc(bytes: i32)'),
            /^c\.malloc: the signature is c\.malloc\(bytes/,
        );
        assert.match(found('    readonly u16:', '    readonly u15:'), /^block\.u15 has no section/);
        assert.match(
            found('export function keepAlive(token', 'export function keepAlive(owner'),
            /^keepAlive: the sig/,
        );
    });
});

describe('index.d.ts', () => {
    it('gives methods of Allocator the signatures of the functions, and a comment that links to them', () => {
        const functions = exportsOf(TYPES);
        const methods = membersOf(TYPES, 'class', 'Allocator');
        assert.ok(methods.length > 30);
        for (const { name, signature, comment } of methods) {
            if (name === 'constructor' || name === 'dispose') continue;
            const same = functions.filter((each) => each.name === name).map((each) => each.signature);
            assert.ok(same.includes(signature), signature);
            assert.match(comment, /\{@link (\w+)\}/, `${name} has no link`);
        }
        const names = new Set(methods.map(({ name }) => name));
        for (const { name } of functions)
            assert.equal(names.has(name), name !== 'configure' && name !== 'keepAlive', name);
    });

    it('has a comment on each export and each member', () => {
        const members = [
            ['class', 'Allocator'],
            ['interface', 'Block'],
            ['interface', 'C'],
        ];
        const all = members.flatMap(([kind, name]) => membersOf(TYPES, kind, name));
        for (const { signature, comment } of [...exportsOf(TYPES), ...all]) assert.match(comment, /\w/, signature);
    });

    it('has members of C that c.d.ts exports', () => {
        const names = membersOf(TYPES, 'interface', 'C').map(({ name }) => name);
        assert.deepEqual(
            exportsOf(C_TYPES).map(({ signature }) => signature),
            names.map((name) => `${name}: C['${name}']`),
        );
        assert.deepEqual(Object.keys(lewd.c).sort(), [...names].sort());
    });
});
