/*
 * harness.h: named tests, checks, counts and a seed. A failed check ends its test, not the run.
 *
 * The seed comes from SEED in the environment, else from the clock; it is printed, so that a failure can be repeated.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <stdbool.h>
#include <stdint.h>

typedef void harness_body(void);

/* A suite announces itself, then runs its tests. */
void harness_suite(const char *name);
void harness_run(const char *name, harness_body *body);

/* Returns whether the arguments of main() name a suite. Without arguments, all suites run. */
bool harness_wants(const char *name, int count, char **words);

/* Prints a figure with the suite's name. */
void harness_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints the counts under `title`, without its folders. Returns the exit status, which is a failure if no test ran. */
int harness_end(const char *title);

_Noreturn void harness_fail(const char *file, int line, const char *what);
_Noreturn void harness_fail_numbers(const char *file, int line, const char *what, uint64_t actual, uint64_t expected);
_Noreturn void harness_fail_texts(const char *file, int line, const char *what, const char *actual,
                                  const char *expected);
bool harness_same_text(const char *left, const char *right);

#define RUN(body) harness_run(#body, body)

#define CHECK(condition) ((condition) ? (void)0 : harness_fail(__FILE__, __LINE__, #condition))

/* The same for numbers and for texts (NULL allowed); prints both sides. */
#define CHECK_SAME(actual, expected) harness_same(__FILE__, __LINE__, #actual, (uint64_t)(actual), (uint64_t)(expected))
#define CHECK_TEXT(actual, expected) harness_text(__FILE__, __LINE__, #actual, (actual), (expected))

static inline void harness_same(const char *file, int line, const char *what, uint64_t actual, uint64_t expected) {
    if (actual != expected)
        harness_fail_numbers(file, line, what, actual, expected);
}

static inline void harness_text(const char *file, int line, const char *what, const char *actual,
                                const char *expected) {
    if (!harness_same_text(actual, expected))
        harness_fail_texts(file, line, what, actual, expected);
}

/* Random numbers: splitmix64, so that a seed gives the same sequence everywhere. */
typedef struct dice {
    uint64_t state;
} dice;

/* Returns a generator from the run's seed; different for every `salt`. */
dice harness_dice(uint64_t salt);
uint64_t dice_next(dice *from);

/* Returns a number in [0, count). */
uint32_t dice_below(dice *from, uint32_t count);

#endif
