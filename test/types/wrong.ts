// Wrong calls: each of them must be refused, or the directive above it is an error.
import * as lewd from '@anireact/lewd';
import { alloc, bind, block, configure, keepAlive, off, on, total, trim, used, withOwner } from '@anireact/lewd';
import type { Grow, Resize, Token, Trim } from '@anireact/lewd';

declare const info: Resize.Info;
declare const perhaps: Token | undefined;
declare const resized: Resize.Handler;
declare const trimmed: Trim.Handler;
const token = {};

// @ts-expect-error: a size is missing
alloc();
// @ts-expect-error: a size is a number
alloc('16');
// @ts-expect-error: not a bigint either
alloc(16n, token);
// @ts-expect-error: null is no token
alloc(16, null);
// @ts-expect-error: a string is no token
alloc(16, 'token');
// @ts-expect-error: a number is no token
alloc(16, 1);
// @ts-expect-error: a token that may be absent would make the address a scratch
alloc(16, perhaps);
// @ts-expect-error: one token, not two
alloc(16, token, token);
// @ts-expect-error: an address is a number
alloc(16, token) satisfies string;

// @ts-expect-error: takes no argument
trim(1);
// @ts-expect-error: nothing is returned
trim() satisfies number;

// @ts-expect-error: a respawn is missing
bind(() => 1);
// @ts-expect-error: a spawn takes nothing
bind((_: number) => 1, () => {});
// @ts-expect-error: a respawn is a function
bind(() => 1, null);
// @ts-expect-error: the result is what spawn returns
bind(() => 1, () => {}) satisfies string;

// @ts-expect-error: an unknown type of event
on('shrink', token, () => {});
// @ts-expect-error: a token is missing
on('grow', () => {});
// @ts-expect-error: a handler is missing
on('grow', token);
// @ts-expect-error: a handler is a function
on('grow', token, {});
// @ts-expect-error: null is no token
on('grow', null, () => {});
// @ts-expect-error: a handler of another type
on('grow', token, trimmed);
// @ts-expect-error: a handler of another type
on('resize', token, (event: Grow) => event.info);
// @ts-expect-error: an event has no size of its own
on('resize', token, event => event.newSize);

// @ts-expect-error: an unknown type of event
off('shrink', token);
// @ts-expect-error: a token is missing
off('grow');
// @ts-expect-error: a handler of another type
off('trim', token, resized);
// @ts-expect-error: null is no handler
off('trim', token, null);

// @ts-expect-error: settings are missing
configure();
// @ts-expect-error: a memory, not its buffer
configure({ memory: lewd.buffer });
// @ts-expect-error: a maximum is a number
configure({ memory: lewd.memory, maximum: '1' });
// @ts-expect-error: an unknown setting
configure({ memory: lewd.memory, minimum: 1 });

// @ts-expect-error: a token is missing
keepAlive();
// @ts-expect-error: a token that may be absent would not be kept
keepAlive(perhaps);
// @ts-expect-error: an address is no token
keepAlive(alloc(16, token));
// @ts-expect-error: one token, not two
keepAlive(token, token);

// @ts-expect-error: a function is missing
withOwner(token);
// @ts-expect-error: a token is missing
withOwner(() => 1);
// @ts-expect-error: null is no token
withOwner(null, () => 1);
// @ts-expect-error: a token that may be absent
withOwner(perhaps, () => 1);
// @ts-expect-error: it has no second argument
withOwner(token, (_: object, other: number) => other);
// @ts-expect-error: the result is that of the function
withOwner(token, () => 1) satisfies string;
// @ts-expect-error: allocations after an await would not be owned
withOwner(token, async () => 1);
// @ts-expect-error: allocations after a promise would not be owned
withOwner(token, () => Promise.resolve());
// @ts-expect-error: the result may be a promise
withOwner(token, (): number | Promise<number> => 1);

// @ts-expect-error: a function is missing
block(16).pin();
// @ts-expect-error: an address is a number
block(16).pin((address: string) => address);
// @ts-expect-error: the result is that of the function
block(16).pin(() => 1) satisfies string;
// @ts-expect-error: code after an await would not be pinned
block(16).pin(async () => 1);
// @ts-expect-error: code after another thenable would not be pinned
block(16).pin((): PromiseLike<void> => Promise.resolve());

// @ts-expect-error: takes no argument
used(token);
// @ts-expect-error: bytes are numbers
total() satisfies bigint;

// @ts-expect-error: read-only
lewd.memory = lewd.memory;
// @ts-expect-error: read-only
lewd.buffer = new ArrayBuffer(16);
// @ts-expect-error: read-only
info.oldSize = 1;
// @ts-expect-error: read-only
info.memory = lewd.memory;

// @ts-expect-error: a type, not a value
lewd.Resize;
// @ts-expect-error: not exported
export type Hidden = lewd.Memory;
// @ts-expect-error: nothing by that name
lewd.malloc;
