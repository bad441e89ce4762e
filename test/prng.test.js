'use strict';

// The example, examples/prng. Other suites may have used the default allocator before, so what is compared is
// differences of used(), once their garbage is gone.

const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const { createCipheriv } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { setImmediate: turn } = require('node:timers/promises');
const { promisify } = require('node:util');
const lewd = require('@anireact/lewd');
const { assemble } = require('../examples/prng/build.js');
const { Prng } = require('../examples/prng/prng.js');
const { Reference, ars } = require('../examples/prng/reference.js');

const PAGE = 65_536;
const SEEDS = [0, 1, -1, 2024n, 2n ** 63n, 2n ** 64n - 2n];
const ROOT = join(__dirname, '..');
const binary = readFileSync(join(ROOT, 'examples/prng/prng.wasm'));

/** Collects garbage until `done`; fails if that never comes. */
async function collect(done, what) {
    for (let i = 0; i < 200; i++) {
        if (done()) return;
        await turn(); // what a WeakRef was asked for lives to the end of the job
        global.gc();
        await turn();
    }
    assert.fail(`garbage collection: ${what} is still not so: used() is ${lewd.used()}`);
}

/** Collects garbage until that no longer changes used(), which it answers. */
async function settle() {
    let [least, calm] = [lewd.used(), 0];
    await collect(() => {
        calm = lewd.used() < least ? 0 : calm + 1;
        least = Math.min(least, lewd.used());
        return calm === 10;
    }, 'used() at rest');
    return lewd.used();
}

/** Fails at the first number in which the two differ. */
function assertSame(generator, reference, count) {
    for (let n = 0; n < count; n++) {
        const [number, expected] = [generator.rand(), reference.rand()];
        if (number !== expected) assert.equal(number, expected, `number ${n} of ${count}`);
    }
}

/** Bytes, as the test vectors are printed. */
const hex = (words) => Buffer.from(Uint32Array.from(words).buffer).toString('hex');

/** A process of its own, with the default allocator as it is at first. */
function run(...args) {
    return promisify(execFile)(process.execPath, args, { cwd: ROOT }).then(
        ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
        ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    );
}

describe('examples/prng', () => {
    describe('the module', () => {
        it('is smaller than 4 KiB, and is what prng.wat assembles to', async () => {
            assert.ok(binary.length < 4096, `${binary.length} bytes`);
            assert.deepEqual(binary, Buffer.from(await assemble()), 'prng.wasm is stale: node examples/prng/build.js');
        });

        it('imports env.mem and env.tab, and exports init, seed, rand and fill', () => {
            const code = new WebAssembly.Module(binary);
            assert.deepEqual(
                WebAssembly.Module.imports(code).map(({ module, name, kind }) => [module, name, kind]),
                [
                    ['env', 'mem', 'memory'],
                    ['env', 'tab', 'global'],
                ],
            );
            assert.deepEqual(
                WebAssembly.Module.exports(code).map(({ name, kind }) => [name, kind]),
                ['init', 'seed', 'rand', 'fill'].map((name) => [name, 'function']),
            );
        });

        // The last two are from 2 GiB up, the very end of the memory among them. No page between is ever touched.
        for (const [pages, tab] of [
            [1, 0],
            [1, 4096],
            [1, PAGE - 1024],
            [32_769, 2 ** 31],
            [32_769, 2 ** 31 + PAGE - 1024],
        ]) {
            it(`computes a table that does AES, in the 1,024 bytes at ${tab} and nowhere else`, () => {
                const mem = new WebAssembly.Memory({ initial: pages });
                const near = new Uint8Array(mem.buffer, Math.max(0, tab - PAGE)).fill(0xa5);
                const { init } = new WebAssembly.Instance(new WebAssembly.Module(binary), {
                    env: { mem, tab: tab | 0 },
                }).exports;
                init();

                const table = new DataView(mem.buffer, tab, 1024);
                const key = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
                const block = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
                const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
                assert.deepEqual(encipher(table, key, block), cipher.update(block));

                // One block looks up 200 of 256 entries at most: a hundred look up all of them, many times.
                for (let i = 0; i < 100; i++) {
                    const other = encipher(table, key, Buffer.alloc(16, i));
                    assert.deepEqual(other, cipher.update(Buffer.alloc(16, i)));
                }

                const begin = tab - near.byteOffset;
                assert.ok(near.subarray(0, begin).every((byte) => byte === 0xa5));
                assert.ok(near.subarray(begin + 1024).every((byte) => byte === 0xa5));
            });
        }

        it('draws and fills above 2 GiB', () => {
            const mem = new WebAssembly.Memory({ initial: 32_769 });
            const module = new WebAssembly.Instance(new WebAssembly.Module(binary), {
                env: { mem, tab: (2 ** 31) | 0 },
            }).exports;
            const [state, target] = [(2 ** 31 + 1024) | 0, (2 ** 31 + PAGE - 400) | 0];
            module.init();
            module.seed(state, 77n);
            const reference = new Reference(77);
            assert.equal(module.rand(state) >>> 0, reference.rand());
            module.fill(state, target, 100);
            assert.deepEqual(new Uint32Array(mem.buffer, target >>> 0, 100), reference.fill(new Uint32Array(100)));
        });
    });

    describe('the sequence', () => {
        // Known answers published with Random123, the library of ARS's authors. The key of prng.wat is theirs, 1.
        it('has the known answers for 7 rounds', () => {
            for (const [counter, answer] of [
                [1n, '2b1623350cd214dc7740187993411872'],
                [256n, '2de6b66fa461b668f380126f32b9cd22'],
            ]) {
                const generator = new Prng();
                generator.state = [4n * counter, 0n];
                assert.equal(hex(generator.fill(new Uint32Array(4))), answer);
                assert.equal(hex(ars([counter, 0n], [1n, 0n], 7)), answer);
            }
        });

        it('has, in reference.js, the known answers for 10 rounds and other keys', () => {
            const ones = 2n ** 64n - 1n;
            for (const [counter, key, answer] of [
                [
                    [0n, 0n],
                    [0n, 0n],
                    [0x8d73ee19, 0x506401ef, 0x13c2dbe4, 0x0cbe9c0d],
                ],
                [
                    [0x85a308d3243f6a88n, 0x0370734413198a2en],
                    [0x299f31d0a4093822n, 0xec4e6c89082efa98n],
                    [0xa516e7d6, 0x8357ad74, 0x5b59b3ec, 0x8763fff3],
                ],
                [
                    [ones, ones],
                    [ones, 0n],
                    [0xbb3743b1, 0x9f635551, 0xecbc87fc, 0xa19478a9],
                ],
            ]) {
                assert.deepEqual(ars(counter, key, 10), answer);
            }
        });

        for (const seed of SEEDS) {
            it(`with seed ${seed} is that of reference.js for 100,000 draws`, () => {
                assertSame(new Prng(seed), new Reference(seed), 100_000);
            });
        }

        it('takes its seed modulo 2^64, as an integer', () => {
            assert.equal(new Prng(-1).rand(), new Prng(2n ** 64n - 1n).rand());
            assert.equal(new Prng(2n ** 64n + 5n).rand(), new Prng(5).rand());
            assert.equal(new Prng().rand(), new Prng(0).rand());
            assert.throws(() => new Prng(0.5), RangeError);
            assert.throws(() => new Prng('one'), SyntaxError);
        });

        const SEED = Number(process.env.SEED ?? Date.now());
        it(`is that of reference.js with rand, fill and state mixed (SEED=${SEED})`, () => {
            const choice = new Reference(SEED);
            const below = (limit) => choice.rand() % limit;
            const pairs = SEEDS.map((seed) => [new Prng(seed), new Reference(seed)]);
            const steps = [
                ([generator, reference]) => assertSame(generator, reference, below(40)),
                ([generator, reference]) => {
                    const count = below(50) === 0 ? 20_000 : below(40); // now and then more than a page
                    assert.deepEqual(generator.fill(new Uint32Array(count)), reference.fill(new Uint32Array(count)));
                },
                ([generator, reference]) => assert.deepEqual(generator.state, reference.state),
                ([generator, reference]) => {
                    // Anywhere. Just before the end, too, where the count begins again.
                    const state = BigUint64Array.of(BigInt(below(1000) - 20), BigInt(choice.rand()));
                    generator.state = state;
                    reference.state = state;
                },
                ([generator, reference]) => {
                    const other = pairs[below(pairs.length)];
                    generator.state = other[0].state;
                    reference.state = other[1].state;
                },
            ];
            for (let i = 0; i < 2000; i++) steps[below(steps.length)](pairs[below(pairs.length)]);
            for (const [generator, reference] of pairs) assertSame(generator, reference, 10);
        });
    });

    describe('the class', () => {
        it('gives a copy of its state', () => {
            const generator = new Prng(9);
            const { state } = generator;
            generator.rand();
            assert.deepEqual(state, BigUint64Array.of(0n, 9n));
            state[0] = 100n;
            assert.deepEqual(generator.state, BigUint64Array.of(1n, 9n));
        });

        it('draws nothing for an empty array, and refuses other arrays', () => {
            const generator = new Prng(9);
            const empty = new Uint32Array(0);
            assert.equal(generator.fill(empty), empty);
            for (const wrong of [undefined, [1, 2], new Int32Array(4), new Uint8Array(4)]) {
                assert.throws(() => generator.fill(wrong), TypeError);
            }
            assert.deepEqual(generator.state, BigUint64Array.of(0n, 9n));
        });

        it('fills a part of an array, and leaves the rest', () => {
            const array = new Uint32Array(12);
            new Prng(3).fill(array.subarray(4, 8));
            const expected = new Uint32Array(12);
            new Reference(3).fill(expected.subarray(4, 8));
            assert.deepEqual(array, expected);
        });

        it('reserves 16 bytes for a generator, and none for fill()', async () => {
            const before = await settle();
            const generator = new Prng(4);
            assert.equal(lewd.used(), before + 16);
            generator.fill(new Uint32Array(100_000));
            assert.equal(lewd.used(), before + 16);
        });

        it('gives back the pages that fill() needed', async () => {
            const generator = new Prng(5);
            await settle();
            lewd.trim();
            const total = lewd.total();
            const grown = [];
            lewd.on('grow', grown, ({ info }) => grown.push(info.newSize));
            generator.fill(new Uint32Array(lewd.largestFree() * 4 + 1));
            assert.equal(grown.length, 1);
            assert.ok(grown[0] > total);
            assert.equal(lewd.total(), total);
        });

        it('draws none when the memory has no room for as many, and works afterwards', async () => {
            const { code, stdout, stderr } = await run(
                '-e',
                `const lewd = require('@anireact/lewd');
                lewd.configure({ memory: new WebAssembly.Memory({ initial: 1, maximum: 2 }), maximum: 2 });
                const { Prng } = require('./examples/prng/prng.js');
                const generator = new Prng(6);
                try {
                    generator.fill(new Uint32Array(40_000));
                } catch (error) {
                    console.log(error instanceof RangeError, error.code, String(generator.state), generator.rand());
                }`,
            );
            assert.deepEqual(
                { code, stdout, stderr },
                { code: 0, stdout: `true ERR_LEWD_OUT_OF_MEMORY 0,6 ${new Reference(6).rand()}\n`, stderr: '' },
            );
        });
    });

    describe('growth and trim', () => {
        /** Makes the memory grow, by an allocation that no free span fits, hence at its end. */
        function grow(owners) {
            const [{ memory }, total] = [lewd, lewd.total()];
            const owner = {};
            lewd.alloc(lewd.largestFree() * 16 + PAGE, owner);
            owners.push(owner);
            assert.equal(lewd.memory, memory);
            assert.ok(lewd.total() > total);
        }

        /** Drops the last one's owner, and gives its pages back. */
        async function shrink(owners) {
            const before = await settle();
            owners.pop();
            await collect(() => lewd.used() < before, 'an owner collected');
            const { memory } = lewd;
            lewd.trim();
            assert.notEqual(lewd.memory, memory);
        }

        /** Every way to use a generator. */
        function assertWorks([generator, reference]) {
            assertSame(generator, reference, 1001);
            assert.deepEqual(generator.state, reference.state);
            assert.deepEqual(generator.fill(new Uint32Array(333)), reference.fill(new Uint32Array(333)));
            generator.state = generator.state;
            assertSame(generator, reference, 1);
        }

        const make = () => SEEDS.map((seed) => [new Prng(seed), new Reference(seed)]);

        it('3 growths, then 3 trims: the sequence is that of reference.js', async () => {
            const [pairs, owners] = [make(), []];
            for (let i = 0; i < 3; i++) {
                grow(owners);
                pairs.forEach(assertWorks);
            }
            for (let i = 0; i < 3; i++) {
                await shrink(owners);
                pairs.forEach(assertWorks);
            }
        });

        it('3 times a growth and a trim: the sequence is that of reference.js', async () => {
            const [pairs, owners] = [make(), []];
            for (let i = 0; i < 3; i++) {
                grow(owners);
                pairs.forEach(assertWorks);
                await shrink(owners);
                pairs.forEach(assertWorks);
            }
        });

        it('a generator that was never used in between goes on as well', async () => {
            const [pairs, owners] = [make(), []];
            for (let i = 0; i < 3; i++) grow(owners);
            for (let i = 0; i < 3; i++) await shrink(owners);
            pairs.forEach(assertWorks);
        });
    });

    describe('collection', () => {
        // In a function of its own, so that no frame of a test refers to them.
        function makeAndDrop(count) {
            const references = [];
            for (let seed = 0; seed < count; seed++) {
                const generator = new Prng(seed);
                generator.rand();
                references.push(new WeakRef(generator));
            }
            return references;
        }

        for (const count of [1, 5000]) {
            it(`${count} dropped, their 'resize' handlers refer to them: collected, the bytes come back`, async () => {
                const before = await settle();
                const references = makeAndDrop(count);
                assert.equal(lewd.used(), before + 16 * count);
                await collect(() => references.every((reference) => reference.deref() === undefined), 'all collected');
                await collect(() => lewd.used() <= before, 'all given back');
                assert.equal(lewd.used(), before);
            });
        }

        it('keeps the one that is still referred to, with its sequence', async () => {
            const kept = new Prng(8);
            const reference = new Reference(8);
            const before = await settle();
            makeAndDrop(100);
            await collect(() => lewd.used() <= before, 'all given back');
            makeAndDrop(100); // in the same places
            assertSame(kept, reference, 100);
            assert.equal(await settle(), before);
        });
    });

    describe('npm start', () => {
        const story = ['--expose-gc', 'examples/prng'];

        it('runs the example', () => {
            assert.equal(require('../package.json').scripts.start, `node ${story.join(' ')}`);
        });

        it('tells its story, in which all is true, and exits with 0', async () => {
            const { code, stdout, stderr } = await run(...story);
            assert.equal(stderr, '');
            assert.equal(code, 0, stdout);
            assert.match(stdout, /All of it is true\.\n$/);
            assert.doesNotMatch(stdout, /WRONG/);
            assert.match(stdout, /event 'grow'[^]*event 'trim'/);
        });

        // Faults planted in what it relies on.
        for (const [fault, rand] of [
            ['a wrong number', 'return rand.call(this) ^ 1;'],
            ['a generator that is never collected', 'kept.add(this); return rand.call(this);'],
            ['an exception', 'throw new Error("planted");'],
        ]) {
            it(`exits with 1 when there is ${fault}`, async () => {
                const { code, stdout } = await run(
                    '--expose-gc',
                    '-e',
                    `const { Prng } = require('./examples/prng/prng.js');
                    const { rand } = Prng.prototype;
                    const kept = new Set();
                    Prng.prototype.rand = function () { ${rand} };
                    require('./examples/prng');`,
                );
                assert.equal(code, 1);
                assert.doesNotMatch(stdout, /All of it is true/);
            });
        }

        it('says what it needs when there is no gc()', async () => {
            const { code, stdout, stderr } = await run('examples/prng');
            assert.deepEqual([code, stdout], [1, '']);
            assert.match(stderr, /node --expose-gc examples\/prng/);
        });
    });
});

/**
 * AES-128 of one block by FIPS 197, with the table for all that is done to bytes.
 *
 * @param {DataView} table
 * @param {Buffer} key
 * @param {Buffer} block
 */
function encipher(table, key, block) {
    const entry = (byte) => table.getUint32(4 * byte, true);
    const substitute = (byte) => table.getUint8(4 * byte + 1);
    const rotate = (word, bytes) => (bytes === 0 ? word : (word << (8 * bytes)) | (word >>> (32 - 8 * bytes)));

    // The key schedule: 11 round keys of 4 words.
    const words = [0, 4, 8, 12].map((offset) => key.readUInt32LE(offset));
    for (let i = 4, constant = 1; i < 44; i++) {
        let word = words[i - 1];
        if (i % 4 === 0) {
            word = rotate(word, 3);
            word = [0, 8, 16, 24].reduce((sum, shift) => sum | (substitute((word >>> shift) & 0xff) << shift), 0);
            word ^= constant;
            constant = (constant << 1) ^ (constant & 0x80 ? 0x11b : 0);
        }
        words.push(words[i - 4] ^ word);
    }

    let state = [0, 1, 2, 3].map((column) => block.readUInt32LE(4 * column) ^ words[column]);
    for (let round = 1; round <= 10; round++) {
        state = state.map((_, column) => {
            let sum = words[4 * round + column];
            for (let row = 0; row < 4; row++) {
                const byte = (state[(column + row) % 4] >>> (8 * row)) & 0xff;
                sum ^= round === 10 ? substitute(byte) << (8 * row) : rotate(entry(byte), row);
            }
            return sum;
        });
    }

    const result = Buffer.alloc(16);
    state.forEach((word, column) => result.writeInt32LE(word | 0, 4 * column));
    return result;
}
