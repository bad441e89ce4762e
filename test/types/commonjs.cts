// Valid and invalid code in CommonJS.
import lewd = require('@anireact/lewd');
import { alloc, buffer } from '@anireact/lewd';
import type { i32, Resize } from '@anireact/lewd';

const { used, on } = lewd;
const address: i32 = lewd.alloc(16, {}) + alloc(16);
new Uint8Array(lewd.buffer, address >>> 0, 16).set(new Uint8Array(buffer, 0, 16));
on('resize', lewd.memory, (event: lewd.Resize) => event satisfies Resize);
used();

// @ts-expect-error: read-only
lewd.memory = lewd.memory;
// @ts-expect-error: read-only
lewd.buffer = buffer;
// @ts-expect-error: the module is no function
lewd(16);
// @ts-expect-error: and has no default
lewd.default;
