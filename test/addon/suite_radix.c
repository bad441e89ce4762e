/*
 * suite_radix.c: the radix sort against a stable sort by comparison.
 */
#include "../../src/addon/radix.h"
#include "harness.h"
#include "suites.h"

#include <stdlib.h>

#define MAX_KEY ((1u << 30) - 1u)

enum { ROOM = 6000 };

typedef uint32_t key_law(dice *from, uint32_t index);

/* A pair, and its index before the sort. */
typedef struct entry {
    uint64_t pair;
    uint32_t index;
} entry;

static int compare(const void *left, const void *right) {
    const entry *const one = left;
    const entry *const other = right;
    const uint32_t one_key = (uint32_t)(one->pair >> 32);
    const uint32_t other_key = (uint32_t)(other->pair >> 32);
    if (one_key != other_key)
        return one_key > other_key ? -1 : 1;
    return one->index < other->index ? -1 : 1;
}

/*
 * Items are random, so that an order by them would be noticed. Both arrays have exactly the given length, so that the
 * sanitizers detect each wrong access.
 */
static void expect_sorted(dice *from, key_law *key, uint32_t length) {
    static entry expected[ROOM];
    uint64_t *const pairs = malloc(length * sizeof *pairs + 1);
    uint64_t *const room = malloc(length * sizeof *room + 1);
    CHECK(length <= ROOM && pairs != NULL && room != NULL);
    for (uint32_t i = 0; i < length; i++) {
        pairs[i] = lewd_radix_pair(key(from, i), (uint32_t)dice_next(from));
        expected[i] = (entry){pairs[i], i};
    }
    qsort(expected, length, sizeof *expected, compare);
    lewd_radix_sort_descending(pairs, room, length);
    for (uint32_t i = 0; i < length; i++)
        CHECK_SAME(room[i], expected[i].pair);
    free(pairs);
    free(room);
}

static void of_all_lengths(uint64_t salt, key_law *key) {
    dice from = harness_dice(salt);
    for (uint32_t length = 0; length <= 40; length++)
        expect_sorted(&from, key, length);
    for (int count = 0; count < 20; count++)
        expect_sorted(&from, key, dice_below(&from, 3000));
    expect_sorted(&from, key, ROOM);
}

static uint32_t any_key(dice *from, uint32_t index) {
    (void)index;
    return dice_below(from, MAX_KEY + 1u);
}

static uint32_t one_key(dice *from, uint32_t index) {
    (void)from;
    (void)index;
    return 123456789;
}

static uint32_t few_keys(dice *from, uint32_t index) {
    (void)index;
    return dice_below(from, 5) * (MAX_KEY / 5u);
}

static uint32_t rising_keys(dice *from, uint32_t index) {
    (void)from;
    return index * 178481u;
}

static uint32_t falling_keys(dice *from, uint32_t index) {
    (void)from;
    return MAX_KEY - index * 178481u;
}

/* Each digit of ten bits is the lowest one, the highest one, or next to them. */
static uint32_t edge_keys(dice *from, uint32_t index) {
    static const uint32_t digits[] = {0, 1, 1022, 1023};
    (void)index;
    return digits[dice_below(from, 4)] << 20 | digits[dice_below(from, 4)] << 10 | digits[dice_below(from, 4)];
}

/* Keys that differ in one bit only, so that no pass can do the work of another one. */
static uint32_t differing_bit;

static uint32_t keys_of_one_bit(dice *from, uint32_t index) {
    (void)index;
    return dice_below(from, 2) << differing_bit;
}

static void random_keys_are_sorted(void) {
    of_all_lengths(200, any_key);
}

static void pairs_of_one_key_stay_in_order(void) {
    of_all_lengths(201, one_key);
}

static void pairs_of_few_keys_stay_in_order(void) {
    of_all_lengths(202, few_keys);
}

static void pairs_that_rise_are_reversed(void) {
    of_all_lengths(203, rising_keys);
}

static void pairs_that_fall_stay(void) {
    of_all_lengths(204, falling_keys);
}

static void the_lowest_and_the_highest_digits_are_sorted(void) {
    of_all_lengths(205, edge_keys);
}

static void each_bit_of_a_key_counts(void) {
    for (differing_bit = 0; differing_bit < 30; differing_bit++)
        of_all_lengths(210 + differing_bit, keys_of_one_bit);
}

static void a_pair_holds_its_key_and_its_item(void) {
    CHECK_SAME(lewd_radix_pair(0, 0), 0);
    CHECK_SAME(lewd_radix_pair(1, 2), 0x100000002u);
    CHECK_SAME(lewd_radix_pair(MAX_KEY, UINT32_MAX), 0x3fffffffffffffffu);
    CHECK_SAME(lewd_radix_pair(0, UINT32_MAX), UINT32_MAX);
}

/* Sorts a part of arrays; the entries before and after it stay. */
static void nothing_else_is_written(void) {
    uint64_t pairs[5] = {7, lewd_radix_pair(1, 10), lewd_radix_pair(3, 30), lewd_radix_pair(2, 20), 8};
    uint64_t room[5] = {9, 0, 0, 0, 6};
    lewd_radix_sort_descending(pairs + 1, room + 1, 3);
    CHECK_SAME(pairs[0], 7);
    CHECK_SAME(pairs[4], 8);
    CHECK_SAME(room[0], 9);
    CHECK_SAME(room[1], lewd_radix_pair(3, 30));
    CHECK_SAME(room[2], lewd_radix_pair(2, 20));
    CHECK_SAME(room[3], lewd_radix_pair(1, 10));
    CHECK_SAME(room[4], 6);
    lewd_radix_sort_descending(pairs + 1, room + 1, 0);
    CHECK_SAME(room[1], lewd_radix_pair(3, 30));
}

void suite_radix(void) {
    RUN(random_keys_are_sorted);
    RUN(pairs_of_one_key_stay_in_order);
    RUN(pairs_of_few_keys_stay_in_order);
    RUN(pairs_that_rise_are_reversed);
    RUN(pairs_that_fall_stay);
    RUN(the_lowest_and_the_highest_digits_are_sorted);
    RUN(each_bit_of_a_key_counts);
    RUN(a_pair_holds_its_key_and_its_item);
    RUN(nothing_else_is_written);
}
