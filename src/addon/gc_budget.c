#include "gc_budget.h"

#define LEWD_MIN_BUDGET ((int64_t)128 << 20) /* bytes */
#define LEWD_REPORT_BATCH ((int64_t)4 << 20) /* bytes by which a report to V8 may be out of date */

static int64_t budget_of(const lewd_gc_budget *budget) {
    return budget->after_forced_gc > LEWD_MIN_BUDGET ? budget->after_forced_gc : LEWD_MIN_BUDGET;
}

void lewd_gc_budget_note_sweep(lewd_gc_budget *budget, bool was_major, bool was_of_all) {
    if (was_major || budget->at_sweep > budget->live_bytes)
        budget->at_sweep = budget->live_bytes;
    if (was_of_all && budget->after_forced_gc > budget->live_bytes)
        budget->after_forced_gc = budget->live_bytes;
}

void lewd_gc_budget_note_forced_gc(lewd_gc_budget *budget) {
    budget->after_forced_gc = budget->live_bytes;
}

bool lewd_gc_budget_is_spent(const lewd_gc_budget *budget) {
    return budget->live_bytes - budget->after_forced_gc >= budget_of(budget);
}

bool lewd_gc_budget_wants_marking(const lewd_gc_budget *budget) {
    const int64_t quarter = budget_of(budget) / 4;
    return budget->after_forced_gc > LEWD_MIN_BUDGET && budget->live_bytes - budget->after_forced_gc >= quarter * 3 &&
           budget->live_bytes - budget->at_sweep >= quarter;
}

int64_t lewd_external_unreported(const lewd_external_bytes *external) {
    const int64_t unreported = external->live - external->reported;
    return unreported < LEWD_REPORT_BATCH && unreported > -LEWD_REPORT_BATCH ? 0 : unreported;
}
