/*
 * creep.c: runs a steady workload for a long time, and prints how far the memory reaches meanwhile.
 *
 *     creep OPERATIONS LIVE fifo|random SIZE...
 *
 * LIVE spans are kept. Each operation frees one, the oldest or a random one, and allocates another, of a random one of
 * the sizes (fifo: of each size in turn). The memory is 4 GiB, so only the policy bounds how much of it is touched.
 * Prints 400 lines while it runs: operations so far, live bytes, the highest end of a used span since the line before.
 * Checks the heap at the end. Sizes are in bytes; RANGE:LOW:HIGH instead of sizes means any size between.
 */
#include "../../src/core/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 400 };

static uint64_t state = 88172645463325252u;

/* xorshift64: Marsaglia, "Xorshift RNGs", 2003. */
static uint32_t random_below(uint32_t bound) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state >> 32) * bound >> 32);
}

typedef struct work {
    lewd_heap *heap;
    lewd_span *spans;
    uint32_t live;
    bool in_turn;
    uint32_t low, high; /* any size between the two if high is not 0 */
    uint32_t count;
    uint32_t sizes[16];
} work;

static uint32_t next_size(const work *of, uint64_t turn) {
    if (of->high != 0)
        return of->low + random_below(of->high - of->low + 1u);
    return of->sizes[of->in_turn ? turn % of->count : random_below(of->count)];
}

static lewd_span allocate(const work *of, uint64_t turn) {
    lewd_span span;
    const uint32_t size = next_size(of, turn);
    if (lewd_heap_alloc(of->heap, size / LEWD_BLOCK + (size % LEWD_BLOCK != 0), &span) != LEWD_OK) {
        fprintf(stderr, "no room for %u bytes after %llu operations\n", size, (unsigned long long)turn);
        exit(1);
    }
    return span;
}

static uint32_t reach(const work *of) {
    const lewd_figures figures = lewd_heap_figures(of->heap);
    return figures.total - figures.tail_free;
}

static void run(work *of, uint64_t operations) {
    uint32_t farthest = reach(of);
    for (uint64_t turn = 0; turn < operations; turn++) {
        lewd_span *const span = &of->spans[of->in_turn ? turn % of->live : random_below(of->live)];
        lewd_heap_free(of->heap, *span);
        *span = allocate(of, turn);
        const uint32_t now = reach(of);
        if (now > farthest)
            farthest = now;
        if ((turn + 1) % (operations / SAMPLES) == 0) {
            printf("%llu %.0f %.0f\n", (unsigned long long)(turn + 1),
                   (double)lewd_heap_figures(of->heap).used * LEWD_BLOCK, (double)farthest * LEWD_BLOCK);
            farthest = now;
        }
    }
}

static bool read_sizes(work *of, int count, char **words) {
    if (count == 1 && sscanf(words[0], "RANGE:%u:%u", &of->low, &of->high) == 2)
        return of->low != 0 && of->low <= of->high;
    for (; of->count < 16 && of->count < (uint32_t)count; of->count++)
        if ((of->sizes[of->count] = (uint32_t)strtoul(words[of->count], NULL, 10)) == 0)
            return false;
    return of->count != 0;
}

int main(int count, char **words) {
    work of = {0};
    const uint64_t operations = count > 4 ? strtoull(words[1], NULL, 10) : 0;
    of.live = count > 4 ? (uint32_t)strtoul(words[2], NULL, 10) : 0;
    if (operations < SAMPLES || of.live == 0 || !read_sizes(&of, count - 4, words + 4)) {
        fprintf(stderr, "usage: creep OPERATIONS LIVE fifo|random SIZE... | RANGE:LOW:HIGH\n");
        return 2;
    }
    of.in_turn = strcmp(words[3], "fifo") == 0;
    of.heap = lewd_heap_create(0, LEWD_MAX_BLOCKS, NULL, NULL);
    of.spans = calloc(of.live, sizeof *of.spans);
    if (of.heap == NULL || of.spans == NULL)
        return 1;
    for (uint32_t i = 0; i < of.live; i++)
        of.spans[i] = allocate(&of, i);
    run(&of, operations);
    const char *const fault = lewd_heap_check(of.heap);
    if (fault != NULL)
        fprintf(stderr, "%s\n", fault);
    lewd_heap_destroy(of.heap);
    free(of.spans);
    return fault == NULL ? 0 : 1;
}
