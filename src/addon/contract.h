/*
 * contract.h: what C and JavaScript agree on, written once. A list is a macro of rows, X(...). C expands it; JavaScript reads
 * limits and indexes from the binding's `layout`; `npm run contract` writes the tables of the documentation and the types from
 * the lists of codes, arguments, states, settings and events, whose rows have names and strings only.
 */
#ifndef LEWD_CONTRACT_H
#define LEWD_CONTRACT_H

/* Pages as WebAssembly has them: their size, in bytes, and how many a memory has at most. */
#define LEWD_PAGE 65536u
#define LEWD_MAX_PAGES 65536u

/* Limits: X(name, value). MAX_BYTES is the size of the largest memory, MAX_ALIGNMENT is in bytes; see heap.h for both. */
#define LEWD_LIMITS(X)                                                                                                 \
    X(BLOCK, LEWD_BLOCK)                                                                                               \
    X(PAGE, LEWD_PAGE)                                                                                                 \
    X(MAX_PAGES, LEWD_MAX_PAGES)                                                                                       \
    X(MAX_BYTES, LEWD_BLOCK *(double)LEWD_MAX_BLOCKS)                                                                  \
    X(MAX_ALIGNMENT, LEWD_BLOCK *(double)LEWD_MAX_ALIGNMENT)                                                           \
    X(ANSWERS, LEWD_ANSWERS)

/* Codes of errors: X(code, class, when it is thrown). Only JavaScript throws ERR_LEWD_HANDLERS and ERR_LEWD_NO_BINARY. */
#define LEWD_ERROR_CODES(X)                                                                                            \
    X(ERR_LEWD_INVALID_ARG_TYPE, TypeError, "an argument of the wrong type")                                           \
    X(ERR_LEWD_INVALID_ARG_VALUE, TypeError,                                                                           \
      "an unknown type of event; a registered symbol as token; a symbol as token of a handler before Node.js 18.20")   \
    X(ERR_LEWD_OUT_OF_RANGE, RangeError, "a number that is 0 where it must not be, a fraction, NaN, or too large")     \
    X(ERR_LEWD_OUT_OF_MEMORY, RangeError,                                                                              \
      "the memory can't grow any more, and a full garbage collection freed nothing that helps; the message "           \
      "names the limit that was met and what raises it")                                                               \
    X(ERR_LEWD_BUSY, Error,                                                                                            \
      "`trim()` inside a handler, a spawn, a respawn or `pin()`, or while a promise that a spawn or a respawn "        \
      "returned is pending")                                                                                           \
    X(ERR_LEWD_ASYNC, TypeError,                                                                                       \
      "a function given to `withOwner()` or `pin()` returned a promise or another thenable: it would go on after "     \
      "them")                                                                                                          \
    X(ERR_LEWD_IN_USE, Error, "`configure()` after the first use")                                                     \
    X(ERR_LEWD_INVALID_POINTER, RangeError, "no live allocation begins at that address; nothing has changed")          \
    X(ERR_LEWD_FIXED_MEMORY, Error, "`trim()` of a memory that is fixed, or that two allocators share")                \
    X(ERR_LEWD_OVERLAP, Error,                                                                                         \
      "another allocator, of this copy of the package or another one, hands out bytes of the memory")                  \
    X(ERR_LEWD_NOT_FREE, Error, "`reserve()` of bytes of which some are in use")                                       \
    X(ERR_LEWD_DISPOSED, Error, "the allocator, or the block, was disposed of")                                        \
    X(ERR_LEWD_NODE_API, Error, "Node.js refused a call, as it does in an environment that ends")                      \
    X(ERR_LEWD_HANDLERS, AggregateError, "several handlers or respawns threw; what they threw is in `errors`")         \
    X(ERR_LEWD_UNSUPPORTED_MEMORY, TypeError, "a memory that is shared, of 64-bit addresses, or frozen was passed in") \
    X(ERR_LEWD_NO_BINARY, Error,                                                                                       \
      "the package is loaded where it has no binary; the message has the command that makes one")                      \
    X(ERR_LEWD_NO_WEBASSEMBLY, Error, "the package is loaded where there is no WebAssembly: `node --jitless`")

/*
 * Rules for arguments, tested in order: X(name, code, test, the rule). A rule without a test (NULL) is thrown by name, after
 * the caller has tested. Tests are in errors.c.
 */
#define LEWD_ARGUMENTS(X)                                                                                              \
    X(size, ERR_LEWD_INVALID_ARG_TYPE, is_number, "a size is a number of bytes")                                       \
    X(size, ERR_LEWD_OUT_OF_RANGE, is_size, "a size is 1 to 4294967295 bytes")                                         \
    X(token, ERR_LEWD_INVALID_ARG_VALUE, NULL, "a token is an object, a function, or a symbol that can be collected")  \
    X(token, ERR_LEWD_INVALID_ARG_TYPE, is_token,                                                                      \
      "a token is an object, a function, or a symbol that can be collected")                                           \
    X(fn, ERR_LEWD_INVALID_ARG_TYPE, is_function, "fn is a function")                                                  \
    X(spawn, ERR_LEWD_INVALID_ARG_TYPE, is_function, "spawn is a function")                                            \
    X(respawn, ERR_LEWD_INVALID_ARG_TYPE, is_function, "respawn is a function")                                        \
    X(options, ERR_LEWD_INVALID_ARG_TYPE, is_object, "a configuration is an object")                                   \
    X(maximum, ERR_LEWD_INVALID_ARG_TYPE, is_number, "maximum is a number of pages")                                   \
    X(maximum, ERR_LEWD_OUT_OF_RANGE, is_pages, "maximum is 1 to 65536 pages")                                         \
    X(maximum, ERR_LEWD_OUT_OF_RANGE, NULL, "maximum is no fewer pages than the memory has")                           \
    X(memory, ERR_LEWD_INVALID_ARG_TYPE, NULL, "memory is a WebAssembly.Memory")                                       \
    X(type, ERR_LEWD_INVALID_ARG_VALUE, is_event, "a type is 'resize', 'grow', 'trim' or 'oom'")                       \
    X(alignment, ERR_LEWD_INVALID_ARG_TYPE, is_number, "an alignment is a number of bytes")                            \
    X(alignment, ERR_LEWD_OUT_OF_RANGE, is_alignment, "an alignment is a power of two from 1 to 65536")                \
    X(initial, ERR_LEWD_INVALID_ARG_TYPE, is_number, "initial is a number of pages")                                   \
    X(initial, ERR_LEWD_OUT_OF_RANGE, is_pages, "initial is 1 to 65536 pages")                                         \
    X(initial, ERR_LEWD_OUT_OF_RANGE, NULL, "initial is no more pages than maximum")                                   \
    X(growth, ERR_LEWD_INVALID_ARG_TYPE, is_number, "growth is a number of pages")                                     \
    X(growth, ERR_LEWD_OUT_OF_RANGE, is_pages, "growth is 1 to 65536 pages")                                           \
    X(pages, ERR_LEWD_INVALID_ARG_TYPE, is_number, "pages is a number")                                                \
    X(pages, ERR_LEWD_OUT_OF_RANGE, is_pages_or_0, "pages is 0 to 65536")                                              \
    X(base, ERR_LEWD_INVALID_ARG_TYPE, is_number, "base is a number of bytes, or a WebAssembly.Global")                \
    X(base, ERR_LEWD_OUT_OF_RANGE, is_offset, "base is a whole number of bytes, 0 to 4294967296")                      \
    X(limit, ERR_LEWD_INVALID_ARG_TYPE, is_number, "limit is a number of bytes, or a WebAssembly.Global")              \
    X(limit, ERR_LEWD_OUT_OF_RANGE, is_offset, "limit is a whole number of bytes, 0 to 4294967296")                    \
    X(limit, ERR_LEWD_OUT_OF_RANGE, NULL, "limit is above base, by a block of 16 bytes at least")                      \
    X(pointer, ERR_LEWD_INVALID_ARG_TYPE, is_number, "a pointer is a number")                                          \
    X(pointer, ERR_LEWD_INVALID_POINTER, NULL, "a pointer is the address of a live allocation")                        \
    X(address, ERR_LEWD_INVALID_ARG_TYPE, is_number, "an address is a number")                                         \
    X(address, ERR_LEWD_OUT_OF_RANGE, NULL, "an address is the first of bytes that all lie in the working span")       \
    X(this, ERR_LEWD_INVALID_ARG_TYPE, NULL, "the receiver is an Allocator")                                           \
    X(block, ERR_LEWD_INVALID_ARG_TYPE, NULL, "the receiver is a Block")

/* States in which a call is refused: X(name, code, message). */
#define LEWD_STATES(X)                                                                                                 \
    X(BUSY, ERR_LEWD_BUSY,                                                                                             \
      "trim() can't run inside a handler, a spawn, a respawn or pin(), nor while a promise that a spawn or a "         \
      "respawn returned is pending")                                                                                   \
    X(PINNED, ERR_LEWD_BUSY, "a block can't be disposed of while it is pinned")                                        \
    X(ASYNC, ERR_LEWD_ASYNC,                                                                                           \
      "withOwner() and pin() end with their function, which must not return a promise or another thenable")            \
    X(IN_USE, ERR_LEWD_IN_USE, "configure() must come once, before the allocator is used")                             \
    X(DISPOSED, ERR_LEWD_DISPOSED, "the allocator, or the block, was disposed of")                                     \
    X(FIXED, ERR_LEWD_FIXED_MEMORY, "the memory is fixed, or another allocator's too: it can't be replaced")           \
    X(OVERLAP, ERR_LEWD_OVERLAP, "another allocator hands out bytes of the same memory")                               \
    X(NOT_FREE, ERR_LEWD_NOT_FREE, "some of these bytes are in use")                                                   \
    X(UNSUPPORTED, ERR_LEWD_UNSUPPORTED_MEMORY,                                                                        \
      "a memory that is shared, of 64-bit addresses, or frozen can't be served")                                       \
    X(NO_WEBASSEMBLY, ERR_LEWD_NO_WEBASSEMBLY,                                                                         \
      "there is no WebAssembly in this process; Node.js has none with --jitless")                                      \
    X(NO_PAGES, ERR_LEWD_OUT_OF_MEMORY,                                                                                \
      "the memory can't grow by so many pages: its maximum would be exceeded; `maximum` raises it, up to 65536 pages") \
    X(NO_GROWTH, ERR_LEWD_OUT_OF_MEMORY,                                                                               \
      "the memory did not grow: it was declared with a lower maximum than `maximum` says, or the host has no more "    \
      "memory for it (`ulimit -v`, the limit of a container)")                                                         \
    X(NO_MEMORY, ERR_LEWD_OUT_OF_MEMORY,                                                                               \
      "no room for another WebAssembly.Memory of so many pages: each reserves up to 10 GiB of address space, which "   \
      "`ulimit -v` limits, and has no more pages than `maximum`")

/* Settings of an allocator: X(name, default, what it is), for the documentation. The types are in index.d.ts. */
#define LEWD_SETTINGS(X)                                                                                               \
    X(memory, "a new one",                                                                                             \
      "a `WebAssembly.Memory`: yours, that a module imports, or one that it exports; "                                 \
      "[not shared, of 32-bit addresses](modules.md#which-memories-are-served)")                                       \
    X(initial, "1", "pages of 64 KiB that a new memory has")                                                           \
    X(maximum, "65,536", "pages that the memory may grow to, as it was declared")                                      \
    X(base, "0",                                                                                                       \
      "first byte that is handed out; a number or a `WebAssembly.Global`: the `__heap_base` of a module with data")    \
    X(limit, "the end of the memory, wherever that is", "end of what is handed out, in bytes")                         \
    X(fixed, "`false`", "the memory can't be replaced, since a module exports it: `trim()` throws")                    \
    X(growth, "an eighth of the size", "pages to grow by, or by what is missing if that is more")

/* Types of events: X(type). */
#define LEWD_EVENTS(X) X(resize) X(grow) X(trim) X(oom)

/*
 * The published figures: a Float64Array that C makes and writes, and JavaScript reads without a call. X(name in C, name in
 * JavaScript), in the order of their indexes. Those above `seenSize` are in bytes, but for `largestFree`. Those below it count
 * the guarded calls in progress, by what they run: see guard.h.
 *
 *     largestFree    in blocks; 0 if there is no free span, or if it was not asked for since the last change
 *     seenSize       JavaScript's own: the length of its view of the memory; NaN if the memory is empty
 */
#define LEWD_FIGURES(X)                                                                                                \
    X(TOTAL, total)                                                                                                    \
    X(USED, used)                                                                                                      \
    X(USED_RUN, usedRun)                                                                                               \
    X(FREE, free)                                                                                                      \
    X(HEAD_FREE, headFree)                                                                                             \
    X(TAIL_FREE, tailFree)                                                                                             \
    X(RESERVED, reserved)                                                                                              \
    X(LARGEST_FREE, largestFree)                                                                                       \
    X(SEEN_SIZE, seenSize)                                                                                             \
    X(DELIVERING, delivering)                                                                                          \
    X(ASKING, asking)                                                                                                  \
    X(RESPAWNING, respawning)                                                                                          \
    X(SPAWNING, spawning)                                                                                              \
    X(PINNING, pinning)                                                                                                \
    X(OWNING, owning)

/*
 * After the figures come answers, which hold until the next change: where a request of so many bytes fits. There is at most
 * one for each remainder of the sizes by LEWD_ANSWERS, a prime number, so that powers of two don't share one. First the
 * sizes, NaN for none, then their addresses.
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
