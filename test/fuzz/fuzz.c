/*
 * fuzz.c: turns bytes into operations on a heap and its model (see ../core/twin.h, which compares everything before and
 * after each). For libFuzzer, and for corpus.c, which runs kept inputs with any compiler.
 *
 *     byte 0       the working span, and the first request for memory that is refused
 *     then each    operation in the low 3 bits, kind of its number in the next 3, which of it in the upper 2; then
 *                  the bytes of the number, and one more byte for the operations that have two numbers
 */
#include "../../src/core/record.h"
#include "../core/harness.h"
#include "../core/twin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIVE = 128, STEPS = 600, FINDABLE = 1 << 16 };

typedef struct input {
    const uint8_t *next;
    size_t left;
} input;

typedef struct fuzz {
    twin pair;
    input in;
    lewd_span live[LIVE];
    unsigned count;
} fuzz;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The part of the harness that the fuzzer does otherwise: a failed check ends the process. */

_Noreturn void harness_fail(const char *file, int line, const char *what) {
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}

_Noreturn void harness_fail_numbers(const char *file, int line, const char *what, uint64_t actual, uint64_t expected) {
    fprintf(stderr, "%s:%d: %s: is %llu, not %llu\n", file, line, what, (unsigned long long)actual,
            (unsigned long long)expected);
    abort();
}

_Noreturn void harness_fail_texts(const char *file, int line, const char *what, const char *actual,
                                  const char *expected) {
    fprintf(stderr, "%s:%d: %s: is \"%s\", not \"%s\"\n", file, line, what, actual == NULL ? "" : actual,
            expected == NULL ? "" : expected);
    abort();
}

bool harness_same_text(const char *left, const char *right) {
    return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

static uint32_t take(input *from, unsigned bytes) {
    uint32_t number = 0;
    for (; bytes > 0 && from->left > 0; bytes--, from->left--)
        number = number << 8 | *from->next++;
    return number;
}

/* Returns the size of one of the model's spans, so that exact fits are found soon. */
static uint32_t size_of_a_span(const fuzz *of, uint32_t pick) {
    const model *const spans = &of->pair.model;
    return spans->count == 0 ? pick : spans->spans[pick % spans->count].size;
}

/* Returns a number of the kind that the operation's byte selects: edges are a byte away, all others are possible. */
static uint32_t take_number(fuzz *of, unsigned kind) {
    const uint32_t byte = take(&of->in, 1);
    switch (kind) {
    case 0:
    case 1:
        return byte & 7u;
    case 2:
        return byte;
    case 3:
        return (1u << (byte & 31u)) + (byte >> 5) - 3u;
    case 4:
        return size_of_a_span(of, byte);
    case 5:
        return size_of_a_span(of, byte >> 2) + (byte & 3u) - 1u;
    case 6:
        return byte << 8 | take(&of->in, 1);
    default:
        return byte << 24 | take(&of->in, 3);
    }
}

static void step_alloc(fuzz *of, uint32_t size) {
    lewd_span span;
    if (of->count < LIVE && twin_alloc(&of->pair, size, &span) == LEWD_OK)
        of->live[of->count++] = span;
}

static void step_aligned(fuzz *of, uint32_t size, uint32_t alignment) {
    lewd_span span;
    if (of->count < LIVE && twin_alloc_aligned(&of->pair, size, alignment, &span) == LEWD_OK)
        of->live[of->count++] = span;
}

/* Reserves from the `number`-th block of a span on, or from any number of a block. */
static void step_reserve(fuzz *of, uint32_t number, uint32_t pick) {
    const model *const spans = &of->pair.model;
    const uint32_t size = pick >> 3;
    lewd_span span;
    if (spans->count != 0 && (pick & 1u) != 0)
        number += spans->spans[size % spans->count].start;
    if (of->count < LIVE &&
        twin_reserve(&of->pair, number, (pick & 4u) != 0 ? size : size_of_a_span(of, size), &span) == LEWD_OK)
        of->live[of->count++] = span;
}

/* Resizes to a size, or to one that exceeds the room by as much. */
static void step_resize(fuzz *of, uint32_t size, uint32_t pick) {
    if (of->count == 0)
        return;
    const lewd_span span = of->live[(pick >> 1) % of->count];
    const ptrdiff_t index = model_named(&of->pair.model, span);
    if ((pick & 1u) != 0)
        size += of->pair.model.spans[index].size + model_room(&of->pair.model, index) - 3u;
    twin_resize(&of->pair, span, size);
}

/* Heaps that are too large to compare their directory in each step never make one. */
static bool is_findable(const fuzz *of, uint32_t limit) {
    return limit - of->pair.model.base <= FINDABLE || limit > LEWD_MAX_BLOCKS;
}

/* An odd number makes the directory first, an even one leaves that to the search. */
static void step_find(fuzz *of, uint32_t number) {
    const model *const spans = &of->pair.model;
    if (!is_findable(of, spans->limit))
        return;
    if ((number & 1u) != 0)
        twin_enable_find(&of->pair);
    twin_find(&of->pair, number);
    if (spans->count != 0)
        twin_find(&of->pair, spans->spans[number % spans->count].start);
}

static void step_extend(fuzz *of, uint32_t limit) {
    if (of->pair.heap->directory == NULL || is_findable(of, limit))
        twin_extend(&of->pair, limit);
}

static void step_free(fuzz *of, uint32_t pick) {
    if (of->count == 0)
        return;
    pick %= of->count;
    twin_release(&of->pair, of->live[pick]);
    of->live[pick] = of->live[--of->count];
}

/* Frees any number as a span. */
static void step_guess(fuzz *of, lewd_span guess) {
    if (twin_free(&of->pair, guess) != LEWD_OK)
        return;
    for (unsigned index = 0; index < of->count; index++)
        if (of->live[index] == guess)
            of->live[index] = of->live[--of->count];
}

static void forget_freed(fuzz *of) {
    unsigned kept = 0;
    for (unsigned index = 0; index < of->count; index++)
        if (model_named(&of->pair.model, of->live[index]) != MODEL_NONE)
            of->live[kept++] = of->live[index];
    of->count = kept;
}

/*
 * Frees up to 63 spans in a row, each or every second one, upwards or downwards; free ones are named by 0, and those of
 * a short row more than once. Then any number.
 */
static void step_free_all(fuzz *of, uint32_t number, uint32_t pick) {
    const model *const spans = &of->pair.model;
    lewd_span named[64];
    uint32_t count = 0;
    const size_t from = number % LIVE;
    for (size_t step = 0; step < pick >> 2 && spans->count != 0; step++) {
        const size_t index = (from + (step << (pick >> 1 & 1u))) % spans->count;
        named[count++] = spans->spans[(pick & 1u) != 0 ? spans->count - 1 - index : index].name;
    }
    named[count++] = number;
    twin_free_all(&of->pair, named, count);
    forget_freed(of);
}

/* Refuses the next request, or one soon, alone or with all later ones; 0 refuses none. */
static void step_refuse(fuzz *of, uint32_t number) {
    of->pair.meter.refuse = number == 0 ? 0 : of->pair.meter.requests + number;
    of->pair.meter.lasting = number % 2 != 0;
}

static void step(fuzz *of) {
    const uint32_t byte = take(&of->in, 1);
    const uint32_t number = take_number(of, byte >> 3 & 7u);
    switch (byte & 7u) {
    case 0:
    case 1:
        step_alloc(of, number);
        break;
    case 2:
        if (byte >> 6 == 3u)
            step_aligned(of, number, 1u << (take(&of->in, 1) & 15u));
        else
            step_alloc(of, number);
        break;
    case 3:
        if (byte >> 6 == 3u)
            step_free_all(of, number, take(&of->in, 1));
        else
            step_free(of, number);
        break;
    case 4:
        if (byte >> 6 == 3u)
            step_resize(of, number, take(&of->in, 1));
        else
            step_free(of, number);
        break;
    case 5:
        if (byte >> 6 != 0)
            step_extend(of, of->pair.model.limit + number);
        else
            step_extend(of, number);
        break;
    case 6:
        if (byte >> 7 != 0)
            twin_shrink(&of->pair, number);
        else if (byte >> 6 != 0)
            twin_shrink(&of->pair, of->pair.model.limit - number);
        else
            twin_shrink(&of->pair, model_used_end(&of->pair.model) + number);
        break;
    default:
        if (byte >> 6 == 3u)
            step_reserve(of, number, take(&of->in, 1));
        else if (byte >> 6 == 2u)
            step_find(of, number);
        else if (byte >> 6 != 0)
            step_guess(of, number);
        else
            step_refuse(of, number & 7u);
    }
}

/* Half of the heaps are at the base of the memory, half begin with the largest possible memory. */
static bool open_heap(fuzz *of) {
    const uint32_t byte = take(&of->in, 1);
    const uint32_t base = (byte & 1u) != 0 ? take_number(of, 6) : 0;
    const uint32_t limit = (byte & 2u) != 0 ? LEWD_MAX_BLOCKS : base + take_number(of, byte >> 2 & 7u);
    of->pair.meter.refuse = byte >> 5;
    of->pair.meter.lasting = (byte & 32u) != 0;
    return twin_try_open(&of->pair, base, limit);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz of = {.in = {data, size}};
    if (!open_heap(&of))
        return 0;
    for (int count = 0; count < STEPS && of.in.left > 0; count++)
        step(&of);
    while (of.count > 0)
        step_free(&of, of.count - 1);
    twin_close(&of.pair);
    return 0;
}
