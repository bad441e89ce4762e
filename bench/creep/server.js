'use strict';

// A server that runs for an hour without waiting: 1,000 requests a second. With some probability a request opens a
// session; it reads a session's state, allocates room for the request and the response, which live as long as it does,
// and scratch for one call. Sessions end at random. The event loop turns after every 32 requests; trim() runs every ten
// minutes. Prints a line for each ten seconds of the hour: seconds, live bytes of sessions, used(), the maximum of
// total() since the last line, resident bytes.
//
//     node bench/creep/server.js [SECONDS [SEED]]

const { alloc, on, total, trim, used } = require('../../lib/index.js');
const { random } = require('../../test/helpers/random.js');

const SECONDS = Number(process.argv[2] ?? 3600);
const SEED = Number(process.argv[3] ?? 1);
const RATE = 1000;
const SESSIONS = 20_000;
const below = random(SEED);
const turn = () => new Promise(setImmediate);

const sessions = [];
let live = 0;

/** An object that owns room, as the wrappers of a server would. */
class Room {
    constructor(size) {
        this.size = size;
        this.address = alloc(size, this);
    }
}

function open() {
    const session = new Room(256 + below(8) * 128);
    live += session.size;
    if (sessions.length < SESSIONS) sessions.push(session);
    else {
        const place = below(SESSIONS);
        live -= sessions[place].size;
        sessions[place] = session;
    }
}

function request() {
    if (below(4) === 0) open();
    const body = new Room(64 + below(16_384));
    const response = new Room(128 + below(65_536));
    const scratch = alloc(4096);
    if (scratch % 16 !== 0 || body.address === response.address) throw new Error('wrong address');
}

async function main() {
    let changes = 0;
    on('resize', sessions, () => changes++);
    for (let i = 0; i < SESSIONS; i++) open();
    let most = 0;
    for (let second = 1; second <= SECONDS; second++) {
        for (let i = 0; i < RATE; i++) {
            request();
            most = Math.max(most, total());
            if (i % 32 === 0) await turn();
        }
        if (second % 600 === 0) trim();
        if (second % 10 === 0) {
            console.log([second, live, used(), most, process.memoryUsage.rss()].join(' '));
            most = 0;
        }
    }
    if (changes === 0) throw new Error('the memory never changed');
}

main();
