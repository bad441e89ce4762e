/*
 * patient.c: see patient.h.
 */
#include "patient.h"

#include <stdlib.h>
#include <string.h>

enum { LARGE = 4208 };

void remember(patient *of) {
    const size_t size = of->heap->bound * sizeof(lewd_record);
    CHECK_TEXT(lewd_heap_check(of->heap), NULL);
    of->body = *of->heap;
    of->records = realloc(of->records, size);
    CHECK(of->records != NULL);
    memcpy(of->records, of->heap->records, size);
    if (of->heap->directory == NULL)
        return;
    of->directory = realloc(of->directory, of->heap->cells * sizeof *of->directory);
    CHECK(of->directory != NULL);
    memcpy(of->directory, of->heap->directory, of->heap->cells * sizeof *of->directory);
}

void heal(patient *of) {
    *of->heap = of->body;
    memcpy(of->heap->records, of->records, of->heap->bound * sizeof(lewd_record));
    if (of->heap->directory != NULL)
        memcpy(of->heap->directory, of->directory, of->heap->cells * sizeof *of->directory);
}

void discharge(patient *of) {
    heal(of);
    CHECK_TEXT(lewd_heap_check(of->heap), NULL);
    lewd_heap_destroy(of->heap);
    CHECK_SAME(of->meter.outstanding, 0);
    free(of->records);
    free(of->directory);
}

lewd_span get(patient *of, uint32_t size) {
    lewd_span span = 0;
    CHECK_SAME(lewd_heap_alloc(of->heap, size, &span), LEWD_OK);
    return span;
}

void admit(patient *of) {
    enum { HOLES = 8 };
    lewd_span holes[2 * HOLES];
    lewd_span tail[4];
    *of = (patient){.heap = NULL};
    of->heap = lewd_heap_create(10, LIMIT, meter_resize, &of->meter);
    CHECK(of->heap != NULL);
    CHECK_SAME(lewd_heap_reserve(of->heap, LIMIT - 7, 7, &(lewd_span){0}), LEWD_OK);
    CHECK_SAME(lewd_heap_find(of->heap, LIMIT - 7, &(lewd_span){0}), LEWD_INVALID);
    for (uint32_t index = 0; index < 2 * HOLES; index++) {
        get(of, 1);
        holes[index] = get(of, index < HOLES ? 3 : LARGE + index);
    }
    get(of, 1);
    for (int index = 0; index < 4; index++)
        tail[index] = get(of, 1);
    for (int index = 0; index < 2 * HOLES; index++)
        CHECK_SAME(lewd_heap_free(of->heap, holes[index]), LEWD_OK);
    for (int index = 0; index < 4; index++)
        CHECK_SAME(lewd_heap_free(of->heap, tail[index]), LEWD_OK);
    remember(of);
}

void admit_random(patient *of, dice *from) {
    const uint32_t base = dice_below(from, 2) * 5;
    *of = (patient){.heap = NULL};
    of->heap = lewd_heap_create(base, base + 60 + dice_below(from, 400), meter_resize, &of->meter);
    CHECK(of->heap != NULL);
    lewd_span span;
    if (dice_below(from, 2) != 0)
        lewd_heap_find(of->heap, base, &span);
    for (int count = 0; count < 40; count++)
        lewd_heap_alloc(of->heap, 1 + dice_below(from, 12), &span);
    for (int count = 0; count < 10; count++)
        lewd_heap_reserve(of->heap, base + dice_below(from, 460), 1 + dice_below(from, 5), &span);
    for (int count = 0; count < 40; count++)
        lewd_heap_free(of->heap, dice_below(from, lewd_heap_bound(of->heap)));
    remember(of);
}

lewd_record *sentinel(lewd_heap *heap) {
    return heap->records;
}

uint32_t first(lewd_heap *heap) {
    return sentinel(heap)->next;
}

lewd_record *second(lewd_heap *heap) {
    return heap->records + heap->records[first(heap)].next;
}

lewd_record *reserved_one(lewd_heap *heap) {
    for (lewd_span span = 0; (span = lewd_heap_next_used(heap, span)) != 0;)
        if (lewd_heap_is_reserved(heap, span))
            return heap->records + span;
    harness_fail(__FILE__, __LINE__, "no span is reserved");
}

void expect_reports(const fault *faults, size_t count) {
    patient of;
    admit(&of);
    for (size_t index = 0; index < count; index++) {
        faults[index].plant(of.heap);
        const char *const report = lewd_heap_check(of.heap);
        heal(&of);
        if (report == NULL)
            harness_note("fault %u, before \"%s\", was not reported", (unsigned)index,
                         faults[index].report == NULL ? "?" : faults[index].report);
        CHECK(report != NULL);
        if (faults[index].report != NULL)
            CHECK_TEXT(report, faults[index].report);
    }
    discharge(&of);
    harness_note("%u faults planted and reported", (unsigned)count);
}
