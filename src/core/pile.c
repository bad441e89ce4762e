/*
 * pile.c: the free spans of one size, as a heap by place: no span lies lower than its parent, so the lowest is the root.
 *
 * A randomised meldable heap (Gambin, Malinowski, "Randomized meldable priority queues", 1998): a binary tree of no
 * particular shape, in which every walk goes left or right by the toss of a coin. A walk among n spans takes log2(n + 1)
 * steps at most, expected, whatever was inserted and removed before. The best fit is found in no step at all, and a span is
 * removed without a search, since it knows its parent; that is why sizes that have a bin of their own are not in a tree.
 */
#include "pile.h"

/* The coins of one operation are the bits of a word, and the same again if they run out. */
static uint32_t toss(uint64_t *coins) {
    const uint32_t side = (uint32_t)(*coins >> 63);
    *coins = *coins << 1 | side;
    return side;
}

/* New coins: the high bits of a product depend on all bits of its factors. */
static void put_back(lewd_heap *heap, uint64_t coins, uint32_t start) {
    heap->coins = (coins ^ start) * 0x9e3779b97f4a7c15u + 1u;
}

/*
 * In a pile the sentinel, which is what a link of 0 names, is as good as a span above all others: its place is the limit, and
 * marked at that. Its parent is nobody's business. So the walks below end by the one comparison that they make anyway.
 */

/* Walks down from the root to where `number` belongs, and puts it there: what is met there becomes its child. */
void lewd_pile_insert(lewd_heap *heap, uint32_t *root, uint32_t number) {
    lewd_record *const record = lewd_at(heap, number);
    const uint32_t start = record->start;
    uint64_t coins = heap->coins;
    uint32_t *hook = root;
    uint32_t parent = 0;
    lewd_record *other;
    /*
     * Most walks end at the root or one step below, and nobody can foretell which. Where the records are near, a branch that
     * was guessed wrong costs more than waiting for the root; where they are far, what was guessed fetches them in advance.
     */
    if (heap->bound <= LEWD_CACHED_RECORDS) {
        other = lewd_at(heap, *hook);
        const bool down = other->start < start;
        parent = *hook & -(uint32_t)down;
        uint32_t *const hooks[2] = {hook, &other->link[toss(&coins)]}; /* of ?: a compiler makes a branch */
        hook = hooks[down];
    }
    while ((other = lewd_at(heap, *hook))->start < start) {
        parent = *hook;
        hook = &other->link[toss(&coins)];
    }
    other->parent = number;
    record->parent = parent;
    record->link[LEWD_LEFT] = *hook;
    record->link[LEWD_RIGHT] = 0;
    *hook = number;
    put_back(heap, coins, start);
}

/*
 * Replaces `number` by the union of its children. The lower of two roots goes up; the coin says which of its children is
 * united with the other root. Where there is but one root, or none, it is all that is left.
 */
void lewd_pile_remove(lewd_heap *heap, uint32_t *root, uint32_t number) {
    const lewd_record *const record = lewd_at(heap, number);
    uint32_t parent = record->parent;
    uint32_t *hook = root;
    if (parent != 0) {
        lewd_record *const above = lewd_at(heap, parent);
        hook = &above->link[above->link[LEWD_RIGHT] == number];
    }
    uint64_t coins = heap->coins;
    uint32_t one = record->link[LEWD_LEFT];
    uint32_t other = record->link[LEWD_RIGHT];
    /* Where the records are far, nothing is to wait for a child's that is compared with nothing. */
    if (heap->bound > LEWD_CACHED_RECORDS && (one == 0 || other == 0)) {
        *hook = one | other;
        lewd_at(heap, *hook)->parent = parent;
        return;
    }
    for (;;) {
        const bool above = lewd_at(heap, one)->start > lewd_at(heap, other)->start;
        const uint32_t lower = above ? other : one;
        const uint32_t higher = above ? one : other;
        lewd_record *const top = lewd_at(heap, lower);
        *hook = lower;
        top->parent = parent;
        if (higher == 0)
            break;
        parent = lower;
        hook = &top->link[toss(&coins)];
        one = *hook;
        other = higher;
    }
    put_back(heap, coins, record->start);
}

/* The span to visit after `number` and all below it: to the right of the first parent that it is to the left of. 0: none. */
static uint32_t after(const lewd_heap *heap, uint32_t number) {
    uint32_t parent;
    while ((parent = lewd_at(heap, number)->parent) != 0) {
        const uint32_t right = lewd_at(heap, parent)->link[LEWD_RIGHT];
        if (right != 0 && right != number)
            return right;
        number = parent;
    }
    return 0;
}

/*
 * The lowest span that holds `size` blocks at a multiple of `alignment`; 0 if there is none. Nothing below a span that lies
 * above the best one so far is lower: the walk turns back there. It goes up again by the parents, so that it needs no stack.
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
