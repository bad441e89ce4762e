'use strict';

// A preload (--require): collects garbage before and after each call of a function that an instance of WebAssembly
// exports or imports, or that another addon has, and before most calls of the package; then overwrites all free memory,
// as other code that allocates would. Programs have the same results as without it, unless one works on bytes whose
// token is unreachable. Needs --expose-gc.
//
// A scratch is valid until the next allocation, so the last one of an allocator is spared: the programs that have one
// call modules that can't allocate.
//
// Loads the package from the current folder: this project, or one that has installed it.

const Module = require('node:module');
const { dirname, join } = require('node:path');

const folder = dirname(Module.createRequire(join(process.cwd(), 'program.js')).resolve('@anireact/lewd'));
const { Allocator } = require(join(folder, 'internal/allocator.js'));

/** Calls at which it collects: the first ones, then ever fewer, since a collection takes some ms. */
const FIRST_CALLS = 100;
const FEWER = 1.1;

/** Number of allocations after which an allocator has swept. */
const LOOK = 80;

/** All allocators that were used and are not disposed of. */
const allocators = new Set();
/** The size of the last scratch, by allocator. */
const scratches = new WeakMap();
let calls = 0;
let next = 1;
let isOverwriting = false;

const { block } = Allocator.prototype;

const take = (allocator, size) => {
    const isRoom = size <= allocator.largestFree() * 16;
    return isRoom ? [Reflect.apply(block, allocator, [size])] : [];
};

/** Overwrites all free memory except the scratch. Figures are unchanged afterwards. */
const overwrite = (allocator) => {
    const size = scratches.get(allocator);
    const spared = size === undefined ? [] : take(allocator, size);
    gc();
    const blocks = [];
    for (let i = 0; i < LOOK; i++) blocks.push(...take(allocator, 16));
    while (allocator.largestFree() > 0) blocks.push(...take(allocator, allocator.largestFree() * 16));
    for (const bytes of blocks) bytes.u8.fill(255);
    for (const bytes of [...blocks, ...spared]) bytes.dispose();
};

const overwriteAll = () => {
    if (isOverwriting || ++calls < next) return;
    next = calls < FIRST_CALLS ? calls + 1 : Math.ceil(calls * FEWER);
    isOverwriting = true;
    try {
        for (const allocator of allocators) overwrite(allocator);
    } finally {
        isOverwriting = false;
    }
};

/** Wraps a method before other code has it: collects, calls it, and notes its effect. */
const wrapMethod = (name, note) => {
    const method = Allocator.prototype[name];
    Allocator.prototype[name] = {
        [name](...args) {
            overwriteAll();
            const result = Reflect.apply(method, this, args);
            if (!isOverwriting) note(this, ...args);
            return result;
        },
    }[name];
};

wrapMethod('alloc', (allocator, size, token) => {
    allocators.add(allocator);
    if (token === undefined) scratches.set(allocator, size);
    else scratches.delete(allocator);
});
wrapMethod('bind', (allocator) => allocators.add(allocator));
wrapMethod('used', (allocator) => allocators.add(allocator));
wrapMethod('dispose', (allocator) => allocators.delete(allocator));
wrapMethod('block', (allocator) => {
    allocators.add(allocator);
    scratches.delete(allocator);
});

const wrap = (fn) =>
    function (...args) {
        overwriteAll();
        try {
            return Reflect.apply(fn, this, args);
        } finally {
            overwriteAll();
        }
    };

/** Returns a copy of an object in which functions are wrapped. */
const wrapAll = (object) =>
    Object.fromEntries(
        Object.entries(object).map(([name, value]) => [name, typeof value === 'function' ? wrap(value) : value]),
    );

const wrapImports = (imports) =>
    imports && Object.fromEntries(Object.entries(imports).map(([name, object]) => [name, wrapAll(object)]));

const { Instance, instantiate } = WebAssembly;

const wrapInstance = ({ exports }) =>
    Object.create(Instance.prototype, { exports: { value: Object.freeze(wrapAll(exports)), enumerable: true } });

WebAssembly.Instance = new Proxy(Instance, {
    construct: (target, [module, imports]) => wrapInstance(new target(module, wrapImports(imports))),
});

WebAssembly.instantiate = async (source, imports) => {
    const result = await instantiate(source, wrapImports(imports));
    return result instanceof Instance ? wrapInstance(result) : { ...result, instance: wrapInstance(result.instance) };
};

const load = Module._extensions['.node'];

/** Wraps addons: their functions, and the methods of their classes. */
Module._extensions['.node'] = (module, file) => {
    load(module, file);
    for (const [name, value] of Object.entries(module.exports)) {
        if (value.prototype === undefined) module.exports[name] = wrap(value);
        else for (const key of Object.keys(value.prototype)) value.prototype[key] = wrap(value.prototype[key]);
    }
};
