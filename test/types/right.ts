// Right calls of all functions. They must compile, as CommonJS and as an ECMAScript module.
import {
    alloc,
    Allocator,
    bind,
    block,
    buffer,
    c,
    configure,
    free,
    grow,
    headFree,
    keepAlive,
    largestFree,
    memory,
    off,
    on,
    reserve,
    reserved,
    strengthen,
    tailFree,
    total,
    trim,
    used,
    usedRun,
    weaken,
    withOwner,
} from '@anireact/lewd';
import { malloc_usable_size as usableSize } from '@anireact/lewd/c';
import type { Block, Configuration, ErrorCode, f64, Grow, i32, Resize, Sync, Token, Trim } from '@anireact/lewd';

/** Compiles only if the type of the argument is exactly `T`. */
type Exactly<T, U> = (<X>() => X extends T ? 1 : 2) extends <X>() => X extends U ? 1 : 2 ? T : never;
const exactly =
    <T>() =>
    <U extends T>(value: U & Exactly<T, U>): T =>
        value;

declare const symbol: unique symbol;
declare const given: typeof memory;

class Owner {
    readonly #address: i32;
    view: Uint32Array;

    constructor() {
        this.#address = alloc(16, this);
        this.view = new Uint32Array(buffer, this.#address >>> 0, 4);
        on('resize', this, () => {
            this.view = new Uint32Array(buffer, this.#address >>> 0, 4);
        });
    }
}

// Sizes are numbers; tokens are objects, functions and symbols.
exactly<i32>()(alloc(16));
exactly<i32>()(alloc(16, undefined));
exactly<i32>()(alloc(-1, new Owner()));
alloc(16, {});
alloc(16, []);
alloc(16, () => {});
alloc(16, class {});
alloc(16, symbol);
alloc(16, Symbol('not registered'));
const tokens: Token[] = [{}, () => {}, symbol, new Owner()];
for (const token of tokens) alloc(16, token);

exactly<void>()(trim());

// bind() returns what spawn returns.
exactly<number>()(
    bind(
        () => 1 + tokens.length,
        () => {},
    ),
);
exactly<Promise<string>>()(
    bind(
        async () => String(tokens.length),
        async () => {},
    ),
);
exactly<void>()(bind(trim, trim));

// Handlers see the event of their type.
const token = {};
const resized: Resize.Handler = (event) => {
    exactly<'resize'>()(event.type);
    exactly<f64>()(event.info.oldSize);
    exactly<f64>()(event.info.newSize);
    exactly<typeof memory>()(event.info.memory);
    exactly<ArrayBuffer>()(event.info.buffer);
};
const grown: Grow.Handler = ({ type, info }) => {
    exactly<'grow'>()(type);
    exactly<Resize.Info>()(info);
};
const trimmed: Trim.Handler = ({ type, info }) => {
    exactly<'trim'>()(type);
    exactly<Resize.Info>()(info);
};
exactly<void>()(on('resize', token, resized));
exactly<void>()(on('grow', token, grown));
exactly<void>()(on('trim', token, trimmed));
exactly<void>()(on('grow', symbol, () => alloc(16)));
exactly<void>()(on('resize', token, (event) => exactly<Resize>()(event)));
exactly<void>()(on('trim', token, (event: Grow | Trim) => event.info.newSize));
exactly<void>()(off('resize', token, resized));
exactly<void>()(off('grow', token, grown));
exactly<void>()(off('trim', token, trimmed));
exactly<void>()(off('resize', token));
exactly<void>()(off('grow', token));
exactly<void>()(off('trim', token));

// Statistics.
const figures: Record<string, () => f64> = { total, used, usedRun, free, headFree, tailFree };
for (const figure of Object.values(figures)) exactly<f64>()(figure());
exactly<i32>()(largestFree());

// The memory and its buffer.
exactly<ArrayBuffer>()(buffer);
exactly<ArrayBuffer>()(memory.buffer);
exactly<number>()(memory.grow(1));

const maximum: Configuration['maximum'] = undefined;
configure({ memory: given });
configure({ maximum: 1 });
configure({ memory: given, maximum });
exactly<void>()(configure({ memory: given, maximum: 65536 }));

// Settings, and allocators over other memories.
declare const heapBase: { value: number };
configure({ initial: 2, base: 1024, limit: 65536, fixed: true, growth: 16 });
const allocator = new Allocator({ memory: given, base: heapBase });
exactly<i32>()(allocator.alloc(16, token, 64));
exactly<i32>()(alloc(16, undefined, 64));
exactly<void>()(on('oom', token, ({ type, info }) => (exactly<'oom'>()(type), exactly<f64>()(info.requested))));
exactly<void>()(allocator.off('oom', token));
exactly<void>()(weaken(1, token));
exactly<void>()(strengthen(1));
exactly<void>()(reserve(0, 16));
exactly<f64>()(reserved());
exactly<i32>()(grow(1));
exactly<i32>()(c.realloc(c.malloc(1), 2));
exactly<i32>()(allocator.c.aligned_alloc(64, 64));
exactly<f64>()(usableSize(0));
{
    using bytes: Block = block(64, 64);
    exactly<i32>()(bytes.address);
    bytes.f64[0] = 1;
    using own = new Allocator();
    own.dispose();
}

// Lifetimes: the result is that of the callback.
exactly<void>()(keepAlive(token));
keepAlive(symbol);
keepAlive(() => {});
keepAlive(block(16));
exactly<number>()(withOwner(token, () => c.malloc(16)));
exactly<string>()(allocator.withOwner(new Owner(), (owner) => String(exactly<Owner>()(owner).view)));
exactly<void>()(withOwner(symbol, () => {}));
exactly<undefined>()(withOwner(token, () => undefined));
exactly<number | string>()(withOwner(token, (): number | string => tokens.length));
exactly<i32>()(block(16).pin((address, u8) => exactly<i32>()(address) + exactly<number>()(u8.length)));
exactly<void>()(block(16).pin(() => {}));
declare const anything: any;
declare const something: unknown;
exactly<any>()(block(16).pin(() => anything));
exactly<unknown>()(block(16).pin(() => something));

/** A generic function around them keeps the type of the result. */
export function around<T>(use: (address: i32) => Sync<T>): T {
    const bytes = block(16);
    return withOwner(bytes, () => bytes.pin((address) => use(address)) as Sync<T>);
}
exactly<boolean>()(around((address) => address === 0));

// The switch has all codes, so that the function always returns.
export function isOurFault(code: ErrorCode): boolean {
    switch (code) {
        case 'ERR_LEWD_OUT_OF_MEMORY':
            return true;
        case 'ERR_LEWD_INVALID_ARG_TYPE':
        case 'ERR_LEWD_INVALID_ARG_VALUE':
        case 'ERR_LEWD_OUT_OF_RANGE':
        case 'ERR_LEWD_BUSY':
        case 'ERR_LEWD_ASYNC':
        case 'ERR_LEWD_IN_USE':
        case 'ERR_LEWD_INVALID_POINTER':
        case 'ERR_LEWD_FIXED_MEMORY':
        case 'ERR_LEWD_OVERLAP':
        case 'ERR_LEWD_NOT_FREE':
        case 'ERR_LEWD_DISPOSED':
        case 'ERR_LEWD_NODE_API':
        case 'ERR_LEWD_HANDLERS':
        case 'ERR_LEWD_UNSUPPORTED_MEMORY':
        case 'ERR_LEWD_NO_BINARY':
        case 'ERR_LEWD_NO_WEBASSEMBLY':
            return false;
    }
}
