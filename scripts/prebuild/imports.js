// All that a binary may take from other libraries than Node.js, each with the reason. The inspector refuses everything
// else. Whoever calls a new function of the system in src/ adds it here, and for macOS to darwin/include/.
'use strict';

/** How a binary is made: by scripts/prebuild on any machine, or by prebuildify on a machine of its own kind. */
const KINDS = ['prebuild', 'prebuildify'];

/** Functions of libraries. `platform` and `kind` restrict an entry to binaries for it, or made so. */
const functions = [
    { names: 'free malloc realloc', why: 'the metadata of heaps is kept outside the WebAssembly memory' },
    { names: 'memcpy memmove memset', why: 'trim() copies spans, and metadata is cleared; compilers call them, too' },
    { names: 'memcmp strcmp strlen', why: 'event types and names of errors are compared' },
    { names: 'snprintf vsnprintf', why: 'the messages of errors tell sizes and values' },

    { platform: 'darwin', names: 'bzero __bzero', why: 'clang calls it in place of memset(…, 0, …)' },
    { platform: 'darwin', names: 'memset_pattern16', why: 'clang calls it in place of a loop that fills an array' },
    { platform: 'darwin', names: '__stack_chk_fail __stack_chk_guard', why: 'clang guards the stack for macOS' },
    { platform: 'darwin', names: 'dyld_stub_binder', why: 'the linker has functions bound at their first call' },
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
 * Libraries that a binary may name. `any`: all functions of it, since it depends on the version of the compiler which
 * of them its runtime takes.
 */
const libraries = [
    { platform: 'linux', kind: 'prebuildify', names: 'libc.so.6', why: 'gcc names it; it has the version of glibc' },
    {
        platform: 'linux',
        kind: 'prebuildify',
        names: 'ld-linux-aarch64.so.1',
        why: 'on arm64 the value that guards the stack is there',
    },
    { platform: 'darwin', names: '/usr/lib/libSystem.B.dylib', why: 'every file of macOS names it' },
    { platform: 'darwin', kind: 'prebuildify', names: '/usr/lib/libc++.1.dylib', why: 'node-gyp links as if for C++' },
    { platform: 'win32', kind: 'prebuild', names: 'KERNEL32.dll msvcrt.dll', why: 'the runtime of MinGW' },
    { platform: 'win32', kind: 'prebuildify', names: 'KERNEL32.dll', any: true, why: 'the runtime of MSVC, linked in' },
];

/** Node.js 18 runs on no older glibc than this: a binary that needs a newer one would shut some of its users out. */
const GLIBC = '2.28';

/** Entries of a table that hold for a target and a kind. */
const holding = (table, target, kind) => {
    const [own] = target.split('-');
    return table.filter((entry) => (entry.platform ?? own) === own && (entry.kind ?? kind) === kind);
};

const names = (entries) => new Set(entries.flatMap((entry) => entry.names.split(/\s+/)));

/** Names of the functions that a binary for `target`, such as `linux-x64`, may take if it is made that way. */
const allowedFunctions = (target, kind) => names(holding(functions, target, kind));

/** Names of the libraries that it may name, and of those from which it may take any function: { named, any }. */
const allowedLibraries = (target, kind) => {
    const entries = holding(libraries, target, kind);
    return { named: names(entries), any: names(entries.filter(({ any }) => any)) };
};

module.exports = { GLIBC, KINDS, allowedFunctions, allowedLibraries, functions, libraries };
