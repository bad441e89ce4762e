'use strict';

const { spawnSync } = require('node:child_process');

/**
 * Flags of V8 that change when code is compiled and when garbage is collected, by name: of each list the first flag
 * that this version knows. `share`: the share of the operations that is made, so that no set takes much longer than the
 * others. (--gc-interval does nothing in the builds of Node.js.)
 */
const SETS = {
    'none': { flags: [], share: 1 },
    'turbofan': { flags: ['--always-turbofan', '--always-opt', '--invocation-count-for-turbofan=1'], share: 0.5 },
    'no-opt': { flags: ['--no-opt'], share: 1 },
    'sparkplug': { flags: ['--always-sparkplug'], share: 1 },
    'compaction': { flags: ['--stress-compaction'], share: 0.3 },
    'scavenge': { flags: ['--stress-scavenge=20'], share: 0.2 },
    'marking': { flags: ['--stress-incremental-marking'], share: 0.5 },
    'allocation': { flags: ['--stress-concurrent-allocation'], share: 0.2 },
};

const isKnown = (flag) => spawnSync(process.execPath, [flag, '-e', ''], { stdio: 'ignore' }).status === 0;

/** Returns the flag of a set that this version knows, in a list; undefined if it knows none. */
exports.flagsOf = (name) => {
    const { flags } = SETS[name];
    if (flags.length === 0) return [];
    const flag = flags.find(isKnown);
    return flag === undefined ? undefined : [flag];
};

exports.SETS = SETS;
