/*
 * gc_budget.h: decides when the tokens of an arena hold so many bytes that V8 has to collect, and when V8 needs a
 * report of them.
 *
 * V8 does not know how many bytes dead tokens hold, and neither does the arena until a sweep has found them. The arena
 * counts the bytes that tokens hold, dead or not, and bounds them: V8 is made to collect when they are twice as many as
 * were last known to be alive, and at least 128 MiB more. docs/design/lifetimes.md has the measurements behind the
 * constants.
 */
#ifndef LEWD_GC_BUDGET_H
#define LEWD_GC_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

/* The live bytes of an arena, now and earlier. All zeros: no tokens. */
typedef struct lewd_gc_budget {
    int64_t live_bytes;      /* held by tokens, including dead ones that no sweep has found */
    int64_t at_sweep;        /* least live_bytes after a sweep since the last major collection */
    int64_t after_forced_gc; /* least live_bytes since V8 was made to collect, when that many were known to be alive */
} lewd_gc_budget;

/* Notes a sweep. `was_major`: it followed a major collection. `was_of_all`: it read all tokens. */
void lewd_gc_budget_note_sweep(lewd_gc_budget *budget, bool was_major, bool was_of_all);

/* Notes that V8 was made to collect, and that all dead tokens were found. */
void lewd_gc_budget_note_forced_gc(lewd_gc_budget *budget);

/* Returns whether V8 has to collect now. */
bool lewd_gc_budget_is_spent(const lewd_gc_budget *budget);

/*
 * Returns whether V8 should begin to mark. V8 marks beside the program if it is asked in time: when three quarters of
 * the budget are spent, a quarter of them since the last sweep. Returns false for arenas with 128 MiB or less known to
 * be alive, where marking early is not worth the time.
 */
bool lewd_gc_budget_wants_marking(const lewd_gc_budget *budget);

/* The bytes that the tokens of all arenas hold. */
typedef struct lewd_external_bytes {
    int64_t live;     /* now */
    int64_t reported; /* in the last report to V8 */
} lewd_external_bytes;

/*
 * Returns the change to report to V8 in bytes, negative for fewer; 0 if it is less than 4 MiB, which is not worth a
 * call.
 */
int64_t lewd_external_unreported(const lewd_external_bytes *external);

#endif
