/*
 * suite_metadata.c: each request for the heap's own memory fails once. A scenario is run with its first request refused,
 * then with its second, and so on until none is: an error, an unchanged heap (twin.c compares every bit), no leak, and
 * the same call succeeds when the memory is there again. Once more with all later requests refused too.
 */
#include "../../src/heap_internal.h"
#include "harness.h"
#include "suites.h"
#include "twin.h"

typedef void scenario(twin *pair);

/* Allocates; where it is refused, tries once more. False: still not to be had. */
static bool insist(twin *pair, uint32_t size, lewd_span *span) {
    lewd_status status = twin_alloc(pair, size, span);
    if (status == LEWD_NO_METADATA)
        status = twin_alloc(pair, size, span);
    return status == LEWD_OK;
}

static bool insist_on_limit(twin *pair, uint32_t limit) {
    lewd_status status = twin_extend(pair, limit);
    if (status == LEWD_NO_METADATA)
        status = twin_extend(pair, limit);
    return status == LEWD_OK;
}

/* From any state: freeing needs no memory. */
static void free_all(twin *pair) {
    for (lewd_span span; (span = lewd_heap_next_used(pair->heap, 0)) != 0;)
        twin_release(pair, span);
    CHECK_SAME(lewd_heap_figures(pair->heap).used, 0);
}

/* Runs with the n-th request refused; false when there was none. */
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

/* Every second one freed, the holes split again. */
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

/* Always full when the limit moves, so that each move needs a record. */
static void extend_step_by_step(twin *pair) {
    lewd_span span;
    insist(pair, 1000, &span);
    for (uint32_t limit = 1001; limit < 1200; limit++)
        if (insist_on_limit(pair, limit))
            insist(pair, 1, &span);
}

/*
 * No record is left, and the last block is used: the new free span is what needs one. The exact fits at the end do not,
 * and the hole at the base takes the two that freeing made vacant.
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

/* Of two reasons to fail, that nothing fits is the one to tell, and memory is not even asked for. */
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

/* A vacant record serves where the array can't grow. */
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

/* Only where size_t is small can the records' size overflow it; elsewhere the hook is asked, and refuses. */
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
    RUN(no_fit_is_told_before_no_metadata);
    RUN(a_vacant_record_serves_where_memory_is_refused);
    RUN(more_records_than_size_t_counts_are_refused);
}
