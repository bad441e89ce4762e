'use strict';

/** A function that tells what is wrong with the heap of an allocator, if anything. It looks at the memory first. */
module.exports = (allocator) => () => {
    allocator.api.total();
    return allocator.arena.check();
};
