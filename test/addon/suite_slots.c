/*
 * suite_slots.c: slots against a naive model: the state of each slot, and the two stacks.
 */
#include "../../src/addon/slots.h"
#include "harness.h"
#include "hook.h"
#include "suites.h"

#include <string.h>

enum { ROOM = 2048, WALKS = 8, STEPS = 6000 };

/* Slots are taken before they are filled, and may be made vacant without having been live. */
typedef enum state { VACANT, DEAD, TAKEN, LIVE } state;

typedef struct stack {
    uint32_t numbers[ROOM];
    uint32_t count;
} stack;

typedef struct pair {
    lewd_slots slots;
    uint32_t count; /* slots in use so far */
    struct {
        state state;
        lewd_span span;
        napi_ref ref;
    } slot[ROOM];
    stack vacant;
    stack dead;
} pair;

/* Slots never dereference a reference, so any address works. */
static napi_ref ref_of(uint32_t number) {
    return (napi_ref)(uintptr_t)(0x1000u + number);
}

static uint32_t pop(stack *of) {
    return of->count == 0 ? 0 : of->numbers[--of->count];
}

static void expect_stack(const pair *of, const stack *expected, uint32_t top) {
    for (uint32_t i = expected->count; i > 0; i--) {
        CHECK_SAME(top, expected->numbers[i - 1]);
        top = lewd_slots_at(&of->slots, top)->next;
    }
    CHECK_SAME(top, 0);
}

static void expect_slot(const pair *of, uint32_t number) {
    const lewd_slot *const slot = lewd_slots_at(&of->slots, number);
    CHECK(slot == of->slots.items + number);
    if (of->slot[number].state == TAKEN)
        return;
    CHECK_SAME(slot->span, of->slot[number].span);
    CHECK(slot->ref == of->slot[number].ref);
}

static void expect_same(const pair *of) {
    const uint32_t bound = of->slots.bound;
    CHECK_SAME(bound == 0 ? 0 : bound - 1, of->count);
    CHECK(of->count == 0 || bound <= of->slots.capacity);
    CHECK_SAME(hook_meter.outstanding, of->slots.capacity * sizeof(lewd_slot));
    for (uint32_t number = 1; number <= of->count; number++)
        expect_slot(of, number);
    expect_stack(of, &of->vacant, of->slots.vacant);
    expect_stack(of, &of->dead, of->slots.dead);
}

static uint32_t take_vacant(pair *of) {
    const uint32_t number = lewd_slots_take_vacant(&of->slots);
    CHECK_SAME(number, of->vacant.count != 0 ? pop(&of->vacant) : ++of->count);
    CHECK(number < ROOM);
    of->slot[number].state = TAKEN;
    return number;
}

/* Takes a slot while requests are refused. Returns 0 if one is needed; then nothing has changed. */
static uint32_t take_vacant_refused(pair *of) {
    const lewd_slots before = of->slots;
    const bool has_room = of->vacant.count != 0 || before.bound < before.capacity;
    hook_refuse_next();
    if (has_room) {
        const uint32_t number = take_vacant(of);
        CHECK(!hook_was_refused());
        return number;
    }
    CHECK_SAME(lewd_slots_take_vacant(&of->slots), 0);
    CHECK(hook_was_refused());
    CHECK(of->slots.items == before.items);
    CHECK_SAME(of->slots.capacity, before.capacity);
    return 0;
}

static uint32_t take_dead(pair *of) {
    const uint32_t number = lewd_slots_take_dead(&of->slots);
    CHECK_SAME(number, pop(&of->dead));
    if (number != 0) {
        CHECK(lewd_slots_at(&of->slots, number)->ref == of->slot[number].ref);
        of->slot[number].state = TAKEN;
    }
    return number;
}

static void fill(pair *of, uint32_t number, lewd_span span) {
    const napi_ref ref = ref_of(number * 3u + span % 3u);
    *lewd_slots_at(&of->slots, number) = (lewd_slot){.ref = ref, .span = span};
    of->slot[number].state = LIVE;
    of->slot[number].span = span;
    of->slot[number].ref = ref;
}

static void push_dead(pair *of, uint32_t number) {
    CHECK_SAME(lewd_slots_push_dead(&of->slots, number), of->slot[number].span);
    of->slot[number].state = DEAD;
    of->slot[number].span = 0;
    of->dead.numbers[of->dead.count++] = number;
}

static void push_vacant(pair *of, uint32_t number) {
    lewd_slots_push_vacant(&of->slots, number);
    of->slot[number].state = VACANT;
    of->slot[number].span = 0;
    of->slot[number].ref = NULL;
    of->vacant.numbers[of->vacant.count++] = number;
}

static void free_slots(pair *of) {
    lewd_slots_free(&of->slots);
    of->count = 0;
    of->vacant.count = 0;
    of->dead.count = 0;
    CHECK(of->slots.items == NULL);
    CHECK_SAME(of->slots.capacity, 0);
    expect_same(of);
}

/* Returns a random live slot, or 0. */
static uint32_t some_live(const pair *of, dice *from) {
    for (int tries = 0; tries < 16 && of->count > 0; tries++) {
        const uint32_t number = 1 + dice_below(from, of->count);
        if (of->slot[number].state == LIVE)
            return number;
    }
    return 0;
}

/* Takes a slot as a token does: dead slots first. Sometimes a request is refused, or the reference can't be made. */
static void step_acquire(pair *of, dice *from) {
    const bool is_refused = dice_below(from, 8) == 0;
    uint32_t number = take_dead(of);
    if (number == 0)
        number = is_refused ? take_vacant_refused(of) : take_vacant(of);
    if (number != 0 && dice_below(from, 16) == 0)
        push_vacant(of, number);
    else if (number != 0)
        fill(of, number, 1 + dice_below(from, 1u << 28));
}

static void step(pair *of, dice *from, uint32_t filling) {
    const uint32_t roll = dice_below(from, 1000);
    const uint32_t live = some_live(of, from);
    if (roll == 0)
        free_slots(of);
    else if (roll < 4)
        for (uint32_t number = take_dead(of); number != 0; number = take_dead(of))
            push_vacant(of, number);
    else if ((roll < filling && of->count < ROOM - 1) || live == 0)
        step_acquire(of, from);
    else if (roll % 2 == 0)
        push_dead(of, live);
    else
        push_vacant(of, live);
}

static void slots_are_as_the_model_says(void) {
    static pair of;
    for (uint64_t walk = 0; walk < WALKS; walk++) {
        dice from = harness_dice(300 + walk);
        uint32_t filling = 700;
        hook_open();
        memset(&of, 0, sizeof of);
        for (int count = 0; count < STEPS; count++) {
            if (dice_below(&from, 256) == 0)
                filling = 300 + dice_below(&from, 600);
            step(&of, &from, filling);
            expect_same(&of);
        }
        free_slots(&of);
        hook_close();
    }
}

static void numbers_begin_at_1(void) {
    static pair of;
    hook_open();
    for (uint32_t number = 1; number <= 200; number++)
        CHECK_SAME(take_vacant(&of), number);
    free_slots(&of);
    CHECK_SAME(take_vacant(&of), 1);
    free_slots(&of);
    free_slots(&of);
    hook_close();
}

static void the_first_slot_may_be_refused(void) {
    static pair of;
    hook_open();
    CHECK_SAME(lewd_slots_take_dead(&of.slots), 0);
    CHECK_SAME(take_vacant_refused(&of), 0);
    expect_same(&of);
    CHECK_SAME(take_vacant(&of), 1);
    free_slots(&of);
    hook_close();
}

/* Memory is requested when the array is full, not before; vacant slots need none. */
static void slots_grow_when_they_are_full(void) {
    static pair of;
    hook_open();
    fill(&of, take_vacant(&of), 1);
    while (of.slots.bound < of.slots.capacity)
        fill(&of, take_vacant_refused(&of), of.slots.bound);
    CHECK_SAME(hook_meter.requests, 1);
    CHECK_SAME(take_vacant_refused(&of), 0);
    expect_same(&of);
    push_vacant(&of, 7);
    CHECK_SAME(take_vacant_refused(&of), 7);
    fill(&of, take_vacant(&of), 9);
    CHECK_SAME(hook_meter.requests, 3);
    free_slots(&of);
    hook_close();
}

static void the_dead_slot_pushed_last_is_taken_first(void) {
    static pair of;
    hook_open();
    for (lewd_span span = 1; span <= 4; span++)
        fill(&of, take_vacant(&of), span);
    push_dead(&of, 2);
    push_dead(&of, 4);
    push_dead(&of, 1);
    push_vacant(&of, 3);
    expect_same(&of);
    CHECK_SAME(take_dead(&of), 1);
    CHECK_SAME(take_dead(&of), 4);
    CHECK_SAME(take_dead(&of), 2);
    CHECK_SAME(take_dead(&of), 0);
    CHECK_SAME(take_vacant(&of), 3);
    CHECK_SAME(take_vacant(&of), 5);
    free_slots(&of);
    hook_close();
}

/* While they move, slots take at most 2.5 times what they need; 100,000 take few requests. */
static void growing_is_amortised(void) {
    lewd_slots slots = {0};
    hook_open();
    for (uint32_t number = 1; number <= 100000; number++) {
        CHECK_SAME(lewd_slots_take_vacant(&slots), number);
        CHECK(slots.capacity <= slots.bound + slots.bound / 2 + 64);
    }
    CHECK(hook_meter.requests <= 24);
    lewd_slots_free(&slots);
    hook_close();
}

void suite_slots(void) {
    RUN(slots_are_as_the_model_says);
    RUN(numbers_begin_at_1);
    RUN(the_first_slot_may_be_refused);
    RUN(slots_grow_when_they_are_full);
    RUN(the_dead_slot_pushed_last_is_taken_first);
    RUN(growing_is_amortised);
}
