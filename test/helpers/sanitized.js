'use strict';

/** Whether the addon finds wrong accesses: what is freed is kept for long then, and the process is larger for it. */
module.exports = process.env.LD_PRELOAD?.includes('asan') ?? false;
