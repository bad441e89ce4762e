/*
 * suite_support.c: conversions of units.
 */
#include "../../src/addon/support.h"
#include "harness.h"
#include "suites.h"

/* The pages hold the blocks, and one page fewer does not. */
static void pages_for_blocks_are_the_fewest(void) {
    dice from = harness_dice(700);
    for (int count = 0; count < 10000; count++) {
        const uint64_t blocks = 1 + dice_below(&from, count % 2 == 0 ? LEWD_MAX_BLOCKS : 10000);
        const uint64_t pages = lewd_pages_for(blocks);
        CHECK(pages * LEWD_PAGE >= blocks * LEWD_BLOCK);
        CHECK((pages - 1) * LEWD_PAGE < blocks * LEWD_BLOCK);
    }
    CHECK_SAME(lewd_pages_for(0), 0);
    CHECK_SAME(lewd_pages_for(1), 1);
    CHECK_SAME(lewd_pages_for(4096), 1);
    CHECK_SAME(lewd_pages_for(4097), 2);
    CHECK_SAME(lewd_pages_for(LEWD_MAX_BLOCKS), LEWD_MAX_PAGES);
    CHECK_SAME(lewd_pages_for(2ull * LEWD_MAX_BLOCKS), 2 * LEWD_MAX_PAGES);
}

static void blocks_for_bytes_are_the_fewest(void) {
    dice from = harness_dice(701);
    for (int count = 0; count < 10000; count++) {
        const uint32_t bytes = (uint32_t)dice_next(&from);
        const uint64_t blocks = lewd_blocks_for(bytes);
        CHECK(blocks * LEWD_BLOCK >= bytes);
        CHECK(blocks * LEWD_BLOCK < (uint64_t)bytes + LEWD_BLOCK);
    }
    CHECK_SAME(lewd_blocks_for(0), 0);
    CHECK_SAME(lewd_blocks_for(1), 1);
    CHECK_SAME(lewd_blocks_for(15), 1);
    CHECK_SAME(lewd_blocks_for(16), 1);
    CHECK_SAME(lewd_blocks_for(17), 2);
    CHECK_SAME(lewd_blocks_for(UINT32_MAX - 15), LEWD_MAX_BLOCKS - 1);
    CHECK_SAME(lewd_blocks_for(UINT32_MAX), LEWD_MAX_BLOCKS);
}

static void bytes_of_4_gib_of_blocks_are_exact(void) {
    CHECK_SAME(lewd_bytes_of(0), 0);
    CHECK_SAME(lewd_bytes_of(1), 16);
    CHECK_SAME(lewd_bytes_of(LEWD_MAX_BLOCKS - 1), 4294967280u);
    CHECK_SAME(lewd_bytes_of(LEWD_MAX_BLOCKS), 4294967296u);
}

static void the_largest_memory_is_the_same_in_all_units(void) {
    CHECK_SAME(LEWD_MAX_BYTES, 4294967296u);
    CHECK_SAME((uint64_t)LEWD_MAX_PAGES * LEWD_PAGE, LEWD_MAX_BYTES);
}

static void arrays_are_counted(void) {
    const uint16_t items[7] = {0};
    const char *texts[] = {"one", "two"};
    CHECK_SAME(LEWD_COUNT(items), 7);
    CHECK_SAME(LEWD_COUNT(texts), 2);
}

void suite_support(void) {
    RUN(pages_for_blocks_are_the_fewest);
    RUN(blocks_for_bytes_are_the_fewest);
    RUN(bytes_of_4_gib_of_blocks_are_exact);
    RUN(the_largest_memory_is_the_same_in_all_units);
    RUN(arrays_are_counted);
}
