/*
 * suite_gc_budget.c: each threshold of the budget, one byte below it, at it, and above.
 */
#include "../../src/addon/gc_budget.h"
#include "harness.h"
#include "suites.h"

#define MIB ((int64_t)1 << 20)
#define GIB ((int64_t)1 << 30)
#define MIN_BUDGET (128 * MIB)

/*
 * Live bytes after a forced collection, on both sides of the minimum budget. A budget is as much again, at least 128
 * MiB.
 */
static const int64_t left[] = {
    0, 1, MIN_BUDGET - 1, MIN_BUDGET, MIN_BUDGET + 1, MIN_BUDGET + 2, MIN_BUDGET + 3, 2 * GIB, 4 * GIB - 16};

enum { LEFT = sizeof left / sizeof left[0] };

static int64_t budget_after(int64_t bytes) {
    return bytes < MIN_BUDGET ? MIN_BUDGET : bytes;
}

static bool is_spent(int64_t live, int64_t after_forced_gc) {
    const lewd_gc_budget budget = {.live_bytes = live, .after_forced_gc = after_forced_gc};
    return lewd_gc_budget_is_spent(&budget);
}

static bool wants_marking(int64_t live, int64_t at_sweep, int64_t after_forced_gc) {
    const lewd_gc_budget budget = {live, at_sweep, after_forced_gc};
    return lewd_gc_budget_wants_marking(&budget);
}

static void a_budget_is_spent_at_its_last_byte(void) {
    for (int i = 0; i < LEFT; i++) {
        const int64_t budget = budget_after(left[i]);
        CHECK(!is_spent(0, left[i]));
        CHECK(!is_spent(left[i], left[i]));
        CHECK(!is_spent(left[i] + budget - 1, left[i]));
        CHECK(is_spent(left[i] + budget, left[i]));
        CHECK(is_spent(left[i] + budget + 1, left[i]));
    }
}

static void at_first_the_budget_is_128_mib(void) {
    const lewd_gc_budget none = {0};
    CHECK(!lewd_gc_budget_is_spent(&none));
    CHECK(!lewd_gc_budget_wants_marking(&none));
    CHECK(!is_spent(134217727, 0));
    CHECK(is_spent(134217728, 0));
}

static void small_arenas_do_not_ask_for_marking(void) {
    CHECK(!wants_marking(4 * GIB, 0, 0));
    CHECK(!wants_marking(4 * GIB, 0, MIN_BUDGET - 1));
    CHECK(!wants_marking(4 * GIB, 0, MIN_BUDGET));
    CHECK(wants_marking(4 * GIB, 0, MIN_BUDGET + 1));
}

static void marking_is_wanted_when_three_quarters_are_spent(void) {
    for (int i = 0; i < LEFT; i++) {
        const int64_t three_quarters = left[i] / 4 * 3;
        if (left[i] <= MIN_BUDGET)
            continue;
        CHECK(!wants_marking(left[i] + three_quarters - 1, 0, left[i]));
        CHECK(wants_marking(left[i] + three_quarters, 0, left[i]));
        CHECK(wants_marking(left[i] + three_quarters + 1, 0, left[i]));
    }
}

static void marking_is_wanted_when_a_quarter_is_spent_since_the_sweep(void) {
    for (int i = 0; i < LEFT; i++) {
        const int64_t quarter = left[i] / 4;
        const int64_t live = 2 * left[i];
        if (left[i] <= MIN_BUDGET)
            continue;
        CHECK(!wants_marking(live, live, left[i]));
        CHECK(!wants_marking(live, live - quarter + 1, left[i]));
        CHECK(wants_marking(live, live - quarter, left[i]));
        CHECK(wants_marking(live, live - quarter - 1, left[i]));
    }
}

/* Marking is requested early enough: not after the budget is spent. */
static void marking_is_wanted_before_the_budget_is_spent(void) {
    lewd_gc_budget budget = {.live_bytes = GIB};
    int64_t asked = 0;
    lewd_gc_budget_note_forced_gc(&budget);
    lewd_gc_budget_note_sweep(&budget, true, true);
    while (!lewd_gc_budget_is_spent(&budget)) {
        if (asked == 0 && lewd_gc_budget_wants_marking(&budget))
            asked = budget.live_bytes;
        budget.live_bytes += MIB;
    }
    CHECK_SAME(asked, GIB / 4 * 7);
    CHECK_SAME(budget.live_bytes, 2 * GIB);
}

static int64_t least(int64_t one, int64_t other) {
    return one < other ? one : other;
}

/* All orders of the three figures, under each kind of sweep. */
static void sweeps_note_the_least(void) {
    for (int kind = 0; kind < 4; kind++)
        for (int order = 0; order < 27; order++) {
            const bool was_major = kind % 2 != 0;
            const bool was_of_all = kind / 2 != 0;
            const int64_t live = order % 3;
            const int64_t at_sweep = order / 3 % 3;
            const int64_t after_forced_gc = order / 9;
            lewd_gc_budget budget = {live, at_sweep, after_forced_gc};
            lewd_gc_budget_note_sweep(&budget, was_major, was_of_all);
            CHECK_SAME(budget.live_bytes, live);
            CHECK_SAME(budget.at_sweep, was_major ? live : least(at_sweep, live));
            CHECK_SAME(budget.after_forced_gc, was_of_all ? least(after_forced_gc, live) : after_forced_gc);
        }
}

static void a_forced_collection_notes_what_is_alive(void) {
    lewd_gc_budget budget = {.live_bytes = 3, .at_sweep = 2, .after_forced_gc = 1};
    lewd_gc_budget_note_forced_gc(&budget);
    CHECK_SAME(budget.live_bytes, 3);
    CHECK_SAME(budget.at_sweep, 2);
    CHECK_SAME(budget.after_forced_gc, 3);
    budget.live_bytes = 0;
    lewd_gc_budget_note_forced_gc(&budget);
    CHECK_SAME(budget.after_forced_gc, 0);
}

/* For each known figure and each difference, the difference is reported to V8, or nothing. */
static void v8_is_told_of_4_mib_more_or_less(void) {
    static const int64_t worth[] = {4 * MIB, 4 * MIB + 1, 5 * GIB};
    static const int64_t not_worth[] = {0, 1, 4 * MIB - 1};
    for (int i = 0; i < LEFT; i++)
        for (int sign = -1; sign <= 1; sign += 2)
            for (int kind = 0; kind < 3; kind++) {
                lewd_external_bytes external = {.live = left[i] + sign * worth[kind], .reported = left[i]};
                CHECK_SAME(lewd_external_unreported(&external), sign * worth[kind]);
                external.live = left[i] + sign * not_worth[kind];
                CHECK_SAME(lewd_external_unreported(&external), 0);
            }
}

void suite_gc_budget(void) {
    RUN(a_budget_is_spent_at_its_last_byte);
    RUN(at_first_the_budget_is_128_mib);
    RUN(small_arenas_do_not_ask_for_marking);
    RUN(marking_is_wanted_when_three_quarters_are_spent);
    RUN(marking_is_wanted_when_a_quarter_is_spent_since_the_sweep);
    RUN(marking_is_wanted_before_the_budget_is_spent);
    RUN(sweeps_note_the_least);
    RUN(a_forced_collection_notes_what_is_alive);
    RUN(v8_is_told_of_4_mib_more_or_less);
}
