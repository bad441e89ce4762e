/*
 * suite_metadata.c: refuses each request for the heap's own memory once. A scenario runs with its first request
 * refused, then with its second, and so on until none is refused. Expected are an error, an unchanged heap (twin.c
 * compares every bit), no leak, and success of the same call once the memory is available. Then again with all later
 * requests refused too.
 */
#include "../../src/core/record.h"
#include "harness.h"
#include "suites.h"
#include "twin.h"

typedef void scenario(twin *pair);

/* Allocates; if refused, tries once more. Returns false if that fails, too. */
static bool insist(twin *pair, uint32_t size, lewd_span *span) {
    lewd_status status = twin_alloc(pair, size, span);
    if (status == LEWD_NO_METADATA)
        status = twin_alloc(pair, size, span);
    return status == LEWD_OK;
}

static bool insist_aligned(twin *pair, uint32_t size, uint32_t alignment, lewd_span *span) {
    lewd_status status = twin_alloc_aligned(pair, size, alignment, span);
    if (status == LEWD_NO_METADATA)
        status = twin_alloc_aligned(pair, size, alignment, span);
    return status == LEWD_OK;
}

static bool insist_on_reserve(twin *pair, uint32_t start, uint32_t size) {
    lewd_span span;
    lewd_status status = twin_reserve(pair, start, size, &span);
    if (status == LEWD_NO_METADATA)
        status = twin_reserve(pair, start, size, &span);
    return status == LEWD_OK;
}

static bool insist_on_size(twin *pair, lewd_span span, uint32_t size) {
    lewd_status status = twin_resize(pair, span, size);
    if (status == LEWD_NO_METADATA)
        status = twin_resize(pair, span, size);
    return status == LEWD_OK;
}

static bool insist_on_find(twin *pair, uint32_t start) {
    lewd_status status = twin_find(pair, start);
    if (status == LEWD_NO_METADATA)
        status = twin_find(pair, start);
    return status == LEWD_OK;
}

static bool insist_on_directory(twin *pair) {
    lewd_status status = twin_enable_find(pair);
    if (status == LEWD_NO_METADATA)
        status = twin_enable_find(pair);
    return status == LEWD_OK;
}

static bool insist_on_limit(twin *pair, uint32_t limit) {
    lewd_status status = twin_extend(pair, limit);
    if (status == LEWD_NO_METADATA)
        status = twin_extend(pair, limit);
    return status == LEWD_OK;
}

/* Freeing needs no memory, in any state. */
static void free_all(twin *pair) {
    for (lewd_span span; (span = lewd_heap_next_used(pair->heap, 0)) != 0;)
        twin_release(pair, span);
    CHECK_SAME(lewd_heap_figures(pair->heap).used, 0);
    CHECK_SAME(lewd_heap_figures(pair->heap).reserved, 0);
}

/* Runs with the n-th request refused. Returns false if there was none. */
static bool run_refused(scenario *run, uint64_t n, bool lasting) {
    twin pair = {.meter = {.refuse = n, .lasting = lasting}};
    if (!twin_try_open(&pair, 0, 1000))
        return true;
    run(&pair);
    free_all(&pair);
    const bool refused = pair.meter.requests >= n;
    twin_close(&pair);
    return refused;
}

static void fail_each(const char *name, scenario *run) {
    uint64_t last = 0;
    while (run_refused(run, last + 1, false))
        last++;
    for (uint64_t n = 1; n <= last; n++)
        run_refused(run, n, true);
    CHECK(last >= 2);
    harness_note("%s: every request refused once, the last was number %u; nothing leaked", name, (unsigned)last);
}

static void nothing_else(twin *pair) {
    CHECK_SAME(lewd_heap_figures(pair->heap).total, 1000);
}

static void fill(twin *pair) {
    lewd_span span;
    for (uint32_t count = 0; count < 400; count++)
        if (!insist(pair, 2, &span))
            CHECK(pair->meter.lasting);
}

/* Frees every second span, and splits the holes again. */
static void fill_holes(twin *pair) {
    lewd_span spans[100];
    for (uint32_t index = 0; index < 100; index++)
        if (!insist(pair, 10, &spans[index]))
            spans[index] = 0;
    for (uint32_t index = 0; index < 100; index += 2)
        if (spans[index] != 0)
            twin_release(pair, spans[index]);
    lewd_span span;
    for (uint32_t count = 0; count < 200; count++)
        insist(pair, 1 + count % 4, &span);
}

/* The heap is always full when the limit moves, so that each move needs a record. */
static void extend_step_by_step(twin *pair) {
    lewd_span span;
    insist(pair, 1000, &span);
    for (uint32_t limit = 1001; limit < 1200; limit++)
        if (insist_on_limit(pair, limit))
            insist(pair, 1, &span);
}

/*
 * No record is left, and the last block is used: the new free span is the one that needs a record. The exact fits at
 * the end need none, and the hole at the base takes the two that freeing made vacant.
 */
static void extend_at_capacity(twin *pair) {
    lewd_span hole, fence, span, last[2] = {0, 0};
    if (!insist(pair, 3, &hole) || !insist(pair, 1, &fence))
        return;
    while (pair->heap->bound < pair->heap->capacity) {
        last[0] = last[1];
        CHECK_SAME(twin_alloc(pair, 1, &last[1]), LEWD_OK);
    }
    twin_release(pair, last[0]);
    twin_release(pair, last[1]);
    twin_release(pair, hole);
    CHECK(insist(pair, lewd_heap_figures(pair->heap).tail_free, &span));
    CHECK(insist(pair, 1, &span));
    CHECK(insist(pair, 1, &span));
    CHECK_SAME(pair->heap->bound, pair->heap->capacity);
    CHECK_SAME(pair->heap->vacant, 0);
    const uint64_t requests = pair->meter.requests;
    CHECK(insist_on_limit(pair, 1001) != (pair->meter.lasting && pair->meter.refused));
    CHECK(pair->meter.requests > requests);
}

/* Each leaves a rest on both sides: two records at a time. */
static void fill_aligned(twin *pair) {
    lewd_span span;
    for (uint32_t count = 0; count < 300; count++)
        insist_aligned(pair, 1 + count % 2, 4, &span);
}

static void reserve_every_third(twin *pair) {
    for (uint32_t start = 1; start < 1000; start += 3)
        insist_on_reserve(pair, start, 1);
}

/* In a full heap, where each needs a record; then without need of one, and taking back the rest that was cut off. */
static void shrink_and_grow(twin *pair) {
    lewd_span spans[200];
    for (uint32_t index = 0; index < 200; index++)
        if (!insist(pair, 5, &spans[index]))
            spans[index] = 0;
    for (uint32_t size = 4; size > 2; size--)
        for (uint32_t index = 0; index < 200; index++)
            if (spans[index] != 0)
                insist_on_size(pair, spans[index], size);
    for (uint32_t index = 0; index < 200; index++)
        if (spans[index] != 0)
            insist_on_size(pair, spans[index], 5);
}

/* Refuses the directory when it is made, and each time that it grows; the heap works without it. */
static void find_while_extending(twin *pair) {
    lewd_span span;
    insist(pair, 999, &span);
    insist_on_find(pair, 0);
    for (uint32_t limit = 1010; limit < 2000; limit += 10) {
        insist(pair, 1, &span);
        insist_on_limit(pair, limit);
        insist_on_find(pair, limit - 10);
    }
    twin_shrink(pair, pair->model.limit - 5);
    insist_on_limit(pair, 2100);
}

/* Begins with an empty working span. Once the directory exists, every allocated span is found. */
static void enable_while_extending(twin *pair) {
    lewd_span span;
    CHECK_SAME(twin_shrink(pair, 0), LEWD_OK);
    const bool enabled = insist_on_directory(pair);
    for (uint32_t limit = 10; limit < 1000; limit += 10) {
        if (insist_on_limit(pair, limit) && insist(pair, 10, &span) && enabled)
            CHECK_SAME(twin_find(pair, lewd_heap_start(pair->heap, span)), LEWD_OK);
    }
}

static void wander_everywhere(twin *pair) {
    dice from = harness_dice(21);
    lewd_span span;
    for (uint32_t count = 0; count < 600; count++) {
        const uint32_t place = dice_below(&from, pair->model.limit);
        switch (dice_below(&from, 10)) {
        case 0:
            insist(pair, 1 + dice_below(&from, 8), &span);
            break;
        case 1:
        case 2:
            insist_on_reserve(pair, place, 1 + dice_below(&from, 3));
            break;
        case 3:
            insist_on_find(pair, place);
            break;
        case 4:
            insist_on_limit(pair, pair->model.limit + dice_below(&from, 30));
            break;
        case 5:
            twin_shrink(pair, pair->model.limit - dice_below(&from, 30));
            break;
        case 6:
            twin_free(pair, dice_below(&from, lewd_heap_bound(pair->heap)));
            break;
        case 7:
            insist_on_size(pair, dice_below(&from, lewd_heap_bound(pair->heap)), 1 + dice_below(&from, 6));
            break;
        default:
            insist_aligned(pair, 1 + dice_below(&from, 4), 1u << dice_below(&from, 5), &span);
        }
    }
}

static void wander(twin *pair) {
    dice from = harness_dice(20);
    lewd_span span;
    for (uint32_t count = 0; count < 600; count++) {
        const uint32_t roll = dice_below(&from, 8);
        if (roll < 5)
            insist(pair, 1 + dice_below(&from, 8), &span);
        else if (roll < 6)
            twin_free(pair, dice_below(&from, lewd_heap_bound(pair->heap)));
        else if (roll < 7)
            insist_on_limit(pair, pair->model.limit + dice_below(&from, 30));
        else
            twin_shrink(pair, pair->model.limit - dice_below(&from, 30));
    }
}

static void creating(void) {
    fail_each("creating", nothing_else);
}

static void filling(void) {
    fail_each("filling", fill);
}

static void filling_holes(void) {
    fail_each("filling holes", fill_holes);
}

static void extending(void) {
    fail_each("extending", extend_step_by_step);
}

static void extending_at_capacity(void) {
    fail_each("extending at capacity", extend_at_capacity);
}

static void wandering(void) {
    fail_each("wandering", wander);
}

static void filling_aligned(void) {
    fail_each("filling aligned", fill_aligned);
}

static void reserving(void) {
    fail_each("reserving", reserve_every_third);
}

static void resizing(void) {
    fail_each("resizing", shrink_and_grow);
}

static void finding(void) {
    fail_each("finding", find_while_extending);
}

static void enabling(void) {
    fail_each("enabling", enable_while_extending);
}

static void wandering_everywhere(void) {
    fail_each("wandering everywhere", wander_everywhere);
}

/* Makes a heap without a hole, whose array has room for `spare` more records, and whose next requests for memory are
 * refused. */
static void open_spare(twin *pair, uint32_t spare) {
    lewd_span span;
    twin_open(pair, 0, 1000);
    while (pair->heap->bound + spare < pair->heap->capacity)
        CHECK_SAME(twin_alloc(pair, 1, &span), LEWD_OK);
    CHECK_SAME(pair->heap->vacant, 0);
    pair->meter.refuse = pair->meter.requests + 1;
    pair->meter.lasting = true;
}

/* One record is not enough where two are needed, and the attempt does not lose it. */
static void both_records_are_had_or_none_is_taken(void) {
    lewd_span span;
    for (uint32_t spare = 0; spare < 4; spare++) {
        const lewd_status two = spare >= 2 ? LEWD_OK : LEWD_NO_METADATA;
        const lewd_status one = spare >= 1 ? LEWD_OK : LEWD_NO_METADATA;
        twin pair;
        open_spare(&pair, spare);
        CHECK_SAME(twin_alloc_aligned(&pair, 1, 512, &span), two);
        free_all(&pair);
        twin_close(&pair);
        open_spare(&pair, spare);
        CHECK_SAME(twin_reserve(&pair, 600, 10, &span), two);
        free_all(&pair);
        twin_close(&pair);
        open_spare(&pair, spare);
        CHECK_SAME(twin_reserve(&pair, 900, 100, &span), one);
        free_all(&pair);
        twin_close(&pair);
        open_spare(&pair, spare);
        const uint32_t rest = lewd_heap_figures(pair.heap).tail_free;
        CHECK_SAME(twin_resize(&pair, twin_alloc_at(&pair, rest, 1000 - rest), 1), one);
        free_all(&pair);
        twin_close(&pair);
    }
}

/* A vacant record and the last one of the array are two; so are two vacant ones. */
static void vacant_records_count_for_two(void) {
    lewd_span span, spans[2];
    for (uint32_t spare = 0; spare < 2; spare++) {
        twin pair;
        open_spare(&pair, spare + 2);
        CHECK_SAME(twin_alloc(&pair, 1, &spans[0]), LEWD_OK);
        CHECK_SAME(twin_alloc(&pair, 1, &spans[1]), LEWD_OK);
        twin_release(&pair, spans[1]);
        if (spare == 0)
            twin_release(&pair, spans[0]);
        CHECK_SAME(twin_reserve(&pair, 600, 10, &span), LEWD_OK);
        CHECK_SAME(twin_reserve(&pair, 700, 10, &span), LEWD_NO_METADATA);
        free_all(&pair);
        twin_close(&pair);
    }
}

/* LEWD_NO_FIT is returned first, also by operations that need two records; and a block outside needs no directory. */
static void nothing_is_asked_for_in_vain(void) {
    lewd_span span;
    twin pair;
    open_spare(&pair, 0);
    CHECK_SAME(twin_alloc_aligned(&pair, 990, 2, &span), LEWD_NO_FIT);
    CHECK_SAME(twin_alloc_aligned(&pair, 1, 3, &span), LEWD_INVALID);
    CHECK_SAME(twin_reserve(&pair, 0, 1000, &span), LEWD_NO_FIT);
    CHECK_SAME(twin_reserve(&pair, 0, 1001, &span), LEWD_INVALID);
    CHECK_SAME(twin_find(&pair, 1000), LEWD_INVALID);
    CHECK_SAME(twin_resize(&pair, lewd_heap_next_used(pair.heap, 0), 2), LEWD_NO_FIT);
    CHECK_SAME(twin_resize(&pair, lewd_heap_next_used(pair.heap, 0), 0), LEWD_INVALID);
    CHECK_SAME(twin_find(&pair, 0), LEWD_NO_METADATA);
    CHECK_SAME(twin_find(&pair, 999), LEWD_NO_METADATA);
    pair.meter.refuse = 0;
    CHECK_SAME(twin_find(&pair, 0), LEWD_OK);
    free_all(&pair);
    twin_close(&pair);
}

/* Of two reasons to fail, LEWD_NO_FIT is returned, and no memory is requested. */
static void no_fit_is_told_before_no_metadata(void) {
    lewd_span span;
    twin pair;
    twin_open(&pair, 0, 1000);
    while (pair.heap->bound < pair.heap->capacity)
        CHECK_SAME(twin_alloc(&pair, 1, &span), LEWD_OK);
    pair.meter.refuse = pair.meter.requests + 1;
    pair.meter.lasting = true;
    CHECK_SAME(twin_alloc(&pair, 1000, &span), LEWD_NO_FIT);
    CHECK(!pair.meter.refused);
    CHECK_SAME(twin_alloc(&pair, 1, &span), LEWD_NO_METADATA);
    CHECK_SAME(twin_alloc(&pair, 0, &span), LEWD_INVALID);
    free_all(&pair);
    twin_close(&pair);
}

/* A vacant record serves if the array can't grow. */
static void a_vacant_record_serves_where_memory_is_refused(void) {
    lewd_span span, last = 0, before = 0;
    twin pair;
    twin_open(&pair, 0, 1000);
    while (pair.heap->bound < pair.heap->capacity) {
        before = last;
        CHECK_SAME(twin_alloc(&pair, 1, &last), LEWD_OK);
    }
    pair.meter.refuse = pair.meter.requests + 1;
    pair.meter.lasting = true;
    CHECK_SAME(twin_alloc(&pair, 1, &span), LEWD_NO_METADATA);
    twin_release(&pair, last);
    twin_release(&pair, before);
    CHECK_SAME(twin_alloc(&pair, 1, &span), LEWD_OK);
    CHECK_SAME(twin_alloc(&pair, 1, &span), LEWD_OK);
    CHECK_SAME(twin_alloc(&pair, 1, &span), LEWD_NO_METADATA);
    free_all(&pair);
    twin_close(&pair);
}

/* Only with a small size_t can the records' size overflow it; elsewhere the hook is called, and refuses. */
static void more_records_than_size_t_counts_are_refused(void) {
    lewd_span span;
    twin pair;
    twin_open(&pair, 0, 1000);
    const uint32_t bound = pair.heap->bound;
    const uint32_t capacity = pair.heap->capacity;
    const uint64_t requests = pair.meter.requests;
    pair.meter.refuse = requests + 1;
    pair.meter.block[1].size = (size_t)0x0a000000u * sizeof(lewd_record);
    pair.heap->bound = pair.heap->capacity = 0x0a000000u;
    CHECK_SAME(lewd_heap_alloc(pair.heap, 1, &span), LEWD_NO_METADATA);
    CHECK_SAME(pair.meter.requests, requests + (sizeof(size_t) > 4));
    pair.heap->bound = bound;
    pair.heap->capacity = capacity;
    pair.meter.block[1].size = capacity * sizeof(lewd_record);
    twin_close(&pair);
}

void suite_metadata(void) {
    RUN(creating);
    RUN(filling);
    RUN(filling_holes);
    RUN(extending);
    RUN(extending_at_capacity);
    RUN(wandering);
    RUN(filling_aligned);
    RUN(reserving);
    RUN(resizing);
    RUN(finding);
    RUN(enabling);
    RUN(wandering_everywhere);
    RUN(both_records_are_had_or_none_is_taken);
    RUN(vacant_records_count_for_two);
    RUN(nothing_is_asked_for_in_vain);
    RUN(no_fit_is_told_before_no_metadata);
    RUN(a_vacant_record_serves_where_memory_is_refused);
    RUN(more_records_than_size_t_counts_are_refused);
}
