// Valid and invalid code in an ECMAScript module.
import * as lewd from '@anireact/lewd';
import { alloc, buffer, memory, on } from '@anireact/lewd';
import type { i32, Resize } from '@anireact/lewd';
// @ts-expect-error: there is no default export
import Default from '@anireact/lewd';
// @ts-expect-error: nor a way into the package's files
import { alloc as inside } from '@anireact/lewd/lib/index.js';

const address: i32 = alloc(16, {}) + lewd.alloc(16);
new Uint8Array(lewd.buffer, address >>> 0, 16).set(new Uint8Array(buffer, 0, 16));
on('resize', memory, (event: lewd.Resize) => event satisfies Resize);
(await import('@anireact/lewd')).trim();

// @ts-expect-error: read-only
memory = lewd.memory;
// @ts-expect-error: read-only
lewd.buffer = buffer;

export { Default, inside };
