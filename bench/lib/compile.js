'use strict';

const { execFileSync } = require('node:child_process');
const { mkdirSync } = require('node:fs');
const { join } = require('node:path');
const { core } = require('../../scripts/lib/sources.js');

const ROOT = join(__dirname, '../..');
const CORE = join(__dirname, '../core');
const BUILD = join(CORE, 'build');

/** Compiles bench/core/NAME.c with the core, with the addon's options, and returns the program's path. */
exports.compile = (name) => {
    const program = join(BUILD, name);
    const sources = core.map((file) => join(ROOT, file));
    const flags = ['-std=c11', '-O2', '-flto', '-DNDEBUG', '-o', program];
    mkdirSync(BUILD, { recursive: true });
    execFileSync(process.env.CC ?? 'cc', [...flags, join(CORE, `${name}.c`), ...sources], { stdio: ['ignore', 2, 2] });
    return program;
};
