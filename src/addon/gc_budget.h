/*
 * gc_budget.h: when the tokens of an arena hold so much that V8 has to collect, and when it has to be told of it.
 *
 * V8 does not know what dead tokens hold, and neither does the arena before a sweep has found them. It counts what tokens
 * hold, dead or not, and bounds it: when they hold twice as much as was known to be alive the last time, and 128 MiB more at
 * least, V8 is made to collect. What follows from the constants is measured in docs/design/lifetimes.md.
 */
#ifndef LEWD_GC_BUDGET_H
#define LEWD_GC_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

/* Bytes. All zeros: no tokens. */
typedef struct lewd_gc_budget {
    int64_t live_bytes;      /* that tokens hold, dead ones that no sweep has found included */
    int64_t at_sweep;        /* the least of it since the last major collection */
    int64_t after_forced_gc; /* the least of it since V8 was made to collect: so much was known to be alive */
} lewd_gc_budget;

/* Notes a sweep, after a major collection or not, of all tokens or of some. */
void lewd_gc_budget_note_sweep(lewd_gc_budget *budget, bool was_major, bool was_of_all);

/* Notes that V8 was made to collect, and that all dead tokens were found. */
void lewd_gc_budget_note_forced_gc(lewd_gc_budget *budget);

/* Returns whether V8 has to collect now. */
bool lewd_gc_budget_is_spent(const lewd_gc_budget *budget);

/*
 * Returns whether V8 should begin to mark, which it does beside the program if it is asked in time. Three quarters of the
 * budget are spent then, and a quarter since the last sweep. Small arenas are not worth it.
 */
bool lewd_gc_budget_wants_marking(const lewd_gc_budget *budget);

/* What live tokens of all arenas hold, in bytes, and what V8 was told of it. */
typedef struct lewd_external_bytes {
    int64_t live;
    int64_t reported;
} lewd_external_bytes;

/* Returns the bytes to tell V8 of, more or (negative) less than it knows; 0 if they are not worth a call. */
int64_t lewd_external_unreported(const lewd_external_bytes *external);

#endif
