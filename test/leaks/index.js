'use strict';

// Runs LeakSanitizer over a process of many threads that use the addon and end. Node.js and V8 leave memory behind at
// the end of a process: only memory that the addon requested, or Node-API for it, is a leak of ours. First plants two
// leaks, which must be found: a reference that is not deleted, and a list that is not freed.
//
//     node test/leaks      THREADS=40

const { execFileSync, spawnSync } = require('node:child_process');
const { mkdtempSync, readFileSync, readdirSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { variant } = require('../../scripts/variant.js');

const THREADS = process.env.THREADS ?? '40';

/** Leaks to plant: a file, a function of it, and the text that is removed there. */
const faults = [
    [
        'weak.c',
        'void lewd_weak_delete_all',
        'lewd_reference_delete(napi, &lewd_slots_at(slots, number)->ref);',
        '(void)napi;',
    ],
    [
        'list.c',
        'void lewd_list_free',
        'lewd_realloc(NULL, list->items,',
        'if (list->length > 100000) lewd_realloc(NULL, list->items,',
    ],
];

/** Returns the same source with a fault in that function. */
function plant(source, [, where, what, instead]) {
    const from = source.indexOf(where);
    const place = source.indexOf(what, from);
    if (from < 0 || place < 0) throw new Error(`no place for a fault: ${where}`);
    return source.slice(0, place) + instead + source.slice(place + what.length);
}

/** Runs the work over that addon. Returns the reports of leaks in which the addon is involved. */
function leaks({ env }, threads) {
    const scratch = mkdtempSync(join(tmpdir(), 'lewd-leaks-'));
    try {
        const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', join(__dirname, 'work.js')], {
            env: {
                ...env,
                THREADS: threads,
                LD_PRELOAD: execFileSync('gcc', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim(),
                ASAN_OPTIONS:
                    'detect_leaks=1:fast_unwind_on_malloc=0:malloc_context_size=12:exitcode=0:' +
                    `log_path=${join(scratch, 'log')}`,
                LSAN_OPTIONS: 'exitcode=0',
            },
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        const reports = readdirSync(scratch).map((name) => readFileSync(join(scratch, name), 'utf8'));
        // It must run to its end, with no other reports than of leaks.
        if (status !== 0 || !stdout.includes('threads; ') || reports.join('').includes('ERROR: AddressSanitizer'))
            throw new Error(`ended with ${status}\n${stdout}${stderr}${reports.join('\n')}`);
        return reports
            .join('\n')
            .split('\n\n')
            .filter((part) => /leak of \d+ byte/.test(part) && /\/src\/\w+\/\w+\.c:\d+/.test(part));
    } finally {
        rmSync(scratch, { recursive: true });
    }
}

function main() {
    let [passed, failed] = [0, 0];
    const judge = (good, what, reports) => {
        console.log(`    ${good ? 'ok    ' : 'not ok'}  ${what}: ${reports.length} leaks`);
        if (!good) console.log(reports.join('\n\n'));
        if (good) passed++;
        else failed++;
    };
    for (const fault of faults) {
        const [file, where, what] = fault;
        const planted = leaks(variant('leaks', { [`src/addon/${file}`]: (source) => plant(source, fault) }), '2');
        judge(planted.length > 0, `seen: ${where.replace('void ', '')}() without ${what}`, planted);
    }
    const real = leaks(variant('leaks'), THREADS);
    judge(real.length === 0, `${THREADS} threads`, real);
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
}

main();
