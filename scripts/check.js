// Runs checks of the table scripts/checks.js: `npm run check -- [NAME…]`. Without names, those that `.ci/run` runs.
//
//     --list           prints the table
//     --group NAME     the checks of a group
//     --jobs N         so many side by side; 2 if absent. One alone is printed while it runs.
//     --install        installs missing tools by apt-get, as root on Debian
//
// Adds up the counts that checks print, and ends with a line `N passed, N failed`. A check without counts is one. Fails
// if a check fails, or if nothing passed. Needs only Node.js: it runs before the dependencies are installed.
'use strict';

const { execFileSync, spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const table = require('./checks.js');

const ROOT = join(__dirname, '..');

/** How often a log is looked at that is printed while it grows, in milliseconds. */
const INTERVAL = 200;

const COUNT = /^ *(\d+) (?:(passing|failing)\b|passed, (\d+) failed)/gm;

/** Returns the counts that an output states: the sum of all lines, or the last line alone. */
function countsOf(output, which) {
    const lines = Array.from(output.matchAll(COUNT), (line) => {
        const [, first, word, second = '0'] = line;
        return word === 'failing' ? [0, Number(first)] : [Number(first), Number(second)];
    });
    const counted = which === 'last' ? lines.slice(-1) : lines;
    const sum = (column) => counted.reduce((total, line) => total + line[column], 0);
    return { passed: sum(0), failed: sum(1) };
}

/** Returns the lines of an output that state the result of a check. */
const resultsOf = ({ result = table.COUNTS }, output) =>
    result === null ? [] : Array.from(output.matchAll(result), ([line]) => line.trim());

/**
 * Returns the counts of a check that has ended, and the reason if it failed other than by its counts. A check without
 * counts is one; a check that states counts of 0 alone has checked nothing, and fails. The second argument has its exit
 * status, or the signal or the error that ended it.
 */
function judge(check, { error, signal, status }, output) {
    const { passed, failed } = countsOf(output, check.counts);
    let reason;
    if (error) reason = error.message;
    else if (signal) reason = `killed by ${signal}`;
    else if (status !== 0) reason = `exit code ${status}`;
    else if (check.result !== null && resultsOf(check, output).length === 0) reason = 'it printed no result';
    else if (output.match(COUNT) !== null && passed + failed === 0) reason = 'it checked nothing';
    if (reason !== undefined && failed === 0) return { passed, failed: 1, reason };
    return passed + failed === 0 ? { passed: 1, failed: 0 } : { passed, failed, reason };
}

/** Returns the words of a command, with the path of this Node.js. */
const wordsOf = (command, context) => {
    const [program, ...args] = typeof command === 'function' ? command(context) : command;
    return [program === 'node' ? process.execPath : program, ...args];
};

/** Returns a function that gives `watch` the bytes added to an open file since its last call, as text. */
function follow(file, watch) {
    const decoder = new TextDecoder();
    let position = 0;
    return () => {
        const added = fs.fstatSync(file).size - position;
        if (added <= 0) return; // a negative number: the check has truncated its log
        const bytes = Buffer.alloc(added);
        position += fs.readSync(file, bytes, 0, bytes.length, position);
        watch(decoder.decode(bytes, { stream: true }));
    };
}

/** Copies all files of the project that git does not ignore to a new folder. */
function copyTree(folder) {
    const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    const names = execFileSync('git', words, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 }).split('\0');
    for (const name of names.filter((each) => each !== '' && fs.existsSync(join(ROOT, each))))
        fs.cpSync(join(ROOT, name), join(folder, name));
    fs.symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
}

/**
 * Runs checks of a table. `print` gets the text that is printed. Folders and processes last until close() is called.
 */
class Runner {
    #tools;
    #print;
    #known = new Map();
    #copies = new Map();
    #running = new Set();
    #scratch = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'lewd-')));
    #status = join(this.#scratch, 'status');
    /** The folder for temporary files of checks. */
    #temporary = join(this.#scratch, 'tmp');
    #counts = { passed: 0, failed: 0 };

    constructor(tools, print = (text) => process.stdout.write(text)) {
        this.#tools = tools;
        this.#print = print;
        const { status, stdout } = spawnSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' });
        fs.writeFileSync(this.#status, status === 0 ? stdout : 'the state is not known: git failed\n');
        fs.mkdirSync(this.#temporary);
    }

    /** Ends all processes, and removes all folders: also when the process exits, and so without waiting. */
    close() {
        for (const child of this.#running) {
            try {
                if (process.platform === 'win32') child.kill();
                else process.kill(-child.pid, 'SIGKILL'); // the group of processes that it leads
            } catch (error) {
                if (error.code !== 'ESRCH') throw error;
            }
        }
        fs.rmSync(this.#scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    }

    /** Returns whether a tool is there. */
    has(name) {
        if (!this.#known.has(name)) {
            const [program, ...args] = wordsOf(this.#tools[name].probe, { scratch: this.#scratch });
            const { status } = spawnSync(program, args, { cwd: ROOT, stdio: 'ignore' });
            this.#known.set(name, status === 0);
        }
        return this.#known.get(name);
    }

    /** Installs the tools that checks lack by apt-get. Does nothing without apt-get or without the rights of root. */
    install(checks) {
        const named = new Set(checks.flatMap(({ needs = [], uses = [] }) => [...needs, ...uses]));
        const lacking = [...named].filter((name) => {
            const { needs = [], packages } = this.#tools[name];
            return packages !== undefined && needs.every((each) => this.has(each)) && !this.has(name);
        });
        const apt = (...args) => {
            const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
            const { error, status, stderr } = spawnSync('apt-get', args, { encoding: 'utf8', env });
            if (error === undefined && status !== 0) this.#print(stderr);
            return error === undefined;
        };
        if (lacking.length === 0 || process.getuid?.() !== 0 || !apt('update', '-qq')) return;
        for (const name of lacking) {
            const { stdout } = spawnSync('gcc', ['-dumpversion'], { encoding: 'utf8' });
            const packages = this.#tools[name].packages.map((each) => each.replace('VERSION', stdout?.trim()));
            this.#print(`installing ${packages.join(' ')}\n`);
            apt('install', '-y', '-qq', ...packages);
        }
        this.#known.clear();
    }

    /** Returns the tools of a list that are not there. */
    lack(names = []) {
        return names.filter((name) => !this.has(name));
    }

    /** Returns the folder that a check runs in. */
    #folderOf(check) {
        if (check.copy !== undefined) {
            const folder = join(this.#scratch, `copy-${check.copy}`);
            copyTree(folder);
            this.#copies.set(check.copy, folder);
        }
        return this.#copies.get(check.copy ?? check.in) ?? ROOT;
    }

    /** Starts a command whose output goes to a file; returns how it ended, without rejecting. */
    #spawn(check, log) {
        const context = { scratch: this.#scratch, folder: join(this.#scratch, check.name), status: this.#status };
        const [program, ...args] = wordsOf(check.command, context);
        return new Promise((resolve) => {
            const child = spawn(program, args, {
                cwd: this.#folderOf(check),
                env: { ...process.env, TMPDIR: this.#temporary, ...check.env },
                detached: process.platform !== 'win32',
                shell: process.platform === 'win32' && program === 'npm',
                stdio: ['ignore', log, log],
            });
            this.#running.add(child);
            const end = (result) => {
                this.#running.delete(child);
                resolve(result);
            };
            child.on('error', (error) => end({ error })).on('exit', (status, signal) => end({ status, signal }));
        });
    }

    /**
     * Runs a check. Returns its counts, its output, its seconds, and the reason if it failed. `watch` gets the output
     * while it grows.
     */
    async run(check, watch = () => undefined) {
        const begun = Date.now();
        const file = join(this.#scratch, `${check.name}.log`);
        const log = fs.openSync(file, 'a+');
        const show = follow(log, watch);
        const timer = setInterval(show, INTERVAL);
        const end = await this.#spawn(check, log).catch((error) => ({ error }));
        clearInterval(timer);
        show();
        fs.closeSync(log);
        const output = fs.readFileSync(file, 'utf8');
        return { ...judge(check, end, output), output, seconds: Math.round((Date.now() - begun) / 1000) };
    }

    /** Runs a check and prints all of it. */
    async #report(check, isLive) {
        const { name, title } = check;
        const missing = this.lack(check.needs);
        const required = missing.filter((tool) => this.#tools[tool].isRequired);
        if (required.length > 0) {
            this.#counts.failed++;
            return this.#print(`\n=== ${name}: FAILED, missing: ${required.join(', ')}\n`);
        }
        if (missing.length > 0) return this.#print(`\n=== ${name}: LEFT OUT, missing: ${missing.join(', ')}\n`);
        const head = `\n=== ${name}: ${title}\n`;
        this.#print(isLive ? head : `begun: ${name}\n`);
        const { output, passed, failed, reason, seconds } = await this.run(check, isLive ? this.#print : undefined);
        this.#counts.passed += passed;
        this.#counts.failed += failed;
        const part = this.lack(check.uses);
        const lines = [
            ...(output === '' || output.endsWith('\n') ? [] : ['\n']),
            ...(part.length === 0 ? [] : [`=== ${name}: LEFT OUT in part, missing: ${part.join(', ')}\n`]),
            ...(reason === undefined ? [] : [`=== ${name}: ${reason}\n`]),
            `=== ${name}: ${failed === 0 ? 'ok' : 'FAILED'}, ${seconds} s\n`,
        ];
        this.#print(`${isLive ? '' : head + output}${lines.join('')}`);
    }

    /** Runs checks, `jobs` side by side. Returns the sum of their counts. */
    async runAll(checks, jobs) {
        const begun = Date.now();
        const isLive = jobs === 1 || checks.length === 1;
        await inLanes(checks, jobs, (check) => this.#report(check, isLive));
        const { passed, failed } = this.#counts;
        this.#print(`\n${Math.round((Date.now() - begun) / 1000)} s\n${passed} passed, ${failed} failed\n`);
        return this.#counts;
    }
}

/**
 * Returns the next check of `waiting` that may begin beside `running`; undefined if none may. A check that runs alone
 * waits for all above it, and those below it wait for it; a check waits for those of its `after`, and for another one
 * that is in the same copy of the tree.
 */
function nextOf(waiting, running) {
    if (running.some(({ alone }) => alone)) return undefined;
    const first = waiting.findIndex(({ alone }) => alone);
    if (first === 0) return running.length === 0 ? waiting[0] : undefined;
    const open = [...waiting, ...running].map(({ name }) => name);
    const copyOf = (check) => check.copy ?? check.in;
    const mayBegin = (check) =>
        !(check.after ?? []).some((name) => open.includes(name)) &&
        !running.some((other) => copyOf(check) !== undefined && copyOf(other) === copyOf(check));
    return waiting.slice(0, first < 0 ? undefined : first).find(mayBegin);
}

/** Runs checks in the order of the table, `jobs` at most side by side. Throws if some wait for each other. */
async function inLanes(checks, jobs, run) {
    const waiting = [...checks];
    const running = new Map();
    while (waiting.length + running.size > 0) {
        const next = running.size < jobs ? nextOf(waiting, [...running.keys()]) : undefined;
        if (next !== undefined) {
            waiting.splice(waiting.indexOf(next), 1);
            running.set(
                next,
                Promise.resolve(run(next)).then(() => running.delete(next)),
            );
        } else if (running.size > 0) {
            await Promise.race(running.values());
        } else {
            throw new Error(`these wait for each other: ${waiting.map(({ name }) => name).join(', ')}`);
        }
    }
}

/** Returns the checks of a group, or those that are named, in the order of the table. Throws for an unknown name. */
function choose(checks, { group, names = [] }) {
    const known = checks.map(({ name }) => name);
    const unknown = names.filter((name) => !known.includes(name));
    if (unknown.length > 0) throw new Error(`no check is called ${unknown.join(', ')}; there are: ${known.join(', ')}`);
    const wanted = group ?? (names.length === 0 ? 'ci' : undefined);
    const groups = new Set(checks.flatMap((check) => check.groups));
    if (wanted !== undefined && !groups.has(wanted))
        throw new Error(`no group is called ${wanted}; there are: ${[...groups].join(', ')}`);
    return checks.filter((check) => names.includes(check.name) || check.groups.includes(wanted));
}

/** Returns the table as text, a line a check. */
function listed(checks) {
    const context = { scratch: '$SCRATCH', status: '$SCRATCH/status' };
    const rows = checks.map(({ name, seconds, groups, needs = [], uses = [], command, env = {} }) => {
        const words = typeof command === 'function' ? command({ ...context, folder: `$SCRATCH/${name}` }) : command;
        const variables = Object.entries(env).map(([key, value]) => `${key}=${value}`);
        const tools = [...needs, ...uses.map((tool) => `[${tool}]`)].join(', ');
        return [name, `${seconds} s`, groups.join(', '), tools, [...variables, ...words].join(' ')];
    });
    const all = [['name', 'time', 'groups', 'needs [uses]', 'command'], ...rows];
    const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
    const line = (row) =>
        row
            .map((cell, column) => cell.padEnd(widths[column]))
            .join('  ')
            .trimEnd();
    return `${all.map(line).join('\n')}\n`;
}

const OPTIONS = {
    group: { type: 'string' },
    install: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
    list: { type: 'boolean', default: false },
};

async function main() {
    const { values, positionals: names } = parseArgs({ options: OPTIONS, allowPositionals: true });
    const isAll = values.list && values.group === undefined && names.length === 0;
    const chosen = isAll ? table.checks : choose(table.checks, { group: values.group, names });
    if (values.list) return process.stdout.write(listed(chosen));
    const jobs = Number(values.jobs);
    if (!Number.isInteger(jobs) || jobs < 1) throw new Error(`--jobs takes a whole number, at least 1: ${values.jobs}`);
    const runner = new Runner(table.tools);
    process.on('exit', () => runner.close());
    for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }))
        process.on(signal, () => process.exit(code));
    if (values.install) runner.install(chosen);
    const { passed, failed } = await runner.runAll(chosen, jobs);
    process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
}

module.exports = { Runner, choose, countsOf, inLanes, judge, listed, resultsOf };

if (require.main === module)
    main().catch((error) => {
        console.error(error.message);
        process.exitCode = 1;
    });
