/*
 * contract.h: the lists that C, JavaScript, the types and the documentation share. A list is a macro of rows, X(...).
 * C expands it. JavaScript reads limits and indexes from the binding's `layout`. `npm run generate` writes tables of
 * the documentation and of index.d.ts from the lists of codes and settings, and compares those of arguments, states
 * and events with them: the rows of these five have names and strings only.
 */
#ifndef LEWD_CONTRACT_H
#define LEWD_CONTRACT_H

/* Pages as WebAssembly has them: their size, in bytes, and how many a memory has at most. */
#define LEWD_PAGE 65536u
#define LEWD_MAX_PAGES 65536u

/* Limits: X(name, value). MAX_BYTES is the size of the largest memory, and MAX_ALIGNMENT is in bytes: see heap.h. */
#define LEWD_LIMITS(X)                                                                                                 \
    X(BLOCK, LEWD_BLOCK)                                                                                               \
    X(PAGE, LEWD_PAGE)                                                                                                 \
    X(MAX_PAGES, LEWD_MAX_PAGES)                                                                                       \
    X(MAX_BYTES, LEWD_BLOCK *(double)LEWD_MAX_BLOCKS)                                                                  \
    X(MAX_ALIGNMENT, LEWD_BLOCK *(double)LEWD_MAX_ALIGNMENT)                                                           \
    X(ANSWERS, LEWD_ANSWERS)

/* Codes of errors: X(code, class, cause). ERR_LEWD_HANDLERS and ERR_LEWD_NO_BINARY are thrown by JavaScript alone. */
#define LEWD_ERROR_CODES(X)                                                                                            \
    X(ERR_LEWD_INVALID_ARG_TYPE, TypeError, "an argument has the wrong type")                                          \
    X(ERR_LEWD_INVALID_ARG_VALUE, TypeError,                                                                           \
      "an unknown type of event or an unknown setting; a registered symbol as a token; a symbol as the token of a "    \
      "handler before Node.js 18.20")                                                                                  \
    X(ERR_LEWD_OUT_OF_RANGE, RangeError,                                                                               \
      "a number is 0 or negative where it must not be, is no whole number, or is too large")                           \
    X(ERR_LEWD_OUT_OF_MEMORY, RangeError,                                                                              \
      "the memory can't grow, and a full garbage collection freed too little; the message names the limit and "        \
      "says how to raise it")                                                                                          \
    X(ERR_LEWD_BUSY, Error,                                                                                            \
      "`trim()` was called inside a handler, a spawn, a respawn or `pin()`, or while a promise of a spawn or a "       \
      "respawn is pending; `dispose()` of a block was called inside its `pin()`")                                      \
    X(ERR_LEWD_ASYNC, TypeError,                                                                                       \
      "a function that was passed to `withOwner()` or `pin()` returned a promise or another thenable")                 \
    X(ERR_LEWD_IN_USE, Error, "`configure()` was called after the first use")                                          \
    X(ERR_LEWD_INVALID_POINTER, RangeError, "no live allocation begins at the address; nothing has changed")           \
    X(ERR_LEWD_FIXED_MEMORY, Error, "`trim()` of a memory that is `fixed`, or that two allocators share")              \
    X(ERR_LEWD_OVERLAP, Error,                                                                                         \
      "another allocator, of this copy of the package or of another one, hands out bytes of the same range")           \
    X(ERR_LEWD_NOT_FREE, Error, "`reserve()` of bytes of which some are in use or reserved")                           \
    X(ERR_LEWD_DISPOSED, Error, "the allocator or the block was disposed of")                                          \
    X(ERR_LEWD_NODE_API, Error, "Node.js refused a call, as it does in an environment that ends")                      \
    X(ERR_LEWD_HANDLERS, AggregateError, "several handlers or respawns threw; `errors` has their errors")              \
    X(ERR_LEWD_UNSUPPORTED_MEMORY, TypeError, "the memory is shared, has 64-bit addresses, or is frozen")              \
    X(ERR_LEWD_NO_BINARY, Error,                                                                                       \
      "the package found no binary when it was loaded; the message has the command that provides one")                 \
    X(ERR_LEWD_NO_WEBASSEMBLY, Error, "the package was loaded where there is no WebAssembly: `node --jitless`")

/*
 * Rules for arguments: X(name, code, test, message). Rules of one name are tested in order, by the tests of errors.c. A
 * rule without a test (NULL) is for callers that test by themselves, and then throw it by name.
 */
#define LEWD_ARGUMENTS(X)                                                                                              \
    X(size, ERR_LEWD_INVALID_ARG_TYPE, is_number, "size must be a number of bytes")                                    \
    X(size, ERR_LEWD_OUT_OF_RANGE, is_size, "size must be a whole number of bytes, 1 to 4294967295")                   \
    X(registered, ERR_LEWD_INVALID_ARG_VALUE, NULL,                                                                    \
      "token must not be a symbol of Symbol.for(), which is never collected")                                          \
    X(token, ERR_LEWD_INVALID_ARG_VALUE, NULL,                                                                         \
      "token must be an object or a function, since this version of Node.js holds no symbol weakly")                   \
    X(token, ERR_LEWD_INVALID_ARG_TYPE, is_token,                                                                      \
      "token must be an object, a function, or a symbol that is not registered")                                       \
    X(fn, ERR_LEWD_INVALID_ARG_TYPE, is_function, "fn must be a function")                                             \
    X(spawn, ERR_LEWD_INVALID_ARG_TYPE, is_function, "spawn must be a function")                                       \
    X(respawn, ERR_LEWD_INVALID_ARG_TYPE, is_function, "respawn must be a function")                                   \
    X(options, ERR_LEWD_INVALID_ARG_TYPE, is_object, "the settings must be an object")                                 \
    X(options, ERR_LEWD_INVALID_ARG_TYPE, NULL,                                                                        \
      "the settings must be an object with members: { memory }, not a memory")                                         \
    X(setting, ERR_LEWD_INVALID_ARG_VALUE, NULL,                                                                       \
      "a setting must be one of memory, initial, maximum, base, limit, fixed, growth")                                 \
    X(maximum, ERR_LEWD_INVALID_ARG_TYPE, is_number, "maximum must be a number of pages")                              \
    X(maximum, ERR_LEWD_OUT_OF_RANGE, is_pages, "maximum must be a whole number of pages, 1 to 65536")                 \
    X(maximum, ERR_LEWD_OUT_OF_RANGE, NULL, "maximum must not be below the number of pages that the memory has")       \
    X(memory, ERR_LEWD_INVALID_ARG_TYPE, NULL, "memory must be a WebAssembly.Memory")                                  \
    X(type, ERR_LEWD_INVALID_ARG_VALUE, is_event, "type must be 'resize', 'grow', 'trim' or 'oom'")                    \
    X(alignment, ERR_LEWD_INVALID_ARG_TYPE, is_number, "alignment must be a number of bytes")                          \
    X(alignment, ERR_LEWD_OUT_OF_RANGE, is_alignment, "alignment must be a power of two, 1 to 65536")                  \
    X(initial, ERR_LEWD_INVALID_ARG_TYPE, is_number, "initial must be a number of pages")                              \
    X(initial, ERR_LEWD_OUT_OF_RANGE, is_pages, "initial must be a whole number of pages, 1 to 65536")                 \
    X(initial, ERR_LEWD_OUT_OF_RANGE, NULL, "initial must not be above maximum")                                       \
    X(fixed, ERR_LEWD_INVALID_ARG_TYPE, is_boolean, "fixed must be true or false")                                     \
    X(growth, ERR_LEWD_INVALID_ARG_TYPE, is_number, "growth must be a number of pages")                                \
    X(growth, ERR_LEWD_OUT_OF_RANGE, is_pages, "growth must be a whole number of pages, 1 to 65536")                   \
    X(pages, ERR_LEWD_INVALID_ARG_TYPE, is_number, "pages must be a number")                                           \
    X(pages, ERR_LEWD_OUT_OF_RANGE, is_pages_or_0, "pages must be a whole number, 0 to 65536")                         \
    X(base, ERR_LEWD_INVALID_ARG_TYPE, is_number, "base must be a number of bytes, or a WebAssembly.Global")           \
    X(base, ERR_LEWD_OUT_OF_RANGE, is_offset, "base must be a whole number of bytes, 0 to 4294967296")                 \
    X(limit, ERR_LEWD_INVALID_ARG_TYPE, is_number, "limit must be a number of bytes, or a WebAssembly.Global")         \
    X(limit, ERR_LEWD_OUT_OF_RANGE, is_offset, "limit must be a whole number of bytes, 0 to 4294967296")               \
    X(limit, ERR_LEWD_OUT_OF_RANGE, NULL, "limit must be above base by a block of 16 bytes at least")                  \
    X(pointer, ERR_LEWD_INVALID_ARG_TYPE, is_number, "pointer must be a number")                                       \
    X(pointer, ERR_LEWD_INVALID_POINTER, NULL, "pointer must be the address of a live allocation")                     \
    X(address, ERR_LEWD_INVALID_ARG_TYPE, is_number, "address must be a number")                                       \
    X(address, ERR_LEWD_OUT_OF_RANGE, NULL, "address must be the first of bytes that all lie in the working span")     \
    X(this, ERR_LEWD_INVALID_ARG_TYPE, NULL, "the receiver must be an Allocator")                                      \
    X(block, ERR_LEWD_INVALID_ARG_TYPE, NULL, "the receiver must be a Block")

/* States in which a call is refused: X(name, code, message). */
#define LEWD_STATES(X)                                                                                                 \
    X(IN_HANDLER, ERR_LEWD_BUSY, "trim() can't run while a handler runs: call it afterwards")                          \
    X(IN_SPAWN, ERR_LEWD_BUSY, "trim() can't run while a spawn or a respawn runs: call it afterwards")                 \
    X(IN_PIN, ERR_LEWD_BUSY, "trim() can't run inside pin(): call it afterwards")                                      \
    X(PENDING, ERR_LEWD_BUSY,                                                                                          \
      "trim() can't run while a promise that a spawn or a respawn returned is pending: await it first")                \
    X(PINNED, ERR_LEWD_BUSY, "a block can't be disposed of inside its pin()")                                          \
    X(ASYNC_OWNER, ERR_LEWD_ASYNC,                                                                                     \
      "the function of withOwner() must not return a promise or another thenable: it has an owner until it returns")   \
    X(ASYNC_PIN, ERR_LEWD_ASYNC,                                                                                       \
      "the function of pin() must not return a promise or another thenable: the block is pinned until it returns")     \
    X(IN_USE, ERR_LEWD_IN_USE, "configure() must be called once, before the allocator is used")                        \
    X(DISPOSED, ERR_LEWD_DISPOSED, "the allocator was disposed of")                                                    \
    X(BLOCK_DISPOSED, ERR_LEWD_DISPOSED, "the block was disposed of, or its allocator was")                            \
    X(FIXED, ERR_LEWD_FIXED_MEMORY, "trim() can't replace the memory: the allocator was made with `fixed: true`")      \
    X(JOINT, ERR_LEWD_FIXED_MEMORY, "trim() can't replace the memory: another allocator hands out bytes of it, too")   \
    X(OVERLAP, ERR_LEWD_OVERLAP,                                                                                       \
      "another allocator hands out bytes of this range of the memory: give each a range by `base` and `limit`, or "    \
      "dispose() of it")                                                                                               \
    X(NOT_FREE, ERR_LEWD_NOT_FREE, "some of these bytes are in use or reserved: reserve() them before other calls")    \
    X(SHARED, ERR_LEWD_UNSUPPORTED_MEMORY, "the memory must not be shared")                                            \
    X(WIDE, ERR_LEWD_UNSUPPORTED_MEMORY, "the memory must have 32-bit addresses")                                      \
    X(FROZEN, ERR_LEWD_UNSUPPORTED_MEMORY, "the memory must be extensible: it was frozen or sealed")                   \
    X(NO_WEBASSEMBLY, ERR_LEWD_NO_WEBASSEMBLY,                                                                         \
      "there is no WebAssembly in this process; Node.js has none with --jitless")                                      \
    X(NO_PAGES, ERR_LEWD_OUT_OF_MEMORY,                                                                                \
      "grow() would exceed the setting `maximum`, or 65536 pages, the most that a memory has")                         \
    X(NO_GROWTH, ERR_LEWD_OUT_OF_MEMORY,                                                                               \
      "the memory did not grow: it was declared with a lower maximum than the setting `maximum`, or the host has no "  \
      "more memory (`ulimit -v`, the limit of a container)")                                                           \
    X(NO_MEMORY, ERR_LEWD_OUT_OF_MEMORY,                                                                               \
      "the host has no room for another WebAssembly.Memory: each reserves up to 10 GiB of address space, which "       \
      "`ulimit -v` limits")

/* Settings of an allocator: X(name, default, meaning), for the documentation. The types are in index.d.ts. */
#define LEWD_SETTINGS(X)                                                                                               \
    X(memory, "a new one",                                                                                             \
      "a `WebAssembly.Memory` that a module imports or exports; "                                                      \
      "[not shared, with 32-bit addresses](modules.md#which-memories-are-served)")                                     \
    X(initial, "1", "pages of 64 KiB that a new memory has")                                                           \
    X(maximum, "65,536", "pages that the memory may grow to: no more than it was declared with")                       \
    X(base, "0",                                                                                                       \
      "first byte that is handed out; a number or a `WebAssembly.Global`: the `__heap_base` of a module with data")    \
    X(limit, "the end of the memory, wherever that is", "end of the bytes that are handed out; as `base`")             \
    X(fixed, "`false`", "the memory can't be replaced, since a module exports it: `trim()` throws")                    \
    X(growth, "an eighth of the size",                                                                                 \
      "pages by which the memory grows, at least; near `maximum`, those that are missing")

/* Types of events: X(type). */
#define LEWD_EVENTS(X) X(resize) X(grow) X(trim) X(oom)

/*
 * The published figures: X(name in C, name in JavaScript), in the order of their indexes in a Uint32Array that C makes.
 * C writes most of them, and JavaScript reads them without a call. The first ones are in blocks.
 *
 *     largestFree    0 if there is no free span, or if it was not asked for since the last change
 *     current        written by JavaScript: 1 if the figures are right until the view of the memory is detached; 0 if
 *                    the next call must look at the memory, or has work to finish. C writes 0: see guard.h
 *     argument ...   arguments and result of the direct functions: see allocate.h and pointers.h
 *     delivering ... count the guarded calls in progress, by their kind: see guard.h
 */
#define LEWD_FIGURES(X)                                                                                                \
    X(TOTAL, total)                                                                                                    \
    X(USED, used)                                                                                                      \
    X(HEAD_FREE, headFree)                                                                                             \
    X(TAIL_FREE, tailFree)                                                                                             \
    X(RESERVED, reserved)                                                                                              \
    X(LARGEST_FREE, largestFree)                                                                                       \
    X(CURRENT, current)                                                                                                \
    X(ARGUMENT, argument)                                                                                              \
    X(SECOND_ARGUMENT, secondArgument)                                                                                 \
    X(RESULT, result)                                                                                                  \
    X(DELIVERING, delivering)                                                                                          \
    X(ASKING, asking)                                                                                                  \
    X(RESPAWNING, respawning)                                                                                          \
    X(SPAWNING, spawning)                                                                                              \
    X(PINNING, pinning)                                                                                                \
    X(OWNING, owning)

/*
 * After the figures come the answers: addresses at which a request of a size fits, valid until the next change of the
 * heap. There is at most one for each remainder of a size by LEWD_ANSWERS, a prime number, so that powers of two have
 * different remainders. First come the sizes in bytes, 0 for no answer, then the addresses.
 */
#define LEWD_ANSWERS 67

enum {
#define LEWD_FIGURE(name, key) LEWD_FIGURE_##name,
    LEWD_FIGURES(LEWD_FIGURE)
#undef LEWD_FIGURE
        LEWD_FIGURE_ASKED,                                 /* the first size of an answer */
    LEWD_FIGURE_ANSWER = LEWD_FIGURE_ASKED + LEWD_ANSWERS, /* the first address */
    LEWD_FIGURE_COUNT = LEWD_FIGURE_ANSWER + LEWD_ANSWERS
};

#endif
