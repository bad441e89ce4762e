'use strict';

const assert = require('node:assert/strict');
const vm = require('node:vm');

/** Fails unless `fn` throws ERR_LEWD_ASYNC. */
exports.assertAsync = (fn) =>
    assert.throws(fn, {
        name: 'TypeError',
        code: 'ERR_LEWD_ASYNC',
        message: /must not return a promise or another thenable/,
    });

/**
 * Ways in which the callback of a call ends. Each is `end(call, inside)`: it calls `call(fn)`, whose callback runs
 * `inside()` first, and fails unless the call ends in that way.
 */
exports.ENDS = {
    'a result': (call, inside) => call(inside),
    'a throw': (call, inside) =>
        assert.throws(
            () =>
                call(() => {
                    inside();
                    throw new RangeError('planned');
                }),
            { name: 'RangeError', message: 'planned' },
        ),
    'a promise': (call, inside) => exports.assertAsync(() => call(async () => inside())),
    'a termination by the timeout of a vm': (call, inside) => {
        const context = vm.createContext({ call, inside });
        const script = 'call(() => { inside(); for (;;); })';
        assert.throws(() => vm.runInContext(script, context, { timeout: 100 }), {
            code: 'ERR_SCRIPT_EXECUTION_TIMEOUT',
        });
    },
    'a full stack': (call, inside) => {
        const descend = () => descend() + 1;
        assert.throws(
            () =>
                call(() => {
                    inside();
                    descend();
                }),
            /call stack size/,
        );
    },
};
