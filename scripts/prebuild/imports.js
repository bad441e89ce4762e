// Lists all imports that a binary may have from other libraries than Node.js, each with the reason. The inspector
// refuses all others. A new function of the system that src/ calls is added here, and for macOS to darwin/include/.
'use strict';

/** The ways to make a binary: by scripts/prebuild on any machine, or by prebuildify on a machine of its own kind. */
const KINDS = ['prebuild', 'prebuildify'];

/** Functions of libraries. `platform` and `kind` restrict an entry to binaries for that platform, or made that way. */
const functions = [
    { names: 'free malloc realloc', why: 'the metadata of heaps is kept outside the WebAssembly memory' },
    { names: 'memcpy memmove memset', why: 'trim() copies spans, and metadata is cleared; compilers call them, too' },
    { names: 'memcmp strcmp strlen', why: 'event types and names of errors are compared' },
    { names: 'snprintf vsnprintf', why: 'the messages of errors have sizes and values' },

    { platform: 'darwin', names: 'bzero __bzero', why: 'clang calls it in place of memset(…, 0, …)' },
    { platform: 'darwin', names: 'memset_pattern16', why: 'clang calls it in place of a loop that fills an array' },
    { platform: 'darwin', names: '__stack_chk_fail __stack_chk_guard', why: 'clang guards the stack for macOS' },
    { platform: 'darwin', names: 'dyld_stub_binder', why: 'the linker binds functions at their first call' },
    {
        platform: 'darwin',
        names: '__memcpy_chk __memmove_chk __memset_chk __snprintf_chk __vsnprintf_chk',
        why: 'the headers of macOS check sizes that the compiler knows',
    },

    {
        platform: 'linux',
        kind: 'prebuildify',
        names: '__cxa_finalize __gmon_start__ _ITM_deregisterTMCloneTable _ITM_registerTMCloneTable',
        why: 'the startup files of gcc',
    },
    {
        platform: 'linux',
        kind: 'prebuildify',
        names: '__stack_chk_fail __stack_chk_guard',
        why: 'distributions have gcc guard the stack',
    },
    {
        platform: 'linux',
        kind: 'prebuildify',
        names: '__memcpy_chk __memmove_chk __memset_chk __snprintf_chk __vsnprintf_chk',
        why: 'distributions have glibc check sizes that the compiler knows',
    },

    {
        platform: 'win32',
        kind: 'prebuild',
        names: '_stricmp GetModuleHandleW',
        why: 'host.c finds the program that Node-API is in',
    },
    {
        platform: 'win32',
        kind: 'prebuild',
        names: 'FreeLibrary GetLastError GetProcAddress LoadLibraryA LocalAlloc LocalFree RaiseException',
        why: 'MinGW binds functions at their first call',
    },
    {
        platform: 'win32',
        kind: 'prebuild',
        names:
            'DeleteCriticalSection EnterCriticalSection InitializeCriticalSection LeaveCriticalSection Sleep ' +
            'TlsGetValue VirtualProtect VirtualQuery __iob_func _amsg_exit _initterm _lock _unlock abort calloc ' +
            'fwrite strncmp vfprintf',
        why: 'the startup code of MinGW',
    },
    {
        platform: 'win32',
        kind: 'prebuild',
        names:
            'IsDBCSLeadByteEx MultiByteToWideChar WideCharToMultiByte ___lc_codepage_func ___mb_cur_max_func _errno ' +
            'fputc localeconv strerror wcslen',
        why: 'snprintf of MinGW, which is part of the binary',
    },
];

/**
 * Libraries that a binary may name. `any` permits all functions of it: the version of the compiler decides which of
 * them its runtime imports.
 */
const libraries = [
    { platform: 'linux', kind: 'prebuildify', names: 'libc.so.6', why: 'gcc names it, with the version of glibc' },
    {
        platform: 'linux',
        kind: 'prebuildify',
        names: 'ld-linux-aarch64.so.1',
        why: 'on arm64 it has the value that guards the stack',
    },
    { platform: 'darwin', names: '/usr/lib/libSystem.B.dylib', why: 'every file of macOS names it' },
    { platform: 'darwin', kind: 'prebuildify', names: '/usr/lib/libc++.1.dylib', why: 'node-gyp links as if for C++' },
    { platform: 'win32', kind: 'prebuild', names: 'KERNEL32.dll msvcrt.dll', why: 'the runtime of MinGW' },
    { platform: 'win32', kind: 'prebuildify', names: 'KERNEL32.dll', any: true, why: 'the runtime of MSVC, linked in' },
];

/** The oldest glibc on which Node.js 18 runs: a binary that needs a newer one would exclude some of its users. */
const GLIBC = '2.28';

/** Returns the entries of a table that apply to a target and a kind. */
const holding = (table, target, kind) => {
    const [own] = target.split('-');
    return table.filter((entry) => (entry.platform ?? own) === own && (entry.kind ?? kind) === kind);
};

const names = (entries) => new Set(entries.flatMap((entry) => entry.names.split(/\s+/)));

/** Returns the functions that a binary for `target`, such as `linux-x64`, may import if it is made that way. */
const allowedFunctions = (target, kind) => names(holding(functions, target, kind));

/** Returns the libraries that it may name, and those from which it may import any function: { named, any }. */
const allowedLibraries = (target, kind) => {
    const entries = holding(libraries, target, kind);
    return { named: names(entries), any: names(entries.filter(({ any }) => any)) };
};

module.exports = { GLIBC, KINDS, allowedFunctions, allowedLibraries, functions, libraries };
