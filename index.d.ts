/**
 * Hands out addresses in a `WebAssembly.Memory`, and takes them back when the JavaScript values that own them are
 * garbage-collected.
 *
 * All functions work on the one default allocator, and work detached (`const { alloc } = require('@anireact/lewd')`).
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
 * The value whose life is the allocation's life: an object, a function, or, from Node.js 20 on, a symbol that is not
 * registered (a symbol of `Symbol.for()` is never collected, so it is refused).
 */
export type Token = object | symbol;

/**
 * What the `code` of an error tells.
 *
 * | code | class | meaning |
 * | --- | --- | --- |
 * | `ERR_LEWD_INVALID_ARG_TYPE` | `TypeError` | an argument is of the wrong type |
 * | `ERR_LEWD_INVALID_ARG_VALUE` | `TypeError` | an unknown type of event, or a registered symbol as token |
 * | `ERR_LEWD_OUT_OF_RANGE` | `RangeError` | a number is 0 where it must not be, fractional, NaN, or too large |
 * | `ERR_LEWD_OUT_OF_MEMORY` | `RangeError` | the memory cannot grow as far as needed; nothing has changed |
 * | `ERR_LEWD_BUSY` | `Error` | `trim()` was called inside a handler or a respawn |
 * | `ERR_LEWD_IN_USE` | `Error` | `configure()` was called after the first use |
 * | `ERR_LEWD_HANDLERS` | `AggregateError` | several handlers or respawns threw; what, is in `errors` |
 * | `ERR_LEWD_NO_BINARY` | `Error` | the package is loaded on a platform that it has no binary for |
 */
export type ErrorCode =
    | 'ERR_LEWD_INVALID_ARG_TYPE'
    | 'ERR_LEWD_INVALID_ARG_VALUE'
    | 'ERR_LEWD_OUT_OF_RANGE'
    | 'ERR_LEWD_OUT_OF_MEMORY'
    | 'ERR_LEWD_BUSY'
    | 'ERR_LEWD_IN_USE'
    | 'ERR_LEWD_HANDLERS'
    | 'ERR_LEWD_NO_BINARY';

/** The memory was replaced or grew: sent after every {@link Grow} and every {@link Trim}. */
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
 * The active memory. Read it where it is used: growth keeps it, {@link trim} replaces it. The binding of an ECMAScript
 * `import` and the property of a CommonJS `require()` follow; a copy in a variable does not.
 */
export const memory: Memory;

/**
 * The active memory's buffer. Growth and {@link trim} both replace it and detach the old one, so views of it must be
 * made anew: in a handler of `'resize'`, or at each use.
 */
export const buffer: ArrayBuffer;

/**
 * Tells where `alloc(size, token)` would place `size` bytes now, and reserves nothing: a scratch address, valid until
 * the next allocation. Grows the memory when nothing fits. O(log n).
 *
 * @param size bytes, 1 to 2^32 - 1 (or the same as a negative i32); rounded up to a multiple of 16
 * @returns the address, a multiple of 16
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `size` is not a number
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_RANGE`) if `size` is 0, fractional, NaN or outside its range
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_MEMORY`) if the memory cannot grow as far as needed; nothing has changed
 * @throws what a handler threw, if the memory grew
 */
export function alloc(size: i32, token?: undefined): i32;

/**
 * Reserves `size` bytes until `token` is collected: best fit, of equal spans the lowest, from its low end. The bytes
 * are not cleared. Any number of allocations may share a token; the allocator never keeps it alive. Grows the memory
 * when nothing fits, by what is missing or an eighth, whichever is more. O(log n).
 *
 * The address is as good as the token: while code inside WebAssembly uses the address, keep the token reachable.
 *
 * @param size bytes, 1 to 2^32 - 1 (or the same as a negative i32); rounded up to a multiple of 16
 * @param token owns the allocation
 * @returns the address, a multiple of 16
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `size` is not a number, or `token` is a primitive other than a
 * symbol (`null` too)
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_VALUE`) if `token` is a registered symbol
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_RANGE`) if `size` is 0, fractional, NaN or outside its range
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_MEMORY`) if the memory cannot grow as far as needed; nothing has changed
 * @throws what a handler threw, if the memory grew; then nothing is allocated
 */
export function alloc(size: i32, token: Token): i32;

/**
 * Gives the pages after the last used byte back, by migrating to a new memory of the fewest pages that hold the used
 * run: never below one page, nor below the size that a memory given to {@link configure} had then. Used bytes keep
 * their addresses and their contents. Then the respawns run, in the order bound, then the handlers of `'trim'` and of
 * `'resize'`; the old buffer is detached. If no page can go, nothing changes. O(used bytes + used spans).
 *
 * @throws `Error` (`ERR_LEWD_BUSY`) inside a handler or a respawn
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_MEMORY`) if the new memory cannot be had; nothing has changed
 * @throws what a respawn or a handler threw, after all of them ran: the error, or, of several, an
 * `AggregateError` (`ERR_LEWD_HANDLERS`)
 */
export function trim(): void;

/**
 * Binds a module's instance to the memory. Calls `spawn` at once, and `respawn` after each migration, to build the
 * instance anew over {@link memory}. Nothing waits for promises.
 *
 * @param spawn builds the first instance
 * @param respawn replaces it; kept for as long as the allocator lives
 * @returns what `spawn` returned, as it is
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if either is not a function
 * @throws what `spawn` threw; then nothing is bound
 */
export function bind<T>(spawn: () => T, respawn: () => void): T;

/** Settings of the default allocator. */
export interface Configuration {
    /** The memory to work on, not a shared one. Its size is the least that {@link trim} leaves. Default: a new one. */
    memory?: Memory | undefined;

    /**
     * The maximum that `memory` was declared with, in pages of 64 KiB: it never grows beyond, and memories that replace
     * it declare it again. Default: 65,536.
     */
    maximum?: i32 | undefined;
}

/**
 * Makes the default allocator work on a memory of yours, or within a maximum. All of the memory is free then: what lies
 * in it already is not spared. Once, and before the first use.
 *
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `configuration` is no object, or a setting of the wrong type
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_RANGE`) if `maximum` is not an integer from 1 to 65,536, or below the memory's
 * size
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
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_VALUE`) if `type` is unknown or `token` is a registered symbol
 */
export function on(type: 'resize', token: Token, fn: Resize.Handler): void;
export function on(type: 'grow', token: Token, fn: Grow.Handler): void;
export function on(type: 'trim', token: Token, fn: Trim.Handler): void;

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

/** Size of the memory that is handed out, in bytes: `used() + free()`. O(1). */
export function total(): f64;

/** Sum of the used spans, in bytes, rounding included. O(1). */
export function used(): f64;

/** Bytes from the first used one to the end of the last one, gaps included; 0 if nothing is used. O(1). */
export function usedRun(): f64;

/** Sum of the free spans, in bytes. O(1). */
export function free(): f64;

/** Free bytes before the first used one; all of them if nothing is used. O(1). */
export function headFree(): f64;

/** Free bytes after the last used one; all of them if nothing is used. O(1). */
export function tailFree(): f64;

/** Size of the largest free span, in blocks of 16 bytes; 0 if there is none. O(log n). */
export function largestFree(): i32;

/** `WebAssembly.Memory` where a library declares it (TypeScript's `dom` does, Node.js's do not), else its shape. */
type Memory = typeof globalThis extends { WebAssembly: { Memory: { prototype: infer M } } }
    ? M
    : { readonly buffer: ArrayBuffer; grow(delta: number): number };

export {};
