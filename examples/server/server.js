'use strict';

// An HTTP server that hashes uploads: POST anything, and the answer is its BLAKE2b. Each request has a hash of its own,
// in a WebAssembly module (examples/exported-memory), and drops it: when it is answered, or when the upload breaks off.
// There is nothing to free, to close, or to return to a pool, so nothing can be forgotten.

const { createServer } = require('node:http');
const { load } = require('../exported-memory/blake2b.js');

exports.create = async () => {
    const { Blake2b, allocator } = await load();

    async function handle(request, response) {
        const hash = new Blake2b(); // 216 bytes of the module's memory, until the collector takes this object
        try {
            for await (const chunk of request) hash.update(chunk);
            response.end(hash.digest().toString('hex'));
        } catch {
            response.destroy(); // the upload broke off
        }
    }

    return { server: createServer(handle), allocator };
};
