/*
 * suite_young.c: young tokens against a model that stores for each token whether it existed at the last settle().
 */
#include "../../src/addon/young.h"
#include "harness.h"
#include "hook.h"
#include "suites.h"

enum {
    ROOM = 4096,
    WALKS = 8,
    STEPS = 6000,
    STALE = 1024, /* slots that a list may have beyond the existing ones */
    GCS = 3       /* collections after a token that is in no list */
};

typedef struct token {
    uint32_t slot;
    bool is_settled;
} token;

typedef struct pair {
    lewd_young young;
    token newest[ROOM]; /* survived no collection */
    uint32_t count;
    uint32_t older[ROOM]; /* survived one */
    uint32_t older_count;
    uint32_t gcs; /* collections to come after which all tokens must be swept */
} pair;

static void expect_same(const pair *of) {
    const lewd_list *const survived = of->young.survived;
    uint32_t settled = 0;
    CHECK_SAME(survived[0].length, of->count);
    for (uint32_t i = 0; i < of->count; i++) {
        CHECK_SAME(survived[0].items[i], of->newest[i].slot);
        settled += of->newest[i].is_settled;
    }
    CHECK_SAME(of->young.aged, settled);
    CHECK_SAME(survived[1].length, of->older_count);
    for (uint32_t i = 0; i < of->older_count; i++)
        CHECK_SAME(survived[1].items[i], of->older[i]);
    CHECK_SAME(of->young.unlisted, of->gcs);
    CHECK(lewd_young_is_empty(&of->young) == (of->count == 0 && of->older_count == 0 && of->gcs == 0));
}

static void add(pair *of, uint32_t slot, uint32_t slots) {
    const bool is_too_long = of->count > slots + STALE;
    const bool is_added = lewd_young_add(&of->young, slot, slots);
    CHECK(is_added == !is_too_long);
    if (is_added) {
        of->newest[of->count++] = (token){slot, false};
    } else {
        of->count = 0;
        of->gcs = GCS;
    }
}

/* Adds a slot while requests are refused. If that needs one, the list is emptied and the loss noted. */
static void add_refused(pair *of, uint32_t slot, uint32_t slots) {
    const bool has_room = of->young.survived[0].length < of->young.survived[0].capacity;
    hook_refuse_next();
    if (has_room || of->count > slots + STALE) {
        add(of, slot, slots);
        CHECK(!hook_was_refused());
        return;
    }
    CHECK(!lewd_young_add(&of->young, slot, slots));
    CHECK(hook_was_refused());
    of->count = 0;
    of->gcs = GCS;
}

static void settle(pair *of) {
    lewd_young_settle(&of->young);
    for (uint32_t i = 0; i < of->count; i++)
        of->newest[i].is_settled = true;
}

static void note_gc(pair *of) {
    CHECK(lewd_young_note_gc(&of->young) == (of->gcs > 0));
    of->gcs -= of->gcs > 0;
}

static void lose(pair *of) {
    lewd_young_lose(&of->young);
    of->gcs = GCS;
}

/* Tokens that were added since the last settle() stay, in order; they are not settled yet. */
static void forget_aged(pair *of) {
    uint32_t kept = 0;
    lewd_young_forget_aged(&of->young);
    for (uint32_t i = 0; i < of->count; i++)
        if (!of->newest[i].is_settled)
            of->newest[kept++] = of->newest[i];
    of->count = kept;
    of->older_count = 0;
}

/* The effect of a sweep after a minor collection on the second list: it gets those that have survived one. */
static void survive(pair *of, uint32_t slot) {
    CHECK(lewd_list_push(&of->young.survived[1], slot));
    of->older[of->older_count++] = slot;
}

static void free_young(pair *of) {
    lewd_young_free(&of->young);
    CHECK_SAME(of->young.survived[0].length, 0);
    CHECK_SAME(of->young.survived[1].length, 0);
    hook_close();
}

/* `forgetting` of 10,000 steps forget; the fewer, the longer the lists. */
static void step(pair *of, dice *from, uint32_t slots, uint32_t forgetting) {
    const uint32_t roll = dice_below(from, 100);
    const uint32_t slot = 1 + dice_below(from, ROOM);
    if (dice_below(from, 10000) < forgetting)
        forget_aged(of);
    else if (roll < 3)
        settle(of);
    else if (roll < 6)
        note_gc(of);
    else if (roll < 7)
        lose(of);
    else if (roll < 15 && of->older_count < ROOM)
        survive(of, slot);
    else if (roll < 18)
        add_refused(of, slot, slots);
    else
        add(of, slot, slots);
}

static void young_tokens_are_as_the_model_says(void) {
    static pair of;
    for (uint64_t walk = 0; walk < WALKS; walk++) {
        dice from = harness_dice(400 + walk);
        const uint32_t slots = dice_below(&from, 200);
        hook_open();
        of = (pair){0};
        for (int count = 0; count < STEPS; count++) {
            step(&of, &from, slots, walk % 2 == 0 ? 100 : 2);
            expect_same(&of);
        }
        free_young(&of);
    }
}

static void tokens_added_after_settling_are_not_forgotten(void) {
    static pair of;
    hook_open();
    add(&of, 1, 10);
    add(&of, 2, 10);
    settle(&of);
    add(&of, 3, 10);
    survive(&of, 4);
    forget_aged(&of);
    expect_same(&of);
    CHECK_SAME(of.young.survived[0].length, 1);
    CHECK_SAME(of.young.survived[0].items[0], 3);
    CHECK_SAME(of.young.survived[1].length, 0);
    forget_aged(&of);
    expect_same(&of);
    CHECK_SAME(of.young.survived[0].length, 1);
    settle(&of);
    forget_aged(&of);
    expect_same(&of);
    CHECK(lewd_young_is_empty(&of.young));
    free_young(&of);
}

/* A list may have 1,024 slots more than exist; a longer one is emptied when the next one is added. */
static void a_list_that_is_stale_is_emptied(void) {
    static pair of;
    const uint32_t slots = 10;
    hook_open();
    survive(&of, 5);
    for (uint32_t count = 0; count <= slots + STALE; count++) {
        CHECK_SAME(of.young.survived[0].length, count);
        add(&of, 1 + count % slots, slots);
        if (count == 100)
            settle(&of);
    }
    CHECK_SAME(of.young.survived[0].length, slots + STALE + 1);
    add(&of, 1, slots);
    expect_same(&of);
    CHECK_SAME(of.young.survived[0].length, 0);
    CHECK_SAME(of.young.survived[1].length, 1);
    CHECK_SAME(of.young.aged, 0);
    for (int count = 0; count < 3; count++)
        CHECK(lewd_young_note_gc(&of.young));
    CHECK(!lewd_young_note_gc(&of.young));
    of.gcs = 0;
    add(&of, 2, slots);
    expect_same(&of);
    free_young(&of);
}

static void refused_memory_is_a_loss(void) {
    static pair of;
    hook_open();
    add_refused(&of, 1, 10);
    expect_same(&of);
    CHECK(!lewd_young_is_empty(&of.young));
    add(&of, 1, 1000);
    settle(&of);
    while (of.young.survived[0].length < of.young.survived[0].capacity)
        add(&of, 2, 1000);
    add_refused(&of, 3, 1000);
    expect_same(&of);
    CHECK_SAME(of.young.survived[0].length, 0);
    CHECK_SAME(of.young.aged, 0);
    free_young(&of);
}

static void a_loss_is_noted_for_three_collections(void) {
    lewd_young young = {0};
    CHECK(!lewd_young_note_gc(&young));
    CHECK(!lewd_young_note_gc(&young));
    lewd_young_lose(&young);
    CHECK(lewd_young_note_gc(&young));
    CHECK(lewd_young_note_gc(&young));
    lewd_young_lose(&young);
    for (int count = 0; count < 3; count++) {
        CHECK(!lewd_young_is_empty(&young));
        CHECK(lewd_young_note_gc(&young));
    }
    CHECK(lewd_young_is_empty(&young));
    CHECK(!lewd_young_note_gc(&young));
}

static void each_list_alone_is_not_empty(void) {
    static pair of;
    hook_open();
    CHECK(lewd_young_is_empty(&of.young));
    add(&of, 1, 1);
    CHECK(!lewd_young_is_empty(&of.young));
    settle(&of);
    forget_aged(&of);
    CHECK(lewd_young_is_empty(&of.young));
    survive(&of, 1);
    CHECK(!lewd_young_is_empty(&of.young));
    free_young(&of);
}

void suite_young(void) {
    RUN(young_tokens_are_as_the_model_says);
    RUN(tokens_added_after_settling_are_not_forgotten);
    RUN(a_list_that_is_stale_is_emptied);
    RUN(refused_memory_is_a_loss);
    RUN(a_loss_is_noted_for_three_collections);
    RUN(each_list_alone_is_not_empty);
}
