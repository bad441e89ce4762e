// Right calls of the whole surface: they must compile, as CommonJS and as an ECMAScript module.
import {
    alloc,
    bind,
    buffer,
    configure,
    free,
    headFree,
    largestFree,
    memory,
    off,
    on,
    tailFree,
    total,
    trim,
    used,
    usedRun,
} from '@anireact/lewd';
import type { Configuration, ErrorCode, f64, Grow, i32, Resize, Token, Trim } from '@anireact/lewd';

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
alloc(16, Symbol('one that is not registered'));
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
const resized: Resize.Handler = event => {
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
exactly<void>()(on('resize', token, event => exactly<Resize>()(event)));
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

// Codes of errors, told apart completely.
export function isOurFault(code: ErrorCode): boolean {
    switch (code) {
        case 'ERR_LEWD_OUT_OF_MEMORY':
            return true;
        case 'ERR_LEWD_INVALID_ARG_TYPE':
        case 'ERR_LEWD_INVALID_ARG_VALUE':
        case 'ERR_LEWD_OUT_OF_RANGE':
        case 'ERR_LEWD_BUSY':
        case 'ERR_LEWD_IN_USE':
        case 'ERR_LEWD_HANDLERS':
        case 'ERR_LEWD_NO_BINARY':
            return false;
    }
}
