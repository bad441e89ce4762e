/**
 * Hands out addresses in a `WebAssembly.Memory`, and takes them back when the JavaScript values that own them are
 * garbage-collected.
 *
 * All functions work on the one default allocator, and work detached (`const { alloc } = require('@anireact/lewd')`).
 * {@link Allocator} makes more of them.
 * Every error that they throw themselves has a `code`, see {@link ErrorCode}. In the costs, n is the number of free
 * spans; what happens only when the memory changes (growth, handlers, respawns) comes on top.
 *
 * A memory that was grown by others (`memory.grow()`, or `memory.grow` in a module) is noticed by the next call, of any
 * function here: it uses the new pages and sends the events, so it may throw what a handler threw.
 *
 * @packageDocumentation
 */

/**
 * A WebAssembly 32-bit integer. As an address it is signed, as WebAssembly hands it on: from 2 GiB up it is negative,
 * and `address >>> 0` is the offset in bytes. As a size, integers from -2^31 to 2^32 - 1 are taken modulo 2^32.
 */
export type i32 = number;

/** A WebAssembly 64-bit float: any JavaScript number. Sizes up to 4 GiB are exact. */
export type f64 = number;

/**
 * The value whose life is the allocation's life: an object, a function, or a symbol that is not registered (a symbol of
 * `Symbol.for()` is never collected, so it is refused). As token of a handler a symbol is taken from Node.js 18.20 on.
 */
export type Token = object | symbol;

// error codes, from src/addon/contract.h by npm run generate
/**
 * What the `code` of an error tells.
 *
 * | code | class | when |
 * | --- | --- | --- |
 * | `ERR_LEWD_INVALID_ARG_TYPE` | `TypeError` | an argument of the wrong type |
 * | `ERR_LEWD_INVALID_ARG_VALUE` | `TypeError` | an unknown type of event; a registered symbol as token; a symbol as token of a handler before Node.js 18.20 |
 * | `ERR_LEWD_OUT_OF_RANGE` | `RangeError` | a number that is 0 where it must not be, a fraction, NaN, or too large |
 * | `ERR_LEWD_OUT_OF_MEMORY` | `RangeError` | the memory can't grow any more, and a full garbage collection freed nothing that helps; the message names the limit that was met and what raises it |
 * | `ERR_LEWD_BUSY` | `Error` | `trim()` inside a handler, a spawn, a respawn or `pin()`, or while a promise that a spawn or a respawn returned is pending |
 * | `ERR_LEWD_ASYNC` | `TypeError` | a function given to `withOwner()` or `pin()` returned a promise or another thenable: it would go on after them |
 * | `ERR_LEWD_IN_USE` | `Error` | `configure()` after the first use |
 * | `ERR_LEWD_INVALID_POINTER` | `RangeError` | no live allocation begins at that address; nothing has changed |
 * | `ERR_LEWD_FIXED_MEMORY` | `Error` | `trim()` of a memory that is fixed, or that two allocators share |
 * | `ERR_LEWD_OVERLAP` | `Error` | another allocator, of this copy of the package or another one, hands out bytes of the memory |
 * | `ERR_LEWD_NOT_FREE` | `Error` | `reserve()` of bytes of which some are in use |
 * | `ERR_LEWD_DISPOSED` | `Error` | the allocator, or the block, was disposed of |
 * | `ERR_LEWD_NODE_API` | `Error` | Node.js refused a call, as it does in an environment that ends |
 * | `ERR_LEWD_HANDLERS` | `AggregateError` | several handlers or respawns threw; what they threw is in `errors` |
 * | `ERR_LEWD_UNSUPPORTED_MEMORY` | `TypeError` | a memory that is shared, of 64-bit addresses, or frozen was passed in |
 * | `ERR_LEWD_NO_BINARY` | `Error` | the package is loaded where it has no binary; the message has the command that makes one |
 * | `ERR_LEWD_NO_WEBASSEMBLY` | `Error` | the package is loaded where there is no WebAssembly: `node --jitless` |
 */
export type ErrorCode =
    | 'ERR_LEWD_INVALID_ARG_TYPE'
    | 'ERR_LEWD_INVALID_ARG_VALUE'
    | 'ERR_LEWD_OUT_OF_RANGE'
    | 'ERR_LEWD_OUT_OF_MEMORY'
    | 'ERR_LEWD_BUSY'
    | 'ERR_LEWD_ASYNC'
    | 'ERR_LEWD_IN_USE'
    | 'ERR_LEWD_INVALID_POINTER'
    | 'ERR_LEWD_FIXED_MEMORY'
    | 'ERR_LEWD_OVERLAP'
    | 'ERR_LEWD_NOT_FREE'
    | 'ERR_LEWD_DISPOSED'
    | 'ERR_LEWD_NODE_API'
    | 'ERR_LEWD_HANDLERS'
    | 'ERR_LEWD_UNSUPPORTED_MEMORY'
    | 'ERR_LEWD_NO_BINARY'
    | 'ERR_LEWD_NO_WEBASSEMBLY';
// end of error codes

/**
 * The memory was replaced or grew: sent after every {@link Grow} and every {@link Trim}. Sent alone, with equal sizes, where
 * others replaced the buffer only (`memory.grow(0)`, `memory.toResizableBuffer()`): views must be made anew.
 */
export interface Resize {
    readonly type: 'resize';
    readonly info: Resize.Info;
}

export namespace Resize {
    /** What changed. Frozen, and the same object for both events of one change. */
    interface Info {
        /** Size of the memory before the change, in bytes. */
        readonly oldSize: f64;

        /** Size of the memory after the change, in bytes. */
        readonly newSize: f64;

        /** The active memory, at whatever time it is read. */
        readonly memory: Memory;

        /** The active memory's buffer, at whatever time it is read. */
        readonly buffer: ArrayBuffer;
    }

    type Handler = (event: Resize) => void;
}

/** The memory grew: it is the same one, its buffer is new, and every view of the old buffer is detached. */
export interface Grow {
    readonly type: 'grow';
    readonly info: Resize.Info;
}

export namespace Grow {
    type Handler = (event: Grow) => void;
}

/** The allocator has migrated to a new, smaller memory. The respawns have run. */
export interface Trim {
    readonly type: 'trim';
    readonly info: Resize.Info;
}

export namespace Trim {
    type Handler = (event: Trim) => void;
}

/**
 * An allocation is about to fail: the memory can't grow, and the collector had its try. What a handler frees or lets go of
 * may make room: it is tried once more before the error. What handlers ask for themselves is refused without another event.
 */
export interface Oom {
    readonly type: 'oom';
    readonly info: Oom.Info;
}

export namespace Oom {
    /** What was asked for. Frozen. */
    interface Info {
        /** Bytes asked for, before rounding. */
        readonly requested: f64;

        /** Size of the working span, in bytes. */
        readonly total: f64;

        /** What the memory may grow to, in bytes. */
        readonly maximum: f64;
    }

    type Handler = (event: Oom) => void;
}

/**
 * The active memory. Read it where it is used: growth keeps it, {@link trim} replaces it. The binding of an ECMAScript
 * `import` and the property of a CommonJS `require()` follow; a copy in a variable does not.
 */
export const memory: Memory;

/**
 * The active memory's buffer. Growth and {@link trim} both replace it and detach the old one, so views of it must be
 * made anew: in a handler of `'resize'`, or at each use.
 *
 * As a binding of an ECMAScript `import` it can't look at the memory: after others grew it (`memory.grow` in a module) it is
 * the old buffer, detached and so of length 0, until the next call of any function here. Read `memory.buffer` where that may
 * happen. The property of a CommonJS `require()` looks, and is never detached.
 */
export const buffer: ArrayBuffer;

/**
 * Tells where `alloc(size, token)` would place `size` bytes now, and reserves nothing: a scratch address, valid until
 * the next allocation. Grows the memory when nothing fits. O(log n); asked again for the same size while nothing has
 * changed, O(1) and no call into C.
 *
 * @param size bytes, 1 to 2^32 - 1 (or the same as a negative i32); rounded up to a multiple of 16
 * @param alignment of the address, in bytes: a power of two up to 65,536. Below 16 it is 16, which is the default; above it
 * costs O(log n + m), m the free spans of sizes in [`size`, `size + alignment`)
 * @returns the address, a multiple of 16; 0 is one
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `size` is not a number
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_RANGE`) if `size` is 0, fractional, NaN or outside its range
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_MEMORY`) if the memory cannot grow as far as needed; nothing has changed
 * @throws what a handler threw, if the memory grew
 */
export function alloc(size: i32, token?: undefined, alignment?: i32): i32;

/**
 * Reserves `size` bytes until `token` is collected: best fit, of equal spans the lowest, from its low end. The bytes
 * are not cleared. Any number of allocations may share a token; the allocator never keeps it alive. Grows the memory
 * when nothing fits, by what is missing or an eighth, whichever is more. O(log n).
 *
 * The address is as good as the token: while code inside WebAssembly uses the address, keep the token reachable.
 *
 * @param size bytes, 1 to 2^32 - 1 (or the same as a negative i32); rounded up to a multiple of 16
 * @param token owns the allocation
 * @param alignment of the address, in bytes: a power of two up to 65,536. Below 16 it is 16, which is the default; above it
 * costs O(log n + m), m the free spans of sizes in [`size`, `size + alignment`)
 * @returns the address, a multiple of 16; 0 is one
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `size` is not a number, or `token` is a primitive other than a
 * symbol (`null` too)
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_VALUE`) if `token` is a registered symbol
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_RANGE`) if `size` is 0, fractional, NaN or outside its range
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_MEMORY`) if the memory cannot grow as far as needed; nothing has changed
 * @throws what a handler threw, if the memory grew; then nothing is allocated
 */
export function alloc(size: i32, token: Token, alignment?: i32): i32;

/**
 * Gives the pages after the last used byte back, by migrating to a new memory of the fewest pages that hold the used
 * run: never below one page, nor below the size that a memory given to {@link configure} had then. Used bytes keep
 * their addresses and their contents. Then the respawns run, in the order bound, then the handlers of `'trim'` and of
 * `'resize'`; the old buffer is detached. If no page can go, nothing changes. O(used bytes + used spans).
 *
 * What lies below the base, and what is reserved, is then as it was before: where the data segments of a respawned module
 * wrote over it, it is put back.
 *
 * @throws `Error` (`ERR_LEWD_BUSY`) inside a handler, a spawn, a respawn or {@link Block.pin}, and while a promise that a
 * spawn or a respawn returned is pending: see {@link bind}
 * @throws `Error` (`ERR_LEWD_FIXED_MEMORY`) if the memory is fixed, or shared with another allocator
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_MEMORY`) if the new memory cannot be had; nothing has changed
 * @throws what a respawn or a handler threw, after all of them ran: the error, or, of several, an
 * `AggregateError` (`ERR_LEWD_HANDLERS`)
 */
export function trim(): void;

/**
 * Binds a module's instance to the memory. Calls `spawn` at once, and `respawn` after each migration, to build the
 * instance anew over {@link memory}. O(1).
 *
 * If either returns a promise, {@link trim} throws (`ERR_LEWD_BUSY`) until it is settled, fulfilled or rejected: an instance
 * that is being built imports the memory that is active now. A promise that never settles keeps `trim()` from working for as
 * long as something refers to it. Promises are looked at, and no handler is added to them: a rejection that the program does
 * not handle is reported. A thenable that is no `Promise` is not waited for.
 *
 * @param spawn builds the first instance
 * @param respawn replaces it; kept for as long as the allocator lives
 * @returns what `spawn` returned, as it is
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if either is not a function
 * @throws what `spawn` threw; then nothing is bound
 */
export function bind<T>(spawn: () => T, respawn: () => unknown): T;

/** Settings of an allocator. */
export interface Configuration {
    /**
     * The memory to work on, of any realm, not shared, of 32-bit addresses: made by you and imported by a module, or
     * exported by it. Its size is the least that {@link trim} leaves. Where its buffer is resizable (Node.js 26), that of the
     * memory that {@link trim} makes is not. Default: a new one.
     */
    memory?: Memory | undefined;

    /** Pages of 64 KiB that a new memory has, and the least that {@link trim} leaves of it. Default: 1. */
    initial?: i32 | undefined;

    /**
     * The maximum that `memory` was declared with, in pages of 64 KiB: it never grows beyond, and memories that replace
     * it declare it again. Default: 65,536.
     */
    maximum?: i32 | undefined;

    /**
     * First byte that is handed out, rounded up to a multiple of 16: for a module with data, its `__heap_base`. Below it
     * {@link trim} keeps all as it is. Default: 0.
     */
    base?: f64 | Global | undefined;

    /**
     * End of what is handed out, in bytes, rounded down to a multiple of 16. If the memory reaches beyond, its end is
     * somebody else's, and {@link trim} gives nothing back. Default: the end of the memory, wherever that is.
     */
    limit?: f64 | Global | undefined;

    /** The memory cannot be replaced, since a module exports it: {@link trim} throws. Default: false. */
    fixed?: boolean | undefined;

    /** Pages by which the memory grows, or by what is missing if that is more. Default: an eighth of its size. */
    growth?: i32 | undefined;
}

/**
 * Sets the default allocator up. Once, and before the first use. From `base` on, all of the memory is free then: what lies in
 * it already is not spared.
 *
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `configuration` is no object, or a setting of the wrong type
 * @throws `TypeError` (`ERR_LEWD_UNSUPPORTED_MEMORY`) if `memory` is shared, of 64-bit addresses, or frozen
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_RANGE`) if a number is not an integer in its range, `maximum` is below the
 * memory's size or `initial`, or `limit` is not above `base`
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_MEMORY`) if the memory cannot be had
 * @throws `Error` (`ERR_LEWD_OVERLAP`) if another allocator, of this copy of the package or another one in the thread, hands
 * out bytes between `base` and `limit` of that memory
 * @throws `Error` (`ERR_LEWD_IN_USE`) after the first use
 */
export function configure(configuration: Configuration): void;

/**
 * Calls `fn` at each event of that type until `token` is collected. A change sends `'grow'` or `'trim'`, then
 * `'resize'`. Added once per type, token and function. `fn` lives as long as `token`, and the registry never keeps
 * `token` alive, not even when `fn` closes over it. Handlers may call {@link alloc}, {@link on} and {@link off}, but
 * not {@link trim}. O(1).
 *
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `token` cannot be held weakly or `fn` is not a function
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_VALUE`) if `type` is unknown or `token` is a registered symbol; before Node.js
 * 18.20, if it is any symbol
 */
export function on(type: 'resize', token: Token, fn: Resize.Handler): void;
export function on(type: 'grow', token: Token, fn: Grow.Handler): void;
export function on(type: 'trim', token: Token, fn: Trim.Handler): void;
export function on(type: 'oom', token: Token, fn: Oom.Handler): void;

/**
 * Takes the handler `fn` of `token` away; without `fn`, all handlers of that type that `token` has. Does nothing if
 * there is none. O(handlers of the token).
 *
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `token` cannot be held weakly or `fn` is not a function
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_VALUE`) if `type` is unknown or `token` is a registered symbol
 */
export function off(type: 'resize', token: Token, fn?: Resize.Handler): void;
export function off(type: 'grow', token: Token, fn?: Grow.Handler): void;
export function off(type: 'trim', token: Token, fn?: Trim.Handler): void;
export function off(type: 'oom', token: Token, fn?: Oom.Handler): void;

/** Size of the working span, which is all of the memory by default, in bytes: `used() + free() + reserved()`. O(1). */
export function total(): f64;

/** Sum of the used spans, in bytes, rounding included. O(1). */
export function used(): f64;

/** Bytes from the first used or reserved one to the end of the last one, gaps included; 0 if there is none. O(1). */
export function usedRun(): f64;

/** Sum of the free spans, in bytes. O(1). */
export function free(): f64;

/** Free bytes before the first used or reserved one; all of them if there is none. O(1). */
export function headFree(): f64;

/** Free bytes after the last used or reserved one; all of them if there is none. O(1). */
export function tailFree(): f64;

/** Size of the largest free span, in blocks of 16 bytes; 0 if there is none. O(log n); O(1) while nothing has changed. */
export function largestFree(): i32;

/** Sum of the reserved spans, in bytes; 16 of them once a function of {@link c} has taken out the block of address 0. O(1). */
export function reserved(): f64;

/**
 * Makes an allocation weak: it is freed when `token` is collected, whoever owned it before. O(1).
 *
 * @param pointer what {@link alloc} or a function of {@link c} returned
 * @throws `RangeError` (`ERR_LEWD_INVALID_POINTER`) if no live allocation begins there
 * @throws `TypeError` as {@link alloc} does for `token`
 */
export function weaken(pointer: i32, token: Token): void;

/**
 * Makes an allocation strong: it lives until it is freed by `c.free`. O(1). What {@link alloc} placed at address 0 only
 * {@link weaken} can end: to C's functions it is a null pointer. With a base of 16 or more nothing lies there.
 *
 * @throws `RangeError` (`ERR_LEWD_INVALID_POINTER`) if no live allocation begins there
 */
export function strengthen(pointer: i32): void;

/**
 * Takes bytes out of what is handed out, for good: a module's data, a stack. Blocks of 16 bytes that lie in it only in part
 * count as a whole. {@link trim} keeps them, as they were. O(spans).
 *
 * @param address of the first byte
 * @param size bytes, 1 to 2^32 - 1
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if either is not a number
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_RANGE`) if they do not lie within the working span as it is now
 * @throws `Error` (`ERR_LEWD_NOT_FREE`) if some of them are used, or reserved already
 */
export function reserve(address: i32, size: i32): void;

/**
 * Grows the memory, and sends the events.
 *
 * @param pages of 64 KiB, 0 to 65,536
 * @returns its size before, in pages
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_MEMORY`) if it can't
 * @throws `TypeError` or `RangeError` if `pages` is no such number
 * @throws what a handler threw; the memory has grown
 */
export function grow(pages: i32): i32;

/**
 * What a function may return that ends before the call which it is given to: anything but a promise, or another thenable.
 * Such a function is refused at compile time, and where the compiler can't see it by `ERR_LEWD_ASYNC`.
 */
export type Sync<T> = T extends PromiseLike<unknown> ? never : T;

/**
 * Keeps `token` alive until this call. V8 may collect a value as soon as nothing uses it any more, though a variable still has
 * it; what a token owns could then be handed out anew while a module works on it. So call this after the last use of the
 * address, with an `await` in between too. A native call, some 10 ns.
 *
 * @param token of any allocator: a block too, or the object that owns a block
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if it can't be held weakly
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_VALUE`) if it is a registered symbol
 */
export function keepAlive(token: Token): void;

/**
 * Calls `fn(token)`, and returns what it returns. What the functions of {@link c} allocate meanwhile, for a module or for
 * JavaScript, belongs to `token`: it is freed when that is collected, unless `free` came first. So a C object of several
 * parts, made by a function of its module, can belong to one JavaScript object, and needs no destructor.
 *
 * - Only what this allocator hands out, and only until `fn` ends, by a result, a throw or a termination. Inner calls come first.
 * - `realloc` leaves a pointer that was made before to its owner, or strong if it has none. {@link weaken} and
 *   {@link strengthen} change an owner later.
 * - What handlers of events, spawns and respawns allocate meanwhile is not owned by `token`.
 *
 * One guarded call, some 0.2 us; each allocation costs what {@link alloc} with a token costs.
 *
 * @param token see {@link alloc}; alive until `fn` ends
 * @param fn returns no promise: what it does later would not be owned
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `token` can't be held weakly, or `fn` is no function
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_VALUE`) if `token` is a registered symbol
 * @throws `TypeError` (`ERR_LEWD_ASYNC`) if `fn` returned a thenable; what was allocated is owned
 * @throws what `fn` threw; what was allocated is owned
 */
export function withOwner<K extends Token, T>(token: K, fn: (token: K) => Sync<T>): T;

/**
 * Allocates bytes for a scope: `using bytes = block(64)`. Its token is itself.
 *
 * @param size bytes, 1 to 2^32 - 1
 * @param alignment see {@link alloc}
 * @throws what {@link alloc} throws
 */
export function block(size: i32, alignment?: i32): Block;

/**
 * Some bytes, freed by `dispose()`, at the end of the scope of a `using` declaration, or when neither the block nor one of
 * its views is reachable any more. Each view covers the block, as far as whole elements fit; ask for it where you use it:
 * it is made anew after the buffer has changed.
 *
 * Once disposed of, it throws (`ERR_LEWD_DISPOSED`).
 */
export interface Block extends Scoped {
    readonly address: i32;

    /** Bytes asked for. */
    readonly size: f64;

    readonly i8: Int8Array;
    readonly u8: Uint8Array;
    readonly i16: Int16Array;
    readonly u16: Uint16Array;
    readonly i32: Int32Array;
    readonly u32: Uint32Array;
    readonly i64: BigInt64Array;
    readonly u64: BigUint64Array;
    readonly f32: Float32Array;
    readonly f64: Float64Array;
    readonly data: DataView;

    /**
     * Calls `fn(address, u8)`, and returns what it returns. Until it ends the block is alive and in place: it can't be
     * disposed of, nor the memory trimmed (`ERR_LEWD_BUSY` for both). Pins may be nested. The memory may grow meanwhile: then
     * the bytes stay where they are, and `u8` is detached; take a new view from the block.
     *
     * One guarded call, some 0.3 us.
     *
     * @param fn gets the address of the block and a view of its bytes; returns no promise: what it does later is not pinned
     * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `fn` is no function
     * @throws `TypeError` (`ERR_LEWD_ASYNC`) if `fn` returned a thenable
     * @throws `Error` (`ERR_LEWD_DISPOSED`) if the block, or its allocator, was disposed of; `fn` is not called
     * @throws what `fn` threw
     */
    pin<T>(fn: (address: i32, u8: Uint8Array) => Sync<T>): T;

    /**
     * Frees the bytes at once. Does nothing if they are freed already, or have another owner by now. O(log n).
     *
     * @throws `Error` (`ERR_LEWD_BUSY`) within {@link pin}
     */
    dispose(): void;
}

/**
 * C's memory management functions, with the meaning that C11 gives them (7.22.3), over one allocator. They can be a module's
 * imports as they are: `{ env: { memory, ...c } }`.
 *
 * Where C leaves a choice: a size of 0 allocates the smallest block. `free`, `realloc` and `malloc_usable_size` take whatever
 * the allocator handed out, weak pointers too. An address that is none throws a `RangeError` (`ERR_LEWD_INVALID_POINTER`) and
 * changes nothing. What handlers throw meanwhile is thrown later, in a microtask of its own: it must not unwind the stack of
 * a module.
 */
export interface C {
    /** Allocates `size` bytes, until they are freed; see {@link withOwner}. Returns 0 if it can't. O(log n). */
    malloc(size: i32): i32;

    /** Allocates `count * size` bytes of zeros. Returns 0 if it can't, or if the product exceeds 2^32 - 1. */
    calloc(count: i32, size: i32): i32;

    /**
     * Changes the size, in place where that is possible; else allocates, copies and frees. A weak pointer keeps its token.
     * Returns 0 if it can't; then `pointer` is as it was. `pointer` 0: as `malloc`.
     */
    realloc(pointer: i32, size: i32): i32;

    /** As `malloc`, at a multiple of `alignment`, a power of two up to 65,536. Returns 0 for any other. */
    aligned_alloc(alignment: i32, size: i32): i32;

    /** Frees. 0: does nothing. O(log n). */
    free(pointer: i32): void;

    /** Bytes from `pointer` that may be used: the size, rounded up to 16. 0: 0. O(1). */
    malloc_usable_size(pointer: i32): f64;
}

/** C's functions over the default allocator: also what `@anireact/lewd/c` exports. */
export const c: Readonly<C>;

/**
 * An allocator of its own, over a memory of its own or over one passed in. All the functions above as methods. What
 * it handed out is given up with it, when it is dropped or disposed of.
 */
export interface Allocator extends Scoped {}
export class Allocator {
    /** @throws what {@link configure} throws, but for `ERR_LEWD_IN_USE` */
    constructor(configuration?: Configuration);

    /** See {@link memory}. */
    readonly memory: Memory;

    /** See {@link buffer}. */
    readonly buffer: ArrayBuffer;

    /** C's functions over this allocator. */
    readonly c: Readonly<C>;

    alloc(size: i32, token?: undefined, alignment?: i32): i32;
    alloc(size: i32, token: Token, alignment?: i32): i32;
    trim(): void;
    bind<T>(spawn: () => T, respawn: () => unknown): T;
    on(type: 'resize', token: Token, fn: Resize.Handler): void;
    on(type: 'grow', token: Token, fn: Grow.Handler): void;
    on(type: 'trim', token: Token, fn: Trim.Handler): void;
    on(type: 'oom', token: Token, fn: Oom.Handler): void;
    off(type: 'resize', token: Token, fn?: Resize.Handler): void;
    off(type: 'grow', token: Token, fn?: Grow.Handler): void;
    off(type: 'trim', token: Token, fn?: Trim.Handler): void;
    off(type: 'oom', token: Token, fn?: Oom.Handler): void;
    total(): f64;
    used(): f64;
    usedRun(): f64;
    free(): f64;
    headFree(): f64;
    tailFree(): f64;
    reserved(): f64;
    largestFree(): i32;
    weaken(pointer: i32, token: Token): void;
    strengthen(pointer: i32): void;
    reserve(address: i32, size: i32): void;
    grow(pages: i32): i32;
    block(size: i32, alignment?: i32): Block;
    withOwner<K extends Token, T>(token: K, fn: (token: K) => Sync<T>): T;

    /** Frees everything at once; whatever is called afterwards throws (`ERR_LEWD_DISPOSED`). Once more does nothing. */
    dispose(): void;
}

/** `WebAssembly.Memory` where a library declares it (TypeScript's `dom` does, Node.js's do not), else its shape. */
type Memory = typeof globalThis extends { WebAssembly: { Memory: { prototype: infer M } } }
    ? M
    : { readonly buffer: ArrayBuffer; grow(delta: number): number };

/**
 * `Disposable`, for `using` declarations, where a library declares `Symbol.dispose`: TypeScript's `esnext.disposable` from
 * version 5.2 on, or Node.js's types. Nothing elsewhere, so that older compilers take these types.
 */
type Scoped = SymbolConstructor extends { readonly dispose: infer K extends symbol } ? { [key in K]: () => void } : {};

/** A `WebAssembly.Global`, such as a module's `__heap_base`. */
type Global = { readonly value: any };

export {};
