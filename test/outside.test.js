'use strict';

// Tests the lint rules that keep lib/internal independent of replaced built-ins: see scripts/structure/outside.js.

const assert = require('node:assert/strict');
const { Linter } = require('eslint');
const { rules } = require('../scripts/structure/outside.js');

const REFUSED = [
    'for (const value of values) f(value);',
    'const [first] = values;',
    'f(...values);',
    'new Class(...values);',
    'f([...values]);',
    'new Map();',
    'queueMicrotask(fn);',
    'globalThis.Map;',
    'WebAssembly.Memory;',
    'values.push(1);',
    'value?.then(fn);',
    'class Own { #values; f() { this.#values.forEach(f); } }',
    'defineProperty(object, "name", { value: 1 });',
];
const ALLOWED = [
    'for (let i = 0; i < values.length; i++) f(values[i]);',
    'const { first } = values;',
    'f({ ...values });',
    'arena.resize(pointer, 1);',
    'class Own { #arena; f() { this.#arena.resize(1); } }',
    'defineProperty(object, "name", { __proto__: null, value: 1 });',
    'if (value === undefined || value === NaN) f();',
];

/** Returns the number of complaints about a text. */
const complaints = (text) => {
    const messages = new Linter({ configType: 'flat' }).verify(text, {
        rules,
        languageOptions: { sourceType: 'commonjs' },
    });
    assert.ok(!messages.some(({ fatal }) => fatal), text);
    return messages.length;
};

describe('lint rules for lib/internal', () => {
    for (const text of REFUSED) it(`refuse: ${text}`, () => assert.equal(complaints(text), 1));
    for (const text of ALLOWED) it(`allow: ${text}`, () => assert.equal(complaints(text), 0));
});
