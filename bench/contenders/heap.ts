// The allocator of AssemblyScript's runtime, as a module that exports it.

export function malloc(size: usize): usize {
    return heap.alloc(size);
}

export function free(address: usize): void {
    heap.free(address);
}
