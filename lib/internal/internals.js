'use strict';

/**
 * Functions by which files of this folder reach the private members of an allocator. A static block of class Allocator
 * defines them when allocator.js is loaded. Programs can't get them, and no subclass overrides the methods that they
 * call. All except create() take the allocator first.
 *
 *     create()                        Returns an allocator that is not configured yet.
 *     configure(_, options)           Configures it. Throws if it has a memory.
 *     follow(_, follower)             Calls follower(memory, buffer) now, and whenever one of them is replaced.
 *     alloc(_, size, token, alignment)
 *                                     Returns the result of the method.
 *     allocStrong(_, size, alignment, isUnowned)
 *                                     Returns the address of bytes that live until they are freed. Within withOwner()
 *                                     they live as long as its token, unless `isUnowned`. Throws if there is no room.
 *     arenaOf(_)                      Returns C's functions over its heap.
 *     currentArenaOf(_)               Returns the same, after making the heap as large as the memory is now.
 *     isCurrent(_)                    Returns whether its heap is as large as the memory is now, and no work is left:
 *                                     direct functions of the arena may be called.
 *     memoryOf(_)                     Returns the active memory.
 *     viewOf(_)                       Returns a view of all bytes of the active buffer.
 *     bufferOf(_, isQuiet)            Returns the active buffer.
 *     isDisposed(_)                   Returns whether it was disposed of.
 *
 * Errors of handlers are thrown from a microtask in allocStrong(), currentArenaOf() and viewOf(), and if `isQuiet` in
 * bufferOf().
 */
module.exports = { __proto__: null };
