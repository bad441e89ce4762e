'use strict';

// Flags of V8 with which it optimises functions as soon as it can. What optimised code doesn't use any more may be collected;
// the interpreter keeps it to the end of the function.

const [major] = process.versions.node.split('.').map(Number);

/** Since Node.js 22 code that was compiled without feedback is given up at once, so that the old flag alone does little. */
const FEW_CALLS = [
    '--invocation-count-for-feedback-allocation=1',
    '--invocation-count-for-maglev=2',
    '--invocation-count-for-turbofan=4',
    '--minimum-invocations-after-ic-update=1',
    '--minimum-invocations-before-optimization=1',
    '--no-concurrent-recompilation',
];

exports.EAGER = major >= 22 ? FEW_CALLS : [major >= 20 ? '--always-turbofan' : '--always-opt'];
