/*
 * suite_create.c: creates heaps and frees them.
 */
#include "harness.h"
#include "suites.h"
#include "twin.h"

static void expect_made(uint32_t base, uint32_t limit) {
    twin pair;
    twin_open(&pair, base, limit);
    const lewd_figures figures = lewd_heap_figures(pair.heap);
    CHECK_SAME(figures.total, limit - base);
    CHECK_SAME(figures.used, 0);
    CHECK_SAME(figures.head_free, limit - base);
    CHECK_SAME(figures.tail_free, limit - base);
    CHECK_SAME(lewd_heap_largest(pair.heap), limit - base);
    CHECK_SAME(lewd_heap_next_used(pair.heap, 0), 0);
    twin_close(&pair);
}

static void expect_refused(uint32_t base, uint32_t limit) {
    meter none = {0};
    CHECK(lewd_heap_create(base, limit, meter_resize, &none) == NULL);
    CHECK_SAME(none.requests, 0);
    CHECK_SAME(none.outstanding, 0);
}

static void a_new_heap_is_all_free(void) {
    expect_made(0, 1);
    expect_made(0, 4096);
    expect_made(7, 8);
    expect_made(4095, 65537);
}

static void a_heap_may_span_4_gib(void) {
    expect_made(0, LEWD_MAX_BLOCKS);
    expect_made(LEWD_MAX_BLOCKS - 1, LEWD_MAX_BLOCKS);
    expect_made(1u << 27, LEWD_MAX_BLOCKS);
}

static void a_heap_may_be_empty(void) {
    expect_made(0, 0);
    expect_made(5, 5);
    expect_made(LEWD_MAX_BLOCKS, LEWD_MAX_BLOCKS);
}

static void a_wrong_working_span_is_refused_before_memory_is_asked_for(void) {
    expect_refused(1, 0);
    expect_refused(4096, 4095);
    expect_refused(0, LEWD_MAX_BLOCKS + 1);
    expect_refused(LEWD_MAX_BLOCKS + 1, LEWD_MAX_BLOCKS + 1);
    expect_refused(LEWD_MAX_BLOCKS, UINT32_MAX);
    expect_refused(UINT32_MAX, UINT32_MAX);
    expect_refused(UINT32_MAX, 0);
}

/* The sanitizers and valgrind detect leaks. */
static void without_a_hook_the_c_library_serves(void) {
    lewd_heap *const heap = lewd_heap_create(0, 1000, NULL, NULL);
    CHECK(heap != NULL);
    lewd_span span = 0;
    for (uint32_t count = 0; count < 1000; count++)
        CHECK_SAME(lewd_heap_alloc(heap, 1, &span), LEWD_OK);
    CHECK_SAME(lewd_heap_alloc(heap, 1, &span), LEWD_NO_FIT);
    CHECK_SAME(lewd_heap_start(heap, span), 999);
    CHECK_TEXT(lewd_heap_check(heap), NULL);
    lewd_heap_destroy(heap);
}

/* The contract of the default hook: contents are kept; a size of 0 frees the memory and returns NULL. */
static void the_default_hook_resizes(void) {
    enum { SHORT = 100, LONG = 100000 };
    unsigned char *memory = lewd_realloc(NULL, NULL, 0, SHORT);
    CHECK(memory != NULL);
    for (unsigned index = 0; index < SHORT; index++)
        memory[index] = (unsigned char)index;
    memory = lewd_realloc(NULL, memory, SHORT, LONG);
    CHECK(memory != NULL);
    for (unsigned index = 0; index < SHORT; index++)
        CHECK_SAME(memory[index], index);
    CHECK(lewd_realloc(NULL, memory, LONG, 0) == NULL);
    CHECK(lewd_realloc(NULL, NULL, 0, 0) == NULL);
}

static void destroying_nothing_does_nothing(void) {
    lewd_heap_destroy(NULL);
}

/* Spans cost 24 bytes each, and at most an eighth of that in reserve once there are many. */
static void metadata_stays_below_32_bytes_a_span(void) {
    enum { SPANS = 20000 };
    meter used = {0};
    lewd_heap *const heap = lewd_heap_create(0, SPANS, meter_resize, &used);
    CHECK(heap != NULL);
    lewd_span span;
    for (uint32_t count = 0; count < SPANS; count++)
        CHECK_SAME(lewd_heap_alloc(heap, 1, &span), LEWD_OK);
    CHECK_TEXT(lewd_heap_check(heap), NULL);
    CHECK(used.outstanding <= SPANS * 32u);
    CHECK(used.requests < 60);
    lewd_heap_destroy(heap);
    CHECK_SAME(used.outstanding, 0);
}

void suite_create(void) {
    RUN(a_new_heap_is_all_free);
    RUN(a_heap_may_span_4_gib);
    RUN(a_heap_may_be_empty);
    RUN(a_wrong_working_span_is_refused_before_memory_is_asked_for);
    RUN(without_a_hook_the_c_library_serves);
    RUN(the_default_hook_resizes);
    RUN(destroying_nothing_does_nothing);
    RUN(metadata_stays_below_32_bytes_a_span);
}
