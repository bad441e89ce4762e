'use strict';

/** Returns a function that returns a fault in the heap of an allocator, if there is one. It reads the memory first. */
module.exports = (allocator) => () => {
    allocator.api.total();
    return allocator.arena.check();
};
