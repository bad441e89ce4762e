'use strict';

/** Whether the addon is built with a sanitizer: it keeps freed memory for long, which enlarges the process. */
module.exports = process.env.LD_PRELOAD?.includes('asan') ?? false;
