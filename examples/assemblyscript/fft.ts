// A fast Fourier transform in AssemblyScript that makes no objects: it works on numbers at addresses that the caller
// passes. So the module has no runtime (`--runtime stub`, and it uses nothing of the stub).
//
// Keeps its state between calls in static data, not in globals: a module's `let` is a WebAssembly global, which begins
// again in each new instance.

/** The end of the static data. */
export function heapBase(): usize {
  return __heap_base;
}

/** The longest transform that the table of sines has room for. */
const LONGEST: u32 = 4096;

/** cos and sin of -2 pi k / n for k below n / 2, for the n of the last transform. */
const table = memory.data(LONGEST / 2 * 16, 16);

/** That n, and the number of transforms so far. */
const kept = memory.data<u32>([0, 0]);

function prepare(n: u32): void {
  if (load<u32>(kept) == n) return;
  for (let k: u32 = 0; k < n / 2; k++) {
    const angle = -2.0 * Math.PI * <f64>k / <f64>n;
    store<f64>(table + <usize>k * 16, Math.cos(angle));
    store<f64>(table + <usize>k * 16, Math.sin(angle), 8);
  }
  store<u32>(kept, n);
}

/** Returns the number of transforms so far. */
export function transforms(): u32 {
  return load<u32>(kept, 4);
}

/**
 * Transforms n complex numbers in place, pairs of f64. n is a power of two, at most 4,096; otherwise it returns false
 * and changes nothing. The method is that of Cooley and Tukey (1965).
 */
export function fft(address: usize, n: u32): bool {
  if (n == 0 || n > LONGEST || (n & (n - 1)) != 0) return false;
  prepare(n);
  for (let i: u32 = 1, j: u32 = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      const a = address + <usize>i * 16;
      const b = address + <usize>j * 16;
      const re = load<f64>(a), im = load<f64>(a, 8);
      store<f64>(a, load<f64>(b));
      store<f64>(a, load<f64>(b, 8), 8);
      store<f64>(b, re);
      store<f64>(b, im, 8);
    }
  }
  for (let size: u32 = 2; size <= n; size <<= 1) {
    const half = size >> 1;
    const step = n / size;
    for (let from: u32 = 0; from < n; from += size) {
      for (let k: u32 = 0; k < half; k++) {
        const a = address + <usize>(from + k) * 16;
        const b = a + <usize>half * 16;
        const w = table + <usize>(k * step) * 16;
        const c = load<f64>(w), s = load<f64>(w, 8);
        const re = load<f64>(b) * c - load<f64>(b, 8) * s;
        const im = load<f64>(b) * s + load<f64>(b, 8) * c;
        store<f64>(b, load<f64>(a) - re);
        store<f64>(b, load<f64>(a, 8) - im, 8);
        store<f64>(a, load<f64>(a) + re);
        store<f64>(a, load<f64>(a, 8) + im, 8);
      }
    }
  }
  store<u32>(kept, load<u32>(kept, 4) + 1, 4);
  return true;
}
