'use strict';

// Compiles the addon with warnings as errors, and compares its exports with the two names that Node.js looks for.
//
//     node test/strict [COMPILER]      gcc, unless another one is named

const { execFileSync, spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { copyOfTree } = require('../../scripts/prebuild/compile.js');

const EXPORTED = 'napi_register_module_v1 node_api_module_get_api_version_v1';

const folder = copyOfTree();
const { status } = spawnSync(
    'npm',
    ['exec', '--', 'node-gyp', 'rebuild', '--loglevel=error', '--', '-Dlewd_werror=1'],
    { cwd: folder, stdio: 'inherit', env: { ...process.env, CC: process.argv[2] ?? 'gcc' } },
);
if (status !== 0) throw new Error('the addon does not compile');

const file = join(folder, 'build/Release/lewd.node');
const symbols = execFileSync('nm', ['-D', '--defined-only', file], { encoding: 'utf8' });
const names = Array.from(symbols.matchAll(/ [a-zA-Z] (\S+)$/gm), ([, name]) => name).sort();
console.log(`exported: ${names.join(' ')}`);
process.exitCode = names.join(' ') === EXPORTED ? 0 : 1;
