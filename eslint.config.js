'use strict';

const js = require('@eslint/js');
const globals = require('globals');
const outside = require('./scripts/structure/outside.js');
const structure = require('./scripts/structure/javascript.js');

module.exports = [
    { ignores: ['**/build/', 'coverage/', 'prebuilds/'] },
    { linterOptions: { reportUnusedDisableDirectives: 'error' } },
    js.configs.recommended,
    {
        languageOptions: { ecmaVersion: 2022, globals: { ...globals.node, gc: 'readonly' } },
        rules: {
            'eqeqeq': 'error',
            'max-len': [
                'error',
                {
                    code: 120,
                    ignoreUrls: true,
                    ignoreStrings: true,
                    ignoreTemplateLiterals: true,
                    ignoreRegExpLiterals: true,
                },
            ],
            'no-empty': ['error', { allowEmptyCatch: true }],
            'no-implicit-globals': 'error',
            'no-self-assign': ['error', { props: false }],
            'no-shadow': 'error',
            'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
            'no-var': 'error',
            'object-shorthand': 'error',
            'prefer-const': 'error',
        },
    },
    {
        files: ['**/*.js', '**/*.cjs'],
        languageOptions: { sourceType: 'commonjs' },
        rules: { strict: ['error', 'global'] },
    },
    {
        files: ['lib/**'],
        rules: structure.rules,
    },
    {
        files: ['lib/internal/*.js'],
        ignores: outside.EXEMPT,
        rules: outside.rules,
    },
    {
        files: ['test/**/*.test.js'],
        languageOptions: { globals: globals.mocha },
    },
];
