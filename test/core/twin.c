/*
 * twin.c: see twin.h.
 */
#include "twin.h"

#include "../../src/core/directory.h"
#include "harness.h"

#include <stdlib.h>
#include <string.h>

enum { UNTOUCHED = 0x5eed };

/*
 * The dump: the whole heap except the address and capacity of its records, which callers can't see. They can't see the
 * directory, either; the checker knows all rules for it.
 */

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
    copy.directory = NULL;
    copy.cells = 0;
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

/* Compares everything that a caller can read. */

static void check_figures(const twin *of) {
    const model_figures recount = model_count(&of->model);
    const lewd_figures figures = lewd_heap_figures(of->heap);
    CHECK_SAME(figures.total, recount.total);
    CHECK_SAME(figures.used, recount.used);
    CHECK_SAME(figures.reserved, recount.reserved);
    CHECK_SAME(figures.head_free, recount.head_free);
    CHECK_SAME(figures.tail_free, recount.tail_free);
    CHECK_SAME(lewd_heap_largest(of->heap), recount.largest);
}

/* Once there is a directory, finds each span in it, and nothing at its second block. */
static void check_found(const twin *of, const model_span *expected) {
    lewd_span found = UNTOUCHED;
    const lewd_status status = lewd_heap_find(of->heap, expected->start, &found);
    CHECK_SAME(status, expected->reserved ? LEWD_INVALID : LEWD_OK);
    CHECK_SAME(found, expected->reserved ? (lewd_span)UNTOUCHED : expected->name);
    if (expected->size > 1)
        CHECK_SAME(lewd_heap_find(of->heap, expected->start + 1, &found), LEWD_INVALID);
}

/* Compares in the order of places, as in the model. */
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
        CHECK_SAME(lewd_heap_owner(of->heap, span), expected->tag);
        CHECK_SAME(lewd_heap_is_reserved(of->heap, span), expected->reserved);
        if (of->heap->directory != NULL)
            check_found(of, expected);
        span = lewd_heap_next_used(of->heap, span);
    }
    CHECK_SAME(span, 0);
}

/* In any order: the number of used spans below the bound must be right. */
static void check_names(const twin *of) {
    const lewd_span bound = lewd_heap_bound(of->heap);
    size_t named = 0;
    size_t reserved = 0;
    for (lewd_span span = 0; span < bound; span++) {
        named += lewd_heap_is_used(of->heap, span);
        reserved += lewd_heap_is_reserved(of->heap, span);
    }
    for (size_t index = 0; index < of->model.count; index++) {
        named -= of->model.spans[index].name != 0;
        reserved -= of->model.spans[index].reserved;
    }
    CHECK_SAME(named, 0);
    CHECK_SAME(reserved, 0);
    CHECK(!lewd_heap_is_used(of->heap, 0) && !lewd_heap_is_reserved(of->heap, 0));
    CHECK(!lewd_heap_is_used(of->heap, bound) && !lewd_heap_is_reserved(of->heap, bound));
    CHECK(!lewd_heap_is_used(of->heap, UINT32_MAX) && !lewd_heap_is_reserved(of->heap, UINT32_MAX));
}

void twin_check(const twin *of) {
    CHECK_TEXT(lewd_heap_check(of->heap), NULL);
    check_figures(of);
    check_walk(of);
    check_names(of);
}

static uint32_t ready_records(const lewd_heap *heap) {
    uint32_t count = heap->capacity - heap->bound;
    for (uint32_t vacant = heap->vacant; vacant != 0; vacant = heap->records[vacant].next)
        count++;
    return count;
}

static void begin(twin *of) {
    twin_check(of);
    take_dump(of);
    of->meter.refused = false;
    of->requests = of->meter.requests;
    of->ready = ready_records(of->heap);
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

/* Memory is requested once if records are missing, and not at all if none are. */
static void check_asked_for(const twin *of, uint32_t records) {
    CHECK_SAME(of->meter.requests - of->requests, records > of->ready);
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

/* lewd_heap_fit returns the model's result, and changes nothing. */
static void check_fit(const twin *of, uint32_t size, ptrdiff_t best) {
    uint32_t start = UNTOUCHED;
    const bool fits = lewd_heap_fit(of->heap, size, &start);
    CHECK(fits == (best != MODEL_NONE));
    CHECK_SAME(start, fits ? of->model.spans[best].start : UNTOUCHED);
    check_unchanged(of);
    check_asked_nothing(of);
}

/* Tells the statuses apart by the contract. An exact fit may do without the record that was refused. */
static void check_alloc_status(const twin *of, uint32_t size, ptrdiff_t best, lewd_status status) {
    if (size == 0 || size > LEWD_MAX_BLOCKS) {
        CHECK_SAME(status, LEWD_INVALID);
        check_asked_nothing(of);
    } else if (best == MODEL_NONE) {
        CHECK_SAME(status, LEWD_NO_FIT);
    } else {
        CHECK_SAME(status, of->meter.refused ? LEWD_NO_METADATA : LEWD_OK);
        check_asked_for(of, of->model.spans[best].size > size);
    }
}

/* Checks that the span is new and has no owner; gives it one. */
static uint32_t welcome(twin *of, lewd_span span, uint32_t start) {
    CHECK(span != 0 && span < lewd_heap_bound(of->heap));
    CHECK(model_named(&of->model, span) == MODEL_NONE);
    CHECK_SAME(lewd_heap_start(of->heap, span), start);
    CHECK_SAME(lewd_heap_owner(of->heap, span), 0);
    const uint32_t tag = ~(of->tags++);
    lewd_heap_set_owner(of->heap, span, tag);
    return tag;
}

lewd_status twin_alloc(twin *of, uint32_t size, lewd_span *span) {
    begin(of);
    const ptrdiff_t best = model_fit(&of->model, size);
    check_fit(of, size, best);
    lewd_span got = UNTOUCHED;
    const lewd_status status = lewd_heap_alloc(of->heap, size, &got);
    check_alloc_status(of, size, best, status);
    if (status == LEWD_OK) {
        model_alloc(&of->model, size, got, welcome(of, got, of->model.spans[best].start));
        *span = got;
    } else {
        CHECK_SAME(got, UNTOUCHED);
    }
    return settle(of, status);
}

/* Returns the new span, which the model cuts from its span at `index`, if the heap could; rests need records. */
static lewd_status settle_taken(twin *of, lewd_status status, ptrdiff_t index, model_span taken, lewd_span *span) {
    const model_span whole = of->model.spans[index];
    CHECK_SAME(status, of->meter.refused ? LEWD_NO_METADATA : LEWD_OK);
    check_asked_for(of, (taken.start > whole.start ? 1u : 0u) +
                            (taken.start + taken.size < whole.start + whole.size ? 1u : 0u));
    if (status == LEWD_OK) {
        taken.tag = welcome(of, taken.name, taken.start);
        model_take(&of->model, index, taken);
        *span = taken.name;
    } else {
        CHECK_SAME(taken.name, UNTOUCHED);
    }
    return settle(of, status);
}

/* Calls that fail for other reasons than memory: none is requested, and no span is written. */
static lewd_status settle_refused(twin *of, lewd_status status, lewd_status expected, lewd_span got) {
    CHECK_SAME(status, expected);
    CHECK_SAME(got, UNTOUCHED);
    check_asked_nothing(of);
    return settle(of, status);
}

static bool is_alignment(uint32_t number) {
    for (uint32_t power = 1; power <= 4096; power *= 2)
        if (number == power)
            return true;
    return false;
}

lewd_status twin_alloc_aligned(twin *of, uint32_t size, uint32_t alignment, lewd_span *span) {
    begin(of);
    const bool valid = size > 0 && size <= LEWD_MAX_BLOCKS && is_alignment(alignment);
    uint32_t place = UNTOUCHED;
    uint32_t told = UNTOUCHED;
    const ptrdiff_t best = valid ? model_fit_aligned(&of->model, size, alignment, &place) : MODEL_NONE;
    CHECK_SAME(lewd_heap_fit_aligned(of->heap, size, alignment, &told), best != MODEL_NONE);
    CHECK_SAME(told, place);
    check_unchanged(of);

    model_span taken = {.start = place, .size = size, .name = UNTOUCHED};
    const lewd_status status = lewd_heap_alloc_aligned(of->heap, size, alignment, &taken.name);
    if (best == MODEL_NONE)
        return settle_refused(of, status, valid ? LEWD_NO_FIT : LEWD_INVALID, taken.name);
    return settle_taken(of, status, best, taken, span);
}

lewd_status twin_reserve(twin *of, uint32_t start, uint32_t size, lewd_span *span) {
    begin(of);
    const bool valid = size > 0 && start >= of->model.base && (uint64_t)start + size <= of->model.limit;
    const ptrdiff_t around = model_around(&of->model, start, size);
    model_span taken = {.start = start, .size = size, .name = UNTOUCHED, .reserved = true};
    const lewd_status status = lewd_heap_reserve(of->heap, start, size, &taken.name);
    if (!valid || around == MODEL_NONE)
        return settle_refused(of, status, valid ? LEWD_NO_FIT : LEWD_INVALID, taken.name);
    return settle_taken(of, status, around, taken, span);
}

lewd_status twin_resize(twin *of, lewd_span span, uint32_t size) {
    begin(of);
    const ptrdiff_t index = model_named(&of->model, span);
    const bool valid = index != MODEL_NONE && !of->model.spans[index].reserved && size > 0 && size <= LEWD_MAX_BLOCKS;
    const lewd_status status = lewd_heap_resize(of->heap, span, size);
    if (!valid)
        return settle_refused(of, status, LEWD_INVALID, UNTOUCHED);
    const uint32_t room = model_room(&of->model, index);
    const uint32_t old_size = of->model.spans[index].size;
    if (size > old_size && size - old_size > room)
        return settle_refused(of, status, LEWD_NO_FIT, UNTOUCHED);
    CHECK_SAME(status, of->meter.refused ? LEWD_NO_METADATA : LEWD_OK);
    check_asked_for(of, size < old_size && room == 0);
    if (status == LEWD_OK)
        model_resize(&of->model, span, size);
    return settle(of, status);
}

lewd_status twin_enable_find(twin *of) {
    begin(of);
    const bool made = of->heap->directory != NULL;
    const lewd_status status = lewd_heap_enable_find(of->heap);
    CHECK_SAME(status, of->meter.refused ? LEWD_NO_METADATA : LEWD_OK);
    CHECK_SAME(of->meter.requests - of->requests, !made);
    CHECK_SAME(of->heap->directory != NULL, status == LEWD_OK);
    check_unchanged(of);
    return settle(of, status);
}

lewd_status twin_find(twin *of, uint32_t start) {
    begin(of);
    const bool within = start >= of->model.base && start < of->model.limit;
    const bool made = of->heap->directory != NULL;
    const ptrdiff_t index = model_at(&of->model, start);
    const bool there = index != MODEL_NONE && !of->model.spans[index].reserved;
    lewd_span found = UNTOUCHED;
    const lewd_status status = lewd_heap_find(of->heap, start, &found);
    CHECK_SAME(status, of->meter.refused ? LEWD_NO_METADATA : there ? LEWD_OK : LEWD_INVALID);
    CHECK_SAME(found, status == LEWD_OK ? of->model.spans[index].name : UNTOUCHED);
    CHECK_SAME(of->meter.requests - of->requests, within && !made);
    CHECK_SAME(of->heap->directory != NULL, made || (within && !of->meter.refused));
    check_unchanged(of);
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

/* Frees one after the other. A name that occurs again is unknown to the model by then. */
static uint32_t free_in_model(model *of, const lewd_span *spans, uint32_t count) {
    uint32_t freed = 0;
    for (uint32_t index = 0; index < count; index++) {
        const ptrdiff_t found = model_named(of, spans[index]);
        if (found == MODEL_NONE || of->spans[found].reserved)
            continue;
        model_free(of, spans[index]);
        freed++;
    }
    return freed;
}

uint32_t twin_free_all(twin *of, const lewd_span *spans, uint32_t count) {
    begin(of);
    const uint32_t freed = lewd_heap_free_all(of->heap, spans, count);
    CHECK_SAME(freed, free_in_model(&of->model, spans, count));
    check_asked_nothing(of);
    if (freed == 0)
        check_unchanged(of);
    twin_check(of);
    return freed;
}

static uint32_t cells_of(const twin *of, uint32_t limit) {
    const uint32_t cell = 1u << LEWD_CELL_LOG2;
    return (limit - of->model.base + cell - 1) / cell;
}

lewd_status twin_extend(twin *of, uint32_t limit) {
    begin(of);
    const bool valid = limit >= of->model.limit && limit <= LEWD_MAX_BLOCKS;
    const bool needs_record = limit > of->model.limit && model_used_end(&of->model) == of->model.limit;
    const bool needs_cells = of->heap->directory != NULL && cells_of(of, limit) > of->heap->cells;
    const lewd_status status = lewd_heap_extend(of->heap, limit);
    CHECK_SAME(status, !valid ? LEWD_INVALID : of->meter.refused ? LEWD_NO_METADATA : LEWD_OK);
    if (!valid || (!needs_record && !needs_cells))
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

lewd_span twin_alloc_at(twin *of, uint32_t size, uint32_t start) {
    lewd_span span = 0;
    CHECK_SAME(twin_alloc(of, size, &span), LEWD_OK);
    CHECK_SAME(lewd_heap_start(of->heap, span), start);
    CHECK_SAME(lewd_heap_size(of->heap, span), size);
    return span;
}

lewd_span twin_alloc_aligned_at(twin *of, uint32_t size, uint32_t alignment, uint32_t start) {
    lewd_span span = 0;
    CHECK_SAME(twin_alloc_aligned(of, size, alignment, &span), LEWD_OK);
    CHECK_SAME(lewd_heap_start(of->heap, span), start);
    CHECK_SAME(lewd_heap_size(of->heap, span), size);
    return span;
}

lewd_span twin_hold(twin *of, uint32_t start, uint32_t size) {
    lewd_span span = 0;
    CHECK_SAME(twin_reserve(of, start, size, &span), LEWD_OK);
    CHECK_SAME(lewd_heap_start(of->heap, span), start);
    CHECK_SAME(lewd_heap_size(of->heap, span), size);
    return span;
}

void twin_release(twin *of, lewd_span span) {
    CHECK_SAME(twin_free(of, span), LEWD_OK);
}
