'use strict';

// The load, in a process of its own: connections that send the next upload as soon as they have an answer, and compare
// each with the hash of node:crypto. One upload of ten breaks off half-way. Prints a line of JSON four times a second:
// [answers so far, wrong answers, uploads that broke off].
//
//     node load.js PORT SECONDS CONNECTIONS

const { createHash, randomFillSync } = require('node:crypto');
const { Agent, request } = require('node:http');

const [port, seconds, connections] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: connections });

/** Uploads of up to 32 KiB, and their answers. */
const uploads = Array.from({ length: 100 }, (_, i) => {
    const body = randomFillSync(Buffer.alloc(1 + ((i * 331) % 32_768)));
    return { body, expected: createHash('blake2b512').update(body).digest('hex') };
});

/** Sends an upload, or half of it. Returns the answer, undefined if it broke off. */
const send = ({ body }, whole) =>
    new Promise((resolve, reject) => {
        const headers = { 'content-length': body.length };
        const upload = request({ host: '127.0.0.1', port, agent, method: 'POST', headers }, (response) => {
            let text = '';
            response.setEncoding('latin1');
            response.on('data', (data) => (text += data));
            response.on('end', () => resolve(text));
            response.on('error', reject);
        });
        upload.on('error', whole ? reject : () => resolve());
        upload.write(body.subarray(0, body.length >> 1), () => {
            if (!whole) return upload.destroy(new Error('broke off'));
            upload.end(body.subarray(body.length >> 1));
        });
    });

let [answers, wrong, broken] = [0, 0, 0];
const end = performance.now() + seconds * 1000;

async function connection(first) {
    for (let i = first; performance.now() < end; i++) {
        const upload = uploads[i % uploads.length];
        const whole = i % 10 !== 0;
        const answer = await send(upload, whole);
        if (!whole) {
            broken++;
            continue;
        }
        if (answer !== upload.expected) wrong++;
        answers++;
    }
}

const report = () => process.stdout.write(`${JSON.stringify([answers, wrong, broken])}\n`);
const timer = setInterval(report, 250);
Promise.all(Array.from({ length: connections }, (_, i) => connection(i * 7))).then(() => {
    clearInterval(timer);
    report();
    agent.destroy();
});
