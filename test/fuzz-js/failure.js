'use strict';

/** A difference between the model and the package. */
class Failure extends Error {
    name = 'Failure';

    constructor(message) {
        const { stackTraceLimit } = Error;
        Error.stackTraceLimit = 30;
        super(message);
        Error.stackTraceLimit = stackTraceLimit;
    }
}

/** An error that a callback throws on purpose. */
class Planned extends Error {
    name = 'Planned';
}

const fail = (message) => {
    throw new Failure(message);
};

const show = (value) => {
    if (value instanceof Error)
        return `${value.name}${value.code === undefined ? '' : ` (${value.code})`}: ${value.message}`;
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
};

/** Fails unless both are the same. */
const same = (actual, expected, what) => {
    if (!Object.is(actual, expected)) fail(`${what} is ${show(actual)}, and should be ${show(expected)}`);
};

const CLASSES = {
    ERR_LEWD_INVALID_ARG_TYPE: TypeError,
    ERR_LEWD_INVALID_ARG_VALUE: TypeError,
    ERR_LEWD_OUT_OF_RANGE: RangeError,
    ERR_LEWD_OUT_OF_MEMORY: RangeError,
    ERR_LEWD_BUSY: Error,
    ERR_LEWD_ASYNC: TypeError,
    ERR_LEWD_IN_USE: Error,
    ERR_LEWD_INVALID_POINTER: RangeError,
    ERR_LEWD_FIXED_MEMORY: Error,
    ERR_LEWD_OVERLAP: Error,
    ERR_LEWD_NOT_FREE: Error,
    ERR_LEWD_DISPOSED: Error,
    ERR_LEWD_HANDLERS: AggregateError,
};

/** Fails unless an error is of the package, and has one of these codes, without `ERR_LEWD_`. */
const hasCode = (error, codes, what) => {
    const { code } = error ?? {};
    if (!Object.hasOwn(CLASSES, code) || error.constructor !== CLASSES[code]) fail(`${what} threw ${show(error)}`);
    if (!codes.includes(code.slice('ERR_LEWD_'.length)))
        fail(`${what} threw ${show(error)}, and not ${codes.join(', ')}`);
};

module.exports = { Failure, Planned, fail, hasCode, same, show };
