// What a binary is, gives and takes, read by the platform's own tools, and what is wrong with that.
'use strict';

const { execFileSync } = require('node:child_process');
const { readFileSync, statSync } = require('node:fs');
const { symbols } = require('node-api-headers');
const { napi } = require('./targets.js');

/** All that Node.js looks for in an addon. */
const EXPORTS = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];

/** Node-API as old as the oldest Node.js that is supported has it. */
const NODE_API = new Set(Object.values(symbols[`v${napi}`]).flat());

/** Of C's library, what every one has had from its beginning. */
const C = new Set(
    (
        'abort calloc free malloc memchr memcmp memcpy memmove memset realloc ' +
        'snprintf strchr strcmp strcpy strlen strncmp strrchr vsnprintf'
    ).split(' '),
);

/** What the compilers' own startup code for Windows takes. */
const WINDOWS = new Set(['KERNEL32.dll', 'msvcrt.dll']);

const run = (tool, ...args) => execFileSync(tool, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, found]) => found);

const elf = (machine) => (file) => {
    const header = run('readelf', '-hW', file);
    const names = run('readelf', '--dyn-syms', '-W', file)
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([number, , , kind, , , , name]) => /^\d+:$/.test(number) && kind !== 'SECTION' && name);
    const versions = all(run('readelf', '-VW', file), /Name: GLIBC_([\d.]+)/g);
    return {
        type: /Class:\s+ELF64/.test(header) && /Type:\s+DYN/.test(header) ? /Machine:\s+(.*)/.exec(header)[1] : 'no ELF64',
        wanted: machine,
        exports: names.filter((row) => row[6] !== 'UND').map((row) => row[7]),
        imports: names.filter((row) => row[6] === 'UND').map((row) => row[7].replace(/@.*/, '')),
        libraries: all(run('readelf', '-dW', file), /\(NEEDED\).*\[(.*)\]/g),
        allowed: new Set(),
        stripped: !/\.symtab|\.debug/.test(run('readelf', '-SW', file)),
        glibc: versions.length === 0 ? 'any' : versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).pop(),
    };
};

const pe = (file) => {
    const tool = 'x86_64-w64-mingw32-objdump';
    const tables = run(tool, '-p', file);
    const [before, after] = tables.split('[Ordinal/Name Pointer] Table');
    const exported = all(after.split('\n\n')[0], /\]\s+(?:\+base\[\s*\d+\]\s+[0-9a-f]+\s+)?(\w+)$/gm);
    // What is bound at its first use stands in the file by name, in no table that the tool knows.
    const named = all(readFileSync(file, 'latin1'), /\b((?:napi|node_api)_\w+)\0/g);
    return {
        type: /file format (\S+)/.exec(tables)[1],
        wanted: 'pei-x86-64',
        exports: exported,
        imports: [...new Set(named)].filter((name) => !exported.includes(name)),
        libraries: all(before, /DLL Name: (\S+)/g),
        allowed: WINDOWS,
        stripped: /no symbols/.test(run(tool, '-t', file)),
    };
};

const machO = (architecture) => (file) => {
    const names = (...args) => run('nm', ...args, '-j', file).match(/^_\w+$/gm) ?? [];
    const bare = (list) => [...new Set(list)].map((name) => name.slice(1));
    return {
        type: run('lipo', '-archs', file).trim(),
        wanted: architecture,
        exports: bare(names('-g', '-U')),
        // What the compiler makes of calls with a known size (_FORTIFY_SOURCE).
        imports: bare(names('-u')).map((name) => name.replace(/^__(\w+)_chk$/, '$1')),
        libraries: all(run('otool', '-L', file), /^\t(\S+)/gm),
        allowed: new Set(['/usr/lib/libSystem.B.dylib']),
        tolerated: new Set(['__stack_chk_fail', '__stack_chk_guard', 'dyld_stub_binder', 'bzero', 'memset_pattern16']),
        stripped: names('-a').every((name) => !name.startsWith('_lewd')),
    };
};

const inspectors = {
    'linux-x64': elf('Advanced Micro Devices X86-64'),
    'linux-arm64': elf('AArch64'),
    'win32-x64': pe,
    'darwin-x64': machO('x86_64'),
    'darwin-arm64': machO('arm64'),
};

/** { type, exports, imports, libraries, glibc?, size, faults }: `faults` is empty if all is as it must be. */
exports.inspect = (name, file) => {
    const found = inspectors[name](file);
    const faults = [];
    if (found.type !== found.wanted) faults.push(`is ${found.type}, not ${found.wanted}`);
    if (!found.stripped) faults.push('is not stripped');
    if (`${found.exports.sort()}` !== `${EXPORTS}`) faults.push(`exports ${found.exports}`);
    for (const library of found.libraries) {
        if (!found.allowed.has(library)) faults.push(`needs the library ${library}`);
    }
    const odd = found.imports.filter((each) => !NODE_API.has(each) && !C.has(each) && !found.tolerated?.has(each));
    if (odd.length > 0) faults.push(`takes ${odd}, which is neither Node-API ${napi} nor plain C`);
    if (!found.imports.some((each) => NODE_API.has(each))) faults.push('takes nothing of Node-API');
    return { ...found, size: statSync(file).size, faults };
};
