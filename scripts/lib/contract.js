// Reads src/addon/contract.h, and makes from its lists the sections on codes and settings in the types and the
// documentation.
'use strict';

const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

const WORD = /^[A-Za-z_]\w*/;
const STRING = /^"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*/;

/** Joins the values of adjacent string literals. Throws for escapes other than \" and \\. */
const unquoted = (literals) =>
    Array.from(literals.matchAll(/"((?:[^"\\]|\\.)*)"/g), ([, text]) =>
        text.replace(/\\(.)/g, (escape, character) => {
            if (character !== '"' && character !== '\\') throw new Error(`contract.h: ${escape} is an unknown escape`);
            return character;
        }),
    ).join('');

/**
 * Returns the rows of the list LEWD_<name>: arrays of texts, for names and strings alike. Throws if there is no such
 * list, or if it contains anything but rows of names and strings.
 */
exports.listOf = (header, name) => {
    const [, body] = new RegExp(`^#define LEWD_${name}\\(X\\)((?:.*\\\\\\n)*.*)$`, 'm').exec(header) ?? [];
    if (body === undefined) throw new Error(`contract.h has no list LEWD_${name}`);
    let rest = body.replace(/\\\n/g, ' ').trim();
    const take = (pattern) => {
        const [text] = pattern.exec(rest) ?? [];
        if (text === undefined) throw new Error(`contract.h, LEWD_${name}: can't read ${rest.slice(0, 60)}`);
        rest = rest.slice(text.length).trimStart();
        return text;
    };
    const rows = [];
    while (rest !== '') {
        take(/^X\(/);
        const row = [];
        do row.push(rest.startsWith('"') ? unquoted(take(STRING)) : take(WORD));
        while (take(/^[,)]/) === ',');
        rows.push(row);
    }
    return rows;
};

/**
 * Returns the lists that the types and the documentation are made from. Throws unless each row has the right number of
 * parts.
 */
exports.read = (header) => {
    const columns = { ERROR_CODES: 3, ARGUMENTS: 4, STATES: 3, SETTINGS: 3, EVENTS: 1 };
    const lists = {};
    for (const [name, width] of Object.entries(columns)) {
        lists[name] = exports.listOf(header, name);
        const wrong = lists[name].find((row) => row.length !== width);
        if (wrong !== undefined)
            throw new Error(`contract.h, LEWD_${name}: a row has ${width} parts, not (${wrong.join(', ')})`);
    }
    return lists;
};

const table = (heads, rows) =>
    [heads, heads.map(() => '---'), ...rows].map(
        (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
    );

/** Columns of a line at most. */
const COLUMNS = 120;

/** Returns a text as lines of at most so many columns, cut at spaces. */
const wrapped = (text, columns) =>
    text.split(' ').reduce((lines, word) => {
        const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
        return longer.length <= columns && lines.length > 0 ? [...lines.slice(0, -1), longer] : [...lines, word];
    }, []);

const rowsOf = (codes) => codes.map(([code, kind, when]) => [`\`${code}\``, `\`${kind}\``, when]);

/** Sections that are made from the lists: the lines by file and name of the section. */
const sections = ({ ERROR_CODES, SETTINGS }) => ({
    'docs/api.md': {
        'error codes': ['', ...table(['`code`', 'class', 'when'], rowsOf(ERROR_CODES)), ''],
        'settings': [
            '',
            ...table(
                ['setting', 'what it is', 'default'],
                SETTINGS.map(([name, absent, what]) => [`\`${name}\``, what, absent]),
            ),
            '',
        ],
    },
    'index.d.ts': {
        'error codes': [
            '/**',
            ' * The `code` of an error, by its cause:',
            ' *',
            ...ERROR_CODES.flatMap(([code, kind, when]) => [
                ` * - \`${code}\` (\`${kind}\`):`,
                ...wrapped(when, COLUMNS - 5).map((line) => ` *   ${line}`),
            ]),
            ' */',
            'export type ErrorCode =',
            ...ERROR_CODES.map(([code], index) => `    | '${code}'${index + 1 < ERROR_CODES.length ? '' : ';'}`),
        ],
    },
});

/** Lines around a section; the lines between them are replaced. */
const marks = (file, name) => {
    const [begin, end] = [`${name}, from src/addon/contract.h by npm run generate`, `end of ${name}`];
    return file.endsWith('.md') ? [`<!-- ${begin} -->`, `<!-- ${end} -->`] : [`// ${begin}`, `// ${end}`];
};

/** Returns a text with a section replaced. Throws unless each of its marks is there once. */
const withSection = (text, file, name, lines) => {
    const parts = marks(file, name).reduce(
        (before, mark) => {
            const split = before.at(-1).split(`${mark}\n`);
            if (split.length !== 2) throw new Error(`${file} must have this line once: ${mark}`);
            return [...before.slice(0, -1), ...split];
        },
        [text],
    );
    const [begin, end] = marks(file, name);
    return `${parts[0]}${begin}\n${lines.join('\n')}\n${end}\n${parts[2]}`;
};

/** Returns files with their sections made from the lists, by name. `read(file)` returns a file's text. */
exports.written = (lists, read) =>
    Object.fromEntries(
        Object.entries(sections(lists)).map(([file, made]) => [
            file,
            Object.entries(made).reduce((text, [name, lines]) => withSection(text, file, name, lines), read(file)),
        ]),
    );

/** Returns the members of an interface of the types, and the types of events of each kind of overload. */
const declared = (types) => {
    const [, body] = /^export interface Configuration \{\n([^]*?)^\}/m.exec(types) ?? ['', ''];
    const overloads = Array.from(
        types.matchAll(/(export function |^ {4})(on|off)\(type: '(\w+)'/gm),
        ([, where, name, type]) => ({
            name: `${where}${name}`.trim(),
            type,
        }),
    );
    const events = {};
    for (const { name, type } of overloads) (events[name] ??= []).push(type);
    return { settings: Array.from(body.matchAll(/^ {4}(\w+)\??:/gm), ([, name]) => name), events };
};

const isSame = (one, other) => one.length === other.length && one.every((each) => other.includes(each));

/**
 * Returns contradictions to the lists: codes that are named in `texts` (by file) but not listed; listed ones that are
 * never thrown; settings and events that the types don't declare, or declare without being listed.
 */
exports.contradictions = ({ ARGUMENTS, ERROR_CODES, EVENTS, SETTINGS, STATES }, texts) => {
    const found = [];
    const codes = ERROR_CODES.map(([code]) => code);
    const thrown = new Set([...ARGUMENTS, ...STATES].map(([, code]) => code));
    for (const [file, text] of Object.entries(texts)) {
        for (const [code] of text.matchAll(/\bERR_LEWD_[A-Z_]+\b/g)) {
            if (!codes.includes(code)) found.push(`${file} names ${code}, which is not listed`);
            if (/^(lib\/|src\/addon\/errors\.c)/.test(file)) thrown.add(code);
        }
    }
    for (const code of codes) if (!thrown.has(code)) found.push(`nothing throws ${code}`);
    const names = SETTINGS.map(([name]) => name);
    const types = declared(texts['index.d.ts']);
    if (!isSame(names, types.settings)) found.push(`the settings of index.d.ts are not ${names.join(', ')}`);
    const events = EVENTS.map(([type]) => type);
    if (Object.keys(types.events).length !== 4)
        found.push('index.d.ts: expected on() and off(), as functions and as methods');
    for (const [name, overloads] of Object.entries(types.events))
        if (!isSame(events, overloads))
            found.push(`the types of events of ${name} in index.d.ts are not ${events.join(', ')}`);
    const [, , , all = ''] = ARGUMENTS.find(([name]) => name === 'setting') ?? [];
    if (!all.endsWith(` one of ${names.join(', ')}`))
        found.push(`the rule for the argument setting does not name ${names.join(', ')}`);
    const [, , , rule = ''] = ARGUMENTS.find(([name]) => name === 'type') ?? [];
    const told = Array.from(rule.matchAll(/'(\w+)'/g), ([, type]) => type);
    if (!isSame(events, told)) found.push(`the rule for the argument type does not name ${events.join(', ')}`);
    return found;
};

/** Returns the texts of the files that may name a code: those that throw codes, and the documentation. */
exports.textsOf = (root) => {
    const files = ['lib', 'docs', 'src/addon'].flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true })
            .map((name) => join(folder, name).replaceAll('\\', '/'))
            .filter((name) => /\.(js|mjs|md|c|h)$/.test(name)),
    );
    return Object.fromEntries(
        ['README.md', 'CHANGELOG.md', 'index.d.ts', ...files].map((file) => [
            file,
            readFileSync(join(root, file), 'utf8'),
        ]),
    );
};
