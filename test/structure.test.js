'use strict';

// The checks of the structure find each fault, alone, in a small tree that has no other; and measure what they say.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');
const { ROOT } = require('./helpers/child.js');
const c = require('../scripts/structure/c.js');
const { draw } = require('../scripts/structure/draw.js');
const graph = require('../scripts/structure/graph.js');
const headers = require('../scripts/structure/headers.js');
const javascript = require('../scripts/structure/javascript.js');
const lists = require('../scripts/structure/lists.js');
const { complaints } = require('../scripts/structure/rules.js');

const header = (name, ...lines) => [`#ifndef ${name}_H`, `#define ${name}_H`, ...lines, '#endif', ''].join('\n');

/** A function of so many lines. */
const functionOf = (name, lines) => `int ${name}(void) {\n${'    ;\n'.repeat(lines - 3)}    return 1;\n}\n`;

/** A tree without a fault: two modules and a contract in the core, two modules in the addon. */
const GOOD = {
    'src/lewd.c': `/*
 * The comment.
 *
 *     core 0: heap.h
 *     core 1: alpha
 *     core 2: beta, heap
 *     addon 0: low
 *     addon 1: high, top
 */
#include "core/alpha.c"
#include "core/beta.c"
#include "core/heap.c"

#include "addon/high.c"
#include "addon/low.c"
`,
    'src/core/heap.h': header('HEAP', '#include <stdint.h>', 'uint32_t lewd_heap_size(void);'),
    'src/core/heap.c': '#include "alpha.h"\nuint32_t lewd_heap_size(void) {\n    return lewd_alpha();\n}\n',
    'src/core/alpha.h': header('ALPHA', '#include "heap.h"', 'uint32_t lewd_alpha(void);'),
    'src/core/alpha.c':
        '#include "alpha.h"\n#define LEWD_ALPHA 1u\nuint32_t lewd_alpha(void) {\n    return LEWD_ALPHA;\n}\n',
    'src/core/beta.c': `#include "alpha.h"\n${functionOf('lewd_beta', 48)}`,
    'src/addon/low.h': header('LOW', '#include <node_api.h>', 'int lewd_low(void);'),
    'src/addon/low.c': `#include "low.h"\n${functionOf('lewd_low', 3)}`,
    'src/addon/top.h': header('TOP', 'static inline int lewd_top(void) {', '    return 1;', '}'),
    'src/addon/high.c':
        '#include "../core/heap.h"\n#include "low.h"\n\nstatic int (*hook)(void) = lewd_low;\n' +
        'int lewd_high(void) {\n    return hook() + (int)lewd_heap_size();\n}\n',
    'test/Makefile': '# beta.c\nSOURCES = $(wildcard ../src/core/*.c)\n',
};

describe('the structure', () => {
    let root;

    beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'lewd-'))));
    afterEach(() => rmSync(root, { recursive: true }));

    /** Writes the tree, with some files changed; undefined: without it. */
    const plant = (changes = {}) => {
        for (const [name, text] of Object.entries({ ...GOOD, ...changes })) {
            if (text === undefined) continue;
            mkdirSync(dirname(join(root, name)), { recursive: true });
            writeFileSync(join(root, name), text);
        }
    };

    /** Writes the tree with a file changed by a replacement. Fails if there is nothing to replace. */
    const replace = (name, from, to) => {
        assert.ok(GOOD[name].includes(from), from);
        plant({ [name]: GOOD[name].replace(from, to) });
    };

    const found = (compilers = []) => {
        const graphs = graph.read(root);
        return complaints(
            root,
            graphs,
            graph.coreOf(graphs.files).map(({ path }) => `src/${path}`),
            compilers,
        );
    };

    /** The tree has this fault, and no other. */
    const assertFault = (expected) => assert.deepEqual(found(), [expected]);

    it('has no fault where there is none', () => {
        plant();
        assert.deepEqual(found(headers.compilers()), []);
    });

    describe('levels', () => {
        it('an include must not lead up', () => {
            plant({
                'src/lewd.c': GOOD['src/lewd.c'].replace('core 2: beta', 'core 2: roof, beta'),
                'src/core/alpha.c': `#include "roof.h"\n${GOOD['src/core/alpha.c']}`,
                'src/core/roof.h': header('ROOF'),
            });
            assertFault('core/alpha, of level 1, includes core/roof, of level 2');
        });

        it('nor lead to the same level', () => {
            plant({
                'src/core/beta.h': header('BETA'),
                'src/core/heap.c': `#include "beta.h"\n${GOOD['src/core/heap.c']}`,
            });
            assertFault('core/heap, of level 2, includes core/beta, of level 2');
        });

        it('nor a use of a function, which one large header would hide', () => {
            replace('src/core/alpha.c', 'return LEWD_ALPHA', 'return lewd_beta()');
            assertFault('core/alpha, of level 1, uses core/beta, of level 2');
        });

        it('nor one in a macro, an initialiser or an inline function of a header', () => {
            for (const [name, line] of [
                ['src/addon/low.c', '#define LEWD_UP(x) \\\n    lewd_top(x)'],
                ['src/addon/low.c', 'static int (*const up)(void) = lewd_top;'],
                ['src/addon/low.h', 'static inline int lewd_up(int (*f)(int)) { return f(lewd_top()); }'],
            ]) {
                plant({ [name]: GOOD[name].replace(/(#include.*\n)/, `$1int lewd_top(void);\n${line}\n`) });
                assertFault('addon/low, of level 0, uses addon/top, of level 1');
                plant();
            }
        });

        it('a name in a comment, a literal or a declaration is no use', () => {
            plant({
                'src/addon/low.c': `${GOOD['src/addon/low.c']}/* lewd_high() { */ // lewd_high()\nchar text[] = "/* lewd_high() {";\n`,
                'src/addon/low.h': GOOD['src/addon/low.h'].replace(
                    'int lewd_low',
                    'int lewd_high(void);\nint lewd_low',
                ),
            });
            assert.deepEqual(found(), []);
        });

        it('circles are found, by includes and by uses', () => {
            plant({
                'src/lewd.c': GOOD['src/lewd.c'].replace('core 2: beta,', 'core 2:'),
                'src/core/alpha.h': GOOD['src/core/alpha.h'].replace('#include', '#include "beta.h"\n#include'),
                'src/core/beta.h': header('BETA', '#include "alpha.h"'),
            });
            const [circle, missing, ...others] = found();
            assert.deepEqual(
                [circle, missing, others],
                ['a circle: core/alpha, core/beta (includes)', 'src/lewd.c: core/beta has no level', []],
            );
            plant({
                'src/core/alpha.c': GOOD['src/core/alpha.c'].replace('return', 'lewd_beta();\n    return'),
                'src/core/beta.c': GOOD['src/core/beta.c'].replace('return 1', 'return lewd_alpha()'),
                'src/core/alpha.h': GOOD['src/core/alpha.h'],
                'src/core/beta.h': header('BETA'),
            });
            assert.deepEqual(found(), [
                'a circle: core/alpha, core/beta (uses)',
                'core/alpha, of level 1, uses core/beta, of level 2',
            ]);
        });

        it('each module has one, and there are no others', () => {
            replace('src/lewd.c', ', top', '');
            assertFault('src/lewd.c: addon/top has no level');
            replace('src/lewd.c', 'high, top', 'high, top, more');
            assertFault('src/lewd.c: there is no module addon/more');
            replace('src/lewd.c', 'addon 0: low', 'addon 0: top, low');
            assertFault('src/lewd.c: a module of addon has two levels');
            replace('src/lewd.c', 'core 2:', 'core 3:');
            assert.throws(() => found(), /level 2 of core was expected/);
        });
    });

    describe('borders', () => {
        it('the core includes nothing of Node.js', () => {
            plant({ 'src/core/beta.c': `#include <node_api.h>\n${GOOD['src/core/beta.c']}` });
            assertFault('src/core/beta.c includes node_api.h');
        });

        it('nor of the addon', () => {
            plant({ 'src/core/beta.c': `#include "../addon/top.h"\n${GOOD['src/core/beta.c']}` });
            assertFault('src/core/beta.c includes ../addon/top.h');
        });

        it('the addon includes the contract of the core only', () => {
            replace('src/addon/high.c', 'heap.h', 'alpha.h');
            assertFault('src/addon/high.c includes ../core/alpha.h');
        });
    });

    describe('files', () => {
        it('each source is in src/lewd.c, once, and nothing else is', () => {
            replace('src/lewd.c', '#include "core/beta.c"\n', '');
            assertFault('src/lewd.c does not include core/beta.c');
            replace('src/lewd.c', '#include "core/beta.c"', '#include "core/beta.c"\n#include "core/beta.c"');
            assertFault('src/lewd.c includes core/beta.c');
            replace('src/lewd.c', '#include "core/beta.c"', '#include "core/beta.c"\n#include "core/alpha.h"');
            assertFault('src/lewd.c includes core/alpha.h');
        });

        it('each header compiles alone', function () {
            const compilers = headers.compilers();
            if (compilers.length === 0) this.skip();
            replace('src/core/heap.h', '#include <stdint.h>', '');
            const faults = found(compilers);
            assert.equal(faults.length, 2 * compilers.length);
            for (const fault of faults)
                assert.match(fault, /^src\/core\/(alpha|heap)\.h does not compile alone \((gcc|clang)\): .*uint32_t/);
        });

        it('macros and constants of sources begin with LEWD_', () => {
            replace(
                'src/core/alpha.c',
                '#define LEWD_ALPHA 1u',
                '#define LEWD_ALPHA 1u\n#  define OK(x) \\\n    (x)\n#undef OK',
            );
            assertFault('src/core/alpha.c: the macro or constant OK must begin with LEWD_');
            replace('src/core/alpha.c', '#define', 'enum { LEWD_A, SIZE = 1 << (2), };\n#define');
            assertFault('src/core/alpha.c: the macro or constant SIZE must begin with LEWD_');
        });

        it('the sources of the core are listed in src/lewd.c only', () => {
            plant({ 'test/Makefile': 'CORE = $(SRC)/alpha.c \\\n    $(SRC)/beta.c $(SRC)/heap.c\n' });
            assertFault('test/Makefile lists the files of the core: see scripts/lib/sources.js');
        });

        it('functions have 48 lines at most', () => {
            plant({ 'src/core/beta.c': `#include "alpha.h"\n/* One. */\n${functionOf('lewd_beta', 49)}` });
            assertFault('src/core/beta.c:3: lewd_beta() has 49 lines, of 48 at most');
        });
    });

    it('what the addon does not declare is not checked', () => {
        plant({
            'src/lewd.c': GOOD['src/lewd.c'].replace(/ \* {5}addon.*\n/g, ''),
            'src/addon/low.c': `#define OK 1\n${GOOD['src/addon/low.c'].replace('return 1', 'return lewd_high()')}`,
        });
        assert.deepEqual(found(), []);
    });

    it('is printed, drawn and checked by scripts/structure', () => {
        plant({ 'lib/a.js': "'use strict';\n\nconst first = (all) => {\n    return all[0];\n};\nfirst([]);\n" });
        const [picture, uses] = [join(root, 'a.svg'), join(root, 'b.svg')];
        const run = (...args) => {
            const { status, stdout, stderr } = spawnSync(
                process.execPath,
                [join(ROOT, 'scripts/structure'), '--root', root, ...args],
                {
                    encoding: 'utf8',
                },
            );
            return { status, stdout, stderr };
        };
        const { status, stdout } = run('--draw', picture, '--draw-uses', uses);
        assert.equal(status, 0);
        for (const line of [
            '    core 2: beta, heap',
            '    addon/high: addon/low, core/heap.h',
            '| modules | 7 |',
            '| circles by includes | 0 |',
            '| macros and constants of sources without LEWD_ | 0 |',
            '| functions of C | 6: median 3, longest 48 (lewd_beta in src/core/beta.c) |',
            '| functions of lib/ | 1: median 3, longest 3 (first in lib/a.js) |',
            '| literal indexes in lib/ | 1 |',
            '| places that list the files of the core | 1: src/lewd.c |',
        ])
            assert.ok(stdout.includes(`${line}\n`), `${line} is not in\n${stdout}`);
        assert.deepEqual(run('--check'), { status: 0, stdout: '', stderr: '' });
        replace('src/lewd.c', ', top', '');
        assert.deepEqual(run('--check'), { status: 1, stdout: '', stderr: 'src/lewd.c: addon/top has no level\n' });
    }).timeout(120_000);
});

describe('the reader of C', () => {
    it('finds functions, with their lines', () => {
        const text = `/* int f(void) { */
int f(void (*g)(int), int h) {
    return "}" == 0; // }
}

static const struct { int x; } table[] = {{1}};
enum { A, B };
int declared(int x);

#define M(x) \\
    { x

static int
    *g(void) {
    if (A) { }
    return 0;
}
NAPI_MODULE_INIT(/* napi_env env */) { return 0; }
`;
        assert.deepEqual(c.functionsOf(text), [
            { name: 'f', isStatic: false, line: 2, lines: 3 },
            { name: 'g', isStatic: true, line: 13, lines: 5 },
            { name: 'NAPI_MODULE_INIT', isStatic: false, line: 18, lines: 1 },
        ]);
        assert.deepEqual(c.declarationsOf(text), ['declared']);
        assert.throws(() => c.functionsOf('int f(void) {'), /unbalanced/);
    });

    it('counts fields: those of a struct without a name belong to the outer one', () => {
        const fields = (body) => c.structsOf(`struct s {${body}};`)[0].fields;
        assert.equal(fields(''), 0);
        assert.equal(fields('int a; int b, *c[2];'), 3);
        assert.equal(fields('void (*f)(int a, int b); enum { A, B } kind;'), 2);
        assert.equal(fields('struct { int a; union { int b; int c; }; } d[2]; int e;'), 4);
        assert.equal(fields('struct other { int a; int b; } c;'), 1);
        assert.deepEqual(c.structsOf('static const struct { int a; } t[] = {{1}};'), [
            { name: 'without a name', fields: 1 },
        ]);
        assert.deepEqual(c.structsOf('typedef struct a { int x; } a;\nint f(void) { struct b { int y, z; } c; }'), [
            { name: 'a', fields: 1 },
            { name: 'b', fields: 2 },
        ]);
    });

    it('finds includes and macros, and none in comments', () => {
        const text =
            '#include <a.h>\n/*\n#include "b.h"\n*/\n# include "c.h" // d\n#define A(x) x + B\n#define B 1\n#undef C\n';
        assert.deepEqual(c.includesOf(text), [
            { path: 'a.h', isOwn: false },
            { path: 'c.h', isOwn: true },
        ]);
        assert.deepEqual(
            c.macrosOf(text).map(({ name }) => name),
            ['A', 'B'],
        );
    });
});

describe('the picture of a graph', () => {
    const edges = { high: new Set(['low', 'one']), one: new Set(['two', 'low']), two: new Set(['one']) };
    const picture = draw({ edges, circles: [['one', 'two']], levels: { high: 2, one: 1, two: 1, low: 0 } }, 'A title');

    it('has a box a module, what is in a circle in red, and leaves out what follows from other arrows', () => {
        for (const name of ['high', 'low', 'one', 'two']) assert.ok(picture.includes(`>${name}</text>`), name);
        assert.ok(picture.startsWith('<svg ') && picture.includes('<title>A title</title>'));
        assert.equal(picture.match(/<rect /g).length, 4);
        assert.equal(picture.match(/<rect .*#d0574a/g).length, 2);
        assert.equal(picture.match(/marker-end="url\(#circle\)"/g).length, 2);
        assert.equal(picture.match(/marker-end="url\(#plain\)"/g).length, 2); // high to one, one to low
    });
});

describe('the rules for lib/', () => {
    const measured = (text) => javascript.measure(text, 'lib/a.js');

    it('an index is no number, and not computed with one', () => {
        for (const index of ['7', '-1', 'i + 1', '(bytes % 67) + 9', '0x10', '.5', 'i - -1'])
            assert.equal(measured(`x[${index}];`).indexes.length, 1, index);
        for (const index of ['i', "'a'", 'i + j', 'ANSWERS + (bytes % ANSWERS)', 'f(1)', 'y ? 1 : 2', '`${1}`'])
            assert.equal(measured(`x[${index}];`).indexes.length, 0, index);
        assert.equal(measured('x.y = 1; [1, 2]; x({ 1: 2 }); const [, second] = x;').indexes.length, 0);
        assert.equal(measured('// eslint-disable-next-line no-restricted-syntax\nx[7];').indexes.length, 1);
    });

    it('a function has 30 lines at most; a class may have more, its methods not', () => {
        const { Linter } = require('eslint');
        const complain = (text) =>
            new Linter({ configType: 'flat' }).verify(text, { rules: javascript.rules }).map(({ ruleId }) => ruleId);
        const body = (lines) => `{\n${'    x;\n'.repeat(lines - 2)}}`;
        assert.deepEqual(complain(`const f = () => ${body(30)};`), []);
        assert.deepEqual(complain(`const f = () => ${body(31)};`), ['max-lines-per-function']);
        assert.deepEqual(complain(`class A {\nf() ${body(30)}\ng() ${body(30)}\n}`), []);
        assert.deepEqual(complain(`class A {\n#f() ${body(31)}\n}`), ['max-lines-per-function']);
        assert.deepEqual(complain('x[7];'), ['no-restricted-syntax']);
    });

    it('functions are measured by their names', () => {
        const { functions } = measured(
            'function f() {}\nconst g = () => {\n    ;\n};\nx(() => 1);\nclass A {\n    h() {}\n}\n',
        );
        assert.deepEqual(functions, [
            { name: 'f', lines: 1 },
            { name: 'g', lines: 3 },
            { name: 'line 5', lines: 1 },
            { name: 'h', lines: 1 },
        ]);
        assert.throws(() => measured('const = 1;'), /lib\/a\.js:1/);
    });
});

describe('a list of the files of the core', () => {
    const count = (text) => lists.count(text, ['alpha', 'beta', 'gamma']);

    it('is three names or more in a row, of sources or objects, or quoted', () => {
        for (const text of [
            'alpha.c beta.c gamma.c',
            '#include "core/alpha.c"\n#include "core/beta.c"\n#include "core/gamma.c"\n',
            "['alpha', 'beta', 'gamma']",
            '$(wildcard $(CORE)/alpha.c $(CORE)/beta.c $(CORE)/gamma.c)',
            '`alpha.c`, `beta.c` | src/gamma.o',
        ])
            assert.equal(count(text), 1, text);
        assert.equal(count('alpha.c beta.c gamma.c alpha.c'), 1);
        assert.equal(count('alpha.c beta.c gamma.c; and\nalpha.c beta.c gamma.c'), 2);
    });

    it('is not two, nor one that is named again, nor what a sentence says of them', () => {
        for (const text of [
            'alpha.c beta.c',
            'alpha.c beta.c alpha.c',
            'alpha.c is above beta.c, and beta.c above gamma.c',
            'alpha beta gamma',
            'my-alpha.c my-beta.c my-gamma.c',
            'alpha.h beta.h gamma.h',
        ])
            assert.equal(count(text), 0, text);
    });
});
