'use strict';

// The fuzzer finds faults that are planted, tells how to repeat a run, and makes it shorter.

const assert = require('node:assert/strict');
const { join } = require('node:path');
const { runFor } = require('./helpers/child.js');
const { Draw } = require('./fuzz-js/draw.js');
const { FAULTS } = require('./fuzz-js/faults.js');
const { read, shrink, write } = require('./fuzz-js/shrink.js');

const FUZZER = join(__dirname, 'fuzz-js/index.js');
const fuzz = (...words) => runFor(55_000, FUZZER, '--shrink', '0', ...words);

/** What a run says of each fault. */
const FOUND = {
    overlap: /overlaps|is not aligned|the address of alloc/,
    respawn: /the respawn that is called|respawns that were left out/,
    realloc: /contents: the byte at/,
    leak: /free\(\) once more|used\(\) is/,
    token: /are not freed after 100 collections/,
    handler: /a handler of 'resize' was left out|a handler was told/,
    swallow: /the count of errors that a call threw is 0/,
    code: /strengthen\(\).* threw RangeError: /,
    crash: /the process ended with SIGKILL/,
};

describe('the fuzzer of the package', () => {
    it('finds nothing where nothing is wrong, and prints the seed', async () => {
        const { code, stdout } = await fuzz('--seed', '7', '--operations', '2000');
        assert.match(stdout, /seed 7$/m);
        assert.match(stdout, /^ok +none, 2000 operations/m);
        assert.match(stdout, /^1 passed, 0 failed$/m);
        assert.equal(code, 0, stdout);
    });

    it('each planted fault is named here', () => {
        assert.deepEqual(Object.keys(FOUND).sort(), Object.keys(FAULTS).sort());
    });

    for (const [fault, message] of Object.entries(FOUND)) {
        it(`finds the fault '${fault}', and prints how to repeat it`, async () => {
            const { code, stdout } = await fuzz('--seed', '1', '--operations', '10000', '--fault', fault);
            assert.equal(code, 1, stdout);
            assert.match(stdout, message);
            const [, operation] = /^FAILED +none, seed 1, operation (\d+)$/m.exec(stdout);
            assert.ok(Number(operation) <= 10_000);
            assert.match(stdout, new RegExp(`--seed 1 --operations ${operation} --flags none --fault ${fault}$`, 'm'));
            assert.match(stdout, new RegExp(`^ +${operation} `, 'm'), 'the last operation');
        });
    }

    it('makes a run shorter, and the shorter one fails', async () => {
        const { stdout } = await fuzz('--seed', '1', '--operations', '3000', '--fault', 'code', '--shrink', '20');
        const [, count, words] = /^with (\d+) operations: npm run fuzz -- (.*)$/m.exec(stdout);
        assert.ok(Number(count) <= 3, stdout);
        const again = await fuzz(...words.split(' '));
        assert.equal(again.code, 1);
        assert.match(again.stdout, FOUND.code);
    });

    it('leaves out all that a failure does not need', async () => {
        const needed = [3, 40, 77];
        let runs = 0;
        const fails = async (numbers) => ++runs > 0 && needed.every((number) => numbers.includes(number));
        const all = Array.from({ length: 100 }, (_, i) => i + 1);
        assert.deepEqual(await shrink(all, fails, () => false), needed);
        assert.deepEqual(await shrink(all, fails, () => true), all);
        assert.ok(runs < 200);
    });

    it('writes and reads numbers of operations', () => {
        for (const [numbers, text] of [
            [[7], '7'],
            [[1, 2, 3, 7, 9, 10], '1-3,7,9-10'],
        ]) {
            assert.equal(write(numbers), text);
            assert.deepEqual(read(text), numbers);
        }
    });

    it('draws the same for the same seed and operation, whatever was drawn by a fork', () => {
        const numbers = (draw) => Array.from({ length: 20 }, () => draw.below(1000));
        const [one, other] = [new Draw(5, 9), new Draw(5, 9)];
        numbers(one.fork());
        other.fork();
        assert.deepEqual(numbers(one), numbers(other));
        for (const different of [new Draw(5, 10), new Draw(6, 9), new Draw(9, 5), new Draw(5, 9).fork()])
            assert.notDeepEqual(numbers(new Draw(5, 9)), numbers(different));
    });
});
