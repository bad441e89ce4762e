'use strict';

const line = Number.parseInt(process.versions.node, 10);

/** Flags that make V8 optimise each function at once, or, in versions without such a flag, after one call. */
exports.OPTIMISED = (() => {
    if (line < 20) return ['--always-opt'];
    if (line < 26) return ['--always-turbofan'];
    return ['--invocation-count-for-feedback-allocation=1', '--invocation-count-for-turbofan=1'];
})();
