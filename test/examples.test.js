'use strict';

// The examples; examples/prng has tests of its own, too. Runs each as a user does; it checks its own claims. Plants
// faults in the code that it relies on, which it must notice. Runs each for 100 rounds with collections in between; at
// last with collections within the calls of its module, where V8 optimises at once.

const assert = require('node:assert/strict');
const { execFile, spawnSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { createHash } = require('node:crypto');
const { once } = require('node:events');
const { request } = require('node:http');
const { join } = require('node:path');
const { setImmediate: turn } = require('node:timers/promises');
const { ROOT } = require('./helpers/child.js');
const { EAGER } = require('./helpers/eager.js');
const sanitized = require('./helpers/sanitized.js');

/** Like helpers/child.js, but with more time: the machine may be busy, and one of the examples compiles. */
const run = (...args) =>
    new Promise((resolve) => {
        execFile(process.execPath, args, { cwd: ROOT, timeout: 50_000 }, (error, stdout, stderr) => {
            resolve({ code: error?.code ?? 0, signal: error?.signal ?? null, stdout, stderr });
        });
    });

/** Runs an example by the command that its README gives, and expects all to be true. */
async function runExample(name, ...more) {
    const page = readFileSync(join(ROOT, 'examples', name, 'README.md'), 'utf8');
    const [, words] = new RegExp(`\`node ((?:--expose-gc )?examples/${name})\``).exec(page);
    const { code, signal, stdout, stderr } = await run(...words.split(' '), ...more);
    assert.deepEqual([code, signal], [0, null], stdout + stderr);
    assert.match(stdout, /\[true\]/);
    assert.doesNotMatch(stdout, /WRONG/);
    assert.match(stdout, /All of it is true\.\n$/);
    return stdout;
}

/** Runs an example with collections within the calls of its module, and overwrites all free memory after each. */
const runCollecting = (...words) =>
    run('--expose-gc', ...EAGER, '--require', join(ROOT, 'test/helpers/collecting.js'), ...words);

/** Runs an example with a fault planted, and expects it to report an error. */
async function runFaulty(name, fault, ...more) {
    const script = `process.argv.splice(1, 0, '-'); ${fault}; require('./examples/${name}');`;
    const { code, stdout, stderr } = await run('--expose-gc', '-e', script, ...more);
    assert.equal(code, 1, stdout + stderr);
    assert.doesNotMatch(stdout, /All of it is true/);
}

/** Makes a folder that exists as long as a test runs. */
function inFolder(use) {
    const folder = mkdtempSync(join(tmpdir(), 'lewd-'));
    try {
        return use(folder);
    } finally {
        rmSync(folder, { recursive: true });
    }
}

const faces = (binary) => {
    const code = new WebAssembly.Module(binary);
    const names = (list) => list.map(({ module, name, kind }) => `${module ?? ''} ${name} ${kind}`).sort();
    return { imports: names(WebAssembly.Module.imports(code)), exports: names(WebAssembly.Module.exports(code)) };
};

describe('examples/c-module', () => {
    const { compile } = require('../examples/c-module/build.js');
    const file = join(ROOT, 'examples/c-module/words.wasm');

    it('allocates 1,000,000 times and grows from inside, and is trimmed between two calls', async () => {
        const stdout = await runExample('c-module');
        assert.match(stdout, /\[true\] 1,000,000 by malloc, calloc, realloc and aligned_alloc/);
        assert.match(stdout, /\[true\] stack and static data are as before, not as built/);
    });

    it('imports C’s functions and a memory, and is smaller than 8 KiB', () => {
        const binary = readFileSync(file);
        assert.ok(binary.length < 8192);
        const { c } = require('@anireact/lewd');
        const functions = Object.keys(c).map((name) => `env ${name} function`);
        assert.deepEqual(faces(binary).imports, ['env memory memory', ...functions].sort());
    });

    it('is the output of compiling words.c', function () {
        const has = (tool) => spawnSync(tool, ['--version']).status === 0;
        if (!has(process.env.CLANG ?? 'clang') || !has(process.env.WASM_LD ?? 'wasm-ld')) return this.skip();
        inFolder((folder) => {
            const to = join(folder, 'words.wasm');
            compile(to);
            const [binary, built] = [readFileSync(file), readFileSync(to)];
            assert.deepEqual(faces(built), faces(binary), 'words.wasm is stale: node examples/c-module/build.js');
            // Other versions of the compiler generate other code from the same source.
            const { customSections } = WebAssembly.Module;
            const by = (one) =>
                customSections(new WebAssembly.Module(one), 'producers').map((bytes) => Buffer.from(bytes));
            if (Buffer.concat(by(built)).equals(Buffer.concat(by(binary))))
                assert.deepEqual(built, binary, 'words.wasm is stale: node examples/c-module/build.js');
            const { Words } = require('../examples/c-module/words.js');
            const words = new Words(new WebAssembly.Module(built));
            assert.equal(words.exports.storm(20_000), 20_000);
            assert.equal(words.exports.calm(), 0);
            words.count('once, twice, Twice');
            words.allocator.trim();
            assert.deepEqual(
                [words.of('once'), words.of('twice'), words.of('thrice'), words.longest],
                [1, 2, 0, 'twice'],
            );
        });
    });

    for (const [what, fault] of [
        [
            'static data that trim() does not restore',
            `const { Allocator } = require('./lib');
            const { trim } = Allocator.prototype;
            Allocator.prototype.trim = function () {
                trim.call(this);
                new Uint8Array(this.buffer).fill(0, 16_384, 65_536);
            };`,
        ],
        [
            'a malloc that hands out used bytes',
            `const { Allocator } = require('./lib');
            const { get } = Object.getOwnPropertyDescriptor(Allocator.prototype, 'c');
            Object.defineProperty(Allocator.prototype, 'c', { get() {
                const c = get.call(this);
                let [calls, last] = [0, 0];
                return { ...c, malloc: (size) => (++calls % 5000 ? (last = c.malloc(size)) : last) };
            } });`,
        ],
    ])
        it(`notices ${what}`, () => runFaulty('c-module', fault, '50000'));
});

describe('examples/assemblyscript', () => {
    const { MODULES, compile } = require('../examples/assemblyscript/build.js');

    it('works without objects and with them', () => runExample('assemblyscript'));

    for (const name of MODULES)
        it(`${name}.wasm is the output of compiling ${name}.ts`, () =>
            inFolder((folder) => {
                const to = join(folder, `${name}.wasm`);
                compile(name, to);
                const shipped = readFileSync(join(ROOT, `examples/assemblyscript/${name}.wasm`));
                assert.deepEqual(
                    readFileSync(to),
                    shipped,
                    `${name}.wasm is stale: node examples/assemblyscript/build.js`,
                );
            }));

    it('fft.ts has no runtime', () => {
        const { imports, exports } = faces(readFileSync(join(ROOT, 'examples/assemblyscript/fft.wasm')));
        assert.deepEqual(imports, ['env memory memory']);
        assert.ok(!exports.some((name) => name.includes('__new')));
    });

    it('notices an allocator that begins below the heap base', () =>
        runFaulty(
            'assemblyscript',
            `const lewd = require('./lib');
            const { Allocator } = lewd;
            const faulty = class extends Allocator { constructor(options) { super({ ...options, base: 1024 }); } };
            require.cache[require.resolve('./lib')].exports = { Allocator: faulty };`,
        ));
});

describe('examples/exported-memory', () => {
    it('computes the hashes of node:crypto, and frees all states', async () => {
        const stdout = await runExample('exported-memory', '20000');
        assert.match(stdout, /ERR_LEWD_FIXED_MEMORY/);
    });

    it('notices states that overlap', () =>
        runFaulty(
            'exported-memory',
            `const { Allocator } = require('./lib');
            const { alloc } = Allocator.prototype;
            Allocator.prototype.alloc = function (size, token) { return alloc.call(this, token ? 16 : size, token); };`,
            '1000',
        ));
});

describe('examples/native-neighbour', () => {
    it('runs an addon in C++ on the same blocks, through growth and trim', function () {
        this.timeout(120_000); // the first time it compiles
        require('../examples/native-neighbour/build.js').build();
        return runExample('native-neighbour');
    });

    it('refuses addresses outside the buffer, and arguments that are no buffer', () => {
        const { allocator, sort } = require('../examples/native-neighbour/samples.js');
        const { byteLength } = allocator.buffer;
        for (const [address, count] of [
            [byteLength - 4, 2],
            [byteLength, 1],
            [-4, 1],
            [2, 1],
            [0, 2 ** 31],
        ])
            assert.throws(() => sort(allocator.buffer, address, count), RangeError);
        assert.throws(() => sort(new Uint8Array(16), 0, 1), TypeError);
        assert.throws(() => sort(allocator.buffer, '0', 1), TypeError);
        sort(allocator.buffer, byteLength - 4, 1);
    });

    it('notices an object that does not get the new buffer', () =>
        runFaulty('native-neighbour', `require('./lib').Allocator.prototype.on = () => {};`));
});

describe('examples/server', () => {
    it('answers correctly for 2 s under load, with flat memory', async function () {
        if (sanitized) this.skip(); // it bounds the memory of the process
        await runExample('server', '2');
    });

    it('notices requests whose hashes are kept', () =>
        runFaulty(
            'server',
            `const { Allocator } = require('./lib');
            const { alloc } = Allocator.prototype;
            const kept = [];
            Allocator.prototype.alloc = function (size, token) {
                kept.push(token);
                return alloc.call(this, size, token);
            };`,
            '1',
        ));
});

describe('contents stay right for 100 rounds with collections', () => {
    const ROUNDS = 100;

    /**
     * Fills all free memory with ones, by allocations that the next collection frees: memory is handed out with its old
     * contents.
     */
    const soil = (allocator) => {
        while (allocator.largestFree() > 0) {
            const size = allocator.largestFree() * 16;
            const address = allocator.alloc(size, {});
            Buffer.from(allocator.buffer, address >>> 0, size).fill(255);
        }
    };

    const inRounds = async (allocator, use) => {
        for (let round = 0; round < ROUNDS; round++) {
            await use(round);
            soil(allocator);
            await turn();
            global.gc();
            await turn();
        }
    };

    /** Makes texts of words that differ by round, and counts each word in those of the rounds `from` to `to`. */
    const textOf = (round) =>
        Array.from({ length: 60 }, (_, i) => {
            const word = [...String((round * 7 + i * i) % 500)].map((digit) => 'abcdefghij'[digit]).join('');
            return word.repeat(1 + (i % 3));
        }).join(' ');
    const countsOf = (from, to) => {
        const counts = new Map();
        for (let round = from; round <= to; round++)
            for (const word of textOf(round).split(' ')) counts.set(word, (counts.get(word) ?? 0) + 1);
        return counts;
    };

    /** Counts in words; all are forgotten every 20 rounds. */
    const countWords = (words, { size, forget, after }) => {
        let first = 0;
        return inRounds(words.allocator, (round) => {
            words.count(textOf(round));
            after(round);
            const expected = countsOf(first, round);
            assert.equal(size(), expected.size, `words in round ${round}`);
            for (const [word, count] of expected) assert.equal(words.of(word), count, `${word} in round ${round}`);
            if (round % 20 < 19) return;
            forget();
            first = round + 1;
        });
    };

    it('examples/assemblyscript, words.ts, with its own collector, in memory that is not zero', () => {
        const words = require('../examples/assemblyscript/modules.js').loadWords();
        return countWords(words, { size: words.words, forget: words.forget, after: words.collect });
    });

    it('examples/assemblyscript, fft.ts, with a trim every 10 rounds', () => {
        const { allocator, fft, transforms } = require('../examples/assemblyscript/modules.js').loadFft();
        return inRounds(allocator, (round) => {
            const n = 2 ** (round % 11);
            const at = round % n;
            // The input is a single pulse: each number of the result is a root of unity.
            const pulse = new Float64Array(2 * n);
            pulse[2 * at] = 1;
            fft(pulse).forEach((part, i) => {
                const angle = (-2 * Math.PI * at * (i >> 1)) / n;
                const expected = i % 2 ? Math.sin(angle) : Math.cos(angle);
                assert.ok(Math.abs(part - expected) < 1e-9, `number ${i} of ${n}, round ${round}`);
            });
            assert.equal(transforms(), round + 1);
            if (round % 10 === 9) {
                allocator.grow(1);
                allocator.trim();
            }
        });
    });

    it('examples/c-module, with allocations from inside, and a trim every 10 rounds', () => {
        const words = new (require('../examples/c-module/words.js').Words)();
        return countWords(words, {
            size: () => words.exports.words(),
            forget: () => words.exports.forget(),
            after(round) {
                assert.equal(words.exports.storm(500), 500);
                if (round % 5 === 4) assert.equal(words.exports.calm(), 0);
                if (round % 10 === 9) words.allocator.trim();
            },
        });
    });

    it('examples/exported-memory, with hashes that begin in one round and end in another', async () => {
        const { Blake2b, allocator } = await require('../examples/exported-memory/blake2b.js').load();
        const bytes = Buffer.from(textOf(1).repeat(20));
        const begun = [];
        await inRounds(allocator, (round) => {
            new Blake2b().update(bytes); // and dropped
            begun.push(new Blake2b().update(bytes.subarray(0, round)));
            if (begun.length < 5) return;
            const digest = begun.shift().update(bytes).digest();
            const input = Buffer.concat([bytes.subarray(0, round - 4), bytes]);
            assert.deepEqual(digest, createHash('blake2b512').update(input).digest(), `round ${round}`);
        });
    });

    it('examples/native-neighbour, with blocks that C++ sorts, and a trim every 10 rounds', async function () {
        this.timeout(120_000); // it compiles, the first time
        const { Samples, allocator } = require('../examples/native-neighbour/samples.js');
        const kept = [];
        await inRounds(allocator, (round) => {
            const numbers = Float32Array.from({ length: 1 + round }, (_, i) => (i * 7919) % 1009);
            new Samples(numbers); // and dropped
            kept.push([new Samples(numbers).sort(), numbers.sort()]);
            for (const [{ view }, expected] of kept) assert.deepEqual(view, expected, `round ${round}`);
            if (kept.length > 10) kept.shift();
            if (round % 10 === 9) allocator.trim();
        });
    });

    it('examples/prng, with generators of all ages, each like its reference, and a trim every 10 rounds', async () => {
        const lewd = require('@anireact/lewd');
        const { Prng } = require('../examples/prng/prng.js');
        const { Reference } = require('../examples/prng/reference.js');
        const kept = [];
        await inRounds(lewd, (round) => {
            new Prng(round).rand(); // and dropped
            kept.push([new Prng(round), new Reference(round)]);
            for (const [generator, reference] of kept)
                assert.equal(generator.rand(), reference.rand(), `round ${round}`);
            if (kept.length > 10) kept.splice(round % 10, 1);
            if (round % 10 === 9) lewd.trim();
        });
    });

    it('examples/server, with parallel requests, each answered with its hash', async () => {
        const { server, allocator } = await require('../examples/server/server.js').create();
        const { port } = await once(server.listen(0, '127.0.0.1'), 'listening').then(() => server.address());
        const post = async (body) => {
            const sent = request({ port, host: '127.0.0.1', method: 'POST', agent: false });
            sent.end(body);
            const [answer] = await once(sent, 'response');
            let text = '';
            for await (const chunk of answer.setEncoding('latin1')) text += chunk;
            return text;
        };
        try {
            await inRounds(allocator, async (round) => {
                const bodies = [0, 1, 2, 3].map((i) => textOf(round * 4 + i));
                const answers = await Promise.all(bodies.map(post));
                const expected = bodies.map((body) => createHash('blake2b512').update(body).digest('hex'));
                assert.deepEqual(answers, expected, `round ${round}`);
            });
        } finally {
            server.close();
        }
    });
});

describe('with collections within the calls of modules, and immediate optimisation by V8', () => {
    for (const [name, ...more] of [
        ['prng'],
        ['c-module', '20000'],
        ['assemblyscript'],
        ['exported-memory', '2000'],
        ['native-neighbour'],
        ['server', '2'],
    ])
        it(`examples/${name} finds all its claims true`, async function () {
            if (name === 'server' && sanitized) this.skip(); // it bounds the memory of the process
            if (name === 'native-neighbour') {
                this.timeout(120_000); // the first time it compiles
                require('../examples/native-neighbour/build.js').build();
            }
            const { code, signal, stdout, stderr } = await runCollecting(`examples/${name}`, ...more);
            assert.deepEqual([code, signal], [0, null], stdout + stderr);
            assert.doesNotMatch(stdout, /WRONG/);
            assert.match(stdout, /All of it is true\.\n$/);
        });

    for (const [name, ...more] of [['prng'], ['exported-memory', '2000']])
        it(`examples/${name} notices tokens that die early`, async () => {
            const words = ['--require', join(ROOT, 'test/fixtures/short-lived.cjs'), `examples/${name}`, ...more];
            const { code, stdout } = await runCollecting(...words);
            assert.notEqual(code, 0, stdout);
            assert.doesNotMatch(stdout, /All of it is true/);
        });
});
