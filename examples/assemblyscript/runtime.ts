// A runtime for AssemblyScript whose objects are in lewd's heap: its own collector, "minimal" (rt/tcms), over the
// imported functions of C instead of its own allocator (rt/tlsf).
//
//      malloc's block:   | 12 bytes, unused | size | the collector's header, the object ... |
//                                                  '-- the result of __alloc
//
// The word before the result of __alloc belongs to the collector: it reads a size there, a multiple of 4. Objects are
// aligned to 16 bytes.
//
// The compiler assumes that memory from __alloc is zero, and so is the part that __realloc adds: it does not clear a
// new array, nor one that grows. malloc and realloc return memory with its old contents.

import "rt/tcms";

const BEFORE: usize = 16;

// @ts-ignore: decorator
@external("env", "malloc")
declare function malloc(size: usize): usize;
// @ts-ignore: decorator
@external("env", "realloc")
declare function realloc(pointer: usize, size: usize): usize;
// @ts-ignore: decorator
@external("env", "free")
declare function free(pointer: usize): void;

function roundUp(size: usize): usize {
  return (size + 3) & ~3;
}

/** Stores the size, a multiple of 4, and clears all after the first `kept` bytes. */
function prepared(block: usize, kept: usize, size: usize): usize {
  if (block == 0) throw new Error("out of memory");
  store<usize>(block + BEFORE - sizeof<usize>(), size);
  memory.fill(block + BEFORE + kept, 0, size - kept);
  return block + BEFORE;
}

// @ts-ignore: decorator
@global @unsafe
export function __alloc(size: usize): usize {
  const rounded = roundUp(size);
  return prepared(malloc(BEFORE + rounded), 0, rounded);
}

// @ts-ignore: decorator
@global @unsafe
export function __realloc(pointer: usize, size: usize): usize {
  const kept = min(load<usize>(pointer - sizeof<usize>()), size);
  const rounded = roundUp(size);
  return prepared(realloc(pointer - BEFORE, BEFORE + rounded), kept, rounded);
}

// @ts-ignore: decorator
@global @unsafe
export function __free(pointer: usize): void {
  free(pointer - BEFORE);
}
