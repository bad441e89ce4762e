'use strict';

/**
 * What files of this folder may do to an allocator beyond its methods: functions that reach its private members. A
 * static block of class Allocator defines them, when allocator.js is loaded. Programs can't have them, and no subclass
 * overrides what they call. All but create() take the allocator first.
 *
 *     create()                        Returns an allocator that is not configured yet.
 *     configure(_, options)           Gives it a memory. Throws if it has one.
 *     follow(_, follower)             Calls follower(memory, buffer) now, and whenever one of them is replaced.
 *     alloc(_, size, token, alignment)
 *                                     The method.
 *     allocStrong(_, size, alignment, isUnowned)
 *                                     Returns the address of bytes that live until they are freed, or, unless
 *                                     `isUnowned`, as long as the token of a withOwner() in progress. Throws if there is
 *                                     no room.
 *     arenaOf(_)                      Returns C's functions over its heap.
 *     currentArenaOf(_)               Returns the same, once the heap is as large as the memory is now.
 *     memoryOf(_)                     Returns the active memory.
 *     bufferOf(_, isQuiet)            Returns the active buffer.
 *     isDisposed(_)                   Returns whether it was disposed of.
 *
 * Errors of handlers are thrown from a microtask in allocStrong(), in currentArenaOf(), and if `isQuiet` in bufferOf().
 */
module.exports = { __proto__: null };
