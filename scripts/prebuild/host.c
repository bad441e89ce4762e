/*
 * host.c: on Windows, binds the functions of Node-API to the program of the process.
 *
 * The binary names node.exe as the library of these functions, and loads it at the first call. A program that embeds
 * Node.js has another name, and loading node.exe beside it would bring a second one, or fail. Part of the binaries that
 * are compiled on Linux; node-gyp brings a hook of its own.
 */
#include <windows.h>

#include <delayimp.h>
#include <string.h>

static FARPROC WINAPI find_host(unsigned event, PDelayLoadInfo info) {
    if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0)
        return NULL;
    return (FARPROC)(UINT_PTR)GetModuleHandleW(NULL);
}

/* Where the helper that loads libraries looks for a hook. */
extern PfnDliHook __pfnDliNotifyHook2;
PfnDliHook __pfnDliNotifyHook2 = find_host;
