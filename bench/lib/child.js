'use strict';

// Runs contenders in processes of their own, so that they share neither a JavaScript heap nor the state of a collector.
// They are called in turn, so that other work of the machine affects all of them alike.

const { fork, spawn } = require('node:child_process');
const { once } = require('node:events');

/** Starts a script that calls `serve`. `ask(name, options)` returns the result of its function of that name. */
exports.start = (script, { args = [], node = process.execPath, preload, flags = [] } = {}) => {
    const env = preload ? { ...process.env, LD_PRELOAD: preload } : process.env;
    const child = fork(script, args, { execPath: node, execArgv: ['--expose-gc', ...flags], env });
    const ended = once(child, 'exit').then(([code, signal]) => {
        throw new Error(`${script} ${args.join(' ')} ended with ${signal ?? code}`);
    });
    ended.catch(() => {});
    return {
        async ask(name, options) {
            child.send({ name, options });
            const [{ error, value }] = await Promise.race([once(child, 'message'), ended]);
            if (error !== undefined) throw new Error(`${script} ${args.join(' ')}: ${error}`);
            return value;
        },
        stop() {
            child.kill('SIGKILL');
        },
    };
};

/** Answers the calls of `start`, in the child process. */
exports.serve = (functions) => {
    process.on('message', async ({ name, options }) => {
        try {
            process.send({ value: (await functions[name](options)) ?? null });
        } catch (error) {
            process.send({ error: error.stack });
        }
    });
    process.on('disconnect', () => process.exit());
};

/** Runs a program to its end and returns its output. */
exports.output = async (program, args, { preload, input } = {}) => {
    const env = preload ? { ...process.env, LD_PRELOAD: preload } : process.env;
    const child = spawn(program, args, { env, stdio: [input ? 'pipe' : 'ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (data) => (out += data));
    if (input) child.stdin.end(input);
    const [[code, signal]] = await Promise.all([once(child, 'exit'), once(child.stdout, 'close')]);
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${signal ?? code}`);
    return out;
};
