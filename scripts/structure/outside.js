// The rules that keep lib/internal independent of everything that a program may replace: globals, methods of built-ins,
// iterators. primordials.js captures those that it needs when the package is loaded.
'use strict';

const globals = require('globals');
const structure = require('./javascript.js');

/** Run once, when the package is loaded. */
exports.EXEMPT = ['lib/internal/binding.js', 'lib/internal/primordials.js'];

/** Names that no program can replace, and those of CommonJS. */
const ALLOWED = ['undefined', 'NaN', 'Infinity', 'require', 'module', 'exports', '__dirname', '__filename'];

const names = Object.keys({ ...globals.builtin, ...globals.node, WebAssembly: false }).filter(
    (name) => !ALLOWED.includes(name),
);

/** C's functions over a heap are properties of `arena` itself, which can't be replaced. */
const OWN = ['[object.name="arena"]', '[object.property.name="arena"]', '[object.type="Super"]'].join(', ');

/** Methods of built-ins. Objects of the package have none of these names, so the rule can go by the name alone. */
const METHODS = (() => {
    const { Memory, Instance, Module, Global } = WebAssembly;
    const typed = Object.getPrototypeOf(Uint8Array);
    const classes = [
        Array,
        ArrayBuffer,
        BigInt,
        Boolean,
        DataView,
        Error,
        Function,
        Global,
        Instance,
        Map,
        Memory,
        Module,
        Number,
    ];
    const others = [Object, Promise, RegExp, Set, String, Symbol, WeakMap, WeakRef, WeakSet, typed];
    const found = new Set();
    for (const { prototype } of [...classes, ...others]) {
        for (const name of Object.getOwnPropertyNames(prototype)) {
            const { value } = Object.getOwnPropertyDescriptor(prototype, name);
            if (typeof value === 'function' && name !== 'constructor') found.add(name);
        }
    }
    return [...found];
})();

const found = (selector, message) => ({ selector, message });

exports.rules = {
    'no-restricted-globals': [
        'error',
        ...names.map((name) => ({ name, message: 'A program may replace it: take it from primordials.js.' })),
    ],
    'no-restricted-syntax': [
        ...structure.rules['no-restricted-syntax'],
        found('ForOfStatement', 'It calls an iterator, which a program may replace.'),
        found('ArrayPattern', 'It calls an iterator, which a program may replace.'),
        found(
            ':matches(CallExpression, NewExpression, ArrayExpression) > SpreadElement',
            'It calls an iterator, which a program may replace.',
        ),
        found(
            `CallExpression > MemberExpression.callee[property.name=/^(${METHODS.join('|')})$/]:not(${OWN})`,
            'A built-in has a method of this name, which a program may replace: take it from primordials.js.',
        ),
        found(
            "CallExpression[callee.name='defineProperty'] > ObjectExpression:not([properties.0.key.name='__proto__'])",
            'A descriptor that inherits from Object.prototype has the properties that a program defines there.',
        ),
        found(
            'TaggedTemplateExpression, YieldExpression, AwaitExpression',
            'It calls functions that a program may replace.',
        ),
    ],
};
