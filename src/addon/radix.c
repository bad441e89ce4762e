#include "radix.h"

#define LEWD_DIGIT_BITS 10 /* three digits make a key */
#define LEWD_DIGITS (1u << LEWD_DIGIT_BITS)

/* Sorts by one digit, whose lowest bit is `shift`, the highest digit first. */
static void sort_by_digit(const uint64_t *from, uint64_t *to, uint32_t length, unsigned shift) {
    uint32_t ends[LEWD_DIGITS + 1u] = {0};
    for (uint32_t i = 0; i < length; i++)
        ends[LEWD_DIGITS - (from[i] >> shift) % LEWD_DIGITS]++;
    for (uint32_t digit = 1; digit <= LEWD_DIGITS; digit++)
        ends[digit] += ends[digit - 1u];
    for (uint32_t i = 0; i < length; i++)
        to[ends[LEWD_DIGITS - 1u - (from[i] >> shift) % LEWD_DIGITS]++] = from[i];
}

void lewd_radix_sort_descending(uint64_t *pairs, uint64_t *room, uint32_t length) {
    sort_by_digit(pairs, room, length, 32);
    sort_by_digit(room, pairs, length, 32 + LEWD_DIGIT_BITS);
    sort_by_digit(pairs, room, length, 32 + 2 * LEWD_DIGIT_BITS);
}
