/*
 * twin.c: see twin.h.
 */
#include "twin.h"

#include "../../src/heap_internal.h"
#include "harness.h"

#include <stdlib.h>
#include <string.h>

enum { UNTOUCHED = 0x5eed };

/* The dump: all of the heap but where its records lie and how many there is room for, which no caller can see. */

static void append(twin *of, const void *bytes, size_t size) {
    if (of->dump_size + size > of->dump_room) {
        of->dump_room = 2 * (of->dump_size + size);
        of->dump = realloc(of->dump, of->dump_room);
        CHECK(of->dump != NULL);
    }
    memcpy(of->dump + of->dump_size, bytes, size);
    of->dump_size += size;
}

static lewd_heap visible(const lewd_heap *heap) {
    lewd_heap copy;
    memcpy(&copy, heap, sizeof copy);
    copy.records = NULL;
    copy.capacity = 0;
    return copy;
}

static void take_dump(twin *of) {
    const lewd_heap copy = visible(of->heap);
    of->dump_size = 0;
    append(of, &copy, sizeof copy);
    append(of, of->heap->records, of->heap->bound * sizeof(lewd_record));
}

static void check_unchanged(const twin *of) {
    const lewd_heap copy = visible(of->heap);
    const size_t records = of->heap->bound * sizeof(lewd_record);
    CHECK_SAME(sizeof copy + records, of->dump_size);
    CHECK(memcmp(of->dump, &copy, sizeof copy) == 0);
    CHECK(memcmp(of->dump + sizeof copy, of->heap->records, records) == 0);
}

/* Comparison of everything that a caller can ask. */

static void check_figures(const twin *of) {
    const model_figures recount = model_count(&of->model);
    const lewd_figures figures = lewd_heap_figures(of->heap);
    CHECK_SAME(figures.total, recount.total);
    CHECK_SAME(figures.used, recount.used);
    CHECK_SAME(figures.head_free, recount.head_free);
    CHECK_SAME(figures.tail_free, recount.tail_free);
    CHECK_SAME(lewd_heap_largest(of->heap), recount.largest);
}

/* In the order of places, as the model has them. */
static void check_walk(const twin *of) {
    lewd_span span = lewd_heap_next_used(of->heap, 0);
    for (size_t index = 0; index < of->model.count; index++) {
        const model_span *const expected = &of->model.spans[index];
        if (expected->name == 0)
            continue;
        CHECK_SAME(span, expected->name);
        CHECK(lewd_heap_is_used(of->heap, span));
        CHECK_SAME(lewd_heap_start(of->heap, span), expected->start);
        CHECK_SAME(lewd_heap_size(of->heap, span), expected->size);
        CHECK_SAME((uintptr_t)lewd_heap_owner(of->heap, span), expected->tag);
        span = lewd_heap_next_used(of->heap, span);
    }
    CHECK_SAME(span, 0);
}

/* In no order: the numbers below the bound that name a used span are as many as there are. */
static void check_names(const twin *of) {
    const lewd_span bound = lewd_heap_bound(of->heap);
    size_t named = 0;
    size_t expected = 0;
    for (lewd_span span = 0; span < bound; span++)
        named += lewd_heap_is_used(of->heap, span);
    for (size_t index = 0; index < of->model.count; index++)
        expected += of->model.spans[index].name != 0;
    CHECK_SAME(named, expected);
    CHECK(!lewd_heap_is_used(of->heap, 0));
    CHECK(!lewd_heap_is_used(of->heap, bound));
    CHECK(!lewd_heap_is_used(of->heap, UINT32_MAX));
}

void twin_check(const twin *of) {
    CHECK_TEXT(lewd_heap_check(of->heap), NULL);
    check_figures(of);
    check_walk(of);
    check_names(of);
}

static void begin(twin *of) {
    twin_check(of);
    take_dump(of);
    of->meter.refused = false;
    of->requests = of->meter.requests;
}

static lewd_status settle(twin *of, lewd_status status) {
    if (status != LEWD_OK)
        check_unchanged(of);
    twin_check(of);
    return status;
}

static void check_asked_nothing(const twin *of) {
    CHECK_SAME(of->meter.requests, of->requests);
}

bool twin_try_open(twin *of, uint32_t base, uint32_t limit) {
    of->heap = lewd_heap_create(base, limit, meter_resize, &of->meter);
    if (of->heap == NULL) {
        CHECK(of->meter.refused || base > limit || limit > LEWD_MAX_BLOCKS);
        CHECK_SAME(of->meter.outstanding, 0);
        return false;
    }
    CHECK(!of->meter.refused && base <= limit && limit <= LEWD_MAX_BLOCKS);
    model_open(&of->model, base, limit);
    twin_check(of);
    return true;
}

void twin_open(twin *of, uint32_t base, uint32_t limit) {
    *of = (twin){.heap = NULL};
    CHECK(twin_try_open(of, base, limit));
}

void twin_close(twin *of) {
    twin_check(of);
    lewd_heap_destroy(of->heap);
    CHECK_SAME(of->meter.outstanding, 0);
    model_close(&of->model);
    free(of->dump);
}

/* lewd_heap_fit answers as the model does, and changes nothing. */
static void check_fit(const twin *of, uint32_t size, ptrdiff_t best) {
    uint32_t start = UNTOUCHED;
    const bool fits = lewd_heap_fit(of->heap, size, &start);
    CHECK(fits == (best != MODEL_NONE));
    CHECK_SAME(start, fits ? of->model.spans[best].start : UNTOUCHED);
    check_unchanged(of);
    check_asked_nothing(of);
}

/* The statuses are told apart by what the contract says. An exact fit may do without the record that was refused. */
static void check_alloc_status(const twin *of, uint32_t size, ptrdiff_t best, lewd_status status) {
    if (size == 0 || size > LEWD_MAX_BLOCKS) {
        CHECK_SAME(status, LEWD_INVALID);
        check_asked_nothing(of);
    } else if (best == MODEL_NONE) {
        CHECK_SAME(status, LEWD_NO_FIT);
    } else {
        CHECK_SAME(status, of->meter.refused ? LEWD_NO_METADATA : LEWD_OK);
        if (of->model.spans[best].size == size)
            check_asked_nothing(of);
    }
}

static void note_alloc(twin *of, uint32_t size, ptrdiff_t best, lewd_span span) {
    CHECK(span != 0 && span < lewd_heap_bound(of->heap));
    CHECK(model_named(&of->model, span) == MODEL_NONE);
    CHECK_SAME(lewd_heap_start(of->heap, span), of->model.spans[best].start);
    CHECK(lewd_heap_owner(of->heap, span) == NULL);
    const uintptr_t tag = ~(of->tags++);
    lewd_heap_set_owner(of->heap, span, (void *)tag);
    model_alloc(&of->model, size, span, tag);
}

lewd_status twin_alloc(twin *of, uint32_t size, lewd_span *span) {
    begin(of);
    const ptrdiff_t best = model_fit(&of->model, size);
    check_fit(of, size, best);
    lewd_span got = UNTOUCHED;
    const lewd_status status = lewd_heap_alloc(of->heap, size, &got);
    check_alloc_status(of, size, best, status);
    if (status == LEWD_OK) {
        note_alloc(of, size, best, got);
        *span = got;
    } else {
        CHECK_SAME(got, UNTOUCHED);
    }
    return settle(of, status);
}

lewd_status twin_free(twin *of, lewd_span span) {
    begin(of);
    const bool used = model_named(&of->model, span) != MODEL_NONE;
    const lewd_status status = lewd_heap_free(of->heap, span);
    CHECK_SAME(status, used ? LEWD_OK : LEWD_INVALID);
    check_asked_nothing(of);
    if (used)
        model_free(&of->model, span);
    return settle(of, status);
}

lewd_status twin_extend(twin *of, uint32_t limit) {
    begin(of);
    const bool valid = limit >= of->model.limit && limit <= LEWD_MAX_BLOCKS;
    const bool needs_record = limit > of->model.limit && model_used_end(&of->model) == of->model.limit;
    const lewd_status status = lewd_heap_extend(of->heap, limit);
    CHECK_SAME(status, !valid ? LEWD_INVALID : of->meter.refused ? LEWD_NO_METADATA : LEWD_OK);
    if (!valid || !needs_record)
        check_asked_nothing(of);
    if (status == LEWD_OK)
        model_extend(&of->model, limit);
    return settle(of, status);
}

lewd_status twin_shrink(twin *of, uint32_t limit) {
    begin(of);
    const bool valid = limit <= of->model.limit && limit >= model_used_end(&of->model);
    const lewd_status status = lewd_heap_shrink(of->heap, limit);
    CHECK_SAME(status, valid ? LEWD_OK : LEWD_INVALID);
    check_asked_nothing(of);
    if (valid)
        model_shrink(&of->model, limit);
    return settle(of, status);
}

lewd_span twin_place(twin *of, uint32_t size, uint32_t start) {
    lewd_span span = 0;
    CHECK_SAME(twin_alloc(of, size, &span), LEWD_OK);
    CHECK_SAME(lewd_heap_start(of->heap, span), start);
    CHECK_SAME(lewd_heap_size(of->heap, span), size);
    return span;
}

void twin_release(twin *of, lewd_span span) {
    CHECK_SAME(twin_free(of, span), LEWD_OK);
}
