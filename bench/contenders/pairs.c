/*
 * pairs.c: a free and a malloc, random replacement, called from inside a module. Compiled twice: with malloc and free
 * as imports, and with those of wasi-libc, a dlmalloc, linked into the module. Sizes and random numbers are those of
 * bench/lib/work.js.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef IMPORTED
__attribute__((import_module("env"), import_name("malloc"))) void *malloc(size_t size);
__attribute__((import_module("env"), import_name("free"))) void free(void *pointer);
#else
void *malloc(size_t size);
void free(void *pointer);
#endif

#define EXPORT(name) __attribute__((export_name(#name)))

static uint32_t **live;
static uint32_t count;
static uint32_t state = 2463534242u;

static uint32_t next(void) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static uint32_t below(uint32_t bound) {
    return (uint32_t)(((uint64_t)next() * bound) >> 32);
}

static size_t any_size(void) {
    static const uint16_t sizes[] = {16, 24, 32, 48, 64, 100, 128, 256, 512, 1000, 4096};
    return sizes[below(sizeof sizes / sizeof *sizes)];
}

/* Makes so many allocations. Returns how many there is room for. */
EXPORT(fill) uint32_t fill(uint32_t spans) {
    live = malloc(spans * sizeof *live);
    for (count = 0; live != NULL && count < spans; count++) {
        live[count] = malloc(any_size());
        if (live[count] == NULL)
            break;
        *live[count] = count;
    }
    return count;
}

/*
 * Replaces so many allocations. With `touch`, reads the first bytes of each before it is freed, and writes those of
 * each new one.
 */
EXPORT(replace) uint32_t replace(uint32_t operations, uint32_t touch) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < operations; i++) {
        const uint32_t at = below(count);
        if (touch)
            sum += *live[at];
        free(live[at]);
        live[at] = malloc(any_size());
        if (touch)
            *live[at] = i;
    }
    return sum;
}
