// The allocator of AssemblyScript's runtime, exported from a module.

export function malloc(size: usize): usize {
    return heap.alloc(size);
}

export function free(address: usize): void {
    heap.free(address);
}
