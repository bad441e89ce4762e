'use strict';

const { execFile } = require('node:child_process');
const { join } = require('node:path');

const ROOT = join(__dirname, '../..');

/**
 * Runs Node.js in a process of its own, in the package's folder, and ends it after a timeout. Returns { code, signal,
 * stdout, stderr }.
 */
exports.run = (...args) => exports.runFor(10_000, ...args);

/** The same with a timeout in milliseconds. */
exports.runFor = (timeout, ...args) => exports.runIn(ROOT, timeout, ...args);

/** The same, in a folder. */
exports.runIn = (cwd, timeout, ...args) =>
    new Promise((resolve) => {
        execFile(process.execPath, args, { cwd, timeout }, (error, stdout, stderr) => {
            resolve({ code: error?.code ?? 0, signal: error?.signal ?? null, stdout, stderr });
        });
    });

exports.ROOT = ROOT;
