'use strict';

// The contract of C and JavaScript is one list, src/addon/contract.h. Its reader is strict, the files made from it are
// complete, and an unknown name is an error.

const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { ROOT } = require('./helpers/child.js');
const { check, fail, layout } = require('../lib/internal/binding.js');
const lewd = require('@anireact/lewd');
const { contradictions, listOf, read, textsOf, written } = require('../scripts/lib/contract.js');

const textOf = (file) => readFileSync(join(ROOT, file), 'utf8');
const HEADER = textOf('src/addon/contract.h');
const lists = read(HEADER);

/** Returns the error that `fn` throws. */
const thrownBy = (fn) => {
    try {
        fn();
    } catch (error) {
        return error;
    }
    return assert.fail('nothing was thrown');
};

describe('names of arguments and states', () => {
    const assertUnknown = (fn, name) => {
        const { code, message } = thrownBy(fn);
        assert.equal(message, `no rule and no state has the name '${name}'; this is a fault of lewd`);
        assert.equal(code, 'ERR_LEWD_NODE_API');
    };

    it('throw if they are unknown', () => {
        for (const name of ['', 'sise', 'Size', 'BUSY', 'siz', 'sizes', 'x'.repeat(64)])
            assertUnknown(() => check(name, 16), name);
        for (const name of ['', 'busy', 'BUSYNESS', 'BUS', 'tokens']) assertUnknown(() => fail(name, 16), name);
        assertUnknown(() => check('x'.repeat(1000), 16), 'x'.repeat(64));
        assert.equal(thrownBy(() => check()).code, 'ERR_LEWD_NODE_API');
    });

    it('throw for check() without a rule to test, and for fail() without an untested rule', () => {
        assertUnknown(() => check('memory', {}), 'memory');
        assertUnknown(() => fail('size', 16), 'size');
    });

    it('throw the listed code, class and message otherwise', () => {
        const classes = Object.fromEntries(lists.ERROR_CODES.map(([code, kind]) => [code, globalThis[kind]]));
        for (const [name, code, message] of lists.STATES) {
            const error = thrownBy(() => fail(name));
            assert.deepEqual([error.code, error.message, error.constructor], [code, message, classes[code]]);
        }
        for (const [name, code, test, rule] of lists.ARGUMENTS.filter(([, , tested]) => tested === 'NULL')) {
            const error = thrownBy(() => fail(name, test));
            assert.deepEqual(
                [error.code, error.message, error.constructor],
                [code, `${rule}; got '${test}'`, classes[code]],
            );
        }
        for (const name of new Set(lists.ARGUMENTS.filter(([, , test]) => test !== 'NULL').map(([each]) => each))) {
            const { code, message, constructor } = thrownBy(() => check(name, 1n));
            const [, listed, , rule] = lists.ARGUMENTS.find(([each, , test]) => each === name && test !== 'NULL');
            assert.deepEqual([code, message, constructor], [listed, `${rule}; got 1n`, classes[listed]]);
        }
    });
});

describe('limits, events and settings', () => {
    it('state the limits of C in the rules', () => {
        const rules = lists.ARGUMENTS.map(([name, , , rule]) => `${name}: ${rule}`).join('\n');
        for (const line of [
            `maximum: maximum must be a whole number of pages, 1 to ${layout.MAX_PAGES}`,
            `initial: initial must be a whole number of pages, 1 to ${layout.MAX_PAGES}`,
            `growth: growth must be a whole number of pages, 1 to ${layout.MAX_PAGES}`,
            `pages: pages must be a whole number, 0 to ${layout.MAX_PAGES}`,
            `size: size must be a whole number of bytes, 1 to ${layout.MAX_BYTES - 1}`,
            `alignment: alignment must be a power of two, 1 to ${layout.MAX_ALIGNMENT}`,
            `base: base must be a whole number of bytes, 0 to ${layout.MAX_BYTES}`,
            `limit: limit must be a whole number of bytes, 0 to ${layout.MAX_BYTES}`,
            `limit: limit must be above base by a block of ${layout.BLOCK} bytes at least`,
        ])
            assert.ok(`${rules}\n`.includes(`${line}\n`), line);
        assert.match(
            lists.STATES.find(([name]) => name === 'NO_PAGES')[2],
            new RegExp(` ${layout.MAX_PAGES} pages, the most that a memory has$`),
        );
        const [, absent] = lists.SETTINGS.find(([name]) => name === 'maximum');
        assert.equal(Number(absent.replace(',', '')), layout.MAX_PAGES);
    });

    it('are the types of events that on() and off() take', () => {
        const types = lists.EVENTS.map(([type]) => type);
        assert.ok(types.length >= 4);
        for (const type of types) {
            const [token, fn] = [{}, () => {}];
            lewd.on(type, token, fn);
            lewd.off(type, token, fn);
        }
        for (const type of ['resizes', 'gro', '', 'x'.repeat(100)])
            assert.equal(thrownBy(() => lewd.on(type, {}, () => {})).code, 'ERR_LEWD_INVALID_ARG_VALUE');
    });

    it('are the settings that new Allocator() reads', () => {
        const known = new Set();
        const settings = new Proxy({}, { get: (target, name) => (known.add(name), undefined) });
        new lewd.Allocator(settings).dispose();
        assert.deepEqual([...known].sort(), lists.SETTINGS.map(([name]) => name).sort());
    });
});

describe('the reader of contract.h', () => {
    const list = (body) => listOf(`#define LEWD_A(X)${body}\n\n#define LEWD_B(X) X(b)\n`, 'A');

    it('returns names and strings, adjacent strings joined', () => {
        assert.deepEqual(list(' X(a, "b, (c)" "d")'), [['a', 'b, (c)d']]);
        assert.deepEqual(list(' \\\n    X(a, \\\n      "b \\"c\\" " \\\n      "d \\\\") \\\n    X(e)'), [
            ['a', 'b "c" d \\'],
            ['e'],
        ]);
        assert.deepEqual(list(''), []);
    });

    it("refuses what it can't read", () => {
        for (const body of [
            ' Y(a)',
            ' X(a',
            ' X(a,)',
            ' X()',
            ' X(1 + 2)',
            ' X(a) /* b */',
            ' X(a b)',
            ' X("\\n")',
            ' X(f(a))',
        ])
            assert.throws(() => list(body), /^Error: contract\.h/, body);
        assert.throws(() => listOf('', 'A'), /no list LEWD_A/);
        assert.throws(() => read(HEADER.replace('X(resize)', 'X(resize, 1)')), /LEWD_EVENTS/);
        assert.throws(() => read(HEADER.replace('X(PENDING, ERR_LEWD_BUSY,', 'X(ERR_LEWD_BUSY,')), /a row has 3 parts/);
    });
});

describe('files made from contract.h', () => {
    const texts = textsOf(ROOT);
    const changed = (from, to) => {
        assert.ok(HEADER.includes(from), from);
        return read(HEADER.replace(from, to));
    };

    it('are up to date', () => {
        for (const [file, text] of Object.entries(written(lists, textOf))) assert.equal(textOf(file), text, file);
        assert.deepEqual(contradictions(lists, texts), []);
    });

    it('follow a change of the lists, and change nowhere else', () => {
        const made = written(changed('X(ERR_LEWD_BUSY, Error,', 'X(ERR_LEWD_BUZZY, RangeError,'), textOf);
        assert.ok(made['docs/api.md'].includes('\n| `ERR_LEWD_BUZZY` | `RangeError` | `trim()` was called inside'));
        assert.ok(made['index.d.ts'].includes("\n    | 'ERR_LEWD_BUZZY'\n"));
        assert.ok(written(changed('X(initial, "1"', 'X(initial, "2"'), textOf)['docs/api.md'].includes(' | 2 |\n'));
        for (const [file, text] of Object.entries(made)) {
            const lines = textOf(file).split('\n');
            const differ = text.split('\n').filter((line, index) => line !== lines[index]);
            assert.ok(differ.length > 0 && differ.every((line) => line.includes('ERR_LEWD_BUZZY')), file);
        }
    });

    it('need their marks', () => {
        assert.throws(
            () => written(lists, (file) => textOf(file).replace('end of error codes', '')),
            /must have this line once/,
        );
        assert.throws(() => written(lists, (file) => textOf(file).repeat(2)), /must have this line once/);
    });

    it('are checked for contradictions', () => {
        const found = (header, more = {}) => contradictions(header, { ...texts, ...more }).join('\n');
        const types = texts['index.d.ts'];
        assert.match(
            found(lists, { 'docs/design/heap.md': 'ERR_LEWD_BUZZY' }),
            /^docs\/design\/heap\.md names ERR_LEWD_BUZZY, which is not listed$/,
        );
        assert.match(
            found(changed('X(OVERLAP, ERR_LEWD_OVERLAP', 'X(OVERLAP, ERR_LEWD_BUSY')),
            /^nothing throws ERR_LEWD_OVERLAP$/,
        );
        assert.match(
            found(changed('X(growth, "an', 'X(grow_by, "an')),
            /^the settings of index\.d\.ts are not .*grow_by\nthe rule for the argument setting does not name .*grow_by$/,
        );
        assert.match(found(lists, { 'index.d.ts': types.replace('    growth?:', '    growing?:') }), /settings/);
        assert.match(
            found(changed('X(trim) X(oom)', 'X(trim)')),
            /types of events of export function on.*\n.*rule for the argument type/s,
        );
        assert.match(
            found(lists, { 'index.d.ts': types.replace("    on(type: 'oom'", "    on(type: 'room'") }),
            /^the types of events of on /,
        );
        assert.match(
            found(lists, { 'index.d.ts': types.replaceAll('    off(type:', '    of(type:') }),
            /^index\.d\.ts: expected on\(\)/,
        );
    });
});
