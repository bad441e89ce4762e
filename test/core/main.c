/*
 * main.c: runs the suites, or those whose names are given.
 */
#include "harness.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static bool wanted(const char *name, int count, char **names) {
    for (int index = 0; index < count; index++)
        if (strcmp(names[index], name) == 0)
            return true;
    return count == 0;
}

int main(int count, char **words) {
    const char *const slash = strrchr(words[0], '/');
    unsigned ran = 0;
    for (int index = 0; index < SUITES; index++) {
        if (!wanted(suites[index].name, count - 1, words + 1))
            continue;
        harness_suite(suites[index].name);
        suites[index].run();
        ran++;
    }
    if (ran == 0) {
        fprintf(stderr, "no such suite\n");
        return EXIT_FAILURE;
    }
    return harness_end(slash == NULL ? words[0] : slash + 1);
}
