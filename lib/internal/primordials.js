'use strict';

// The built-ins that the package uses, captured at load: it goes on working when a program replaces some of them later.
// Other files of this folder use no global, no method of a built-in and no iterator (a rule of eslint). Functions are
// read, not taken from their descriptors: with --frozen-intrinsics they are accessors.

const { inspect, types } = require('node:util');

const { fail } = require('./binding.js');

const { Global, Instance, Memory, Module } = globalThis.WebAssembly ?? fail('NO_WEBASSEMBLY');
const { bind, call } = Function.prototype;
const { defineProperty, getOwnPropertyDescriptor } = Object;
const { isNativeError, isPromise } = types;

/** Returns a method as a function whose first argument is the receiver. */
const uncurry = bind.bind(call);

/** Returns a function that reads a property that instances of a class inherit, even if a program hides it. */
const reader = ({ prototype }, name) => uncurry(getOwnPropertyDescriptor(prototype, name).get);

const { grow, toFixedLengthBuffer = grow } = Memory.prototype;
const includes = uncurry(String.prototype.includes);

const builtInFill = uncurry(Float64Array.prototype.fill);

/**
 * Returns whether a function fills the elements [from, to) of a typed array. A program may have replaced the built-in.
 */
const fills = (fill) => {
    const sample = new Float64Array(3);
    try {
        fill(sample, 1, 1, 2);
    } catch {
        return false;
    }
    const { 0: before, 1: filled, 2: after } = sample;
    return before === 0 && filled === 1 && after === 0;
};

const fillInLoop = (array, value, from, to) => {
    for (let i = from; i < to; i++) array[i] = value;
};

/** Calls itself `depth` times. */
const descend = (depth) => (depth === 0 ? 0 : 1 + descend(depth - 1));

module.exports = {
    ...{ AggregateError, Global, Instance, Map, Memory, Module, Object, Set, WeakMap, WeakRef, queueMicrotask },
    ...{ BigInt64Array, BigUint64Array, DataView, Float32Array, Float64Array, Int8Array, Int16Array, Int32Array },
    ...{ Uint8Array, Uint16Array, Uint32Array },
    ...{ defineProperty, getOwnPropertyDescriptor, inspect, uncurry },
    assign: Object.assign,
    bind: uncurry(bind),
    dispose: Symbol.dispose,
    freeze: Object.freeze,
    hasOwn: Object.hasOwn,
    isExtensible: Object.isExtensible,
    isPromise,
    iterator: Symbol.iterator,
    keyFor: Symbol.keyFor,
    keysOf: Object.keys,
    symbolFor: Symbol.for,
    Symbol,

    /** Return a property of a memory, a global, a buffer or a typed array; throw for any other value. */
    bufferOf: reader(Memory, 'buffer'),
    valueOf: reader(Global, 'value'),
    byteLengthOf: reader(ArrayBuffer, 'byteLength'),
    lengthOf: reader(Object.getPrototypeOf(Uint8Array), 'length'),
    isResizable: 'resizable' in ArrayBuffer.prototype ? reader(ArrayBuffer, 'resizable') : () => false,

    fill: fills(builtInFill) ? builtInFill : fillInLoop,
    growMemory: uncurry(grow),
    /** The same as grow() before Node.js 26, in which memories can have resizable buffers. */
    toFixedLengthBuffer: uncurry(toFixedLengthBuffer),
    deref: uncurry(WeakRef.prototype.deref),
    exec: uncurry(RegExp.prototype.exec),
    setAdd: uncurry(Set.prototype.add),
    setDelete: uncurry(Set.prototype.delete),
    setForEach: uncurry(Set.prototype.forEach),
    setSize: reader(Set, 'size'),
    mapDelete: uncurry(Map.prototype.delete),
    mapForEach: uncurry(Map.prototype.forEach),
    mapGet: uncurry(Map.prototype.get),
    mapSet: uncurry(Map.prototype.set),
    weakMapGet: uncurry(WeakMap.prototype.get),
    weakMapSet: uncurry(WeakMap.prototype.set),

    /** Returns whether V8 threw an error because the stack is full. The error does not show which call it ended. */
    isStackOverflow: (error) => {
        if (!isNativeError(error)) return false; // of a proxy, too: it would run code of the program
        const message = getOwnPropertyDescriptor(error, 'message')?.value;
        return typeof message === 'string' && includes(message, 'call stack size');
    },

    /** Returns whether the stack has room for a short call of the package. */
    hasStack: () => {
        try {
            return descend(1000) > 0;
        } catch {
            return false;
        }
    },
};
