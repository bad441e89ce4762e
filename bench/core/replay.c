/*
 * replay.c: replays a recorded program's allocations on the heap and on the system's malloc, and measures time and
 * space.
 *
 *     replay FILE ROUNDS [lewd | system]
 *
 *     a ID SIZE   allocate SIZE bytes as ID (0 counts as 1)
 *     r ID SIZE   resize ID: allocate anew, then free the old
 *     f ID        free ID
 *
 * Prints a line of JSON: nanoseconds of processor time per operation, the minimum and the median of the rounds, less
 * the cost of reading the trace; the peak of live bytes (as requested); the peak footprint, which is the highest end of
 * a used span, of this heap and of a naive exact best fit in blocks of 16 bytes; the final size of a memory that grows
 * as the default allocator's does; the same of glibc's malloc, as it reports it, if that is the system's; and a series
 * of [operations, live bytes, bytes of the used run].
 */
#define _POSIX_C_SOURCE 200809L

#include "../../src/core/heap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

enum { PAGE = 65536 / LEWD_BLOCK, SAMPLES = 400 };

typedef struct step {
    char kind;
    uint32_t id;
    uint32_t bytes;
} step;

static struct {
    step *steps;
    size_t count;
    uint32_t ids;
} trace;

static void *made(size_t count, size_t size) {
    void *const memory = calloc(count + 1u, size);
    if (memory == NULL) {
        fprintf(stderr, "replay: out of memory\n");
        exit(EXIT_FAILURE);
    }
    return memory;
}

static bool read_trace(const char *name) {
    FILE *const file = fopen(name, "r");
    char line[64];
    size_t lines = 0;
    if (file == NULL) {
        perror(name);
        return false;
    }
    while (fgets(line, sizeof line, file) != NULL)
        lines++;
    rewind(file);
    trace.steps = made(lines, sizeof *trace.steps);
    while (fgets(line, sizeof line, file) != NULL) {
        step *const to = &trace.steps[trace.count++];
        const int read = sscanf(line, "%c %" SCNu32 " %" SCNu32, &to->kind, &to->id, &to->bytes);
        if (read != (to->kind == 'f' ? 2 : 3) || strchr("arf", to->kind) == NULL) {
            fprintf(stderr, "replay: line %zu is not an operation: %s\n", trace.count, line);
            return false;
        }
        if (to->id >= trace.ids)
            trace.ids = to->id + 1;
        if (to->bytes == 0)
            to->bytes = 1;
    }
    fclose(file);
    return true;
}

static uint32_t blocks_of(uint32_t bytes) {
    return bytes / LEWD_BLOCK + (bytes % LEWD_BLOCK != 0);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* Time. */

static lewd_span *spans;
static void **pointers;

static double time_lewd(void) {
    lewd_heap *const heap = lewd_heap_create(0, LEWD_MAX_BLOCKS, NULL, NULL);
    const double begin = now();
    for (size_t i = 0; i < trace.count; i++) {
        const step of = trace.steps[i];
        const lewd_span old = spans[of.id];
        if (of.kind != 'f' && lewd_heap_alloc(heap, blocks_of(of.bytes), &spans[of.id]) != LEWD_OK)
            abort();
        if (of.kind != 'a')
            lewd_heap_free(heap, old);
    }
    const double end = now();
    lewd_heap_destroy(heap);
    return (end - begin) / (double)trace.count;
}

static double time_system(void) {
    memset(pointers, 0, trace.ids * sizeof *pointers);
    const double begin = now();
    for (size_t i = 0; i < trace.count; i++) {
        const step of = trace.steps[i];
        void *const old = pointers[of.id];
        pointers[of.id] = of.kind == 'f' ? NULL : malloc(of.bytes);
        if (of.kind != 'a')
            free(old);
    }
    const double end = now();
    for (uint32_t id = 0; id < trace.ids; id++)
        free(pointers[id]);
    return (end - begin) / (double)trace.count;
}

static double time_nothing(void) {
    const double begin = now();
    for (size_t i = 0; i < trace.count; i++)
        spans[trace.steps[i].id] = blocks_of(trace.steps[i].bytes) + (unsigned char)trace.steps[i].kind;
    return (now() - begin) / (double)trace.count;
}

/* Space. */

static struct {
    uint64_t live, peak_live;
    uint64_t peak_end;
    uint64_t memory;
    uint64_t series[SAMPLES + 1][3];
    size_t samples;
} space;

static void note_sample(size_t index, const lewd_heap *heap) {
    const lewd_figures figures = lewd_heap_figures(heap);
    uint64_t *const to = space.series[space.samples++];
    to[0] = index;
    to[1] = space.live;
    to[2] = (uint64_t)(figures.total - figures.tail_free) * LEWD_BLOCK;
}

/* Returns the growth in bytes: the bytes that are missing at the end, or an eighth, whichever is more. */
static void grow(lewd_heap *heap, uint32_t size) {
    const lewd_figures figures = lewd_heap_figures(heap);
    const uint32_t missing = (size - figures.tail_free + PAGE - 1) / PAGE;
    const uint32_t eighth = figures.total / PAGE / 8;
    const uint32_t limit = figures.total + (missing > eighth ? missing : eighth) * PAGE;
    if (lewd_heap_extend(heap, limit <= LEWD_MAX_BLOCKS ? limit : figures.total + missing * PAGE) != LEWD_OK)
        abort();
}

static void measure_space(uint32_t limit, bool sampled) {
    lewd_heap *const heap = lewd_heap_create(0, limit, NULL, NULL);
    uint32_t *const bytes = made(trace.ids, sizeof *bytes);
    const size_t every = trace.count / SAMPLES + 1;
    space.live = space.peak_live = space.peak_end = 0;
    for (size_t i = 0; i < trace.count; i++) {
        const step of = trace.steps[i];
        const lewd_span old = spans[of.id];
        const uint32_t old_bytes = bytes[of.id];
        if (of.kind != 'f') {
            while (lewd_heap_alloc(heap, blocks_of(of.bytes), &spans[of.id]) != LEWD_OK)
                grow(heap, blocks_of(of.bytes));
            space.live += bytes[of.id] = of.bytes;
            if (space.live > space.peak_live)
                space.peak_live = space.live;
            const uint64_t end = (uint64_t)lewd_heap_start(heap, spans[of.id]) + lewd_heap_size(heap, spans[of.id]);
            if (end > space.peak_end)
                space.peak_end = end;
        }
        if (of.kind != 'a') {
            lewd_heap_free(heap, old);
            space.live -= old_bytes;
        }
        if (sampled && i % every == 0)
            note_sample(i, heap);
    }
    space.memory = (uint64_t)lewd_heap_figures(heap).total * LEWD_BLOCK;
    free(bytes);
    lewd_heap_destroy(heap);
}

/* Returns the bytes that glibc holds from the system, and those of the blocks that it hands out. */
static uint64_t system_holds(void) {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
    const struct mallinfo2 info = mallinfo2();
    return info.arena + info.hblkhd;
#else
    return 0;
#endif
}

static uint64_t measure_system(void) {
    memset(pointers, 0, trace.ids * sizeof *pointers);
    const uint64_t before = system_holds();
    uint64_t peak = 0;
    for (size_t i = 0; i < trace.count; i++) {
        const step of = trace.steps[i];
        void *const old = pointers[of.id];
        pointers[of.id] = of.kind == 'f' ? NULL : malloc(of.bytes);
        if (of.kind != 'a')
            free(old);
        if (i % 256 == 0 && system_holds() - before > peak)
            peak = system_holds() - before;
    }
    for (uint32_t id = 0; id < trace.ids; id++)
        free(pointers[id]);
    return peak;
}

/* The ideal: keeps all holes in the order of their places, and searches from the first to the last. */

typedef struct hole {
    uint32_t start;
    uint32_t size;
} hole;

static hole *holes;
static size_t hole_count;

static size_t hole_at(uint32_t start) {
    size_t low = 0;
    size_t high = hole_count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (holes[middle].start < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void drop_hole(size_t index) {
    memmove(holes + index, holes + index + 1, (--hole_count - index) * sizeof *holes);
}

static uint32_t take_hole(uint32_t size) {
    size_t best = hole_count;
    for (size_t i = 0; i < hole_count; i++)
        if (holes[i].size >= size && (best == hole_count || holes[i].size < holes[best].size))
            best = i;
    if (best == hole_count)
        abort();
    const uint32_t start = holes[best].start;
    holes[best].start += size;
    holes[best].size -= size;
    if (holes[best].size == 0)
        drop_hole(best);
    return start;
}

static void give_hole(uint32_t start, uint32_t size) {
    const size_t at = hole_at(start);
    memmove(holes + at + 1, holes + at, (hole_count++ - at) * sizeof *holes);
    holes[at] = (hole){.start = start, .size = size};
    if (at + 1 < hole_count && start + size == holes[at + 1].start) {
        holes[at].size += holes[at + 1].size;
        drop_hole(at + 1);
    }
    if (at > 0 && holes[at - 1].start + holes[at - 1].size == start) {
        holes[at - 1].size += holes[at].size;
        drop_hole(at);
    }
}

static uint64_t measure_ideal(void) {
    hole *const used = made(trace.ids, sizeof *used);
    uint64_t peak = 0;
    holes = made(trace.count + 2, sizeof *holes);
    holes[0] = (hole){.start = 0, .size = LEWD_MAX_BLOCKS};
    hole_count = 1;
    for (size_t i = 0; i < trace.count; i++) {
        const step of = trace.steps[i];
        const hole old = used[of.id];
        if (of.kind != 'f') {
            const uint32_t size = blocks_of(of.bytes);
            used[of.id] = (hole){.start = take_hole(size), .size = size};
            const uint64_t end = (uint64_t)used[of.id].start + size;
            if (end > peak)
                peak = end;
        }
        if (of.kind != 'a')
            give_hole(old.start, old.size);
    }
    free(used);
    free(holes);
    return peak * LEWD_BLOCK;
}

static int ascending(const void *one, const void *other) {
    const double a = *(const double *)one;
    const double b = *(const double *)other;
    return (a > b) - (a < b);
}

int main(int count, char **words) {
    if (count < 3 || !read_trace(words[1])) {
        fprintf(stderr, "usage: replay FILE ROUNDS [lewd | system]\n");
        return 2;
    }
    const size_t rounds = strtoul(words[2], NULL, 10);
    const char *const only = count > 3 ? words[3] : "";
    double *const lewd = made(rounds, sizeof *lewd);
    double *const system = made(rounds, sizeof *system);
    double *const loop = made(rounds, sizeof *loop);
    spans = made(trace.ids, sizeof *spans);
    pointers = made(trace.ids, sizeof *pointers);

    uint64_t footprint = 0;
    uint64_t ideal = 0;
    uint64_t system_peak = 0;
    if (*only == '\0') {
        system_peak = measure_system();
        measure_space(LEWD_MAX_BLOCKS, true);
        footprint = space.peak_end * LEWD_BLOCK;
        ideal = measure_ideal();
        measure_space(PAGE, false);
    }
    for (size_t round = 0; round < rounds; round++) {
        if (strcmp(only, "system") != 0)
            lewd[round] = time_lewd();
        if (strcmp(only, "lewd") != 0)
            system[round] = time_system();
        loop[round] = time_nothing();
    }
    qsort(lewd, rounds, sizeof *lewd, ascending);
    qsort(system, rounds, sizeof *system, ascending);
    qsort(loop, rounds, sizeof *loop, ascending);
    printf("{\"operations\":%zu,\"lewd\":{\"least\":%.1f,\"median\":%.1f},\"system\":{\"least\":%.1f,\"median\":%.1f},"
           "\"loop\":%.1f,\"peakLive\":%" PRIu64 ",\"footprint\":%" PRIu64 ",\"ideal\":%" PRIu64 ",\"memory\":%" PRIu64
           ",\"systemPeak\":%" PRIu64 ",\"series\":[",
           trace.count, lewd[0] - loop[0], lewd[rounds / 2] - loop[rounds / 2], system[0] - loop[0],
           system[rounds / 2] - loop[rounds / 2], loop[0], space.peak_live, footprint, ideal, space.memory,
           system_peak);
    for (size_t i = 0; i < space.samples; i++)
        printf("%s[%" PRIu64 ",%" PRIu64 ",%" PRIu64 "]", i == 0 ? "" : ",", space.series[i][0], space.series[i][1],
               space.series[i][2]);
    printf("]}\n");
    return 0;
}
