// Checks that each header compiles alone.
'use strict';

const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { include_dir: nodeHeaders } = require('node-api-headers');

const COMPILERS = ['gcc', 'clang'];
const FLAGS = ['-std=c11', '-DNAPI_VERSION=8', '-Wall', '-Wextra', '-Werror', '-fsyntax-only', '-isystem', nodeHeaders];

/** Returns the compilers that are installed. */
exports.compilers = () => COMPILERS.filter((compiler) => spawnSync(compiler, ['--version']).error === undefined);

/** Returns the headers, paths from src/, that do not compile alone: { path, compiler, message }. */
exports.faultsOf = (root, headers, compilers) =>
    headers.flatMap((path) =>
        compilers
            .map((compiler) => {
                // Included rather than compiled directly: clang would warn of its unused inline functions.
                const input = `#include "${join(root, 'src', path)}"\n`;
                const { status, stderr } = spawnSync(compiler, [...FLAGS, '-x', 'c', '-'], { encoding: 'utf8', input });
                return { path, compiler, status, message: /error: (.*)/.exec(stderr)?.[1] ?? stderr.trim() };
            })
            .filter(({ status }) => status !== 0),
    );
