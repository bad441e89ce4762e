/*
 * pile.c: the free spans of one size, as a heap by place: no span lies lower than its parent, so the lowest is the
 * root.
 *
 * A pile is a randomised meldable heap (Gambin, Malinowski, "Randomized meldable priority queues", 1998): a binary tree
 * in which every walk goes left or right by the toss of a coin. A walk among n spans takes at most log2(n + 1) steps,
 * expected, whatever was inserted and removed before. The best fit is the root, without a search. A span stores its
 * parent, so removing it needs no search either; that is why sizes with a bin of their own are not in a tree.
 *
 * The end of a walk. A link of 0 means that there is no child. As a record's number, 0 names the sentinel, whose start
 * (the limit, marked as used) compares as higher than that of every free span. So the walks below compare without a
 * test for 0, and stop at the sentinel as at any higher span. They may write the sentinel's parent, which is never
 * read.
 *
 * Caches. Up to LEWD_CACHED_RECORDS records fit into a cache close to the processor. There a mispredicted branch costs
 * more than waiting for a record. More records do not fit. Then a predicted branch lets the processor fetch the next
 * record from memory before it has compared. So the first step of a walk has two forms below.
 */
#include "pile.h"

/*
 * Tosses a coin: returns a random side. The coins of one operation are the bits of a word, the highest first; after 64
 * tosses they repeat.
 */
static uint32_t toss(uint64_t *coins) {
    const uint32_t side = (uint32_t)(*coins >> 63);
    *coins = *coins << 1 | side;
    return side;
}

/* Makes new coins for the next operation: the high bits of a product depend on all bits of its factors. */
static void put_back(lewd_heap *heap, uint64_t coins, uint32_t start) {
    heap->coins = (coins ^ start) * 0x9e3779b97f4a7c15u + 1u;
}

/*
 * Takes the first step down from the root, if the root lies lower than `start`. Returns the link to continue at, and
 * writes the span that has this link; 0 for the link to the root. Both are selected by an index, since compilers make a
 * branch of ?: here.
 */
static uint32_t *step_without_branch(const lewd_heap *heap, uint32_t *root, uint32_t start, uint64_t *coins,
                                     uint32_t *parent) {
    lewd_record *const top = lewd_at(heap, *root);
    const bool down = top->start < start;
    uint32_t *const hooks[2] = {root, &top->link[toss(coins)]};
    const uint32_t parents[2] = {0, *root};
    *parent = parents[down];
    return hooks[down];
}

/*
 * Walks down from the root to the first span that lies higher than `number`. That span becomes the child of `number`.
 */
void lewd_pile_insert(lewd_heap *heap, uint32_t *root, uint32_t number) {
    lewd_record *const record = lewd_at(heap, number);
    const uint32_t start = record->start;
    uint64_t coins = heap->coins;
    uint32_t *hook = root;
    uint32_t parent = 0;
    if (heap->bound <= LEWD_CACHED_RECORDS)
        hook = step_without_branch(heap, root, start, &coins, &parent);
    lewd_record *other = lewd_at(heap, *hook);
    while (other->start < start) {
        parent = *hook;
        hook = &other->link[toss(&coins)];
        other = lewd_at(heap, *hook);
    }
    other->parent = number;
    record->parent = parent;
    record->link[LEWD_LEFT] = *hook;
    record->link[LEWD_RIGHT] = 0;
    *hook = number;
    put_back(heap, coins, start);
}

/*
 * Hangs the union of two piles into *hook, a link of `parent`. The lower of the two roots goes there; a coin decides
 * which of its children is united with the other root. Ends when one of the piles is empty: the other one is all that
 * remains.
 */
static void meld(lewd_heap *heap, uint32_t one, uint32_t other, uint32_t *hook, uint32_t parent, uint64_t *coins) {
    for (;;) {
        const bool above = lewd_at(heap, one)->start > lewd_at(heap, other)->start;
        const uint32_t lower = above ? other : one;
        const uint32_t higher = above ? one : other;
        lewd_record *const top = lewd_at(heap, lower);
        *hook = lower;
        top->parent = parent;
        if (higher == 0)
            return;
        parent = lower;
        hook = &top->link[toss(coins)];
        one = *hook;
        other = higher;
    }
}

/* Replaces `number` by the union of its children. */
void lewd_pile_remove(lewd_heap *heap, uint32_t *root, uint32_t number) {
    const lewd_record *const record = lewd_at(heap, number);
    const uint32_t parent = record->parent;
    const uint32_t left = record->link[LEWD_LEFT];
    const uint32_t right = record->link[LEWD_RIGHT];
    uint32_t *hook = root;
    if (parent != 0) {
        lewd_record *const above = lewd_at(heap, parent);
        hook = &above->link[above->link[LEWD_RIGHT] == number];
    }
    /* An only child needs no comparison, so nothing waits for its record. */
    if (heap->bound > LEWD_CACHED_RECORDS && (left == 0 || right == 0)) {
        *hook = left | right;
        lewd_at(heap, *hook)->parent = parent;
        return;
    }
    uint64_t coins = heap->coins;
    meld(heap, left, right, hook, parent, &coins);
    put_back(heap, coins, record->start);
}

/*
 * Returns the span to visit after `number` and all spans below it: the right child of the nearest span above that has
 * one and was reached from the left; 0 if there is none.
 */
static uint32_t after(const lewd_heap *heap, uint32_t number) {
    uint32_t parent = lewd_at(heap, number)->parent;
    while (parent != 0) {
        const uint32_t right = lewd_at(heap, parent)->link[LEWD_RIGHT];
        if (right != 0 && right != number)
            return right;
        number = parent;
        parent = lewd_at(heap, number)->parent;
    }
    return 0;
}

/*
 * All spans below a span lie higher than it, so the walk turns back at a span that lies higher than the best one so
 * far. It goes up by the parents and needs no stack.
 */
uint32_t lewd_pile_aligned(const lewd_heap *heap, uint32_t root, uint32_t size, uint32_t alignment) {
    uint32_t best = 0;
    uint32_t lowest = UINT32_MAX;
    uint32_t number = root;
    while (number != 0) {
        const lewd_record *const record = lewd_at(heap, number);
        uint32_t below = 0;
        if (record->start < lowest && lewd_holds(heap, record, size, alignment)) {
            best = number;
            lowest = record->start;
        } else if (record->start < lowest) {
            below = record->link[LEWD_LEFT] != 0 ? record->link[LEWD_LEFT] : record->link[LEWD_RIGHT];
        }
        number = below != 0 ? below : after(heap, number);
    }
    return best;
}
