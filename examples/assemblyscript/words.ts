// A word counter in ordinary AssemblyScript: with strings and a map, which its runtime allocates and collects. Its
// state is in globals.

/** The end of the static data. */
export function heapBase(): usize {
  return __heap_base;
}

let counts = new Map<string, i32>();

/** Counts the words of a text in UTF-8: runs of the letters a to z. */
export function count(address: usize, length: usize): void {
  const text = String.UTF8.decodeUnsafe(address, length).toLowerCase();
  let from = 0;
  for (let i = 0; i <= text.length; i++) {
    const sign = i < text.length ? text.charCodeAt(i) : 0;
    if (sign >= 97 && sign <= 122) continue;
    if (i > from) {
      const word = text.substring(from, i);
      counts.set(word, counts.has(word) ? counts.get(word) + 1 : 1);
    }
    from = i + 1;
  }
}

/** Returns the number of times that a word was counted. */
export function countOf(address: usize, length: usize): i32 {
  const word = String.UTF8.decodeUnsafe(address, length);
  return counts.has(word) ? counts.get(word) : 0;
}

/** Returns the number of different words. */
export function words(): i32 {
  return counts.size;
}

/** Forgets all words. */
export function forget(): void {
  counts = new Map<string, i32>();
}
