/*
 * harness.c: runs and counts tests, and prints failed checks.
 */
#include "harness.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct {
    jmp_buf out;
    const char *suite;
    const char *test;
    unsigned passed;
    unsigned failed;
    uint64_t seed;
    bool seeded;
} run;

/* An assertion of the core ends the process, so this prints at least which test ran. */
static void tell_abort(int number) {
    printf("\n%s: aborted in %s (SEED=%llu)\n", run.suite, run.test, (unsigned long long)run.seed);
    fflush(stdout);
    signal(number, SIG_DFL);
    raise(number);
}

static uint64_t the_seed(void) {
    if (run.seeded)
        return run.seed;
    const char *const given = getenv("SEED");
    run.seed = given != NULL && *given != '\0' ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    run.seeded = true;
    printf("SEED=%llu\n", (unsigned long long)run.seed);
    signal(SIGABRT, tell_abort);
    return run.seed;
}

void harness_suite(const char *name) {
    the_seed();
    run.suite = name;
}

bool harness_wants(const char *name, int count, char **words) {
    for (int index = 1; index < count; index++)
        if (strcmp(words[index], name) == 0)
            return true;
    return count <= 1;
}

void harness_run(const char *name, harness_body *body) {
    run.test = name;
    if (setjmp(run.out) != 0) {
        run.failed++;
        printf("    not ok  %s: %s\n", run.suite, name);
    } else {
        body();
        run.passed++;
        printf("    ok      %s: %s\n", run.suite, name);
    }
    fflush(stdout);
}

void harness_note(const char *format, ...) {
    va_list values;
    va_start(values, format);
    printf("            ");
    vprintf(format, values);
    printf("\n");
    va_end(values);
}

int harness_end(const char *title) {
    const char *const slash = strrchr(title, '/');
    printf("%s: %u passed, %u failed\n", slash == NULL ? title : slash + 1, run.passed, run.failed);
    return run.failed == 0 && run.passed != 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void begin_failure(const char *file, int line, const char *what) {
    printf("    %s:%d: in %s (SEED=%llu): %s", file, line, run.test, (unsigned long long)run.seed, what);
}

static _Noreturn void end_failure(void) {
    printf("\n");
    longjmp(run.out, 1);
}

_Noreturn void harness_fail(const char *file, int line, const char *what) {
    begin_failure(file, line, what);
    end_failure();
}

_Noreturn void harness_fail_numbers(const char *file, int line, const char *what, uint64_t actual, uint64_t expected) {
    begin_failure(file, line, what);
    printf(": is %llu, not %llu", (unsigned long long)actual, (unsigned long long)expected);
    end_failure();
}

_Noreturn void harness_fail_texts(const char *file, int line, const char *what, const char *actual,
                                  const char *expected) {
    begin_failure(file, line, what);
    printf(": is \"%s\", not \"%s\"", actual == NULL ? "(nothing)" : actual, expected == NULL ? "(nothing)" : expected);
    end_failure();
}

bool harness_same_text(const char *left, const char *right) {
    return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

dice harness_dice(uint64_t salt) {
    dice made = {the_seed() ^ salt * 0x9e3779b97f4a7c15u};
    dice_next(&made);
    return made;
}

uint64_t dice_next(dice *from) {
    uint64_t mixed = from->state += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    return mixed ^ mixed >> 31;
}

uint32_t dice_below(dice *from, uint32_t count) {
    return (uint32_t)((dice_next(from) >> 32) * count >> 32);
}
