'use strict';

// trim(): the pages that it releases, the contents that it keeps, and its events.

const assert = require('node:assert/strict');
const { assertRefuses, assertSound, assertThrows, fresh, layOut } = require('./helpers/allocator.js');
const { collectTo, inFrameOfItsOwn } = require('./helpers/collect.js');
const { figuresOf, PAGE } = require('./helpers/model.js');

/** Makes an allocator whose memory has `pages` more than it needs. */
function withRoom(pages = 3, first) {
    const allocator = fresh(first);
    const { alloc, total } = allocator.api;
    alloc(total() + pages * PAGE);
    return allocator;
}

const noop = () => {};

/** Returns the memory's present bytes. */
const bytes = ({ buffer }) => new Uint8Array(buffer);

describe('trim()', () => {
    describe('leaves the fewest pages that hold the used run', () => {
        for (const [size, pages] of [
            [16, 1],
            [PAGE - 16, 1],
            [PAGE, 1],
            [PAGE + 1, 2],
            [3 * PAGE - 16, 3],
            [3 * PAGE, 3],
            [3 * PAGE + 16, 4],
        ]) {
            it(`${pages} for ${size} bytes`, () => {
                const allocator = withRoom(10);
                const { api } = allocator;
                const token = {};
                api.alloc(size, token);
                api.trim();
                assert.equal(api.total(), pages * PAGE);
                assert.equal(api.buffer.byteLength, pages * PAGE);
                assert.equal(api.memory.buffer, api.buffer);
                assert.equal(api.used(), Math.ceil(size / 16) * 16);
                assertSound(allocator);
            });
        }

        it('counts the used run from the begin of the memory, wherever the first used span is', async () => {
            const allocator = fresh();
            const owners = await layOut(allocator, [-3 * PAGE, 16, -2 * PAGE]);
            allocator.api.trim();
            assert.equal(allocator.api.total(), 4 * PAGE);
            assert.equal(allocator.api.headFree(), 3 * PAGE);
            assertSound(allocator);
            assert.ok(owners);
        });

        it('does not count allocations of collected tokens, noticed or not', async () => {
            const { api } = fresh();
            await inFrameOfItsOwn(() => api.alloc(10 * PAGE, {}));
            global.gc(); // without a turn of the event loop
            api.trim();
            assert.equal(api.total(), PAGE);
        });
    });

    it('makes a new memory, and leaves the old one unchanged until the respawns have run', () => {
        const { api } = withRoom();
        const { memory, buffer } = api;
        api.bind(noop, () => {
            assert.notEqual(api.memory, memory);
            assert.notEqual(api.buffer, buffer);
            assert.equal(buffer.byteLength, 4 * PAGE);
            assert.equal(memory.buffer, buffer);
        });
        api.trim();
        assert.ok(api.memory instanceof WebAssembly.Memory);
        assert.notEqual(api.memory, memory);
    });

    it('leaves at least one page', () => {
        const { api } = withRoom();
        api.trim();
        assert.equal(api.total(), PAGE);
        api.trim();
        assert.equal(api.total(), PAGE);
    });

    it('leaves at least one page, even if a memory without pages was passed in', () => {
        const { api } = withRoom(3, 0);
        api.trim();
        assert.equal(api.total(), PAGE);
    });

    it('leaves at least the initial size of a memory that was passed in', () => {
        for (const pages of [2, 5]) {
            const { api } = withRoom(3, pages);
            assert.equal(api.total(), (pages + 3) * PAGE);
            api.trim();
            assert.equal(api.total(), pages * PAGE);
        }
    });

    it('never makes the memory larger', () => {
        const allocator = fresh(5);
        const { api } = allocator;
        const { memory } = api;
        api.trim();
        assert.equal(api.memory, memory);
        assert.equal(api.total(), 5 * PAGE);
    });

    it('keeps the contents, at the same addresses', async () => {
        const allocator = fresh();
        const { api } = allocator;
        const sizes = [100, -PAGE, 5000, -16, 16, -48, 2 * PAGE, -5 * PAGE];
        const owners = await layOut(allocator, sizes);
        const expected = Buffer.alloc(api.total());
        let start = 0;
        for (const [i, size] of sizes.entries()) {
            const end = start + Math.ceil(Math.abs(size) / 16) * 16;
            bytes(api).fill(i + 1, start, end);
            if (size > 0) expected.fill(i + 1, start, end);
            start = end;
        }
        const used = api.used();
        api.trim();
        assert.ok(api.total() < expected.length);
        assert.equal(api.used(), used);
        assert.ok(owners);
        // Zeros in the holes: their contents were not copied.
        assert.ok(Buffer.from(api.buffer).equals(expected.subarray(0, api.total())));
        assertSound(allocator);
    });

    it('keeps the contents in the last block of a page', () => {
        const { api } = withRoom();
        api.alloc(PAGE, api);
        bytes(api).fill(9, PAGE - 16, PAGE + 16);
        api.trim();
        assert.equal(api.total(), PAGE);
        assert.deepEqual(bytes(api).slice(PAGE - 17), Uint8Array.of(0, ...Array(16).fill(9)));
    });

    it('calls respawns in the order of bind(), then sends events', () => {
        const { api } = withRoom();
        const calls = [];
        api.on('resize', calls, () => calls.push('resize'));
        api.bind(noop, () => calls.push('first'));
        api.on('trim', calls, () => calls.push('trim'));
        api.bind(noop, () => calls.push('second'));
        api.on('grow', calls, () => calls.push('grow'));
        api.bind(noop, () => calls.push('third'));
        api.trim();
        assert.deepEqual(calls, ['first', 'second', 'third', 'trim', 'resize']);
    });

    it('shows the new memory and its figures to respawns and handlers', () => {
        const { api } = withRoom();
        const token = {};
        api.alloc(100, token);
        bytes(api)[0] = 42;
        const { memory } = api;
        let calls = 0;
        const look = () => {
            calls++;
            assert.notEqual(api.memory, memory);
            assert.equal(api.buffer, api.memory.buffer);
            assert.equal(api.total(), PAGE);
            assert.equal(api.used(), 112);
            assert.equal(bytes(api)[0], 42);
        };
        api.bind(noop, look);
        api.on('trim', token, look);
        api.on('resize', token, look);
        api.trim();
        assert.equal(calls, 3);
    });

    describe('changes nothing if no page can be released', () => {
        for (const [what, size] of [
            ['an empty memory of a page', 0],
            ['a page in use', PAGE],
            ['the last page in use', 2 * PAGE + 16],
        ]) {
            it(`${what}: memory and buffer stay the same objects`, () => {
                const allocator = fresh();
                const { api } = allocator;
                const token = {};
                if (size > 0) api.alloc(size, token);
                api.bind(noop, () => assert.fail('respawned'));
                api.on('trim', token, () => assert.fail('trim'));
                api.on('resize', token, () => assert.fail('resize'));
                const { memory, buffer } = api;
                const figures = figuresOf(api);
                for (let i = 0; i < 3; i++) assert.equal(api.trim(), undefined);
                assert.equal(api.memory, memory);
                assert.equal(api.buffer, buffer);
                assert.notEqual(buffer.byteLength, 0);
                assert.deepEqual(figuresOf(api), figures);
                assertSound(allocator);
            });
        }
    });

    it('throws and changes nothing if the new memory cannot be made', () => {
        // Its declared maximum would be below its size: other code has grown the memory so far.
        const allocator = fresh();
        const { api } = allocator;
        api.configure({ memory: new WebAssembly.Memory({ initial: 1 }), maximum: 2 });
        api.memory.grow(5);
        const token = {};
        api.alloc(4 * PAGE, token);
        api.bind(noop, () => assert.fail('respawned'));
        assertRefuses(allocator, () => api.trim(), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
    });

    it('returns undefined, and takes no arguments', () => {
        const { api } = withRoom();
        assert.equal(api.trim.length, 0);
        assert.equal(api.trim({}, 5), undefined);
    });

    it('works three times in a row, with growth in between', async () => {
        const allocator = fresh();
        const { api } = allocator;
        const memories = new Set();
        const token = {};
        const address = api.alloc(64, token);
        for (let i = 0; i < 3; i++) {
            bytes(api).fill(i + 1, address, address + 64);
            await inFrameOfItsOwn(() => api.alloc(4 * PAGE, {}));
            assert.ok(api.total() > 4 * PAGE);
            await collectTo(api, 64);
            api.trim();
            memories.add(api.memory);
            assert.equal(api.total(), PAGE);
            assert.ok(
                bytes(api)
                    .subarray(address, address + 64)
                    .every((byte) => byte === i + 1),
            );
            assertSound(allocator);
        }
        assert.equal(memories.size, 3);
    });

    it('makes a memory that can grow as far as the old one', () => {
        const { api } = fresh(1, 4);
        api.alloc(4 * PAGE);
        api.trim();
        assert.equal(api.alloc(4 * PAGE), 0);
        assertThrows(() => api.alloc(4 * PAGE + 1), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
        assertThrows(() => api.memory.grow(1), RangeError, undefined);
    });
});

describe('a migration detaches the old buffer', () => {
    it('after the respawns, before the events', () => {
        const { api } = withRoom();
        const { buffer, memory } = api;
        const view = new Uint8Array(buffer);
        const lengths = [];
        api.bind(noop, () => lengths.push(view.length));
        api.on('trim', lengths, () => lengths.push(view.length));
        api.trim();
        assert.deepEqual(lengths, [4 * PAGE, 0]);
        assert.equal(buffer.byteLength, 0);
        // The old memory grew by 0 pages: its size is the same.
        assert.equal(memory.buffer.byteLength, 4 * PAGE);
    });

    it('even if a respawn throws', () => {
        const { api } = withRoom();
        const { buffer } = api;
        api.bind(noop, () => {
            throw new Error('planted');
        });
        assert.throws(() => api.trim(), /planted/);
        assert.equal(buffer.byteLength, 0);
    });
});

describe('trim() copies used spans only', () => {
    it('so that holes of many sizes are zero in the new memory', async () => {
        const allocator = fresh();
        const { api } = allocator;
        const sizes = Array.from({ length: 300 }, (_, i) => (i % 3 === 1 ? 1 : -1) * 16 * (1 + (i % 37)));
        const owners = await layOut(allocator, [...sizes, -5 * PAGE]);
        bytes(api).fill(255);
        api.trim();
        const now = bytes(api);
        let start = 0;
        for (const size of sizes) {
            const end = start + Math.abs(size);
            const expected = size > 0 ? 255 : 0;
            assert.ok(
                now.subarray(start, end).every((byte) => byte === expected),
                `${size} bytes at ${start}`,
            );
            start = end;
        }
        assert.ok(now.subarray(start).every((byte) => byte === 0));
        assert.ok(owners);
    });

    it('so that a hole of 3 GiB takes no time, and no memory', async () => {
        const allocator = fresh();
        const { api } = allocator;
        const before = process.memoryUsage.rss();
        const owners = await layOut(allocator, [16, -3 * 2 ** 30, 16, -PAGE]);
        bytes(api).fill(5, 0, 16);
        bytes(api).fill(6, 3 * 2 ** 30 + 16, 3 * 2 ** 30 + 32);
        api.trim();
        assert.equal(api.total(), 3 * 2 ** 30 + PAGE);
        assert.deepEqual([bytes(api)[15], bytes(api)[16], bytes(api)[3 * 2 ** 30 + 16]], [5, 0, 6]);
        assert.ok(process.memoryUsage.rss() - before < 2 ** 29);
        assert.ok(owners);
        assertSound(allocator);
    });
});

describe('a handler or a respawn that throws', () => {
    const thrower = (calls, name, error) => () => {
        calls.push(name);
        if (error !== undefined) throw error;
    };
    const [one, two, three] = ['one', 'two', 'three'].map((message) => new Error(message));

    it('stops no other; its error is thrown at the end', () => {
        const allocator = withRoom();
        const { api } = allocator;
        const calls = [];
        api.bind(noop, thrower(calls, 'first', one));
        api.bind(noop, thrower(calls, 'second'));
        api.on('trim', calls, thrower(calls, 'trim'));
        api.on('resize', calls, thrower(calls, 'resize'));
        assert.throws(
            () => api.trim(),
            (error) => error === one,
        );
        assert.deepEqual(calls, ['first', 'second', 'trim', 'resize']);
        assert.equal(api.total(), PAGE);
        assertSound(allocator);
        // The allocator continues to work, and nothing is thrown a second time.
        assert.equal(api.alloc(3 * PAGE), 0);
    });

    it('causes, with others, an AggregateError of all errors in order, with a code', () => {
        const allocator = withRoom();
        const { api } = allocator;
        const calls = [];
        api.bind(noop, thrower(calls, 'first', one));
        api.bind(noop, thrower(calls, 'second', two));
        api.on('resize', calls, thrower(calls, 'resize', three));
        api.on('trim', calls, thrower(calls, 'trim', undefined));
        assert.throws(
            () => api.trim(),
            (error) => {
                assert.equal(error.constructor, AggregateError);
                assert.equal(error.code, 'ERR_LEWD_HANDLERS');
                assert.equal(error.errors.length, 3);
                assert.ok([one, two, three].every((thrown, i) => thrown === error.errors[i]));
                return true;
            },
        );
        assert.deepEqual(calls, ['first', 'second', 'trim', 'resize']);
        assertSound(allocator);
    });

    it('may throw any value, even undefined', () => {
        for (const thrown of [undefined, null, 0, 'text', Symbol('s')]) {
            const { api } = withRoom();
            api.bind(noop, () => {
                throw thrown;
            });
            let caught = [];
            try {
                api.trim();
            } catch (error) {
                caught = [error];
            }
            assert.deepEqual(caught, [thrown]);
        }
    });
});

describe('respawns and handlers may call alloc, on, off and bind', () => {
    it('a respawn that allocates', () => {
        const allocator = withRoom();
        const { api } = allocator;
        const token = {};
        const kept = api.alloc(32, token);
        let address;
        api.bind(noop, () => (address = api.alloc(32, token)));
        api.trim();
        assert.deepEqual([kept, address, api.used()], [0, 32, 64]);
        assertSound(allocator);
    });

    it('a respawn that grows the memory, whose events follow those of the trim', () => {
        const allocator = withRoom();
        const { api } = allocator;
        const calls = [];
        const note = (name) => {
            const { memory, buffer } = api;
            calls.push([name, memory.buffer === buffer && buffer.byteLength / PAGE]);
        };
        api.bind(noop, () => {
            note('first');
            bytes(api)[0] = 77;
            api.alloc(2 * PAGE, calls);
            note('grown');
        });
        api.bind(noop, () => {
            note('second');
            assert.equal(bytes(api)[0], 77);
        });
        for (const type of ['grow', 'trim', 'resize']) {
            api.on(type, calls, ({ info }) => note([type, info.oldSize / PAGE, info.newSize / PAGE]));
        }
        api.trim();
        assert.deepEqual(calls, [
            ['first', 1],
            ['grown', 2],
            ['second', 2],
            [['trim', 4, 1], 2],
            [['resize', 4, 1], 2],
            [['grow', 1, 2], 2],
            [['resize', 1, 2], 2],
        ]);
        assertSound(allocator);
    });

    it('a respawn that runs out of memory', () => {
        const allocator = fresh(1, 4);
        const { api } = allocator;
        api.alloc(4 * PAGE);
        api.bind(noop, () => api.alloc(5 * PAGE));
        assertThrows(() => api.trim(), RangeError, 'ERR_LEWD_OUT_OF_MEMORY');
        assert.equal(api.total(), PAGE);
        assertSound(allocator);
    });

    it('a respawn that binds another one, which runs at the next migration', () => {
        const { api } = withRoom();
        const calls = [];
        let bound = false;
        api.bind(noop, () => {
            calls.push('outer');
            if (!bound) api.bind(noop, () => calls.push('inner'));
            bound = true;
        });
        api.trim();
        assert.deepEqual(calls, ['outer']);
        api.alloc(3 * PAGE);
        api.trim();
        assert.deepEqual(calls, ['outer', 'outer', 'inner']);
    });

    it('a respawn that adds and removes handlers', () => {
        const { api } = withRoom();
        const calls = [];
        const gone = () => calls.push('gone');
        api.on('trim', calls, gone);
        api.on('trim', calls, () => calls.push('kept'));
        api.bind(noop, () => api.off('trim', calls, gone));
        api.trim();
        assert.deepEqual(calls, ['kept']);
    });
});

describe('trim() throws ERR_LEWD_BUSY', () => {
    const BUSY = 'ERR_LEWD_BUSY';

    for (const [where, set, message] of [
        ['a respawn', ({ bind }, fn) => bind(noop, fn), /^trim\(\) can't run while a spawn or a respawn runs/],
        ["a handler of 'trim'", ({ on }, fn) => on('trim', fn, fn), /^trim\(\) can't run while a handler runs/],
        ["a handler of 'resize'", ({ on }, fn) => on('resize', fn, fn), /^trim\(\) can't run while a handler runs/],
    ]) {
        it(`in ${where} of a migration`, () => {
            const allocator = withRoom();
            const { api } = allocator;
            let memory;
            const fn = () => {
                ({ memory } = api);
                assertRefuses(allocator, () => api.trim(), Error, BUSY, message);
            };
            set(api, fn);
            api.trim();
            assert.equal(api.memory, memory);
            assertSound(allocator);
            api.trim(); // and not in later ones
        });

        it(`in ${where}, which is the error of the outer trim() if it is not caught`, () => {
            const allocator = withRoom();
            const { api } = allocator;
            const fn = () => api.trim();
            set(api, fn);
            assertThrows(() => api.trim(), Error, BUSY);
            assert.equal(api.total(), PAGE);
            assertSound(allocator);
        });
    }

    it("in a handler of 'grow'", () => {
        const allocator = fresh();
        const { api } = allocator;
        api.on('grow', allocator, () => api.trim());
        assertThrows(() => api.alloc(3 * PAGE), Error, BUSY);
        assert.equal(api.total(), 3 * PAGE);
        api.trim();
        assert.equal(api.total(), PAGE);
        assertSound(allocator);
    });

    it('in a handler of an allocation inside a handler', () => {
        const allocator = fresh();
        const { api } = allocator;
        const codes = [];
        api.on('grow', codes, () => {
            if (api.total() < 5 * PAGE) api.alloc(5 * PAGE, codes);
            try {
                api.trim();
            } catch ({ code }) {
                codes.push(code);
            }
        });
        api.alloc(2 * PAGE, codes);
        assert.ok(codes.length >= 2);
        assert.deepEqual(new Set(codes), new Set([BUSY]));
        assertSound(allocator);
    });
});
