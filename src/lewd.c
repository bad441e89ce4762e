/*
 * lewd.c: the addon as one translation unit.
 *
 * What is called most, the heap and its index, is small, and used in other files than its own. Compiled together they are
 * called without a call, by every compiler and without link-time optimisation. Each file compiles alone as well: the core's
 * tests, the fuzzers and the analyzers take them so.
 */

/* The core. */
#include "core/check.c"
#include "core/directory.c"
#include "core/heap.c"
#include "core/index.c"
#include "core/pile.c"
#include "core/tree.c"

/* The addon. */
#include "addon/allocate.c"
#include "addon/arena.c"
#include "addon/arguments.c"
#include "addon/bounds.c"
#include "addon/create.c"
#include "addon/disposal.c"
#include "addon/env.c"
#include "addon/errors.c"
#include "addon/gc.c"
#include "addon/gc_budget.c"
#include "addon/handlers.c"
#include "addon/list.c"
#include "addon/memory.c"
#include "addon/module.c"
#include "addon/number.c"
#include "addon/pointers.c"
#include "addon/published.c"
#include "addon/radix.c"
#include "addon/reference.c"
#include "addon/results.c"
#include "addon/slots.c"
#include "addon/sweep.c"
#include "addon/tokens.c"
#include "addon/weak.c"
#include "addon/young.c"
