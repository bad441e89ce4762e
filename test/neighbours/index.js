// Loads this package beside other native addons, in both orders: each must load its own file, and work as it does alone.
// By this Node.js, or by the runtimes that are named: `node test/neighbours 18 26 bun deno`. Needs Linux.
'use strict';

const { spawnSync } = require('node:child_process');
const { rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { scratch } = require('../../scripts/lib/consumer.js');
const { fetch, node } = require('../../scripts/runtimes/fetch.js');
const { project } = require('./project.js');

const LEWD = '@anireact/lewd';

/** Each uses its addon, and is true if that works. `file`: the addon's file, since some fall back to JavaScript silently. */
const neighbours = {
    '@serialport/bindings-cpp': { file: '@serialport', use: 'typeof neighbour.autoDetect().list' },
    'argon2': { file: 'argon2', use: "await neighbour.verify(await neighbour.hash('a'), 'a')" },
    'bcrypt': { file: 'bcrypt', use: "neighbour.compareSync('a', neighbour.hashSync('a', 4))" },
    'better-sqlite3': {
        file: 'better-sqlite3',
        use: "new neighbour(':memory:').prepare('select 7 as n').get().n",
        since: 22,
    },
    'bufferutil': { file: 'bufferutil', use: 'typeof neighbour.unmask' },
    'leveldown': { file: 'leveldown', use: "typeof neighbour('data').open" },
    'sharp': {
        file: 'sharp',
        use: "(await neighbour({ create: { width: 2, height: 2, channels: 3, background: 'red' } }).png().toBuffer()).length > 50",
    },
    'utf-8-validate': { file: 'utf-8-validate', use: "neighbour(Buffer.from('a'))" },
};

/** Uses the packages in this order, then prints what they answered and which addons the process has loaded. */
const program = (order) => `
const loaded = ${JSON.stringify(order)}.map((name) => [name, require(name)]);
const uses = {
    ${JSON.stringify(LEWD)}: async (lewd) => {
        const token = {};
        lewd.alloc(100, token);
        return lewd.used();
    },
${Object.entries(neighbours)
    .map(([name, { use }]) => `    ${JSON.stringify(name)}: async (neighbour) => ${use},`)
    .join('\n')}
};
(async () => {
    const answers = {};
    for (const [name, module] of loaded) answers[name] = await uses[name](module);
    const maps = require('node:fs').readFileSync('/proc/self/maps', 'latin1');
    const files = [...new Set(maps.match(/\\/\\S+\\.node$/gm))];
    console.log(JSON.stringify({ answers, files }));
    process.exit(0);
})();
`;

const runtimes = (words) =>
    words.map((word) => {
        if (word === 'bun') return { title: 'Bun', command: [fetch('@oven/bun-linux-x64', 'latest', 'bin/bun')] };
        if (word === 'deno')
            return { title: 'Deno', command: [fetch('@deno/linux-x64-glibc', 'latest', 'deno'), 'run', '-A'] };
        return { title: `Node.js ${word}`, command: [node(Number(word))], line: Number(word) };
    });

function run({ command }, folder, order) {
    writeFileSync(join(folder, 'program.cjs'), program(order));
    rmSync(join(folder, 'data'), { recursive: true, force: true });
    const { status, signal, stderr, stdout } = spawnSync(command[0], [...command.slice(1), 'program.cjs'], {
        cwd: folder,
        encoding: 'utf8',
        timeout: 60_000,
    });
    if (status !== 0) return { error: `${signal ?? `exit code ${status}`}\n${stderr}` };
    return JSON.parse(stdout);
}

/** Returns the fault of a run, compared with a run of the neighbour alone; undefined if there is none. */
function fault({ answers, error, files }, name, alone) {
    if (error !== undefined) return error;
    if (answers[LEWD] !== 112) return `${LEWD} answered ${answers[LEWD]}`;
    if (answers[name] !== alone.answers[name])
        return `${name} answered ${answers[name]}, and ${alone.answers[name]} alone`;
    if (!files.some((file) => file.endsWith('/lewd.node'))) return `no lewd.node among ${files}`;
    if (!files.some((file) => file.includes(`/${neighbours[name].file}`))) return `no addon of ${name} among ${files}`;
    return undefined;
}

const words = process.argv.slice(2);
const own = process.versions.node.split('.')[0];
const folder = project(scratch());
let [passed, failed] = [0, 0];
for (const runtime of runtimes(words.length > 0 ? words : [own])) {
    for (const name of Object.keys(neighbours)) {
        if (runtime.line < neighbours[name].since) continue;
        const alone = run(runtime, folder, [name]);
        if (alone.error !== undefined || !alone.files.some((file) => file.includes(neighbours[name].file))) {
            console.log(`not tried: ${runtime.title}: ${name}: its addon is not loaded there, even alone`);
            continue;
        }
        for (const order of [
            [LEWD, name],
            [name, LEWD],
        ]) {
            const wrong = fault(run(runtime, folder, order), name, alone);
            if (wrong === undefined) passed++;
            else failed++;
            console.log(
                `${wrong === undefined ? 'ok' : 'FAILED'}: ${runtime.title}: ${order.join(', ')}${wrong ? `: ${wrong}` : ''}`,
            );
        }
    }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
