/*
 * tree.c: free spans of several sizes, as a treap (Seidel, Aragon, "Randomized search trees", 1996): a search tree by size,
 * then place, and a heap by a priority that each span has for good. Its shape is that of a tree into which the spans were
 * inserted in order of priority, that is in random order: log n deep, expected, whatever was inserted and removed before.
 *
 * The steps down a tree go left or right by a comparison that nothing can predict; they index the pair of links by its
 * result instead of branching on it.
 */
#include "tree.h"

/*
 * Cuts the tree `tree` at `key` in two: side[LEWD_LEFT] gets what is below it, side[LEWD_RIGHT] the rest.
 *
 *            t                left     right
 *          /   \               |        |
 *        a       b      =>     a..      t..      one path of t is walked, and what leaves it
 *                                        \       is hung to the left and to the right in turn
 */
static void split(lewd_heap *heap, uint32_t tree, uint64_t key, uint32_t *side) {
    uint32_t *hook[2] = {&side[LEWD_LEFT], &side[LEWD_RIGHT]};
    while (tree != 0) {
        lewd_record *const record = lewd_at(heap, tree);
        const bool above = lewd_tree_key(record) > key;
        *hook[above] = tree;
        hook[above] = &record->link[!above];
        tree = *hook[above];
    }
    *hook[LEWD_LEFT] = 0;
    *hook[LEWD_RIGHT] = 0;
}

/* Hangs the union of two trees, all of tree[LEWD_LEFT] being below all of tree[LEWD_RIGHT], into *hook. */
static void join(lewd_heap *heap, const uint32_t *tree, uint32_t *hook) {
    uint32_t rest[2] = {tree[LEWD_LEFT], tree[LEWD_RIGHT]};
    while (rest[LEWD_LEFT] != 0 && rest[LEWD_RIGHT] != 0) {
        lewd_record *const pair[2] = {lewd_at(heap, rest[LEWD_LEFT]), lewd_at(heap, rest[LEWD_RIGHT])};
        const bool top = lewd_tree_priority(pair[LEWD_LEFT]) < lewd_tree_priority(pair[LEWD_RIGHT]);
        *hook = rest[top];
        hook = &pair[top]->link[!top];
        rest[top] = *hook;
    }
    *hook = rest[LEWD_LEFT] | rest[LEWD_RIGHT];
}

void lewd_tree_insert(lewd_heap *heap, uint32_t *root, uint32_t number, uint32_t size) {
    lewd_record *const record = lewd_at(heap, number);
    record->size = size;
    const uint64_t key = lewd_tree_key(record);
    const uint32_t priority = lewd_tree_priority(record);
    uint32_t *hook = root;
    while (*hook != 0) {
        lewd_record *const other = lewd_at(heap, *hook);
        if (lewd_tree_priority(other) < priority)
            break;
        hook = &other->link[lewd_tree_key(other) < key];
    }
    split(heap, *hook, key, record->link);
    *hook = number;
}

void lewd_tree_remove(lewd_heap *heap, uint32_t *root, uint32_t number) {
    const lewd_record *const record = lewd_at(heap, number);
    const uint64_t key = lewd_tree_key(record);
    uint32_t *hook = root;
    while (*hook != number) {
        lewd_record *const other = lewd_at(heap, *hook);
        hook = &other->link[lewd_tree_key(other) < key];
    }
    join(heap, record->link, hook);
}

/* The smallest span of at least `size` blocks, the lowest of equals; 0 if there is none. */
uint32_t lewd_tree_best(const lewd_heap *heap, uint32_t root, uint32_t size) {
    const uint64_t key = (uint64_t)size << 32;
    uint32_t best = 0;
    while (root != 0) {
        const lewd_record *const record = lewd_at(heap, root);
        const bool below = lewd_tree_key(record) < key;
        best = below ? best : root;
        root = record->link[below];
    }
    return best;
}

/*
 * The smallest span that holds `size` blocks at a multiple of `alignment`, the lowest of equals; 0 if there is none. Visits
 * all spans from the smallest of at least `size` blocks on, in order, until one does.
 *
 * Spans that were passed on the way down to the left are still to be visited, the last one first. The last LEWD_PATH_LENGTH of them
 * are remembered; a deeper tree, which is not to be expected, costs a search anew each time that all of these were visited.
 */
uint32_t lewd_tree_aligned(const lewd_heap *heap, uint32_t root, uint32_t size, uint32_t alignment) {
    uint64_t key = (uint64_t)size << 32;
    uint32_t way[LEWD_PATH_LENGTH];
    uint32_t passed = 0;
    uint32_t remembered = 0;
    uint32_t number = root;
    for (;;) {
        while (number != 0) {
            const lewd_record *const record = lewd_at(heap, number);
            const bool below = lewd_tree_key(record) < key;
            if (!below) {
                way[passed++ % LEWD_PATH_LENGTH] = number;
                remembered += remembered < LEWD_PATH_LENGTH;
            }
            number = record->link[below];
        }
        if (passed == 0)
            return 0;
        if (remembered == 0) {
            passed = 0;
            number = root;
            continue;
        }
        remembered--;
        const uint32_t next = way[--passed % LEWD_PATH_LENGTH];
        const lewd_record *const record = lewd_at(heap, next);
        if (lewd_holds(heap, record, size, alignment))
            return next;
        key = lewd_tree_key(record) + 1u;
        number = record->link[LEWD_RIGHT];
    }
}

/* The largest span, the highest of equals. The tree is not empty. */
uint32_t lewd_tree_largest(const lewd_heap *heap, uint32_t root) {
    while (lewd_at(heap, root)->link[LEWD_RIGHT] != 0)
        root = lewd_at(heap, root)->link[LEWD_RIGHT];
    return root;
}
