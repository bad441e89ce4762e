/*
 * main.c: runs the suites, or those whose names are given.
 */
#include "harness.h"
#include "suites.h"

static const struct {
    const char *name;
    void (*run)(void);
} suites[] = {
    {"create", suite_create},
    {"alloc", suite_alloc},
    {"aligned", suite_aligned},
    {"reserve", suite_reserve},
    {"resize", suite_resize},
    {"merge", suite_merge},
    {"directory", suite_directory},
    {"free_all", suite_free_all},
    {"limit", suite_limit},
    {"invalid", suite_invalid},
    {"index", suite_index},
    {"metadata", suite_metadata},
    {"checker", suite_checker},
    {"checker_index", suite_checker_index},
    {"law", suite_law},
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
