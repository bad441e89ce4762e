/*
 * suite_list.c: lists against an array, and the cost of growing them.
 */
#include "../../src/addon/list.h"
#include "harness.h"
#include "hook.h"
#include "suites.h"

#include <string.h>

enum { ROOM = 4096, WALKS = 8, STEPS = 2000 };

/* A list, and what must be in it. */
typedef struct pair {
    lewd_list list;
    uint32_t length;
    uint32_t items[ROOM];
} pair;

static void expect_same(const pair *of) {
    CHECK_SAME(of->list.length, of->length);
    CHECK(of->list.capacity >= of->length);
    CHECK_SAME(hook_meter.outstanding, of->list.capacity * sizeof *of->list.items);
    for (uint32_t i = 0; i < of->length; i++)
        CHECK_SAME(of->list.items[i], of->items[i]);
}

static void push(pair *of, uint32_t item) {
    CHECK(lewd_list_push(&of->list, item));
    of->items[of->length++] = item;
}

/* Pushes an item while requests are refused: it is added if there is room, else nothing changes. */
static void push_refused(pair *of, uint32_t item) {
    const lewd_list before = of->list;
    hook_refuse_next();
    const bool pushed = lewd_list_push(&of->list, item);
    CHECK(pushed != hook_was_refused());
    CHECK(pushed == (before.length < before.capacity));
    CHECK(of->list.items == before.items);
    CHECK_SAME(of->list.capacity, before.capacity);
    if (pushed)
        of->items[of->length++] = item;
}

static void remove_first(pair *of, uint32_t count) {
    lewd_list_remove_first(&of->list, count);
    of->length -= count;
    memmove(of->items, of->items + count, of->length * sizeof *of->items);
}

static void free_list(pair *of) {
    lewd_list_free(&of->list);
    of->length = 0;
    CHECK(of->list.items == NULL);
    CHECK_SAME(of->list.capacity, 0);
}

static void step(pair *of, dice *from) {
    const uint32_t roll = dice_below(from, 100);
    if (roll == 0)
        free_list(of);
    else if (roll < 8)
        remove_first(of, dice_below(from, of->length + 1));
    else if (roll < 20)
        push_refused(of, (uint32_t)dice_next(from));
    else
        for (uint32_t count = dice_below(from, 16); count > 0 && of->length < ROOM - 1; count--)
            push(of, (uint32_t)dice_next(from));
}

static void a_list_is_an_array_that_grows(void) {
    for (uint64_t walk = 0; walk < WALKS; walk++) {
        dice from = harness_dice(100 + walk);
        pair of = {0};
        hook_open();
        for (int count = 0; count < STEPS; count++) {
            step(&of, &from);
            expect_same(&of);
        }
        free_list(&of);
        hook_close();
    }
}

static void an_empty_list_needs_no_memory(void) {
    pair of = {0};
    hook_open();
    remove_first(&of, 0);
    free_list(&of);
    free_list(&of);
    expect_same(&of);
    CHECK_SAME(hook_meter.requests, 0);
    hook_close();
}

static void the_first_push_may_be_refused(void) {
    pair of = {0};
    hook_open();
    push_refused(&of, 1);
    CHECK_SAME(of.length, 0);
    push(&of, 2);
    expect_same(&of);
    free_list(&of);
    hook_close();
}

/* The last entry of the array is used before a larger array is requested, and none beyond it. */
static void a_list_grows_when_it_is_full(void) {
    pair of = {0};
    hook_open();
    push(&of, 1);
    while (of.length < of.list.capacity)
        push_refused(&of, of.length);
    CHECK_SAME(hook_meter.requests, 1);
    push_refused(&of, 0);
    CHECK_SAME(of.length, of.list.capacity);
    push(&of, UINT32_MAX);
    expect_same(&of);
    free_list(&of);
    hook_close();
}

static void all_may_be_removed(void) {
    pair of = {0};
    hook_open();
    push(&of, 1);
    push(&of, 2);
    remove_first(&of, 2);
    push(&of, 3);
    push(&of, 4);
    remove_first(&of, 1);
    expect_same(&of);
    CHECK_SAME(of.list.items[0], 4);
    free_list(&of);
    hook_close();
}

/* Amortised cost: a million numbers take few requests, and at most twice their size. */
static void growing_is_amortised(void) {
    lewd_list list = {0};
    hook_open();
    for (uint32_t item = 0; item < 1000000; item++) {
        CHECK(lewd_list_push(&list, item));
        CHECK(list.capacity <= 2 * list.length + 64);
    }
    CHECK(hook_meter.requests <= 20);
    lewd_list_free(&list);
    hook_close();
}

void suite_list(void) {
    RUN(a_list_is_an_array_that_grows);
    RUN(an_empty_list_needs_no_memory);
    RUN(the_first_push_may_be_refused);
    RUN(a_list_grows_when_it_is_full);
    RUN(all_may_be_removed);
    RUN(growing_is_amortised);
}
