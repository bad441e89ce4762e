'use strict';

const line = Number.parseInt(process.versions.node, 10);

/** Flags with which V8 optimises each function at once, or, where it has none for that, after one call. */
exports.OPTIMISED = (() => {
    if (line < 20) return ['--always-opt'];
    if (line < 26) return ['--always-turbofan'];
    return ['--invocation-count-for-feedback-allocation=1', '--invocation-count-for-turbofan=1'];
})();
