/*
 * replay.c: replays a recorded program's allocations on the heap and on a naive exact best fit, and compares every
 * address, and all figures every 1,000 operations.
 *
 *     replay [FILE]        a trace as text, from the standard input without FILE
 *     replay --synthetic   a small generated trace
 *
 *     a ID SIZE   allocate SIZE bytes as ID (0 counts as 1)
 *     r ID SIZE   resize ID: allocate anew, then free the old
 *     f ID        free ID
 *
 * Runs twice: over a heap that grows by pages as the default memory does, and over a fixed one of 4 GiB, whose highest
 * used end is the peak footprint of best fit.
 */
#include "../../src/core/heap.h"
#include "harness.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096, MAX_PAGES = 65536, COMPARE_EVERY = 1000, CHECK_EVERY = 50000 };

/* The trace. */

typedef struct step {
    char kind;
    uint32_t id;
    uint32_t bytes;
} step;

static struct {
    step *steps;
    size_t count;
    size_t room;
    uint32_t ids;
} trace;

static void *resized(void *memory, size_t size) {
    void *const moved = realloc(memory, size);
    if (moved == NULL) {
        fprintf(stderr, "replay: out of memory\n");
        exit(EXIT_FAILURE);
    }
    return moved;
}

static void add_step(char kind, uint32_t id, uint32_t bytes) {
    if (trace.count == trace.room) {
        trace.room = trace.room * 2 + 1024;
        trace.steps = resized(trace.steps, trace.room * sizeof *trace.steps);
    }
    trace.steps[trace.count++] = (step){.kind = kind, .id = id, .bytes = bytes};
    if (id >= trace.ids)
        trace.ids = id + 1;
}

static bool parse_step(const char *line) {
    uint32_t id, bytes = 0;
    char kind;
    const int read = sscanf(line, "%c %" SCNu32 " %" SCNu32, &kind, &id, &bytes);
    if (read != (kind == 'f' ? 2 : 3) || strchr("arf", kind) == NULL)
        return false;
    add_step(kind, id, bytes);
    return true;
}

static bool read_trace(FILE *file) {
    char line[64];
    while (fgets(line, sizeof line, file) != NULL)
        if (!parse_step(line)) {
            fprintf(stderr, "replay: line %zu is not an operation: %s\n", trace.count + 1, line);
            return false;
        }
    return true;
}

/* Makes phases that fill and empty, with typical sizes: mostly small, some pages, a few large. */
static void make_trace(void) {
    enum { STEPS = 60000, LIVE = 4000 };
    static uint32_t live[LIVE];
    dice from = harness_dice(40);
    uint32_t count = 0, ids = 0;
    while (trace.count < STEPS) {
        const uint32_t kept = trace.count / 10000 % 2 == 0 ? LIVE : LIVE / 4;
        const uint32_t scale = 1u << (4 + dice_below(&from, 6) + (dice_below(&from, 50) == 0 ? 9 : 0));
        const uint32_t bytes = dice_below(&from, scale);
        const uint32_t pick = count == 0 ? 0 : dice_below(&from, count);
        if (count < kept && dice_below(&from, 4) != 0) {
            live[count++] = ids;
            add_step('a', ids++, bytes);
        } else if (count > 0 && dice_below(&from, 20) == 0) {
            add_step('r', live[pick], bytes);
        } else if (count > 0) {
            add_step('f', live[pick], 0);
            live[pick] = live[--count];
        }
    }
}

/* The naive best fit: the holes in order of place, searched from the first to the last. */

static struct {
    uint32_t *starts;
    uint32_t *sizes;
    size_t count;
    size_t room;
    uint32_t limit;
    uint64_t used;
} naive;

static void insert_hole(size_t index, uint32_t start, uint32_t size) {
    if (naive.count == naive.room) {
        naive.room = naive.room * 2 + 1024;
        naive.starts = resized(naive.starts, naive.room * sizeof *naive.starts);
        naive.sizes = resized(naive.sizes, naive.room * sizeof *naive.sizes);
    }
    const size_t moved = (naive.count - index) * sizeof(uint32_t);
    memmove(naive.starts + index + 1, naive.starts + index, moved);
    memmove(naive.sizes + index + 1, naive.sizes + index, moved);
    naive.starts[index] = start;
    naive.sizes[index] = size;
    naive.count++;
}

static void drop_hole(size_t index) {
    naive.count--;
    const size_t moved = (naive.count - index) * sizeof(uint32_t);
    memmove(naive.starts + index, naive.starts + index + 1, moved);
    memmove(naive.sizes + index, naive.sizes + index + 1, moved);
}

/* Returns false if nothing fits. */
static bool naive_alloc(uint32_t size, uint32_t *start) {
    uint32_t best_size = UINT32_MAX;
    for (size_t index = 0; index < naive.count; index++) {
        const uint32_t here = naive.sizes[index];
        best_size = here >= size && here < best_size ? here : best_size;
    }
    if (best_size == UINT32_MAX)
        return false;
    size_t best = 0;
    while (naive.sizes[best] != best_size)
        best++;
    *start = naive.starts[best];
    naive.starts[best] += size;
    naive.sizes[best] -= size;
    if (naive.sizes[best] == 0)
        drop_hole(best);
    naive.used += size;
    return true;
}

static void naive_add(uint32_t start, uint32_t size) {
    size_t low = 0;
    size_t high = naive.count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (naive.starts[middle] < start)
            low = middle + 1;
        else
            high = middle;
    }
    insert_hole(low, start, size);
    if (low + 1 < naive.count && start + size == naive.starts[low + 1]) {
        naive.sizes[low] += naive.sizes[low + 1];
        drop_hole(low + 1);
    }
    if (low > 0 && naive.starts[low - 1] + naive.sizes[low - 1] == start) {
        naive.sizes[low - 1] += naive.sizes[low];
        drop_hole(low);
    }
}

static uint32_t naive_tail(void) {
    const size_t last = naive.count - 1;
    return naive.count != 0 && naive.starts[last] + naive.sizes[last] == naive.limit ? naive.sizes[last] : 0;
}

static uint32_t naive_largest(void) {
    uint32_t largest = 0;
    for (size_t index = 0; index < naive.count; index++)
        largest = naive.sizes[index] > largest ? naive.sizes[index] : largest;
    return largest;
}

static void naive_extend(uint32_t limit) {
    naive_add(naive.limit, limit - naive.limit);
    naive.limit = limit;
}

/* The heap and the naive best fit together. */

static struct {
    lewd_heap *heap;
    lewd_span *spans; /* by ID */
    uint32_t *starts; /* of the naive best fit, by ID */
    uint32_t *sizes;  /* in blocks, by ID */
    uint64_t live, peak_live;
    uint32_t peak_end, naive_peak_end;
} both;

static void compare_figures(void) {
    const lewd_figures figures = lewd_heap_figures(both.heap);
    CHECK_SAME(figures.total, naive.limit);
    CHECK_SAME(figures.used, naive.used);
    CHECK_SAME(figures.tail_free, naive_tail());
    CHECK_SAME(figures.head_free, naive.count != 0 && naive.starts[0] == 0 ? naive.sizes[0] : 0);
    CHECK_SAME(lewd_heap_largest(both.heap), naive_largest());
}

/* Returns the blocks to grow by: those that are missing at the end, or an eighth, whichever is more. */
static void grow(uint32_t size) {
    const uint32_t pages = naive.limit / PAGE;
    const uint32_t missing = (size - naive_tail() + PAGE - 1) / PAGE;
    const uint32_t wanted = missing > pages / 8 ? missing : pages / 8;
    const uint32_t limit = pages + wanted <= MAX_PAGES ? pages + wanted : pages + missing;
    CHECK(limit <= MAX_PAGES);
    CHECK_SAME(lewd_heap_extend(both.heap, limit * PAGE), LEWD_OK);
    naive_extend(limit * PAGE);
}

static void play_alloc(uint32_t id, uint32_t size) {
    uint32_t foretold = UINT32_MAX;
    bool fits = naive_alloc(size, &both.starts[id]);
    if (!fits) {
        CHECK(!lewd_heap_fit(both.heap, size, &foretold));
        CHECK_SAME(lewd_heap_alloc(both.heap, size, &both.spans[id]), LEWD_NO_FIT);
        grow(size);
        fits = naive_alloc(size, &both.starts[id]);
        CHECK(fits);
    }
    CHECK(lewd_heap_fit(both.heap, size, &foretold));
    CHECK_SAME(lewd_heap_alloc(both.heap, size, &both.spans[id]), LEWD_OK);
    const uint32_t start = lewd_heap_start(both.heap, both.spans[id]);
    CHECK_SAME(start, both.starts[id]);
    CHECK_SAME(start, foretold);
    both.sizes[id] = size;
    both.live += size;
    if (both.live > both.peak_live)
        both.peak_live = both.live;
    if (start + lewd_heap_size(both.heap, both.spans[id]) > both.peak_end)
        both.peak_end = start + lewd_heap_size(both.heap, both.spans[id]);
    if (both.starts[id] + size > both.naive_peak_end)
        both.naive_peak_end = both.starts[id] + size;
}

static void play_free(lewd_span span, uint32_t start, uint32_t size) {
    CHECK_SAME(lewd_heap_size(both.heap, span), size);
    CHECK_SAME(lewd_heap_free(both.heap, span), LEWD_OK);
    naive_add(start, size);
    naive.used -= size;
    both.live -= size;
}

static void play_step(const step *of) {
    const uint32_t size = of->bytes == 0 ? 1 : (uint32_t)(((uint64_t)of->bytes + LEWD_BLOCK - 1) / LEWD_BLOCK);
    const lewd_span span = both.spans[of->id];
    const uint32_t start = both.starts[of->id];
    const uint32_t old_size = both.sizes[of->id];
    if (of->kind != 'f')
        play_alloc(of->id, size);
    else
        both.spans[of->id] = 0;
    if (of->kind != 'a')
        play_free(span, start, old_size);
}

static void play(uint32_t limit, const char *name) {
    both.heap = lewd_heap_create(0, limit, NULL, NULL);
    CHECK(both.heap != NULL);
    both.live = both.peak_live = 0;
    both.peak_end = both.naive_peak_end = 0;
    naive.count = 0;
    naive.used = 0;
    naive.limit = 0;
    naive_extend(limit);
    for (size_t index = 0; index < trace.count; index++) {
        play_step(&trace.steps[index]);
        if ((index + 1) % COMPARE_EVERY == 0)
            compare_figures();
        if ((index + 1) % CHECK_EVERY == 0)
            CHECK_TEXT(lewd_heap_check(both.heap), NULL);
    }
    compare_figures();
    CHECK_TEXT(lewd_heap_check(both.heap), NULL);
    CHECK_SAME(both.peak_end, both.naive_peak_end);
    harness_note("%s: %zu operations, peak live %" PRIu64 " bytes, peak footprint %" PRIu64
                 ", naive best fit's %" PRIu64,
                 name, trace.count, both.peak_live * LEWD_BLOCK, (uint64_t)both.peak_end * LEWD_BLOCK,
                 (uint64_t)both.naive_peak_end * LEWD_BLOCK);
    harness_note("%s: memory at the end %" PRIu64 " bytes, %u free spans", name, (uint64_t)naive.limit * LEWD_BLOCK,
                 (unsigned)naive.count);
    lewd_heap_destroy(both.heap);
}

static void over_a_growing_memory(void) {
    play(PAGE, "growing");
}

static void over_a_fixed_memory_of_4_gib(void) {
    play(LEWD_MAX_BLOCKS, "4 GiB");
}

static bool load(int count, char **words) {
    if (count < 2)
        return read_trace(stdin);
    if (strcmp(words[1], "--synthetic") == 0) {
        make_trace();
        return true;
    }
    FILE *const file = fopen(words[1], "r");
    if (file == NULL) {
        perror(words[1]);
        return false;
    }
    const bool read = read_trace(file);
    fclose(file);
    return read;
}

int main(int count, char **words) {
    harness_suite("replay");
    if (!load(count, words))
        return EXIT_FAILURE;
    both.spans = resized(NULL, trace.ids * sizeof *both.spans + 1);
    both.starts = resized(NULL, trace.ids * sizeof *both.starts + 1);
    both.sizes = resized(NULL, trace.ids * sizeof *both.sizes + 1);
    RUN(over_a_growing_memory);
    RUN(over_a_fixed_memory_of_4_gib);
    free(both.spans);
    free(both.starts);
    free(both.sizes);
    free(naive.starts);
    free(naive.sizes);
    free(trace.steps);
    return harness_end("replay");
}
