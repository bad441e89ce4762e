'use strict';

// The runner of checks and its table. Most tests run small tables of their own.

const assert = require('node:assert/strict');
const { execFileSync, spawn } = require('node:child_process');
const { once } = require('node:events');
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Runner, choose, countsOf, inLanes, judge } = require('../scripts/check.js');
const { checks, tools } = require('../scripts/checks.js');
const { ROOT, run } = require('./helpers/child.js');

const { scripts } = require('../package.json');

/** Returns a check that runs a script; without a result, unless `more` has one. */
const scripted = (name, script, more = {}) => ({
    name,
    title: `title of ${name}`,
    command: ['node', '-e', script],
    result: null,
    ...more,
});

/** Runs checks of a table; returns their counts, and all that was printed. */
async function runTable(table, { jobs = 2, tools: given = {} } = {}) {
    let printed = '';
    const runner = new Runner(given, (text) => (printed += text));
    try {
        return { ...(await runner.runAll(table, jobs)), printed };
    } finally {
        runner.close();
    }
}

const say = (text) => `console.log(${JSON.stringify(text)});`;

describe('the runner of checks', () => {
    it('adds up the counts of all checks', async () => {
        const { passed, failed, printed } = await runTable([
            scripted('one', say('ok\n  12 passing (3s)\n  1 pending')),
            scripted('two', say('3 passed, 0 failed\nthree: 9 passed, 9 failed\n4 passed, 0 failed of all')),
        ]);
        assert.deepEqual([passed, failed], [19, 0]);
        assert.match(printed, /\n\d+ s\n19 passed, 0 failed\n$/);
    });

    it('counts the last line alone where it is the sum', () => {
        const output = '  5 passing (1s)\n3 passed, 0 failed\n8 passed, 2 failed\n';
        assert.deepEqual(countsOf(output), { passed: 16, failed: 2 });
        assert.deepEqual(countsOf(output, 'last'), { passed: 8, failed: 2 });
        assert.deepEqual(countsOf('', 'last'), { passed: 0, failed: 0 });
    });

    it('counts a check without counts as one', async () => {
        const { passed, failed, printed } = await runTable([scripted('one', say('all is well'))]);
        assert.deepEqual([passed, failed], [1, 0]);
        assert.match(printed, /^\n=== one: title of one\nall is well\n=== one: ok, \d+ s\n/);
    });

    it('counts the failures that a check states', async () => {
        const { passed, failed, printed } = await runTable([
            scripted('one', `${say('2 passed, 3 failed')} process.exitCode = 1;`),
        ]);
        assert.deepEqual([passed, failed], [2, 3]);
        assert.match(printed, /=== one: exit code 1\n=== one: FAILED, /);
    });

    it('counts a failed check without failures of its own as one failure', async () => {
        const { passed, failed } = await runTable([
            scripted('one', 'process.exitCode = 7;'),
            scripted('two', `${say('5 passing')} process.exitCode = 1;`),
        ]);
        assert.deepEqual([passed, failed], [5, 2]);
    });

    it('fails a check that states counts of 0 alone', () => {
        for (const output of ['0 passed, 0 failed\n', '  0 passing (1ms)\n  1 pending\n']) {
            const { passed, failed, reason } = judge({ name: 'one', result: null }, { status: 0 }, output);
            assert.deepEqual([passed, failed, reason], [0, 1, 'it checked nothing']);
        }
    });

    it('fails a check whose required tool is missing, and leaves out one with another tool', async () => {
        const given = { compiler: { probe: ['false'], isRequired: true }, emulator: { probe: ['false'] } };
        const { passed, failed, printed } = await runTable(
            [
                scripted('one', '', { needs: ['compiler'] }),
                scripted('two', '', { needs: ['emulator'] }),
                scripted('three', ''),
            ],
            { tools: given },
        );
        assert.deepEqual([passed, failed], [1, 1]);
        assert.match(printed, /=== one: FAILED, missing: compiler\n/);
        assert.match(printed, /=== two: LEFT OUT, missing: emulator\n/);
    });

    it('gives checks a folder for temporary files that is removed, whatever they leave there', async () => {
        const leave = "require('node:fs').mkdtempSync(require('node:path').join(require('node:os').tmpdir(), 'left-'))";
        const { printed } = await runTable([scripted('one', `console.log('folder:', ${leave})`)]);
        const [, folder] = /^folder: (.*)$/m.exec(printed);
        assert.ok(!existsSync(folder), folder);
    });

    it('counts failures of a check that ends with 0', () => {
        const judged = judge({ name: 'one' }, { status: 0 }, '5 passed, 1 failed\n');
        assert.deepEqual([judged.passed, judged.failed], [5, 1]);
    });

    it('fails a check that is killed', async () => {
        const { passed, failed, printed } = await runTable([
            scripted('one', `${say('5 passing')} process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);`),
        ]);
        assert.deepEqual([passed, failed], [5, 1]);
        if (process.platform !== 'win32') assert.match(printed, /=== one: killed by SIGKILL\n/);
    });

    it('fails a check whose command is not there', async () => {
        const { failed, printed } = await runTable([scripted('one', '', { command: ['lewd-no-such-command'] })]);
        assert.equal(failed, 1);
        assert.match(printed, /=== one: spawn lewd-no-such-command ENOENT\n/);
    });

    it('fails a check that prints no line of its result', async () => {
        const nothing = await runTable([scripted('one', '', { result: undefined })]);
        assert.deepEqual([nothing.passed, nothing.failed], [0, 1]);
        assert.match(nothing.printed, /=== one: it printed no result\n/);
        const other = await runTable([scripted('one', say('3 passed, 0 failed'), { result: /^clean$/gm })]);
        assert.deepEqual([other.passed, other.failed], [3, 1]);
        const right = await runTable([scripted('one', say('clean'), { result: /^clean$/gm })]);
        assert.deepEqual([right.passed, right.failed], [1, 0]);
    });

    it('leaves out a check whose tool is missing, and names the tool', async () => {
        const given = {
            here: { probe: ['node', '-e', '0'] },
            gone: { probe: ['lewd-no-such-command'] },
            broken: { probe: ['node', '-e', 'process.exit(1)'] },
        };
        const { passed, failed, printed } = await runTable(
            [
                scripted('one', say('1 passed, 0 failed'), { needs: ['here'] }),
                scripted('two', say('2 passed, 0 failed'), { needs: ['here', 'gone', 'broken'] }),
                scripted('three', say('4 passed, 0 failed'), { uses: ['gone'] }),
            ],
            { tools: given },
        );
        assert.deepEqual([passed, failed], [5, 0]);
        assert.match(printed, /\n=== two: LEFT OUT, missing: gone, broken\n/);
        assert.match(printed, /\n=== three: LEFT OUT in part, missing: gone\n/);
        assert.doesNotMatch(printed, /one: LEFT OUT/);
    });

    it('prints the output of each of two checks side by side in whole', async () => {
        const slow =
            'let n = 0; const t = setInterval(() => { console.log(n); if (++n === 5) clearInterval(t); }, 30);';
        const { printed } = await runTable([scripted('one', slow), scripted('two', slow)]);
        assert.match(printed, /^begun: one\nbegun: two\n/);
        for (const name of ['one', 'two'])
            assert.ok(printed.includes(`\n=== ${name}: title of ${name}\n0\n1\n2\n3\n4\n=== ${name}: ok`), printed);
    });

    it('gives a check its variables and a folder, and removes the folder', async () => {
        const { printed } = await runTable([
            scripted('one', '', {
                command: ({ folder, scratch }) => [
                    'node',
                    '-e',
                    'const [, a, b] = process.argv; fs.mkdirSync(a); console.log(process.env.WORD, a.startsWith(b), a)',
                    folder,
                    scratch,
                ],
                env: { WORD: 'given' },
            }),
        ]);
        const [, folder] = /^given true (.*)$/m.exec(printed);
        assert.ok(!existsSync(folder), folder);
    });

    it('runs checks that share a copy of the tree in that copy', async function () {
        if (!existsSync(join(ROOT, '.git'))) this.skip();
        const where = 'console.log("in", process.cwd(), fs.existsSync("scripts/check.js"))';
        const { printed } = await runTable([
            scripted('before', where, { in: 'copied' }),
            scripted('making', where, { copy: 'copied' }),
            scripted('using', where, { in: 'copied', after: ['making'] }),
        ]);
        const folders = Array.from(printed.matchAll(/^in (.*) true$/gm), ([, folder]) => folder);
        assert.equal(folders[0], ROOT);
        assert.notEqual(folders[1], ROOT);
        assert.equal(folders[2], folders[1]);
    });
});

describe('lanes', () => {
    /** Runs checks that end when all may that can; returns the sets of checks that ran side by side. */
    async function rounds(table, jobs) {
        const found = [];
        let open = [];
        await inLanes(table, jobs, ({ name }) => {
            if (open.length === 0)
                setImmediate(() => {
                    const ending = open;
                    open = [];
                    found.push(ending.map((each) => each.name).join(' '));
                    for (const { end } of ending) end();
                });
            return new Promise((end) => open.push({ name, end }));
        });
        return found;
    }

    const named = (name, more) => ({ name, ...more });

    it('are as many as are asked for, and keep the order of the table', async () => {
        const table = 'abcde'.split('').map((name) => named(name));
        assert.deepEqual(await rounds(table, 2), ['a b', 'c d', 'e']);
        assert.deepEqual(await rounds(table, 1), ['a', 'b', 'c', 'd', 'e']);
        assert.deepEqual(await rounds(table, 3), ['a b c', 'd e']);
    });

    it('let a check wait for those that it comes after, though they stand below it', async () => {
        const table = [named('a', { after: ['c', 'x'] }), named('b'), named('c'), named('d')];
        assert.deepEqual(await rounds(table, 2), ['b c', 'a d']);
    });

    it('run nothing beside a check that is alone, and nothing below it before', async () => {
        const table = [named('a', { alone: true }), named('b'), named('c', { alone: true }), named('d'), named('e')];
        assert.deepEqual(await rounds(table, 2), ['a', 'b', 'c', 'd e']);
    });

    it('run one check at a time in a copy of the tree', async () => {
        const table = [named('a', { copy: 'x' }), named('b', { in: 'x' }), named('c', { in: 'y' }), named('d')];
        assert.deepEqual(await rounds(table, 2), ['a c', 'b d']);
    });

    it('throw where checks wait for each other', async () => {
        const table = [named('a', { after: ['b'] }), named('b', { after: ['a'] }), named('c')];
        await assert.rejects(rounds(table, 2), /these wait for each other: a, b/);
    });
});

describe('scripts/check.js', () => {
    it('fails for an unknown check, and lists those that there are', async () => {
        const { code, stderr } = await run('scripts/check.js', 'lint', 'no-such-check');
        assert.equal(code, 1);
        assert.match(stderr, /^no check is called lint, no-such-check; there are: .*\bsuite\b.*\btree\b/);
    });

    it('fails for an unknown group, and for no number of jobs', async () => {
        const group = await run('scripts/check.js', '--group', 'no-such-group');
        assert.equal(group.code, 1);
        assert.match(group.stderr, /^no group is called no-such-group; there are: .*\bci\b/);
        for (const jobs of ['0', '1.5', 'many']) assert.equal((await run('scripts/check.js', '--jobs', jobs)).code, 1);
    });

    it('prints the table, a line a check', async () => {
        const { code, stdout } = await run('scripts/check.js', '--list');
        assert.equal(code, 0);
        const [head, ...lines] = stdout.trimEnd().split('\n');
        assert.match(head, /^name +time +groups +needs \[uses\] +command$/);
        assert.deepEqual(
            lines.map((line) => line.split(' ')[0]),
            checks.map(({ name }) => name),
        );
        assert.match(stdout, /^leaks +\d+ s +ci +linux +THREADS=10 node test\/leaks$/m);
    });

    it('runs a check, and exits with 0', async () => {
        const { code, stdout } = await run('scripts/check.js', 'size');
        assert.equal(code, 0, stdout);
        assert.match(
            stdout,
            /^\n=== size: .*\n[^]*bytes gzipped[^]*=== size: ok, \d+ s\n\n\d+ s\n1 passed, 0 failed\n$/,
        );
    });

    it('ends the processes of its checks, and removes its folders, when it is ended', async function () {
        if (process.platform === 'win32') this.skip();
        const script = `
            const { Runner } = require('./scripts/check.js');
            const runner = new Runner({});
            process.on('exit', () => runner.close());
            process.on('SIGTERM', () => process.exit(143));
            const command = ({ scratch }) => ['sh', '-c', 'echo $$ "$0"; sleep 1000; echo', scratch];
            runner.runAll([{ name: 'one', title: '', command }], 1);`;
        const child = spawn(process.execPath, ['-e', script], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
        let output = '';
        const begun = new Promise((resolve) =>
            child.stdout.on('data', (data) => {
                output += data;
                if (/^\d+ .*\n/m.test(output)) resolve();
            }),
        );
        await begun;
        child.kill('SIGTERM');
        const [code] = await once(child, 'exit');
        assert.equal(code, 143);
        const [, pid, folder] = /^(\d+) (.*)$/m.exec(output);
        assert.ok(!existsSync(folder), folder);
        for (let tries = 0; isAlive(Number(pid)); tries++) {
            assert.ok(tries < 200, `process ${pid} lives`);
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
    });
});

/** Returns whether a process of this number is there. */
function isAlive(pid) {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        assert.equal(error.code, 'ESRCH');
        return false;
    }
}

describe('the table of checks', () => {
    const context = { scratch: '/s', folder: '/s/f', status: '/s/status' };
    const wordsOf = (command) => (typeof command === 'function' ? command(context) : command);

    it('has unique names in kebab-case, titles, groups and seconds', () => {
        const names = checks.map(({ name }) => name);
        assert.equal(new Set(names).size, names.length);
        for (const { name, title, groups, seconds } of checks) {
            assert.match(name, /^[a-z]+(-[a-z0-9]+)*$/);
            assert.match(title, /^\S.*\S$/, name);
            assert.ok(groups.length > 0 && Number.isInteger(seconds), name);
        }
    });

    it('has commands whose files and folders are there', () => {
        let count = 0;
        for (const { name, command } of checks) {
            for (const word of wordsOf(command).filter((each) =>
                /^(test|scripts|bench|examples|node_modules)\//.test(each),
            )) {
                assert.ok(existsSync(join(ROOT, word)), `${name}: ${word}`);
                count++;
            }
        }
        assert.ok(count >= checks.length - 10, 'most commands name a file');
    });

    it('names tools and checks that are listed, and tools that are used', () => {
        const names = checks.map(({ name }) => name);
        const used = new Set();
        for (const { name, after = [], needs = [], uses = [] } of [...checks, ...Object.values(tools)]) {
            for (const tool of [...needs, ...uses]) assert.ok(used.add(tool) && tool in tools, `${name}: ${tool}`);
            for (const other of after) assert.ok(names.includes(other), `${name}: ${other}`);
        }
        assert.deepEqual(
            Object.keys(tools).filter((tool) => !used.has(tool)),
            [],
        );
    });

    it('has the groups that npm’s scripts run', () => {
        const groupOf = (group) => choose(checks, { group }).map(({ name }) => name);
        assert.deepEqual(groupOf('test'), ['core', 'pure-parts', 'suite', 'types']);
        assert.deepEqual(groupOf('lint'), ['eslint', 'format', 'generated', 'structure', 'workflows']);
        assert.equal(groupOf('ci')[0], 'install-test');
        assert.equal(groupOf('ci').at(-1), 'tree');
        assert.deepEqual(choose(checks, {}), choose(checks, { group: 'ci' }));
        for (const name of [...groupOf('test'), ...groupOf('lint')]) assert.ok(groupOf('release').includes(name), name);
    });

    it('can be run in the order of its groups: none waits for itself', async () => {
        for (const group of new Set(checks.flatMap((check) => check.groups))) {
            const order = [];
            await inLanes(choose(checks, { group }), 2, async ({ name }) => order.push(name));
            assert.equal(order.length, choose(checks, { group }).length, group);
        }
    });
});

describe('npm’s scripts', () => {
    const listed = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    const files = existsSync(join(ROOT, '.git'))
        ? execFileSync('git', listed, { cwd: ROOT, encoding: 'utf8' })
              .split('\0')
              .filter((name) => /(\.(md|js|cjs|mjs|ts|mts|yml|sh|wat)|Makefile|\.clang-tidy)$/.test(name))
        : [];
    const textOf = (file) => (existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : '');

    it('are at most fifteen', () => {
        assert.ok(Object.keys(scripts).length <= 15);
    });

    it('that a file names are there', function () {
        if (files.length === 0) this.skip();
        assert.ok(files.includes('CONTRIBUTING.md') && files.includes('scripts/check.js'));
        const wrong = files.flatMap((file) =>
            Array.from(textOf(file).matchAll(/\bnpm run (?:-s |--silent )?([a-z][\w:-]*)/g), ([, name]) => name)
                .filter((name) => !(name in scripts))
                .map((name) => `${file}: npm run ${name}`),
        );
        assert.deepEqual(wrong, []);
    });

    it('checks that a file names are in the table', function () {
        if (files.length === 0) this.skip();
        const names = checks.map(({ name }) => name);
        const wrong = files.flatMap((file) =>
            Array.from(textOf(file).matchAll(/\bnpm run check --((?: [a-z][\w-]*)+)/g), ([, words]) => words)
                .flatMap((words) => words.trim().split(' '))
                .filter((name) => !names.includes(name))
                .map((name) => `${file}: npm run check -- ${name}`),
        );
        assert.deepEqual(wrong, []);
    });
});
