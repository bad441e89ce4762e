'use strict';

/**
 * What files of this folder may do to an allocator beyond its methods: functions that reach its private members. A static
 * block of class Allocator defines them, when allocator.js is loaded. Programs can't have them, nor can subclasses override
 * what they call.
 *
 *     create()                             returns an allocator that is not configured
 *     configure(allocator, options)        gives it a memory; throws if it has one
 *     follow(allocator, follower)          calls follower(memory, buffer) now, and whenever one of them is replaced
 *     alloc(allocator, size, token, alignment)
 *                                          as the method
 *     allocStrong(allocator, size, alignment)
 *                                          returns the address of bytes that live until they are freed, or 0 for none
 *     arenaOf(allocator)                   returns C's functions over its heap
 *     currentArenaOf(allocator)            the same, after a look at the memory: its figures are right
 *     bufferOf(allocator)                  returns the active buffer
 *     isDisposed(allocator)
 *     quietly(allocator, fn)               returns fn(allocator); what handlers throw meanwhile is thrown later
 */
module.exports = {};
