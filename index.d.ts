/**
 * Hands out addresses in a `WebAssembly.Memory`, and frees them when the JavaScript values that own them are
 * garbage-collected.
 *
 * The functions work on the default allocator, and without a receiver: `const { alloc } = require('@anireact/lewd')`.
 * {@link Allocator} makes more allocators. docs/api.md has an example of each function.
 *
 * Every error that the package throws has a `code`: see {@link ErrorCode}. In the costs, n is the number of free spans.
 * A change of the memory (growth, handlers, respawns) costs extra.
 *
 * JavaScript or a module may grow the memory by `memory.grow`. The next call of any function here then uses the new
 * pages and sends the events, so it may throw what a handler threw.
 *
 * @packageDocumentation
 */

/**
 * A WebAssembly 32-bit integer. Addresses are signed, as in WebAssembly: from 2 GiB up they are negative, and
 * `address >>> 0` is the offset in bytes. Sizes and addresses that are passed in are integers from -2^31 to 2^32 - 1,
 * taken modulo 2^32.
 */
export type i32 = number;

/** A WebAssembly 64-bit float: any JavaScript number. Sizes up to 4 GiB are exact. */
export type f64 = number;

/**
 * A value whose life is the life of an allocation: an object, a function, or a symbol that is not registered. A symbol
 * of `Symbol.for()` is registered: it is never collected, and is refused. A symbol can be the token of a handler from
 * Node.js 18.20 on.
 */
export type Token = object | symbol;

// error codes, from src/addon/contract.h by npm run generate
/**
 * The `code` of an error, by its cause:
 *
 * - `ERR_LEWD_INVALID_ARG_TYPE` (`TypeError`):
 *   an argument has the wrong type
 * - `ERR_LEWD_INVALID_ARG_VALUE` (`TypeError`):
 *   an unknown type of event or an unknown setting; a registered symbol as a token; a symbol as the token of a handler
 *   before Node.js 18.20
 * - `ERR_LEWD_OUT_OF_RANGE` (`RangeError`):
 *   a number is 0 or negative where it must not be, is no whole number, or is too large
 * - `ERR_LEWD_OUT_OF_MEMORY` (`RangeError`):
 *   the memory can't grow, and a full garbage collection freed too little; the message names the limit and says how to
 *   raise it
 * - `ERR_LEWD_BUSY` (`Error`):
 *   `trim()` was called inside a handler, a spawn, a respawn or `pin()`, or while a promise of a spawn or a respawn is
 *   pending; `dispose()` of a block was called inside its `pin()`
 * - `ERR_LEWD_ASYNC` (`TypeError`):
 *   a function that was passed to `withOwner()` or `pin()` returned a promise or another thenable
 * - `ERR_LEWD_IN_USE` (`Error`):
 *   `configure()` was called after the first use
 * - `ERR_LEWD_INVALID_POINTER` (`RangeError`):
 *   no live allocation begins at the address; nothing has changed
 * - `ERR_LEWD_FIXED_MEMORY` (`Error`):
 *   `trim()` of a memory that is `fixed`, or that two allocators share
 * - `ERR_LEWD_OVERLAP` (`Error`):
 *   another allocator, of this copy of the package or of another one, hands out bytes of the same range
 * - `ERR_LEWD_NOT_FREE` (`Error`):
 *   `reserve()` of bytes of which some are in use or reserved
 * - `ERR_LEWD_DISPOSED` (`Error`):
 *   the allocator or the block was disposed of
 * - `ERR_LEWD_NODE_API` (`Error`):
 *   Node.js refused a call, as it does in an environment that ends
 * - `ERR_LEWD_HANDLERS` (`AggregateError`):
 *   several handlers or respawns threw; `errors` has their errors
 * - `ERR_LEWD_UNSUPPORTED_MEMORY` (`TypeError`):
 *   the memory is shared, has 64-bit addresses, or is frozen
 * - `ERR_LEWD_NO_BINARY` (`Error`):
 *   the package found no binary when it was loaded; the message has the command that provides one
 * - `ERR_LEWD_NO_WEBASSEMBLY` (`Error`):
 *   the package was loaded where there is no WebAssembly: `node --jitless`
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
 * The memory grew or was replaced. Sent after every {@link Grow} and every {@link Trim}. Sent alone, with equal sizes,
 * if only the buffer was replaced (`memory.grow(0)`, `memory.toResizableBuffer()`): make views anew then, too.
 */
export interface Resize {
    readonly type: 'resize';
    readonly info: Resize.Info;
}

export namespace Resize {
    /** The change. Frozen, and the same object for both events of one change. */
    interface Info {
        /** Size of the memory before the change, in bytes. */
        readonly oldSize: f64;

        /** Size of the memory after the change, in bytes. */
        readonly newSize: f64;

        /** The memory that is active when this is read. */
        readonly memory: Memory;

        /** The buffer of the memory that is active when this is read. */
        readonly buffer: ArrayBuffer;
    }

    /** A handler of `'resize'`. It is called with `this` undefined. */
    type Handler = (event: Resize) => void;
}

/** The memory grew. It is the same memory, its buffer is new, and every view of the old buffer is detached. */
export interface Grow {
    readonly type: 'grow';
    readonly info: Resize.Info;
}

export namespace Grow {
    /** A handler of `'grow'`. It is called with `this` undefined. */
    type Handler = (event: Grow) => void;
}

/** The allocator has migrated to a new, smaller memory. The respawns have run. */
export interface Trim {
    readonly type: 'trim';
    readonly info: Resize.Info;
}

export namespace Trim {
    /** A handler of `'trim'`. It is called with `this` undefined. */
    type Handler = (event: Trim) => void;
}

/**
 * An allocation is about to fail: the memory can't grow, and a forced collection freed too little. The allocation is
 * tried once more when all handlers have run: they may free memory or drop tokens. If an allocation of a handler fails,
 * it throws, and sends no event.
 */
export interface Oom {
    readonly type: 'oom';
    readonly info: Oom.Info;
}

export namespace Oom {
    /** The request. Frozen. */
    interface Info {
        /** Bytes requested, before rounding. */
        readonly requested: f64;

        /** Size of the working span, in bytes. */
        readonly total: f64;

        /** Size that the memory may grow to, in bytes. */
        readonly maximum: f64;
    }

    /** A handler of `'oom'`. It is called with `this` undefined. */
    type Handler = (event: Oom) => void;
}

/**
 * The active memory. Read it where you use it: growth keeps it, {@link trim} replaces it. The binding of an ECMAScript
 * `import` and the property of a CommonJS `require()` follow; a copy in a variable does not. Some 20 ns.
 */
export const memory: Memory;

/**
 * The active memory's buffer. Growth and {@link trim} replace it and detach the old one, so make views anew: at each
 * use, or in a handler of `'resize'`. Some 20 ns.
 *
 * The binding of an ECMAScript `import` can't look at the memory. When a module or JavaScript has grown the memory by
 * `memory.grow`, it is the old buffer, detached and of length 0, until the next call of any function here. Read
 * `memory.buffer` where that may happen. The property of a CommonJS `require()` looks, and is never detached.
 */
export const buffer: ArrayBuffer;

/**
 * Returns the address that `alloc(size, token)` would return now, and reserves nothing: a scratch, valid until the next
 * allocation. Grows the memory if nothing fits. O(log n); O(1), without a call into C, for a size that was asked for
 * since the last change.
 *
 * @param size bytes, 1 to 2^32 - 1 (or the same as a negative i32); rounded up to a multiple of 16
 * @param alignment of the address, in bytes: a power of two from 1 to 65,536. Default: 16, which is also the least.
 * Above 16 the cost is O(log n + m), where m is the number of free spans of sizes in [`size`, `size + alignment`)
 * @returns the address, a multiple of 16; 0 is an address like any other
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `size` or `alignment` is not a number
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_RANGE`) if `size` is 0, fractional, NaN or outside its range, or if
 * `alignment` is not a power of two in its range
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_MEMORY`) if the memory can't grow as far as needed
 * @throws what a handler threw, if the memory grew
 */
export function alloc(size: i32, token?: undefined, alignment?: i32): i32;

/**
 * Reserves `size` bytes until `token` is collected. Takes the smallest free span that fits, of equal ones that at the
 * lowest address, and cuts from its low end. The bytes are not cleared. Any number of allocations may share a token;
 * the allocator does not keep it alive. Grows the memory if nothing fits: by the missing pages, or by an eighth of its
 * size, whichever is more. O(log n).
 *
 * While a module uses the address, keep the token alive: see {@link keepAlive}.
 *
 * @param size bytes, 1 to 2^32 - 1 (or the same as a negative i32); rounded up to a multiple of 16
 * @param token owns the allocation
 * @param alignment of the address, in bytes: a power of two from 1 to 65,536. Default: 16, which is also the least.
 * Above 16 the cost is O(log n + m), where m is the number of free spans of sizes in [`size`, `size + alignment`)
 * @returns the address, a multiple of 16; 0 is an address like any other
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `size` or `alignment` is not a number, or if `token` is `null`
 * or another primitive that is not a symbol
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_VALUE`) if `token` is a registered symbol
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_RANGE`) if `size` is 0, fractional, NaN or outside its range, or if
 * `alignment` is not a power of two in its range
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_MEMORY`) if the memory can't grow as far as needed; nothing is allocated
 * @throws what a handler threw, if the memory grew; nothing is allocated
 */
export function alloc(size: i32, token: Token, alignment?: i32): i32;

/**
 * Gives the pages after the last used byte back: migrates to a new memory of the fewest pages that hold the used bytes.
 * Never goes below 1 page, nor below the size that the memory had when the allocator was configured. Used bytes keep
 * their addresses and contents. Runs the respawns in the order in which they were bound, detaches the old buffer, then
 * calls the handlers of `'trim'` and of `'resize'`. Does nothing if no page can go.
 *
 * Bytes below the base, and reserved bytes, are as before, even if the data segments of a module wrote over them that a
 * respawn has instantiated before it returned. O(used bytes + used spans).
 *
 * @throws `Error` (`ERR_LEWD_BUSY`) inside a handler, a spawn, a respawn or {@link Block.pin}, and while a promise that
 * a spawn or a respawn returned is pending: see {@link bind}
 * @throws `Error` (`ERR_LEWD_FIXED_MEMORY`) if the memory is fixed, or if two allocators share it
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_MEMORY`) if the new memory can't be made; nothing has changed
 * @throws what a respawn or a handler threw, when all of them have run: the error, or an `AggregateError`
 * (`ERR_LEWD_HANDLERS`) of several
 */
export function trim(): void;

/**
 * Binds a module's instance to the memory. Calls `spawn` at once, and `respawn` after each migration, to build the
 * instance anew over {@link memory}. O(1).
 *
 * If either returns a promise, {@link trim} throws (`ERR_LEWD_BUSY`) until that promise is fulfilled or rejected: the
 * instance that is being built imports the memory that is active now. A promise that never settles blocks `trim()` as
 * long as the promise is reachable. No handler is added to promises: Node.js reports a rejection that the program does
 * not handle. `trim()` does not wait for a thenable that is not a `Promise`. An instance that a respawn makes after it
 * has returned writes its initial data over the data of the one before.
 *
 * @param spawn builds the first instance
 * @param respawn replaces the instance; kept as long as the allocator lives
 * @returns the result of `spawn`, unchanged
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if either is not a function
 * @throws what `spawn` threw; nothing is bound
 */
export function bind<T>(spawn: () => T, respawn: () => unknown): T;

/** Settings of an allocator. */
export interface Configuration {
    /**
     * The memory to work on: made by you and imported by a module, or exported by a module. It may be of any realm; it
     * is not shared, and has 32-bit addresses. {@link trim} never goes below the size that it has now. If its buffer is
     * resizable (Node.js 26), the buffer of the memory that {@link trim} makes is not. Default: a new memory.
     */
    memory?: Memory;

    /** Pages of 64 KiB of a new memory, 1 to 65,536. {@link trim} never goes below. Default: 1. */
    initial?: i32 | undefined;

    /**
     * Pages of 64 KiB that the memory may grow to, 1 to 65,536: the maximum that `memory` was declared with. Memories
     * that replace it declare the same. Default: 65,536.
     */
    maximum?: i32 | undefined;

    /**
     * First byte of the working span, 0 to 2^32, rounded up to a multiple of 16: the `__heap_base` of a module with
     * data. {@link trim} keeps all bytes below it as they are. Default: 0.
     */
    base?: f64 | Global;

    /**
     * End of the working span, in bytes, 0 to 2^32, rounded down to a multiple of 16; above `base` by 16 at least. If
     * the memory is larger, the bytes beyond belong to another program, and {@link trim} does nothing. Default: the end
     * of the memory, also after it has grown.
     */
    limit?: f64 | Global;

    /** True if the memory can't be replaced, since a module exports it: {@link trim} throws. Default: false. */
    fixed?: boolean | undefined;

    /** Pages to grow by, 1 to 65,536; more are added if more are missing. Default: an eighth of the memory's size. */
    growth?: i32 | undefined;
}

/**
 * Configures the default allocator. Call it once, before the first use. Reading {@link memory} or {@link buffer} is a
 * use, and so is a call of every other function but {@link keepAlive}. All bytes from `base` on are free then, even if
 * the memory has data there.
 *
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `configuration` is not an object, a setting has a wrong type, or
 * `memory`, `base` or `limit` is there and `undefined`
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_VALUE`) for a setting of an unknown name
 * @throws `TypeError` (`ERR_LEWD_UNSUPPORTED_MEMORY`) if `memory` is shared, of 64-bit addresses, or frozen
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_RANGE`) if a number is not an integer in its range, `maximum` is below the
 * memory's size or `initial`, or `limit` is not above `base`
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_MEMORY`) if the memory can't be made
 * @throws `Error` (`ERR_LEWD_OVERLAP`) if another allocator hands out bytes between `base` and `limit` of that memory;
 * it may belong to another copy of the package in the thread
 * @throws `Error` (`ERR_LEWD_IN_USE`) after the first use
 */
export function configure(configuration: Configuration): void;

/**
 * Calls `fn(event)` at each event of that type, until `token` is collected. A change of the memory sends `'grow'` or
 * `'trim'`, then `'resize'`. Adding the same function for the same type and token again does nothing. `fn` lives as
 * long as `token`, and does not keep it alive, even if it closes over it. Handlers may call the other functions of the
 * package, but not {@link trim}. O(1), some 1 us.
 *
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `token` is not a {@link Token}, or `fn` is not a function
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_VALUE`) if `type` is unknown, or `token` is a registered symbol; before
 * Node.js 18.20, if it is any symbol
 */
export function on(type: 'resize', token: Token, fn: Resize.Handler): void;
/** Calls `fn(event)` each time the memory has grown, until `token` is collected. Throws as for `'resize'`. */
export function on(type: 'grow', token: Token, fn: Grow.Handler): void;
/** Calls `fn(event)` after each migration, until `token` is collected. Throws as for `'resize'`. */
export function on(type: 'trim', token: Token, fn: Trim.Handler): void;
/** Calls `fn(event)` before an allocation fails, until `token` is collected. Throws as for `'resize'`. */
export function on(type: 'oom', token: Token, fn: Oom.Handler): void;

/**
 * Removes the handler `fn` of `token`; without `fn`, all handlers of that type that `token` has. Does nothing if there
 * is none. O(handlers of the token), some 1 us for one.
 *
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `token` is not a {@link Token}, or `fn` is not a function
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_VALUE`) if `type` is unknown, or `token` is a registered symbol
 */
export function off(type: 'resize', token: Token, fn?: Resize.Handler): void;
/** Removes the handler `fn` of `'grow'`; without `fn`, all that `token` has. Throws as for `'resize'`. */
export function off(type: 'grow', token: Token, fn?: Grow.Handler): void;
/** Removes the handler `fn` of `'trim'`; without `fn`, all that `token` has. Throws as for `'resize'`. */
export function off(type: 'trim', token: Token, fn?: Trim.Handler): void;
/** Removes the handler `fn` of `'oom'`; without `fn`, all that `token` has. Throws as for `'resize'`. */
export function off(type: 'oom', token: Token, fn?: Oom.Handler): void;

/** Returns the size of the working span, in bytes: `used() + free() + reserved()`. O(1), some 2 ns. */
export function total(): f64;

/** Returns the sum of the used spans, in bytes, rounding included. O(1), some 2 ns. */
export function used(): f64;

/**
 * Returns the length of the used run, in bytes: from the first used or reserved byte to the end of the last one, gaps
 * included; 0 if there is none. O(1), some 2 ns.
 */
export function usedRun(): f64;

/** Returns the sum of the free spans, in bytes. To free a pointer, call `c.free(pointer)`. O(1), some 2 ns. */
export function free(): f64;

/** Returns the free bytes before the first used or reserved one; all of them if there is none. O(1), some 2 ns. */
export function headFree(): f64;

/** Returns the free bytes after the last used or reserved one; all of them if there is none. O(1), some 2 ns. */
export function tailFree(): f64;

/**
 * Returns the size of the largest free span, in blocks of 16 bytes; 0 if there is none. O(log n); O(1), some 4 ns, if
 * nothing has changed since the last call.
 */
export function largestFree(): i32;

/**
 * Returns the sum of the reserved spans, in bytes. It has 16 bytes at address 0 from the first strong allocation on
 * that would be there, since 0 is C's null pointer. O(1), some 2 ns.
 */
export function reserved(): f64;

/**
 * Makes an allocation weak: it is freed when `token` is collected, and has no other owner from now on. O(1).
 *
 * @param pointer an address that {@link alloc} or a function of {@link c} returned
 * @param token see {@link Token}
 * @throws `RangeError` (`ERR_LEWD_INVALID_POINTER`) if no live allocation begins there
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `pointer` is not a number, or `token` is not a token
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_VALUE`) if `token` is a registered symbol
 */
export function weaken(pointer: i32, token: Token): void;

/**
 * Makes an allocation strong: it lives until `c.free(pointer)`. O(1). `c.free(0)` does nothing, so an allocation at
 * address 0 that was made strong can only be freed by {@link weaken} and a collection. With a base of 16 or more
 * address 0 is never handed out.
 *
 * @param pointer an address that {@link alloc} or a function of {@link c} returned
 * @throws `RangeError` (`ERR_LEWD_INVALID_POINTER`) if no live allocation begins there
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `pointer` is not a number
 */
export function strengthen(pointer: i32): void;

/**
 * Takes bytes out of the working span for good: a module's data, a stack. A block of 16 bytes of which a part is
 * reserved is reserved as a whole. {@link trim} keeps the bytes as they were. O(spans).
 *
 * @param address of the first byte
 * @param size bytes, 1 to 2^32 - 1
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if either is not a number
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_RANGE`) if `size` is 0 or fractional, or if the bytes do not all lie in the
 * working span as it is now
 * @throws `Error` (`ERR_LEWD_NOT_FREE`) if some of the bytes are used or reserved
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_MEMORY`) if there is no memory for the allocator's record
 */
export function reserve(address: i32, size: i32): void;

/**
 * Grows the memory, and sends the events. `grow(0)` changes nothing.
 *
 * @param pages of 64 KiB, 0 to 65,536
 * @returns the size before, in pages
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_MEMORY`) if the memory can't grow so far; nothing has changed
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `pages` is not a number
 * @throws `RangeError` (`ERR_LEWD_OUT_OF_RANGE`) if `pages` is not an integer in its range
 * @throws what a handler threw; the memory has grown
 */
export function grow(pages: i32): i32;

/**
 * The result of a function that {@link withOwner} or {@link Block.pin} calls: anything but a promise or another
 * thenable. Such a function would go on after the call. The compiler refuses it; where the compiler can't see it, the
 * call throws `ERR_LEWD_ASYNC`.
 */
export type Sync<T> = T extends PromiseLike<unknown> ? never : T;

/**
 * Keeps `token` alive until this call, and does nothing else. V8 may collect a value as soon as no code uses it any
 * more, even if a variable still has it. Its bytes could then be handed out again while a module works on them. So call
 * this after the last use of the address, also if there is an `await` in between. O(1), some 10 ns.
 *
 * @param token of any allocator: a block, too, or the object that owns a block
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `token` is not a {@link Token}; `undefined` is not
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_VALUE`) if `token` is a registered symbol
 */
export function keepAlive(token: Token): void;

/**
 * Calls `fn(token)`, and returns its result. All that the functions of {@link c} allocate during the call belongs to
 * `token`: it is freed when `token` is collected, or by `c.free` before. So a C object of several parts, made by a
 * function of its module, can belong to one JavaScript object, and needs no destructor.
 *
 * - Only allocations of this allocator count, and only until `fn` ends: by a result, a throw or a termination. In
 *   nested calls the innermost token owns.
 * - `realloc` does not change the owner of a pointer that was made before the call. {@link weaken} and
 *   {@link strengthen} change an owner later.
 * - `token` does not own what handlers of events, spawns and respawns allocate during the call.
 *
 * O(1), some 0.3 us. Each allocation costs as much as {@link alloc} with a token.
 *
 * @param token see {@link Token}; alive until `fn` ends
 * @param fn returns no promise: what it did later would not be owned
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `token` is not a token, or `fn` is not a function
 * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_VALUE`) if `token` is a registered symbol
 * @throws `TypeError` (`ERR_LEWD_ASYNC`) if `fn` returned a thenable; its allocations are owned
 * @throws what `fn` threw; its allocations are owned
 */
export function withOwner<K extends Token, T>(token: K, fn: (token: K) => Sync<T>): T;

/**
 * Allocates bytes for a scope: `using bytes = block(64)`. The block is its own token. O(log n).
 *
 * @param size bytes, 1 to 2^32 - 1; rounded up to a multiple of 16
 * @param alignment of the address, in bytes: see {@link alloc}
 * @returns the block
 * @throws what {@link alloc} throws for `size` and `alignment`
 */
export function block(size: i32, alignment?: i32): Block;

/**
 * Bytes that are freed by `dispose()`, at the end of the scope of a `using` declaration, or when neither the block nor
 * one of its views is reachable any more.
 *
 * Each view covers the block, as far as whole elements fit. Ask the block for a view where you use it: it is made anew
 * after the buffer has changed, and is the same object until then.
 *
 * All members but `dispose()` throw `ERR_LEWD_DISPOSED` after `dispose()`, or when the allocator was disposed of.
 */
export interface Block extends Scoped {
    /** The address of the first byte. */
    readonly address: i32;

    /** The size in bytes, as requested. */
    readonly size: f64;

    /** The bytes as signed integers. */
    readonly i8: Int8Array;
    /** The bytes as unsigned integers. */
    readonly u8: Uint8Array;
    /** The bytes as signed integers of 2 bytes. */
    readonly i16: Int16Array;
    /** The bytes as unsigned integers of 2 bytes. */
    readonly u16: Uint16Array;
    /** The bytes as signed integers of 4 bytes. */
    readonly i32: Int32Array;
    /** The bytes as unsigned integers of 4 bytes. */
    readonly u32: Uint32Array;
    /** The bytes as signed integers of 8 bytes. */
    readonly i64: BigInt64Array;
    /** The bytes as unsigned integers of 8 bytes. */
    readonly u64: BigUint64Array;
    /** The bytes as floats of 4 bytes. */
    readonly f32: Float32Array;
    /** The bytes as floats of 8 bytes. */
    readonly f64: Float64Array;
    /** The bytes as a `DataView`. */
    readonly data: DataView;

    /**
     * Calls `fn(address, u8)`, and returns its result. Until `fn` ends, the block is alive and stays at its address:
     * {@link dispose} and {@link trim} throw `ERR_LEWD_BUSY`. Pins may be nested. The memory may grow during the call:
     * the bytes stay where they are, and `u8` is detached; take a new view from the block then. O(1), some 0.3 us.
     *
     * @param fn gets the address of the block and a view of its bytes; returns no promise: what it did later would not
     * be pinned
     * @throws `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`) if `fn` is not a function
     * @throws `TypeError` (`ERR_LEWD_ASYNC`) if `fn` returned a thenable
     * @throws `Error` (`ERR_LEWD_DISPOSED`) if the block or its allocator was disposed of; `fn` is not called
     * @throws what `fn` threw
     */
    pin<T>(fn: (address: i32, u8: Uint8Array) => Sync<T>): T;

    /**
     * Frees the bytes at once. Does nothing if they are free already, or if they have another owner by now. O(log n).
     *
     * @throws `Error` (`ERR_LEWD_BUSY`) inside {@link pin}
     */
    dispose(): void;
}

/**
 * C's memory management functions over one allocator, with the meaning that C11 (7.22.3) gives them. A module can
 * import them as they are: `{ env: { memory, ...c } }`.
 *
 * - A size of 0 allocates the smallest block, 16 bytes.
 * - `free`, `realloc` and `malloc_usable_size` take every pointer that the allocator returned, weak ones too. If no
 *   live allocation begins at a pointer, they throw a `RangeError` (`ERR_LEWD_INVALID_POINTER`), and change nothing.
 * - Sizes are 0 to 2^32 - 1 (or the same as a negative i32). Other numbers throw a `RangeError`
 *   (`ERR_LEWD_OUT_OF_RANGE`), other values a `TypeError` (`ERR_LEWD_INVALID_ARG_TYPE`).
 * - Errors of event handlers are thrown later, from a microtask, since they must not unwind the stack of a module.
 */
export interface C {
    /**
     * Allocates `size` bytes until they are freed, or for the token of {@link withOwner}. They are not cleared. Returns
     * 0 if there is no room. O(log n).
     */
    malloc(size: i32): i32;

    /**
     * Allocates `count * size` bytes of zeros. Returns 0 if there is no room, or if the product exceeds 2^32 - 1.
     * O(log n + bytes).
     */
    calloc(count: i32, size: i32): i32;

    /**
     * Changes the size of an allocation: in place if possible, else it allocates, copies and frees. A weak pointer
     * keeps its token. Returns the new pointer; 0 if there is no room, and then `pointer` is as it was. If `pointer` is
     * 0, it is `malloc(size)`. O(log n), and O(bytes) if it copies.
     */
    realloc(pointer: i32, size: i32): i32;

    /**
     * Allocates `size` bytes at a multiple of `alignment`, a power of two up to 65,536. Returns 0 if there is no room,
     * or for any other alignment. Cost: see {@link alloc}.
     */
    aligned_alloc(alignment: i32, size: i32): i32;

    /** Frees an allocation. Does nothing if `pointer` is 0. O(log n). */
    free(pointer: i32): void;

    /** Returns the usable bytes of an allocation: its size, rounded up to 16; 0 if `pointer` is 0. O(1). */
    malloc_usable_size(pointer: i32): f64;
}

/** C's functions over the default allocator. `@anireact/lewd/c` exports the same functions. */
export const c: Readonly<C>;

/**
 * An allocator over a memory of its own, or over a memory that is passed in. Its methods are the functions of the
 * module. All its allocations end with it: when it is collected, or by {@link dispose}.
 *
 * After `dispose()` all methods but `dispose()` throw `ERR_LEWD_DISPOSED`. A method that is called on another receiver
 * throws `ERR_LEWD_INVALID_ARG_TYPE`.
 */
export interface Allocator extends Scoped {}
export class Allocator {
    /**
     * Makes an allocator. Default: over a new memory of 1 page.
     *
     * @throws what {@link configure} throws, but for `ERR_LEWD_IN_USE`
     */
    constructor(configuration?: Configuration);

    /** The active memory: see {@link memory}. */
    readonly memory: Memory;

    /** The active memory's buffer, never detached: see {@link buffer}. */
    readonly buffer: ArrayBuffer;

    /** C's functions over this allocator: see {@link C}. */
    readonly c: Readonly<C>;

    /** Returns an address that is valid until the next allocation, and reserves nothing: see {@link alloc}. */
    alloc(size: i32, token?: undefined, alignment?: i32): i32;
    /** Reserves `size` bytes until `token` is collected: see {@link alloc}. */
    alloc(size: i32, token: Token, alignment?: i32): i32;

    /** Gives the pages after the last used byte back, by migrating to a smaller memory: see {@link trim}. */
    trim(): void;

    /** Returns `spawn()`, and calls `respawn()` after each migration: see {@link bind}. */
    bind<T>(spawn: () => T, respawn: () => unknown): T;

    /** Calls `fn(event)` when the memory grew or was replaced, until `token` is collected: see {@link on}. */
    on(type: 'resize', token: Token, fn: Resize.Handler): void;
    /** Calls `fn(event)` when the memory grew, until `token` is collected: see {@link on}. */
    on(type: 'grow', token: Token, fn: Grow.Handler): void;
    /** Calls `fn(event)` after each migration, until `token` is collected: see {@link on}. */
    on(type: 'trim', token: Token, fn: Trim.Handler): void;
    /** Calls `fn(event)` before an allocation fails, until `token` is collected: see {@link on}. */
    on(type: 'oom', token: Token, fn: Oom.Handler): void;

    /** Removes the handler `fn`; without `fn`, all handlers of `'resize'` that `token` has: see {@link off}. */
    off(type: 'resize', token: Token, fn?: Resize.Handler): void;
    /** Removes the handler `fn`; without `fn`, all handlers of `'grow'` that `token` has: see {@link off}. */
    off(type: 'grow', token: Token, fn?: Grow.Handler): void;
    /** Removes the handler `fn`; without `fn`, all handlers of `'trim'` that `token` has: see {@link off}. */
    off(type: 'trim', token: Token, fn?: Trim.Handler): void;
    /** Removes the handler `fn`; without `fn`, all handlers of `'oom'` that `token` has: see {@link off}. */
    off(type: 'oom', token: Token, fn?: Oom.Handler): void;

    /** Returns the size of the working span, in bytes: see {@link total}. */
    total(): f64;

    /** Returns the sum of the used spans, in bytes: see {@link used}. */
    used(): f64;

    /** Returns the length of the used run, in bytes: see {@link usedRun}. */
    usedRun(): f64;

    /** Returns the sum of the free spans, in bytes: see {@link free}. */
    free(): f64;

    /** Returns the free bytes before the first used or reserved one: see {@link headFree}. */
    headFree(): f64;

    /** Returns the free bytes after the last used or reserved one: see {@link tailFree}. */
    tailFree(): f64;

    /** Returns the sum of the reserved spans, in bytes: see {@link reserved}. */
    reserved(): f64;

    /** Returns the size of the largest free span, in blocks of 16 bytes: see {@link largestFree}. */
    largestFree(): i32;

    /** Makes an allocation weak: it is freed when `token` is collected. See {@link weaken}. */
    weaken(pointer: i32, token: Token): void;

    /** Makes an allocation strong: it lives until `c.free(pointer)`. See {@link strengthen}. */
    strengthen(pointer: i32): void;

    /** Takes bytes out of the working span for good: see {@link reserve}. */
    reserve(address: i32, size: i32): void;

    /** Grows the memory by `pages` of 64 KiB, and returns its size before, in pages: see {@link grow}. */
    grow(pages: i32): i32;

    /** Allocates bytes for a scope: see {@link block}. */
    block(size: i32, alignment?: i32): Block;

    /** Calls `fn(token)`; allocations of {@link C} during the call belong to `token`: see {@link withOwner}. */
    withOwner<K extends Token, T>(token: K, fn: (token: K) => Sync<T>): T;

    /**
     * Frees all allocations at once, and lets go of the memory. Does nothing when it is called again. O(spans).
     */
    dispose(): void;
}

/** `WebAssembly.Memory` if a library declares it (TypeScript's `dom` does, Node.js's types do not), else its shape. */
type Memory = typeof globalThis extends { WebAssembly: { Memory: { prototype: infer M } } }
    ? M
    : { readonly buffer: ArrayBuffer; grow(delta: number): number };

/**
 * `Disposable`, for `using` declarations, if a library declares `Symbol.dispose`: TypeScript's `esnext.disposable` from
 * version 5.2 on, or Node.js's types. Else an empty type, so that older compilers take these types.
 */
type Scoped = SymbolConstructor extends { readonly dispose: infer K extends symbol } ? { [key in K]: () => void } : {};

/** A `WebAssembly.Global`, such as a module's `__heap_base`. */
type Global = { readonly value: any };

export {};
