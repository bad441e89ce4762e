// The rules for lib/ that eslint.config.js applies, and measurements by them.
'use strict';

const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { Linter } = require('eslint');

const MOST_LINES = 30;

/** Matches a number as an index, or arithmetic with one. Indexes must have names that say what they mean. */
const LITERAL_INDEX = ['Literal', 'UnaryExpression', 'BinaryExpression'].map((kind) => {
    const number = 'Literal[raw=/^[.0-9]/]';
    const index = kind === 'Literal' ? `${number}.property` : `${kind}.property:has(${number})`;
    return `MemberExpression[computed=true] > ${index}`;
});

const rulesOf = (lines) => ({
    'max-lines-per-function': ['error', { max: lines, IIFEs: true }],
    'no-restricted-syntax': [
        'error',
        { selector: LITERAL_INDEX.join(', '), message: 'An index has a name: see the layout of the binding.' },
    ],
});

exports.rules = rulesOf(MOST_LINES);
exports.MOST_LINES = MOST_LINES;

/** Returns the messages of a linter that reports each function, and each literal index. */
const messagesOf = (text, file) => {
    const messages = new Linter({ configType: 'flat' }).verify(
        text,
        { languageOptions: { sourceType: file.endsWith('.mjs') ? 'module' : 'commonjs' }, rules: rulesOf(0) },
        { allowInlineConfig: false },
    );
    const fatal = messages.find((message) => message.fatal);
    if (fatal !== undefined) throw new Error(`${file}:${fatal.line}: ${fatal.message}`);
    return messages;
};

/** Returns the functions of a file of lib/, { name, lines }, and the lines with literal indexes. */
exports.measure = (text, file) => {
    const messages = messagesOf(text, file);
    const lines = text.split('\n');
    return {
        functions: messages
            .filter(({ ruleId }) => ruleId === 'max-lines-per-function')
            .map(({ line, message }) => ({
                name: /'(.*)'/.exec(message)?.[1] ?? /(\w+)\s*[=:][^=]/.exec(lines[line - 1])?.[1] ?? `line ${line}`,
                lines: Number(/\((\d+)\)/.exec(message)[1]),
            })),
        indexes: messages.filter(({ ruleId }) => ruleId === 'no-restricted-syntax').map(({ line }) => line),
    };
};

/** Returns the files of lib/ and below: { path, text }. */
exports.filesOf = (root) =>
    (existsSync(join(root, 'lib')) ? readdirSync(join(root, 'lib'), { recursive: true }) : [])
        .filter((name) => /\.m?js$/.test(name))
        .map((name) => `lib/${name.replaceAll('\\', '/')}`)
        .sort()
        .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
