'use strict';

// The addon must not run code of the program unexpectedly. That code could dispose of the allocator that C is working
// on.

const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { ROOT, run } = require('./helpers/child.js');
const { addon, core, headers } = require('../scripts/lib/sources.js');

/** Functions of Node-API that may run a program's code: setters, getters, traps of proxies, conversions, calls. */
const RUNS_CODE = new RegExp(
    `\\b(${[
        'napi_(set|get|has|has_own|delete)_(named_)?property',
        'napi_(set|get|has|delete)_element',
        'napi_get_(all_)?property_names',
        'napi_(get|set)_prototype',
        'node_api_set_prototype',
        'napi_object_(freeze|seal)',
        'napi_instanceof',
        'napi_coerce_to_(number|string)',
        'napi_call_function',
        'napi_new_instance',
        'napi_make_callback',
        'napi_run_script',
        'napi_resolve_deferred',
    ].join('|')})\\b`,
    'g',
);

/** Errors whose code is an argument: Node-API sets it instead of defining it. */
const SETS_CODE = /\b((napi|node_api)_(throw|create)_((type|range|syntax)_)?error|create_error)\((?!napi, NULL, )/g;

/** Places where such a function runs no code of the program, with the reason. */
const ALLOWED = {
    // Gets primitives only.
    'src/addon/errors.c': ['napi_coerce_to_string'],
    // The guarded call of JavaScript: it checks the arena again afterwards.
    'src/addon/guard.c': ['napi_call_function'],
};

/** Returns the names of calls, in the text of a source, that may run a program's code. */
function callsOf(text, allowed = []) {
    const code = text.replace(/\/\*.*?\*\//gs, '').replace(/"(\\.|[^"\\])*"/g, '""');
    const found = [...code.matchAll(RUNS_CODE), ...code.matchAll(SETS_CODE)].map(([, name]) => name);
    return found.filter((name) => !allowed.includes(name));
}

describe('the addon runs no code of the program', () => {
    const sources = ['src/lewd.c', ...core, ...addon, ...headers];

    it('since no source calls a function that may run it', () => {
        assert.ok(sources.includes('src/addon/module.c'));
        for (const name of sources)
            assert.deepEqual(callsOf(readFileSync(join(ROOT, name), 'utf8'), ALLOWED[name]), [], name);
    });

    it('as the check finds such calls, and none in comments', () => {
        for (const call of [
            'napi_set_element(napi, array, kept, object)',
            'napi_set_property(napi, object, key, value)',
            'napi_set_named_property(napi, exports, "strong", function)',
            'napi_get_named_property(napi, object, "x", &value)',
            'napi_throw_type_error(napi, "ERR_LEWD_X", message)',
            'napi_create_error(napi, code, text, &error)',
            'call = napi_call_function;',
        ])
            assert.equal(callsOf(`x(${call})`).length, 1, call);
        assert.deepEqual(
            callsOf('/* not napi_set_element() */ napi_throw_error(napi, NULL, text); s("napi_run_script")'),
            [],
        );
    });

    it('not even setters on Array.prototype and Object.prototype', async () => {
        assert.deepEqual(await run('test/fixtures/setters.cjs'), {
            code: 0,
            signal: null,
            stdout: 'right\n',
            stderr: '',
        });
    });
});
