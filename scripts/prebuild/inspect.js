// Reads the type, exports and imports of a binary by the tools of its platform, and returns the faults in them.
'use strict';

const { readFileSync, statSync } = require('node:fs');
const { symbols } = require('node-api-headers');
const { GLIBC, KINDS, allowedFunctions, allowedLibraries } = require('./imports.js');
const { checkSignature } = require('./signature.js');
const { macosVersion, napi } = require('./targets.js');
const { have, llvm, run } = require('./tools.js');

/** The symbols that Node.js looks for in an addon. */
const EXPORTS = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];

/** The version of Node-API in the oldest Node.js that is supported. */
const NODE_API = new Set(Object.values(symbols[`v${napi}`]).flat());

const OBJDUMP = 'x86_64-w64-mingw32-objdump';

const all = (text, pattern) => [...text.matchAll(pattern)].map(([, found]) => found);
const byVersion = (one, other) => one.localeCompare(other, 'en', { numeric: true });

const elf = (file) => {
    const header = run('readelf', '-hW', file);
    const isLibrary = /Class:\s+ELF64/.test(header) && /Type:\s+DYN/.test(header);
    const names = run('readelf', '--dyn-syms', '-W', file)
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([number, , , kind, , , , name]) => /^\d+:$/.test(number) && kind !== 'SECTION' && name);
    return {
        type: isLibrary ? /Machine:\s+(.*)/.exec(header)[1] : 'no ELF64',
        exports: names.filter((row) => row[6] !== 'UND').map((row) => row[7]),
        imports: names.filter((row) => row[6] === 'UND').map((row) => row[7].replace(/@.*/, '')),
        libraries: all(run('readelf', '-dW', file), /\(NEEDED\).*\[(.*)\]/g),
        stripped: !/\.symtab|\.debug/.test(run('readelf', '-SW', file)),
        glibc:
            all(run('readelf', '-VW', file), /Name: GLIBC_([\d.]+)/g)
                .sort(byVersion)
                .pop() ?? 'any',
    };
};

/** Returns the functions that a file for Windows imports when it is loaded, by library. */
const importTables = (tables) =>
    tables
        .split(/DLL Name: /)
        .slice(1)
        .map((text) => {
            // Address, hint and name; newer tools print the ordinal number too, if there is one.
            const functions = all(text.split('\n\n')[0], /^\t[0-9a-f]+\s+(?:<none>\s+)?[0-9a-f]+\s+(\S+)/gm);
            const [library] = /^\S+/.exec(text);
            if (functions.length === 0) throw new Error(`${OBJDUMP} shows no functions of ${library}`);
            return [library, functions];
        });

const pe = (file, { any }) => {
    const tables = run(OBJDUMP, '-p', file);
    const [before, after = ''] = tables.split('[Ordinal/Name Pointer] Table');
    const exported = all(after.split('\n\n')[0], /\]\s+(?:\+base\[\s*\d+\]\s+[0-9a-f]+\s+)?(\w+)$/gm);
    const imported = importTables(before);
    // Functions that are bound at their first call are in the file by name, in no table that the tool reads.
    const named = all(readFileSync(file, 'latin1'), /\b((?:napi|node_api)_\w+)\0/g);
    const taken = imported.filter(([library]) => !any.has(library)).flatMap(([, functions]) => functions);
    return {
        type: /file format (\S+)/.exec(tables)[1],
        exports: exported,
        imports: [...new Set([...named, ...taken])].filter((name) => !exported.includes(name)),
        libraries: imported.map(([library]) => library),
        stripped: /no symbols/.test(run(OBJDUMP, '-t', file)),
    };
};

/** Returns a tool that inspects Mach-O files: the system's own on macOS, LLVM's elsewhere. */
const apple = (name) => (process.platform === 'darwin' ? name : llvm(`llvm-${name}`));

const machO = (file) => {
    const bare = (...options) =>
        run(apple('nm'), ...options, '-j', file)
            .split('\n')
            .filter((line) => /^[\w$.]+$/.test(line))
            .map((name) => name.replace(/^_/, ''));
    const commands = run(apple('otool'), '-l', file);
    const bundle = /\bBUNDLE\b/.test(run(apple('otool'), '-hv', file));
    const exported = bare('-g', '-U');
    const imported = bare('-u');
    const known = new Set([...exported, ...imported]);
    return {
        type: bundle ? run(apple('lipo'), '-archs', file).trim() : 'no bundle',
        exports: exported,
        imports: [...new Set(imported)],
        libraries: all(run(apple('otool'), '-L', file), /^\t(\S+)/gm),
        stripped: bare('-a').every((name) => known.has(name)),
        macos: /\bminos (\S+)/.exec(commands)?.[1],
        signature: checkSignature(readFileSync(file)),
    };
};

/**
 * For each target: the reader of its files, their type, and the tools that it needs, with the package that contains
 * them.
 */
const inspectors = {
    'linux-x64': { read: elf, type: 'Advanced Micro Devices X86-64' },
    'linux-arm64': { read: elf, type: 'AArch64' },
    'win32-x64': { read: pe, type: 'pei-x86-64' },
    'darwin-x64': { read: machO, type: 'x86_64' },
    'darwin-arm64': { read: machO, type: 'arm64' },
};

const tools = {
    linux: () => have('readelf') || 'readelf is not installed',
    win32: () => have(OBJDUMP) || `${OBJDUMP} is not installed`,
    darwin: () => ['nm', 'otool', 'lipo'].every(apple) || 'clang or llvm is not installed',
};

/** Returns why binaries for a target can't be inspected on this machine; undefined if they can. */
exports.lackToInspect = (target) => {
    const answer = tools[target.split('-')[0]]();
    return answer === true ? undefined : answer;
};

const faultsOfImports = (found, target, kind, { named }) => {
    const functions = allowedFunctions(target, kind);
    const odd = found.imports.filter((each) => !NODE_API.has(each) && !functions.has(each));
    const faults = found.libraries.filter((each) => !named.has(each)).map((each) => `needs the library ${each}`);
    if (odd.length > 0) faults.push(`imports ${odd}, neither of Node-API ${napi} nor in scripts/prebuild/imports.js`);
    if (!found.imports.some((each) => NODE_API.has(each))) faults.push('imports nothing of Node-API');
    return faults;
};

const faultsOfGlibc = (glibc, kind) => {
    if (kind === 'prebuild') return glibc === 'any' ? [] : [`names glibc ${glibc}`];
    if (glibc === 'any') return ['names no version of glibc'];
    return byVersion(glibc, GLIBC) > 0 ? [`needs glibc ${glibc}, newer than ${GLIBC}`] : [];
};

/**
 * Returns which versions of the system a file runs on; macOS on Intel needs no signature, and its linker makes none.
 */
const faultsOfSystem = (found, target, kind) => {
    if ('glibc' in found) return faultsOfGlibc(found.glibc, kind);
    if (!('macos' in found)) return [];
    const { faults } = found.signature;
    const unsigned = target === 'darwin-x64' && kind === 'prebuildify' && `${faults}` === 'is not signed';
    const version = found.macos === macosVersion ? [] : [`is for macOS ${found.macos}, not ${macosVersion}`];
    return unsigned ? version : [...faults, ...version];
};

/**
 * Inspects a binary for `target` that was made by `kind`, `prebuild` or `prebuildify`. Returns { type, exports,
 * imports, libraries, stripped, size, faults } and, by platform, `glibc`, `macos`, `signature`. `faults` is empty if
 * everything is right. Throws if a tool is not installed or can't read the file.
 */
exports.inspect = (target, file, kind = 'prebuild') => {
    if (!KINDS.includes(kind)) throw new Error(`no such kind of binary: ${kind}`);
    const { read, type } = inspectors[target];
    const libraries = allowedLibraries(target, kind);
    const found = read(file, libraries);
    const faults = [];
    if (found.type !== type) faults.push(`is ${found.type}, not ${type}`);
    if (!found.stripped) faults.push('is not stripped');
    if (`${found.exports.sort()}` !== `${EXPORTS}`) faults.push(`exports ${found.exports}`);
    faults.push(...faultsOfImports(found, target, kind, libraries), ...faultsOfSystem(found, target, kind));
    return { ...found, size: statSync(file).size, faults };
};

/**
 * Returns, of the kinds of binaries for a target, the one whose profile the file fits, with the results: { kind, … }.
 */
exports.recognize = (target, file) => {
    const answers = KINDS.map((kind) => ({ kind, ...exports.inspect(target, file, kind) }));
    return answers.find(({ faults }) => faults.length === 0) ?? answers[0];
};
