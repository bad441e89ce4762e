'use strict';

// Flags that make V8 optimise functions as early as possible. Objects that optimised code no longer uses may be
// collected; the interpreter keeps them to the end of the function.

const [major] = process.versions.node.split('.').map(Number);

/**
 * Since Node.js 22 code that was compiled without feedback is discarded at once, so the old flag alone has little
 * effect.
 */
const FEW_CALLS = [
    '--invocation-count-for-feedback-allocation=1',
    '--invocation-count-for-maglev=2',
    '--invocation-count-for-turbofan=4',
    '--minimum-invocations-after-ic-update=1',
    '--minimum-invocations-before-optimization=1',
    '--no-concurrent-recompilation',
];

exports.EAGER = major >= 22 ? FEW_CALLS : [major >= 20 ? '--always-turbofan' : '--always-opt'];
