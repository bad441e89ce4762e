/*
 * main.c: runs the suites, or those whose names are given.
 */
#include "harness.h"
#include "suites.h"

static const struct {
    const char *name;
    void (*run)(void);
} suites[] = {
    {"list", suite_list},           {"radix", suite_radix},   {"slots", suite_slots},     {"young", suite_young},
    {"gc_budget", suite_gc_budget}, {"bounds", suite_bounds}, {"support", suite_support},
};

enum { SUITES = sizeof suites / sizeof suites[0] };

int main(int count, char **words) {
    for (int index = 0; index < SUITES; index++) {
        if (!harness_wants(suites[index].name, count, words))
            continue;
        harness_suite(suites[index].name);
        suites[index].run();
    }
    return harness_end(words[0]);
}
