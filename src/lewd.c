/*
 * lewd.c: the addon as one translation unit.
 *
 * What is called most, the heap and its index, is small, and used in other files than its own. Compiled together they are
 * called without a call, by every compiler and without link-time optimisation. Each file compiles alone as well: the core's
 * tests, the fuzzers and the analyzers take them so.
 *
 * Files share one name space here. Macros of a source begin with LEWD_, as they would replace names in all files after it.
 *
 * Modules by level: one includes, and calls functions of, lower ones only. `npm run structure` checks it. heap.h, the contract
 * of the core, is a module of its own, and all of the core that the addon includes.
 *
 *     core 0: heap.h
 *     core 1: record
 *     core 2: directory, pile, tree
 *     core 3: index
 *     core 4: check, heap
 */

/* The core. */
#include "core/check.c"
#include "core/directory.c"
#include "core/heap.c"
#include "core/index.c"
#include "core/pile.c"
#include "core/tree.c"

/* The glue. */
#include "addon/addon.c"
#include "addon/arena.c"
#include "addon/collections.c"
#include "addon/errors.c"
#include "addon/ledger.c"
#include "addon/memory.c"
#include "addon/pointers.c"
#include "addon/sweep.c"
#include "addon/tokens.c"
#include "addon/values.c"
#include "addon/watch.c"
