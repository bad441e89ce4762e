/*
 * lewd.c: the addon as one translation unit.
 *
 * What is called most, the heap and its index, is small, and used in other files than its own. Compiled together they are
 * called without a call, by every compiler and without link-time optimisation. Each file compiles alone as well: the core's
 * tests, the fuzzers and the analyzers take them so.
 */

/* The core. */
#include "check.c"
#include "heap.c"
#include "index.c"
#include "pile.c"
#include "places.c"
#include "tree.c"

/* The glue. */
#include "addon.c"
#include "arena.c"
#include "collections.c"
#include "errors.c"
#include "ledger.c"
#include "memory.c"
#include "pointers.c"
#include "sweep.c"
#include "tokens.c"
#include "values.c"
#include "watch.c"
