'use strict';

// Sets up a module that exports its memory: the hash function of the package blake2b-wasm, 4 KiB of WebAssembly written
// by hand. It has no allocator: its caller chooses the addresses of a hash's state (216 bytes) and of the input.
//
// The package's own wrapper hands out states one after another, and frees one when digest() is called. If it never is,
// as when an upload breaks off, the state is lost. Below, states belong to their objects.

const { Allocator, keepAlive } = require('@anireact/lewd');
/** Instantiates the module, as the package's wrapper does. Returns a promise of its exports. */
const instantiate = require('blake2b-wasm/blake2b.js');

/** The module keeps the parameters of blake2b_init in the first 64 bytes of its memory. */
const PARAMETERS = 64;
const STATE = 216;
/** Offset of the result in the state. */
const RESULT = 128;

/** Returns the class, over an instance of its own. */
async function load() {
    const { memory, ...module } = await instantiate();

    const allocator = new Allocator({
        memory, // the module's own
        fixed: true, // an instance can't be given another memory
        maximum: 1000, // pages, as the module declares: (memory (export "memory") 10 1000)
        base: PARAMETERS, // the module uses the bytes below
    });

    /** BLAKE2b, without a key. */
    class Blake2b {
        #length;
        /** Freed when this object is collected, whether or not digest() was called. */
        #state = allocator.alloc(STATE, this);
        #ended = false;

        /** @param {number} [length] of the result, 1 to 64 bytes */
        constructor(length = 64) {
            if (!Number.isInteger(length) || length < 1 || length > 64) throw new RangeError('length must be 1 to 64');
            // Views are made at each use: growth of the memory detaches earlier ones.
            const parameters = new Uint8Array(allocator.buffer, 0, PARAMETERS).fill(0);
            parameters.set([length, 0, 1, 1]); // RFC 7693, 2.8: length of result, length of key, fanout, depth
            module.blake2b_init(this.#state, (this.#length = length));
            keepAlive(this); // keeps the state's owner alive until here, even if V8 sees no later use of it
        }

        /** @param {Uint8Array} bytes */
        update(bytes) {
            if (this.#ended) throw new Error('digest() was called');
            // Scratch: room for one call, not reserved.
            const input = allocator.alloc(bytes.length || 1);
            new Uint8Array(allocator.buffer).set(bytes, input >>> 0);
            module.blake2b_update(this.#state, input, input + bytes.length);
            keepAlive(this);
            return this;
        }

        /** @returns {Buffer} */
        digest() {
            if (this.#ended) throw new Error('digest() was called');
            this.#ended = true;
            module.blake2b_final(this.#state);
            const result = (this.#state >>> 0) + RESULT;
            const bytes = Buffer.from(allocator.buffer.slice(result, result + this.#length));
            keepAlive(this);
            return bytes;
        }
    }

    return { Blake2b, allocator };
}

module.exports = { PARAMETERS, load };
