/*
 * churn.c: measures a free and an allocation, under random replacement of mixed sizes, in this heap and in the
 * system's.
 *
 *     churn SPANS ROUNDS OPERATIONS [lewd | system | both [LARGEST]]
 *
 * The contenders take turns, round by round, in one process; preload another malloc to compare with it. Prints a line
 * of JSON: nanoseconds of processor time per pair, the minimum and the median of the rounds, less the cost of the loop
 * itself; and the bytes per span that the heap requested from its memory hook. No size is above LARGEST bytes: 4 GiB
 * can't hold ten million spans of all sizes.
 */
#define _POSIX_C_SOURCE 200809L

#include "../../src/core/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const uint32_t sizes[] = {16, 24, 32, 48, 64, 100, 128, 256, 512, 1000, 4096};

static uint32_t drawn = sizeof sizes / sizeof *sizes;

static uint64_t state = 88172645463325252u;

/* xorshift64: Marsaglia, "Xorshift RNGs", 2003. */
static uint32_t random_below(uint32_t bound) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state >> 32) * bound >> 32);
}

static uint32_t random_size(void) {
    return sizes[random_below(drawn)];
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static size_t outstanding;
static size_t peak;

static void *counting_resize(void *context, void *memory, size_t old_size, size_t new_size) {
    (void)context;
    outstanding += new_size - old_size;
    if (outstanding > peak)
        peak = outstanding;
    if (new_size != 0)
        return realloc(memory, new_size);
    free(memory);
    return NULL;
}

typedef struct contenders {
    uint32_t count;
    lewd_heap *heap;
    lewd_span *spans;
    void **pointers;
} contenders;

static void churn_lewd(contenders *of, size_t operations) {
    for (size_t i = 0; i < operations; i++) {
        lewd_span *const span = &of->spans[random_below(of->count)];
        lewd_heap_free(of->heap, *span);
        if (lewd_heap_alloc(of->heap, (random_size() + LEWD_BLOCK - 1u) / LEWD_BLOCK, span) != LEWD_OK)
            abort();
    }
}

static void churn_system(contenders *of, size_t operations) {
    for (size_t i = 0; i < operations; i++) {
        void **const pointer = &of->pointers[random_below(of->count)];
        free(*pointer);
        *pointer = malloc(random_size());
        if (*pointer == NULL)
            abort();
    }
}

static volatile uint32_t sink;

static void churn_nothing(contenders *of, size_t operations) {
    for (size_t i = 0; i < operations; i++)
        sink = of->spans[random_below(of->count)] + random_size();
}

static void fill(contenders *of) {
    of->heap = lewd_heap_create(0, LEWD_MAX_BLOCKS, counting_resize, NULL);
    of->spans = calloc(of->count, sizeof *of->spans);
    of->pointers = calloc(of->count, sizeof *of->pointers);
    if (of->heap == NULL || of->spans == NULL || of->pointers == NULL)
        abort();
    for (uint32_t i = 0; i < of->count; i++) {
        if (lewd_heap_alloc(of->heap, (random_size() + LEWD_BLOCK - 1u) / LEWD_BLOCK, &of->spans[i]) != LEWD_OK)
            abort();
        of->pointers[i] = malloc(random_size());
    }
}

static int ascending(const void *one, const void *other) {
    const double a = *(const double *)one;
    const double b = *(const double *)other;
    return (a > b) - (a < b);
}

typedef void churn(contenders *of, size_t operations);

static double timed(churn *run, contenders *of, size_t operations) {
    const double begin = now();
    run(of, operations);
    return (now() - begin) / (double)operations;
}

int main(int count, char **words) {
    if (count < 4) {
        fprintf(stderr, "usage: churn SPANS ROUNDS OPERATIONS [lewd | system | both [LARGEST]]\n");
        return 2;
    }
    contenders of = {.count = (uint32_t)strtoul(words[1], NULL, 10)};
    const size_t rounds = strtoul(words[2], NULL, 10);
    const size_t operations = strtoul(words[3], NULL, 10);
    const char *const only = count > 4 ? words[4] : "";
    if (count > 5)
        while (drawn > 1 && sizes[drawn - 1] > strtoul(words[5], NULL, 10))
            drawn--;
    double *const lewd = calloc(rounds, sizeof *lewd);
    double *const system = calloc(rounds, sizeof *system);
    double *const loop = calloc(rounds, sizeof *loop);
    if (of.count == 0 || rounds == 0 || lewd == NULL || system == NULL || loop == NULL)
        return 2;

    /* The heap reaches a steady state once everything was replaced twice. */
    fill(&of);
    churn_lewd(&of, strcmp(only, "system") == 0 ? 0 : 2u * (size_t)of.count);
    churn_system(&of, strcmp(only, "lewd") == 0 ? 0 : 2u * (size_t)of.count);
    for (size_t round = 0; round < rounds; round++) {
        if (strcmp(only, "system") != 0)
            lewd[round] = timed(churn_lewd, &of, operations);
        if (strcmp(only, "lewd") != 0)
            system[round] = timed(churn_system, &of, operations);
        loop[round] = timed(churn_nothing, &of, operations);
    }
    const char *const fault = lewd_heap_check(of.heap);
    if (fault != NULL) {
        fprintf(stderr, "%s\n", fault);
        return 1;
    }
    qsort(lewd, rounds, sizeof *lewd, ascending);
    qsort(system, rounds, sizeof *system, ascending);
    qsort(loop, rounds, sizeof *loop, ascending);
    printf("{\"spans\":%u,\"lewd\":{\"least\":%.1f,\"median\":%.1f},\"system\":{\"least\":%.1f,\"median\":%.1f},"
           "\"loop\":%.1f,\"bytesPerSpan\":%.1f,\"peakBytesPerSpan\":%.1f}\n",
           of.count, lewd[0] - loop[0], lewd[rounds / 2] - loop[rounds / 2], system[0] - loop[0],
           system[rounds / 2] - loop[rounds / 2], loop[0], (double)outstanding / of.count, (double)peak / of.count);
    lewd_heap_destroy(of.heap);
    return outstanding == 0 ? 0 : 1;
}
