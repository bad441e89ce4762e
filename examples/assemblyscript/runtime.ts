// A runtime for AssemblyScript whose objects lie in lewd's heap: its own collector, "minimal" (rt/tcms), over C's
// functions as they are imported, in place of its own allocator (rt/tlsf).
//
//      malloc's block:   | 12 bytes, unused | size | the collector's header, the object ... |
//                                                  '-- what __alloc answers
//
// The word before what __alloc answers is the collector's: it reads a size there. Objects are aligned to 16 bytes.

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

function prepared(block: usize, size: usize): usize {
  if (block == 0) throw new Error("out of memory");
  store<usize>(block + BEFORE - sizeof<usize>(), size & ~3);
  return block + BEFORE;
}

// @ts-ignore: decorator
@global @unsafe
export function __alloc(size: usize): usize {
  return prepared(malloc(BEFORE + size), size);
}

// @ts-ignore: decorator
@global @unsafe
export function __realloc(pointer: usize, size: usize): usize {
  return prepared(realloc(pointer - BEFORE, BEFORE + size), size);
}

// @ts-ignore: decorator
@global @unsafe
export function __free(pointer: usize): void {
  free(pointer - BEFORE);
}
