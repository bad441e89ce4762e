'use strict';

// What the package takes from the outside world, captured at load: it works on when a program replaces some of it
// later. Functions are read, not taken from their descriptors: with --frozen-intrinsics they are accessors.

const { fail } = require('./binding.js');

const { Set, WeakRef, queueMicrotask } = globalThis;
const { Global, Instance, Memory, Module } = globalThis.WebAssembly ?? fail('NO_WEBASSEMBLY');
const { apply } = Reflect;
const { getOwnPropertyDescriptor } = Object;

/** Makes of a method a function whose first argument is the receiver. */
const uncurry =
    (method) =>
    (self, ...args) =>
        apply(method, self, args);

/** Returns a function that reads a property of instances of a class, whatever is hung over them. */
const reader = ({ prototype }, name) => uncurry(getOwnPropertyDescriptor(prototype, name).get);

const { grow, toFixedLengthBuffer = grow } = Memory.prototype;

module.exports = {
    Global,
    Instance,
    Memory,
    Module,
    Set,
    WeakRef,
    getOwnPropertyDescriptor,
    queueMicrotask,
    uncurry,
    /** Return the buffer of a memory, the value of a global, and throw if it is neither. */
    bufferOf: reader(Memory, 'buffer'),
    valueOf: reader(Global, 'value'),
    growMemory: uncurry(grow),
    /** Before Node.js 26, which has resizable buffers of memories, that is grow(). */
    toFixedLengthBuffer: uncurry(toFixedLengthBuffer),
    deref: uncurry(WeakRef.prototype.deref),
    setAdd: uncurry(Set.prototype.add),
    setDelete: uncurry(Set.prototype.delete),
    setForEach: uncurry(Set.prototype.forEach),
    setSize: reader(Set, 'size'),
    fill: uncurry(Float64Array.prototype.fill),
    copyWithin: uncurry(Uint8Array.prototype.copyWithin),
};
