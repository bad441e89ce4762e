/*
 * lewd.c: the addon as one translation unit.
 *
 * Most calls go to small functions of the heap and its index, and come from other files. In one translation unit every
 * compiler inlines them, without link-time optimisation. Each file compiles alone as well: the tests in C, the fuzzers
 * and the analyzers compile it that way.
 *
 * All files share one namespace of macros and static names. Therefore
 *
 *     a function, type or constant that other files use begins with `lewd_` or `LEWD_` and the name of its module;
 *     a macro or constant of one file begins with `LEWD_`, too;
 *     a static function has a name that no other file uses. The compiler reports a duplicate.
 *
 * Modules by level: a module includes, and calls functions of, lower levels only. heap.h, the contract of the core, is
 * a module of its own. The addon includes no other file of the core.
 *
 *     core 0: heap.h
 *     core 1: record
 *     core 2: directory, pile, tree
 *     core 3: index
 *     core 4: check, heap
 *
 *     addon 0: contract, gc_budget, number, radix, reference, version
 *     addon 1: gc, list, slots, support
 *     addon 2: bounds, env, errors, handlers, published, young
 *     addon 3: arena, results, weak
 *     addon 4: arguments, tokens
 *     addon 5: disposal, guard, memory, pointers, sweep
 *     addon 6: allocate
 *     addon 7: create
 *     addon 8: module
 *
 * `node scripts/structure` checks the levels, the names of macros and constants, and that each file is included here.
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
#include "addon/guard.c"
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
