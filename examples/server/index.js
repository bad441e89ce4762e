'use strict';

// `node --expose-gc examples/server`: the server under load, and the course of its memory. It takes 10 s, or as many as
// a number after the command says; `npm run bench -- server` draws a chart of it.

const { claim, end, figure, heading, needsCollector, say } = require('../story.js');

needsCollector('node --expose-gc examples/server');

const { measure } = require('./measure.js');

const SECONDS = Number(process.argv[2] ?? 10);
const MIB = 2 ** 20;
/** What a hash takes: 216 bytes in blocks of 16. */
const STATE = 224;

const columns = (...cells) => say(cells.map((cell) => String(cell).padStart(11)).join(''));
const mib = (bytes) => (bytes / MIB).toFixed(1);

async function main() {
    heading(`A server under load for ${SECONDS} s: a hash for each request, dropped with it`);
    columns('s', 'requests/s', 'used bytes', 'of bytes', 'RSS, MiB', 'heap, MiB');
    const { samples, answers, wrong, broken, settled } = await measure(SECONDS, (one) =>
        columns(
            one.time.toFixed(2),
            ...[Math.round(one.rate), one.used, one.total].map(figure),
            ...[one.rss, one.heap].map(mib),
        ),
    );

    heading('In the end');
    const requests = answers + broken;
    const rate = figure(Math.round(requests / SECONDS));
    say(`${figure(requests)} requests, ${rate} a second, of which ${figure(broken)} broke off.`);
    claim(`each of ${figure(answers)} answers is what node:crypto says`, answers > 0 && wrong === 0);
    const most = Math.max(...samples.map(({ used }) => used));
    claim(
        `of ${figure(requests * STATE)} bytes that were handed out, at most ${figure(most)} were in use at once`,
        most < (requests * STATE) / 2,
    );
    const { total } = samples[0];
    claim(
        `the module's memory did not grow: ${figure(total)} bytes`,
        samples.every((one) => one.total === total),
    );
    const peak = (own) => mib(Math.max(...own.map(({ rss }) => rss)));
    const half = samples.length >> 1;
    const [first, second] = [samples.slice(0, half), samples.slice(half)].map(peak);
    say(`The process: ${first} MiB at most in the first half, ${second} in the second.`);
    claim(
        'which is less than 256',
        samples.every(({ rss }) => rss < 256 * MIB),
    );
    claim('when the load is over, used() is 0', settled === 0);
    end();
}

main();
